"""The monitors that can be read: one row each."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from app.domain.texts import Text, say

from .decoders import Decoder, Dialogue, Listening
from .decoders.datex_s5 import DatexS5, S5Dialogue
from .decoders.hl7_dialogue import Answering, EfficiaDialogue, PdsDialogue
from .decoders.hl7v2 import Hl7
from .link import PortSettings
from .simulator import Monitor
from .simulator.datex_s5 import DatexS5Monitor
from .simulator.hl7_dialects import EFFICIA, PDS
from .simulator.hl7v2 import Hl7Monitor


def _listening(_decoder: Decoder) -> Dialogue:
    return Listening()


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """One protocol. `silent_after_s`: so long without a whole frame and the link is stale.

    A dialogue is made with the decoder that hears the answers; both are new for every connection.
    `wiring` says which cable, and what to set on the monitor's own menu; `other_settings` are tried by discovery.
    """

    protocol: str
    label: Text
    settings: PortSettings
    other_settings: tuple[PortSettings, ...] = ()
    decoder: Callable[[], Decoder]
    dialogue: Callable[[Any], Dialogue] = _listening
    silent_after_s: float
    needs_request: bool = False
    wiring: Text
    simulator: Callable[..., Monitor]


MODELS: dict[str, Model] = {
    model.protocol: model
    for model in (
        Model(
            protocol="datex-s5",
            label=say("GE / Datex-Ohmeda S/5 (computer interface)"),
            settings=PortSettings(19200, parity="E", rtscts=True),
            other_settings=(PortSettings(115200, parity="E", rtscts=True),),
            decoder=DatexS5,
            dialogue=S5Dialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say(
                "DB9 computer interface. On B20, B40, B105 and B125 the female connector has pins 2 and 3 swapped. "
                "The monitor is silent until asked."
            ),
            simulator=DatexS5Monitor,
        ),
        Model(
            protocol="hl7",
            label=say("HL7 monitors (Mindray, Comen, Edan)"),
            settings=PortSettings(9600),
            other_settings=(PortSettings(19200), PortSettings(115200)),
            decoder=Hl7,
            dialogue=Answering,
            silent_after_s=90.0,
            wiring=say(
                "Network: switch HL7 sending (MLLP) on in the monitor's menu and give it this computer's address and a port; "
                "type listen://:port here. If the monitor waits for a connection instead, type socket://host:port. "
                "Serial: set the same baud rate on both sides."
            ),
            simulator=Hl7Monitor,
        ),
        Model(
            protocol="hl7-pds",
            label=say("Mindray PDS (HL7 2.3.1, network)"),
            settings=PortSettings(9600),
            decoder=Hl7,
            dialogue=PdsDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say("Network: type socket://host:4601, host being the monitor's address. The monitor is silent until asked."),
            simulator=partial(Hl7Monitor, dialect=PDS),
        ),
        Model(
            protocol="hl7-efficia",
            label=say("Philips Efficia CM (HL7, serial)"),
            settings=PortSettings(9600),
            other_settings=(PortSettings(19200), PortSettings(115200)),
            decoder=Hl7,
            dialogue=EfficiaDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say("RS-232 serial data export. Set the same baud rate on both sides. The monitor is silent until asked."),
            simulator=partial(Hl7Monitor, dialect=EFFICIA),
        ),
    )
}
