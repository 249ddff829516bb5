"""The monitors that can be read: one row each."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.domain.texts import Text, say

from .decoders import Decoder, Dialogue, Listening
from .decoders.datex_s5 import DatexS5, S5Dialogue
from .decoders.intellivue import IntelliVue
from .decoders.intellivue_dialogue import IntelliVueDialogue
from .link import PortSettings
from .simulator import Monitor
from .simulator.datex_s5 import DatexS5Monitor
from .simulator.intellivue import IntelliVueMonitor


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
            label=say("GE / Datex-Ohmeda S/5"),
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
            simulator=IntelliVueMonitor,
        ),
    )
}
