"""The HL7 monitors' rows of the table: those that send by themselves, and two that wait for a query."""

from collections.abc import Callable
from functools import partial

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import Hl7
from .dialogue import AcknowledgingDialogue, EfficiaDialogue, PdsDialogue


@on_demand
def _hl7_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import Hl7Monitor

    return Hl7Monitor


@on_demand
def _hl7_pds_simulator() -> Callable[..., SimulatedDevice]:
    from .simulated_dialects import PDS
    from .simulator import Hl7Monitor

    return partial(Hl7Monitor, dialect=PDS)


@on_demand
def _hl7_efficia_simulator() -> Callable[..., SimulatedDevice]:
    from .simulated_dialects import EFFICIA
    from .simulator import Hl7Monitor

    return partial(Hl7Monitor, dialect=EFFICIA)


ROWS = (
    MonitorRow(
        protocol="hl7",
        label=say("HL7 monitors (Mindray, Comen, Edan)"),
        settings=PortSettings(9600),
        other_settings=(PortSettings(19200), PortSettings(115200)),
        decoder=Hl7,
        dialogue=AcknowledgingDialogue,
        silent_after_s=90.0,
        wiring=say(
            "Network: switch HL7 sending (MLLP) on in the monitor's menu and give it this computer's address and a port; "
            "type listen://:port here. If the monitor waits for a connection instead, type socket://host:port. "
            "Serial: set the same baud rate on both sides."
        ),
        simulator=_hl7_simulator,
    ),
    MonitorRow(
        protocol="hl7-pds",
        label=say("Mindray PDS (HL7 2.3.1, network)"),
        settings=PortSettings(9600),
        decoder=Hl7,
        dialogue=PdsDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say("Network: type socket://host:4601, host being the monitor's address. The monitor is silent until asked."),
        simulator=_hl7_pds_simulator,
    ),
    MonitorRow(
        protocol="hl7-efficia",
        label=say("Philips Efficia CM (HL7, serial)"),
        settings=PortSettings(9600),
        other_settings=(PortSettings(19200), PortSettings(115200)),
        decoder=Hl7,
        dialogue=EfficiaDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say("RS-232 serial data export. Set the same baud rate on both sides. The monitor is silent until asked."),
        simulator=_hl7_efficia_simulator,
    ),
)
