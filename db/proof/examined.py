"""What a store is held against when it is examined, and what was found."""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain.people.signed_heads import SignedHead
from app.domain.texts import Text
from db.log.headfile import Head

from .beside_the_log import ByFiles
from .verified import Verified


class Examined(msgspec.Struct):
    """What was found. `faults`, `differences` and `unread` empty: the record is whole. `notes` are worth knowing, but no fault.

    `faults`: of the events, their chain and what hangs on it; `differences`: of all that is beside them, which spoil no backup.
    `unread`: infusions of before whose protocol file is not at hand: the record is whole, but nothing of them is computed.
    `since`: the event up to which it was believed what an earlier reading found; None: all of it was read. `verified`: what the
    next reading may go on from, where nothing was wrong and everything was held against the events.
    """

    events: int
    head: Head
    sealed: int = 0
    anchored: bool = False
    founder: str = ""
    faults: list[Text] = []
    differences: list[Text] = []
    unread: list[Text] = []
    notes: list[Text] = []
    since: Head | None = None
    verified: Verified | None = None


class Since(NamedTuple):
    """What was verified before, and is believed. `every_page`: the file is read as a whole all the same, as of a copy that was just
    made.
    """

    verified: Verified
    every_page: bool = False


class Against(NamedTuple):
    """What a store is held against. The head files are read before it, so that they cannot be ahead of it."""

    anchor: str
    heads: list[tuple[Path, Head | None]]
    shipped: Container[str]
    put_together: ByFiles | None
    witnesses: Mapping[str, SignedHead]
    since: Since | None
