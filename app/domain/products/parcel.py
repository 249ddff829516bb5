"""A release on its way from the pharmacy's laptop to the ward's: everything recorded of it, for one receiver alone."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import astuple

from app.domain.infusion.facts import InfusionEvent, Ordered
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.people.signed_heads import Heads


class Laptop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record of Bedside (its store's id), and what its laptop is called."""

    store_id: str
    name: str


class Parcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`entries`: all of one infusion up to its release, as they were saved. `people`: who acted in them.

    `heads`: what the sender signs of its record as it is when the release goes out; none in a release by a version before.
    """

    sender: Laptop
    to: Laptop
    people: tuple[Person, ...]
    entries: tuple[Entry, ...]
    heads: Heads | None = None


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one laptop gives another to remember, also to show what it remembers itself."""

    sender: Laptop
    to: Laptop
    heads: Heads


class _Sent(msgspec.Struct, frozen=True):
    """An entry as it travels: only what happens to an infusion does."""

    event_id: str
    stream: str
    at: datetime
    by: str | None
    event: InfusionEvent
    co: str | None = None


class _SentParcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sender: Laptop
    to: Laptop
    people: tuple[Person, ...]
    entries: tuple[_Sent, ...]
    heads: Heads | None = None


_decoder: msgspec.json.Decoder[_SentParcel] = msgspec.json.Decoder(_SentParcel)


def packed(entries: Sequence[Entry], sender: Laptop, to: Laptop, people: Iterable[Person]) -> Parcel:
    """The same entries always give the same parcel, so that it can be sent again."""
    acted = {entry.by for entry in entries} | {x.event.prescriber for x in entries if isinstance(x.event, Ordered)}
    known = sorted((p for p in people if p.person_id in acted), key=lambda p: p.person_id)
    return Parcel(sender, to, tuple(known), tuple(entries))


def encoded(parcel: Parcel) -> bytes:
    """Canonical JSON."""
    return msgspec.json.encode(parcel, order="sorted")


def decoded(data: bytes) -> Parcel:
    """Raises `msgspec.MsgspecError` for what is no parcel."""
    sent = _decoder.decode(data)
    return Parcel(sent.sender, sent.to, sent.people, tuple(Entry(*astuple(x)) for x in sent.entries), sent.heads)


def digest(parcel: Parcel) -> str:
    """SHA-256 (hex) by which both sides name it; its heads are of later than this is saved."""
    return hashlib.sha256(encoded(msgspec.structs.replace(parcel, heads=None))).hexdigest()
