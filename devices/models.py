"""The monitors that can be read: one row each."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.domain.texts import Text, say

from .decoders import Decoder, Dialogue
from .decoders.datex_s5 import DatexS5, S5Dialogue
from .link import PortSettings
from .simulator import Monitor
from .simulator.datex_s5 import DatexS5Monitor


class Model(msgspec.Struct, frozen=True):
    """One protocol. `silent_after_s`: so long without a whole frame and the link is stale.

    A dialogue is made with the decoder that hears the answers; both are new for every connection.
    """

    protocol: str
    label: Text
    settings: PortSettings
    decoder: Callable[[], Decoder]
    dialogue: Callable[[Any], Dialogue]
    silent_after_s: float
    needs_request: bool
    simulator: Callable[..., Monitor]


MODELS: dict[str, Model] = {
    model.protocol: model
    for model in (
        Model(
            protocol="datex-s5",
            label=say("GE / Datex-Ohmeda S/5 (computer interface)"),
            settings=PortSettings(19200, parity="E", rtscts=True),
            decoder=DatexS5,
            dialogue=S5Dialogue,
            silent_after_s=20.0,
            needs_request=True,
            simulator=DatexS5Monitor,
        ),
    )
}
