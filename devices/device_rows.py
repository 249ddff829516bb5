"""What a row of the table of devices says: how its line is set, who reads it, who speaks to it."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import msgspec

from app.domain.errors import Refused
from app.domain.texts import Text, say

from .link import PortSettings
from .protocols import Decoder, Dialogue, ListeningDialogue, SimulatedDevice


def _listening(_decoder: Decoder) -> Dialogue:
    return ListeningDialogue()


class PortRow(msgspec.Struct, frozen=True, kw_only=True):
    """What may stand on a port. `silent_after_s`: so long without a whole frame and the link is stale.

    A dialogue is made with the decoder that hears the answers; both are new for every connection.
    `gathers_s`: so long what comes may gather between two reads, of one that says the same many times a second.
    `wiring` says which cable, and what to set on the monitor's own menu; `other_settings` are tried where nothing
    can be read, and where it `is_looked_for` (on its first use) also where nothing is heard.
    """

    protocol: str
    label: Text
    settings: PortSettings
    other_settings: tuple[PortSettings, ...] = ()
    decoder: Callable[[], Decoder]
    dialogue: Callable[[Any], Dialogue] = _listening
    silent_after_s: float
    gathers_s: float = 0.0
    needs_request: bool = False
    is_looked_for: bool = False
    wiring: Text


Row = TypeVar("Row", bound=PortRow)


def as_set(row: Row, line: PortSettings | None, is_looked_for: bool) -> Row:
    """The row as one placement's line is set; None: as the model is delivered."""
    if line is None:
        return msgspec.structs.replace(row, is_looked_for=is_looked_for)
    others = tuple(one for one in (row.settings, *row.other_settings) if one != line)
    return msgspec.structs.replace(row, settings=line, other_settings=others, is_looked_for=is_looked_for)


class SiteChoice(msgspec.Struct, frozen=True):
    """What a site may say of one monitor at one place because the wire does not; `why` says what that decides."""

    key: str
    label: Text
    why: Text


class MonitorRow(PortRow, frozen=True, kw_only=True):
    """A monitor's protocol. `simulator` makes one that speaks it, given a patient and what goes wrong.

    `choices` are offered for each placement; `chosen` makes the row that reads as they say, and is called through `as_chosen`.
    """

    simulator: Callable[..., SimulatedDevice]
    choices: tuple[SiteChoice, ...] = ()
    chosen: Callable[["MonitorRow", frozenset[str]], "MonitorRow"] = lambda row, _keys: row


def as_chosen(row: MonitorRow, keys: Collection[str]) -> MonitorRow:
    """The row as one placement uses it. Raises `Refused` for a choice that this monitor does not offer."""
    unknown = sorted(set(keys) - {choice.key for choice in row.choices})
    if unknown:
        raise Refused(say("{monitor} offers no choice “{choice}”.", monitor=row.label, choice=unknown[0]))
    return row.chosen(row, frozenset(keys))


def on_demand(load: Callable[[], Callable[..., SimulatedDevice]]) -> Callable[..., SimulatedDevice]:
    """A simulator's maker that imports it when it is first called: the ward's program loads none."""

    def make(*made_of: object, **settings: object) -> SimulatedDevice:
        return load()(*made_of, **settings)

    return make
