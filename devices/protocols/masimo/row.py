"""Masimo's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import Masimo


@on_demand
def _masimo_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import MasimoMonitor

    return MasimoMonitor


ROWS = (
    MonitorRow(
        protocol="masimo",
        label=say("Masimo oximeter Rad-5, Rad-8, Radical-7 (ASCII 1)"),
        settings=PortSettings(9600),
        decoder=Masimo,
        silent_after_s=5.0,
        wiring=say(
            "Serial output of the oximeter. On a Rad-8 set the menu item SEr to AS1: it is delivered with ASCII 2, which is "
            "not read here. A line comes every second."
        ),
        simulator=_masimo_simulator,
    ),
)
