"""What a row of the table of devices says: how its line is set, who reads it, who speaks to it."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.domain.texts import Text

from .link import PortSettings
from .protocols import Decoder, Dialogue, ListeningDialogue, SimulatedDevice


def _listening(_decoder: Decoder) -> Dialogue:
    return ListeningDialogue()


class PortRow(msgspec.Struct, frozen=True, kw_only=True):
    """What may stand on a port. `silent_after_s`: so long without a whole frame and the link is stale.

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


class MonitorRow(PortRow, frozen=True, kw_only=True):
    """A monitor's protocol. `simulator` makes one that speaks it, given a patient and what goes wrong."""

    simulator: Callable[..., SimulatedDevice]


def on_demand(load: Callable[[], Callable[..., SimulatedDevice]]) -> Callable[..., SimulatedDevice]:
    """A simulator's maker that imports it when it is first called: the ward's program loads none."""

    def make(*made_of: object, **settings: object) -> SimulatedDevice:
        return load()(*made_of, **settings)

    return make
