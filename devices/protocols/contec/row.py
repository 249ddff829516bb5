"""The rows of the table for Contec's and Berry's oximeters."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice
from devices.protocols.oximeter import GATHERS_S

from .decoder import Berry, Contec, ContecV5
from .dialogue import ContecDialogue


@on_demand
def _contec_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import ContecMonitor

    return ContecMonitor


@on_demand
def _contec_v5_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import ContecV5Monitor

    return ContecV5Monitor


@on_demand
def _berry_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import BerryMonitor

    return BerryMonitor


ROWS = (
    MonitorRow(
        protocol="contec",
        label=say("Contec oximeters CMS50D+ (4.6), CMS50E and CMS50F"),
        settings=PortSettings(115200),
        decoder=Contec,
        dialogue=ContecDialogue,
        silent_after_s=10.0,
        gathers_s=GATHERS_S,
        needs_request=True,
        wiring=say("Serial cable of the oximeter, 115200 8N1. It sends nothing until it is asked."),
        simulator=_contec_simulator,
    ),
    MonitorRow(
        protocol="contec-v5",
        label=say("Contec oximeters CMS50D, CMS50E and older CMS50D+"),
        settings=PortSettings(4800, parity="O"),
        other_settings=(PortSettings(19200, parity="O"),),
        decoder=ContecV5,
        silent_after_s=5.0,
        gathers_s=GATHERS_S,
        wiring=say("Serial cable of the oximeter, 4800 8O1; an older CMS50D+ has 19200 8O1. It sends by itself."),
        simulator=_contec_v5_simulator,
    ),
    MonitorRow(
        protocol="berry",
        label=say("Berry oximeters (BCI 1.2)"),
        settings=PortSettings(115200),
        decoder=Berry,
        silent_after_s=5.0,
        gathers_s=GATHERS_S,
        wiring=say("USB cable of the oximeter, 115200 8N1. It sends by itself."),
        simulator=_berry_simulator,
    ),
)
