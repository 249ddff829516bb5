"""The log: everything that was ever saved, one entry after the other, each on the stream of what it happened to."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal, get_args

import msgspec

from .errors import Refused
from .texts import Text, say

StreamKind = Literal["infusion", "people", "subject", "trial"]


class Stream(msgspec.Struct, frozen=True):
    """What something happened to. `id`: an infusion's, or a subject's code; of people and of the trial there is one stream each."""

    kind: StreamKind
    id: str = ""


PEOPLE, TRIAL = Stream("people"), Stream("trial")
_ONLY = {"people": PEOPLE, "trial": TRIAL}


class UnknownKind(Refused):
    """A stream that this version does not know. It is never taken for another."""

    def __init__(self, kind: str) -> None:
        super().__init__(say("The record holds events of “{kind}”, a kind that this version of Bedside does not know. Open it with "
                             "the version that wrote them.", kind=kind))  # fmt: skip
        self.kind = kind


def stream_text(stream: Stream) -> str:
    """A stream as it is saved: an infusion's id alone, `people`, `trial`, `subject:CODE`.

    Raises `ValueError` or `UnknownKind` for one that would be read as another.
    """
    text = {"infusion": stream.id, "subject": f"subject:{stream.id}"}.get(stream.kind, stream.kind)
    if stream_of(text) != stream:
        raise ValueError(f"{stream} has no text of its own")
    return text


def stream_of(text: str) -> Stream:
    """What `stream_text` made. Raises `UnknownKind`."""
    kind, colon, code = text.partition(":")
    if not colon:
        return _ONLY.get(text) or Stream("infusion", text)
    if kind != "subject" or not code:
        raise UnknownKind(text if kind in get_args(StreamKind) else kind)
    return Stream("subject", code)


class ReviewGroup(StrEnum):
    """What a reviewer may look at alone."""

    CORRECTIONS = "corrections"
    SIGNATURES = "signatures"
    REFUSALS = "refusals"
    REACTIONS = "reactions"
    WATCH = "watch"
    ALARMS = "alarms"
    SIGN_INS = "sign_ins"
    ACCOUNTS = "accounts"
    RECORD = "record"
    RULES = "rules"


Remarks = tuple[Text | str | None, ...]


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

    def further(self) -> Remarks:
        """What the sentence itself does not hold; empty parts are left out."""
        return ()


class Entry(msgspec.Struct, frozen=True):
    """An event with who and when (record time, UTC). `by` is a person id, None for the program itself; `co` the second person.

    `stream`: what it happened to, as it is saved (`stream_text`).
    """

    event_id: str
    stream: str
    at: datetime
    by: str | None
    event: Event
    co: str | None = None


def encode(event: Event) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, decimals as strings."""
    return msgspec.json.encode(event, order="sorted")
