"""What was found, and done, about the record itself: what it is, its rows made anew, an end that could not be proved."""

import hashlib
from typing import Literal

from app.domain.log import Event, Remarks, ReviewGroup
from app.domain.texts import Text, say


class RecordDescribed(Event, frozen=True):
    """The store's own row, said once in a record whose beginning does not name it (of before, or gone on elsewhere)."""

    sentence = say("Record {store_id} described, made {created_at} by version {app_version}")
    reviewed_as = (ReviewGroup.RECORD,)
    is_quiet = True

    store_id: str
    created_at: str
    app_version: str
    practice: bool


class RowsRebuilt(Event, frozen=True):
    """The rows for people's tools were made anew from the events. `form`: what they say (`summary.FORM`)."""

    sentence = say("Readable tables made anew from the events of {infusions} infusions")
    reviewed_as = (ReviewGroup.RECORD,)

    infusions: int
    form: int


class StreamShutOff(Event, frozen=True):
    """The events of one infusion could not be put together: it was left out, the rest of the record opened."""

    sentence = say("Infusion {infusion} left out: its events cannot be put together")
    reviewed_as = (ReviewGroup.RECORD,)

    infusion: str
    what: str

    def further(self) -> Remarks:
        return (self.what,)


Doubt = Literal["missing", "older", "ahead", "other"]
_DOUBTS: dict[str, Text] = {
    "missing": say("the file by which a missing end is noticed was not there"),
    "older": say("the file by which a missing end is noticed is older than a crash leaves it"),
    "ahead": say("the file by which a missing end is noticed knows more events than are there"),
    "other": say("the file by which a missing end is noticed knows another event"),
}


class HeadDoubted(Event, frozen=True):
    """At opening the end of the record could not be proved. `told`: the last event that the head file knew."""

    sentence = say("The end of the record is not proved: opened with {found} events")
    reviewed_as = (ReviewGroup.RECORD,)

    doubt: Doubt
    found: int
    told: int

    def further(self) -> Remarks:
        known = say("it knew event {told}", told=self.told) if self.told else None
        return _DOUBTS[self.doubt], known

    @property
    def told_in_words(self) -> Text:
        return say("The record was opened with {found} events, and its end is not proved: {why}.",
                   found=self.found, why=_DOUBTS[self.doubt])  # fmt: skip


class HeadExplained(Event, frozen=True):
    """What a person found who looked into it. `doubted`: the event it speaks of."""

    sentence = say("Looked into the end of the record: {reason}")
    reviewed_as = (ReviewGroup.RECORD,)

    doubted: str
    reason: str


ProofEvent = RecordDescribed | RowsRebuilt | StreamShutOff | HeadDoubted | HeadExplained


def kept_sha256(kept: str) -> str:
    """By which the log tells what is kept of a password or PIN."""
    return hashlib.sha256(kept.encode()).hexdigest()


class Doubts:
    """What nobody has looked into yet, the oldest first."""

    def __init__(self) -> None:
        self._open: dict[str, HeadDoubted] = {}

    def apply(self, event_id: str, event: Event) -> None:
        if isinstance(event, HeadDoubted):
            self._open[event_id] = event
        elif isinstance(event, HeadExplained):
            self._open.pop(event.doubted, None)

    @property
    def oldest(self) -> tuple[str, HeadDoubted] | None:
        """The event's id, and it."""
        return next(iter(self._open.items()), None)
