"""The drop sensor's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import DropSensor


@on_demand
def _drop_sensor_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import SimulatedDropSensor

    return SimulatedDropSensor


ROWS = (
    MonitorRow(
        protocol="drop-sensor",
        label=say("Drop sensor (DROP lines)"),
        settings=PortSettings(9600),
        other_settings=(PortSettings(115200),),
        decoder=DropSensor,
        silent_after_s=20.0,
        wiring=say(
            "A sensor of your own on the drip chamber that sends one line a drop, by USB or RS-232. It only "
            "measures: count by hand as well, and never set the clamp by it alone."
        ),
        simulator=_drop_sensor_simulator,
    ),
)
