"""The DINAMAP's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import Dinamap
from .dialogue import DinamapDialogue


@on_demand
def _dinamap_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import DinamapMonitor

    return DinamapMonitor


ROWS = (
    MonitorRow(
        protocol="dinamap",
        label=say("GE DINAMAP Compact, Pro, ProCare and CARESCAPE V100"),
        settings=PortSettings(9600),
        decoder=Dinamap,
        dialogue=DinamapDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say(
            "Host port of the monitor, 9600 baud. The monitor is silent until asked: pressure and temperature come with their "
            "age, saturation and pulse as they are. A measurement is started at the monitor, never from here."
        ),
        simulator=_dinamap_simulator,
    ),
)
