"""The S/5's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import DatexS5
from .dialogue import S5Dialogue


@on_demand
def _datex_s5_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import DatexS5Monitor

    return DatexS5Monitor


ROWS = (
    MonitorRow(
        protocol="datex-s5",
        label=say("GE / Datex-Ohmeda S/5"),
        settings=PortSettings(19200, parity="E", rtscts=True),
        other_settings=(
            PortSettings(115200, parity="E", rtscts=True),
            PortSettings(19200, parity="E"),
            PortSettings(115200, parity="E"),
        ),
        decoder=DatexS5,
        dialogue=S5Dialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say(
            "DB9 computer interface. On B20, B40, B105 and B125 the female connector has pins 2 and 3 swapped. "
            "The monitor is silent until asked."
        ),
        simulator=_datex_s5_simulator,
    ),
)
