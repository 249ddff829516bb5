"""Nellcor's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import Nellcor


@on_demand
def _nellcor_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import NellcorMonitor

    return NellcorMonitor


ROWS = (
    MonitorRow(
        protocol="nellcor",
        label=say("Nellcor N-560, N-595, N-600x (ASCII real-time)"),
        settings=PortSettings(9600),
        decoder=Nellcor,
        silent_after_s=10.0,
        wiring=say(
            "Data port of the oximeter, set to ASCII output in real time. A line comes every two seconds. The N-600x is "
            "taken to print the same columns; compare its first lines with its screen."
        ),
        simulator=_nellcor_simulator,
    ),
)
