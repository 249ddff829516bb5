"""Heads of records that somebody else remembers: a laptop signs its own, and keeps those of others (RFC 6962: a head is worth what
somebody else keeps of it)."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

import msgspec

from app.domain.log import Event, Remarks, ReviewGroup
from app.domain.texts import Text, say

_CONTEXT = b"bedside head 1\x00"

Judged = Literal["", "older", "rewritten", "another"]
"""Whether a record goes on from a head that was seen of it (""), or ends before it, has other events, or is another record."""


class SignedHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a laptop says of its record at one moment (record time): `events` events, the last with the hash `sha256`.

    `founder`: the founding key's fingerprint, "" in a record of before keys. `signature`: Ed25519 by the laptop's key.
    """

    store_id: str
    founder: str
    events: Annotated[int, msgspec.Meta(ge=0)]
    sha256: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    laptop: str
    public_key: bytes
    signature: bytes = b""

    def message(self) -> bytes:
        """What the laptop signs."""
        return _CONTEXT + msgspec.json.encode(msgspec.structs.replace(self, signature=b""), order="sorted")


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes to another laptop: one's `own` head, and the newest that one keeps of the other's record."""

    own: SignedHead
    seen: SignedHead | None = None


class OwnRecord(NamedTuple):
    """A record as heads are held against it. `hash_at`: of an event by its number; None where there is none."""

    store_id: str
    genesis: str
    founder: str
    events: int
    hash_at: Callable[[int], str | None]


def judged_here(head: SignedHead, here: OwnRecord) -> Judged:
    """Whether this record goes on from a head that was seen of it. A rescued one hangs on the last hash of the one before."""
    if head.sha256 == here.genesis:
        return ""
    if head.store_id != here.store_id or (here.founder and head.founder and head.founder != here.founder):
        return "another"
    if head.events > here.events:
        return "older"
    there = here.genesis if head.events == 0 else here.hash_at(head.events)
    return "" if there == head.sha256 else "rewritten"


def judged_there(before: SignedHead | None, now: SignedHead) -> Judged:
    """Whether the record of another, of one store id, goes on from what was seen of it. A release that comes late knows less."""
    if before is None:
        return ""
    if before.founder and now.founder and before.founder != now.founder:
        return "another"
    if now.events < before.events and now.at > before.at:
        return "older"
    return "" if (now.sha256 == before.sha256) == (now.events == before.events) else "rewritten"


def told_here(judged: Judged, head: SignedHead, who: Text | str) -> Text | None:
    """What is wrong with this record, as `who` has seen it; None where it goes on from there."""
    if judged == "older":
        return say("{who} has seen event {event} of this record, which ends before it: the end is missing, or an older copy was "
                   "put in its place.", who=who, event=head.events)  # fmt: skip
    if judged == "rewritten":
        return say("Event {event} is not the one that {who} has seen: the record was rewritten, or goes on from an older copy "
                   "that was put in its place.", who=who, event=head.events)  # fmt: skip
    if judged == "another":
        return say("{who} has seen a record that was founded with the key {founder}; this is another one, or was made anew.",
                   who=who, founder=head.founder or "—")  # fmt: skip
    return None


def told_there(judged: Judged, who: str) -> Text | None:
    """What is wrong with the record of another laptop."""
    if judged == "older":
        return say("The record of {who} was longer when it was last seen here: an older copy was put in its place.", who=who)
    if judged == "rewritten":
        return say("The record of {who} is not the one that was last seen here: it was rewritten, or goes on from an older copy.",
                   who=who)  # fmt: skip
    if judged == "another":
        return say("The record of {who} was founded with another key than the one that was last seen here: it was made anew.",
                   who=who)  # fmt: skip
    return None


class HeadKept(Event, frozen=True):
    """The head of another laptop's record is remembered here; `seen`: the head of this one that the other has seen.

    `here`, `there`: whether this record, and the other one, goes on from what was seen of it.
    """

    sentence = say("Head of the record of {name} kept")
    reviewed_as = (ReviewGroup.RECORD,)

    name: str
    head: SignedHead
    seen: SignedHead | None = None
    here: Judged = ""
    there: Judged = ""

    def further(self) -> Remarks:
        seen = self.seen
        return (
            say("event {event}, head {head}", event=self.head.events, head=self.head.sha256[:12]),
            say("founded with the key {fingerprint}", fingerprint=self.head.founder) if self.head.founder else None,
            say("it has seen this record up to event {event}", event=seen.events) if seen else None,
            *self.told(),
        )

    def told(self) -> tuple[Text, ...]:
        """What is wrong with either record."""
        here = None if self.seen is None else told_here(self.here, self.seen, self.name)
        return tuple(text for text in (here, told_there(self.there, self.name)) if text)


class SeenHeads:
    """Who has seen this record up to where, and what is kept of others, after any number of events."""

    def __init__(self) -> None:
        self._of_others: dict[str, SignedHead] = {}
        self._meetings: dict[str, HeadKept] = {}

    def apply(self, event: Event) -> None:
        if isinstance(event, HeadKept):
            store_id, before = event.head.store_id, self._of_others.get(event.head.store_id)
            if before is None or event.head.at >= before.at:
                self._of_others[store_id] = event.head
            last = self._meetings.get(store_id)
            if event.seen is not None and (last is None or last.seen is None or event.seen.at >= last.seen.at):
                self._meetings[store_id] = event

    def of(self, store_id: str) -> SignedHead | None:
        """The newest head that is kept of another record."""
        return self._of_others.get(store_id)

    @property
    def meetings(self) -> list[HeadKept]:
        """Of each laptop that has seen this record, the one that tells the most; each has its `seen`."""
        return sorted(self._meetings.values(), key=lambda event: event.name)
