"""The IntelliVue's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import IntelliVue
from .dialogue import IntelliVueDialogue


@on_demand
def _intellivue_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import IntelliVueMonitor

    return IntelliVueMonitor


ROWS = (
    MonitorRow(
        protocol="intellivue",
        label=say("Philips IntelliVue (data export)"),
        settings=PortSettings(115200),
        other_settings=(PortSettings(19200),),
        decoder=IntelliVue,
        dialogue=IntelliVueDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say(
            "MIB/RS-232 port, an RJ-45 socket. On the monitor this port must be set to DtOut1 (“Data Out”) and to "
            "19200 or 115200 baud. The monitor is silent until asked, and speaks to one program at a time."
        ),
        simulator=_intellivue_simulator,
    ),
)
