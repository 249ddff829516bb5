"""The monitors that can be read: one row each."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.domain.texts import Text, say

from .decoders import Decoder, Dialogue, Listening
from .decoders.berry import Berry
from .decoders.contec import Contec, ContecDialogue, ContecV5
from .decoders.datex_s5 import DatexS5, S5Dialogue
from .decoders.nonin import Nonin
from .link import PortSettings
from .simulator import Monitor
from .simulator.contec import BerryMonitor, ContecMonitor, ContecV5Monitor
from .simulator.datex_s5 import DatexS5Monitor
from .simulator.nonin import NoninMonitor


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
            protocol="nonin",
            label=say("Nonin oximeters (formats 2, 7, 8 and 13, and text lines)"),
            settings=PortSettings(9600),
            decoder=Nonin,
            silent_after_s=12.0,
            wiring=say(
                "Serial output of the oximeter, 9600 8N1. The data format that is set on it is recognised; nothing is sent to it."
            ),
            simulator=NoninMonitor,
        ),
        Model(
            protocol="contec",
            label=say("Contec oximeters CMS50D+ (4.6), CMS50E and CMS50F"),
            settings=PortSettings(115200),
            decoder=Contec,
            dialogue=ContecDialogue,
            silent_after_s=10.0,
            needs_request=True,
            wiring=say("Serial cable of the oximeter, 115200 8N1. It sends nothing until it is asked."),
            simulator=ContecMonitor,
        ),
        Model(
            protocol="contec-v5",
            label=say("Contec oximeters CMS50D, CMS50E and older CMS50D+"),
            settings=PortSettings(4800, parity="O"),
            other_settings=(PortSettings(19200, parity="O"),),
            decoder=ContecV5,
            silent_after_s=5.0,
            wiring=say("Serial cable of the oximeter, 4800 8O1; an older CMS50D+ has 19200 8O1. It sends by itself."),
            simulator=ContecV5Monitor,
        ),
        Model(
            protocol="berry",
            label=say("Berry oximeters (BCI 1.2)"),
            settings=PortSettings(115200),
            decoder=Berry,
            silent_after_s=5.0,
            wiring=say("USB cable of the oximeter, 115200 8N1. It sends by itself."),
            simulator=BerryMonitor,
        ),
    )
}
