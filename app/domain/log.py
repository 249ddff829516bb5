"""The log: everything that was ever saved, one entry after the other, each on the stream of what it happened to."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from app.domain.texts import Text


class ReviewGroup(StrEnum):
    """What a reviewer may look at alone."""

    CORRECTIONS = "corrections"
    SIGNATURES = "signatures"
    REFUSALS = "refusals"
    REACTIONS = "reactions"
    WATCH = "watch"
    SIGN_INS = "sign_ins"
    ACCOUNTS = "accounts"
    RECORD = "record"


class Event(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Base of all events; its JSON carries the class name as `type`, and nothing of what is true of all events of a class.

    `sentence`: what happened, with the event's own fields in its places; None: it takes more than one sentence to say.
    `correctable`: fields that a person entered and may have entered wrongly; what the program saw itself is never corrected.
    `is_quiet`: for the record alone, nobody looks at each of them.
    """

    sentence: ClassVar[Text | None] = None
    correctable: ClassVar[tuple[str, ...]] = ()
    reviewed_as: ClassVar[tuple[ReviewGroup, ...]] = ()
    is_quiet: ClassVar[bool] = False


class Entry(msgspec.Struct, frozen=True):
    """An event with who and when (record time, UTC). `by` is a person id, None for the program itself; `co` the second person."""

    event_id: str
    stream: str
    at: datetime
    by: str | None
    event: Event
    co: str | None = None


def encode(event: Event) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, decimals as strings."""
    return msgspec.json.encode(event, order="sorted")
