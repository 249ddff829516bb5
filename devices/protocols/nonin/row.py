"""Nonin's row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice
from devices.protocols.oximeter import GATHERS_S

from .decoder import Nonin


@on_demand
def _nonin_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import NoninMonitor

    return NoninMonitor


ROWS = (
    MonitorRow(
        protocol="nonin",
        label=say("Nonin oximeters (formats 2, 7, 8 and 13, and text lines)"),
        settings=PortSettings(9600),
        decoder=Nonin,
        silent_after_s=12.0,
        gathers_s=GATHERS_S,
        wiring=say(
            "Serial output of the oximeter, 9600 8N1. The data format that is set on it is recognised; nothing is sent to it."
        ),
        simulator=_nonin_simulator,
    ),
)
