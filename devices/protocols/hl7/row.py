"""The HL7 monitors' rows of the table: those that send by themselves, and two that wait for a query."""

from collections.abc import Callable
from functools import partial

import msgspec

from app.domain.texts import say
from devices.device_rows import MonitorRow, SiteChoice, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import Hl7
from .dialogue import AcknowledgingDialogue, EfficiaDialogue, PdsDialogue
from .makers import NIHON_KOHDEN
from .obx import Hl7Choices


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


EMPTY_IS_FINAL = SiteChoice(
    "empty-is-final",
    say("Values without a state count"),
    say("This monitor leaves the state of its values empty (OBX-11). Choose this only after you have compared its values with "
        "its screen, with a sensor off too: then they are charted."),
)  # fmt: skip
OF_NIHON_KOHDEN = SiteChoice(
    NIHON_KOHDEN.maker,
    say("Codes of Nihon Kohden"),
    say("The monitor or its gateway sends Nihon Kohden's six-digit codes (001000 is the heart rate) under another name."),
)
ACKNOWLEDGE = SiteChoice(
    "acknowledge",
    say("Acknowledge each answer"),
    say("The maker's guides disagree on whether an acknowledgement clears the numbers on the monitor's screen, so none is "
        "sent. Choose this if the monitor stops without, and look at its screen."),
)  # fmt: skip
ASK_FOR_RESULTS = SiteChoice(
    "ask-results",
    say("Ask for RES instead of STA"),
    say("The maker's guides disagree on which of the two asks for what the screen shows; the other asks for the last closed "
        "record. Compare what comes with the screen."),
)  # fmt: skip


def _speaking(row: MonitorRow, keys: frozenset[str]) -> MonitorRow:
    maker = NIHON_KOHDEN.maker if OF_NIHON_KOHDEN.key in keys else ""
    choices = Hl7Choices(empty_is_final=EMPTY_IS_FINAL.key in keys, maker=maker)
    return msgspec.structs.replace(row, decoder=partial(Hl7, choices))


def _asking(row: MonitorRow, keys: frozenset[str]) -> MonitorRow:
    subject = "RES" if ASK_FOR_RESULTS.key in keys else "STA"
    dialogue = partial(EfficiaDialogue, subject=subject, acknowledges=ACKNOWLEDGE.key in keys)
    return msgspec.structs.replace(row, dialogue=dialogue)


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
        choices=(EMPTY_IS_FINAL, OF_NIHON_KOHDEN),
        chosen=_speaking,
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
        wiring=say(
            "RS-232 serial data export. Set the same baud rate on both sides. The monitor is silent until asked. Its answers are "
            "not acknowledged: that may clear the numbers on its screen."
        ),
        simulator=_hl7_efficia_simulator,
        choices=(ACKNOWLEDGE, ASK_FOR_RESULTS),
        chosen=_asking,
    ),
    MonitorRow(
        protocol="hl7-suresigns",
        label=say("Philips SureSigns VS2+ and VM (HL7, on request)"),
        settings=PortSettings(9600),
        other_settings=(PortSettings(19200), PortSettings(115200)),
        decoder=Hl7,
        dialogue=EfficiaDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say(
            "Serial data export, or its network port: type socket://host:port. The monitor is silent until asked, and is asked as "
            "an Efficia is. Not yet tried on one: compare what comes with its screen."
        ),
        simulator=_hl7_efficia_simulator,
        choices=(ACKNOWLEDGE, ASK_FOR_RESULTS),
        chosen=_asking,
    ),
)
