"""Electronic signatures (21 CFR 11.50 and 11.70, EU GMP Annex 11 §14): whose, of what meaning, for what, and whether they stand.

A person signs for all that was recorded of the infusion before: the SHA-256 over one line of canonical JSON an entry, in
order. Fields that stand at their default are left out of it, so that a field added in a later version changes no hash.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import dropwhile
from typing import Any, Literal, TypeVar

import msgspec

from app.domain.infusion import facts as e
from app.domain.log import Entry, Event
from app.domain.texts import Text, say

from .roles import Person

MEANING_NAMES: dict[str, Text] = {
    "performed": say("performed"),
    "verified": say("verified"),
    "reviewed": say("reviewed"),
    "approved": say("approved"),
    "dispensed": say("dispensed"),
    "received": say("received"),
}


_Signed = TypeVar("_Signed", bound=Event)


class Signature(msgspec.Struct, frozen=True):
    """`by`: the person's id. `void_by`: the first correction of something it was given for; `replaced_by`: the newer one.

    A record of before signatures were bound has neither printed name nor hash: they are "".
    """

    entry: Entry
    by: str | None
    meaning: e.Meaning
    printed_name: str
    sha256: str
    void_by: Entry | None = None
    replaced_by: Entry | None = None

    @property
    def at(self) -> datetime:
        return self.entry.at

    @property
    def short_sha256(self) -> str:
        """The first 12 digits, as they are printed."""
        return self.sha256[:12]

    @property
    def status(self) -> Literal["valid", "void", "replaced"]:
        if self.replaced_by is not None:
            return "replaced"
        return "valid" if self.void_by is None else "void"

    @property
    def closes_the_record(self) -> bool:
        """One of the two at the end. Those only are asked for again; the others belong to an act that is over."""
        return isinstance(self.entry.event, e.SignatureGiven)


def meaning_of(event: Event) -> e.Meaning | None:
    """What a signature means; None for an event that nobody signs for."""
    return event.meaning_signed if isinstance(event, e.Signing) else None


def signed(before: Iterable[Entry], event: _Signed, by: Person) -> _Signed:
    """The event with printed name and hash, if it is a signature. One given by somebody else names them already."""
    if not isinstance(event, e.Signing) or meaning_of(event) is None:
        return event
    return msgspec.structs.replace(event, printed_name=event.printed_name or by.name, signed_sha256=covered(before).hex())


def signatures(entries: Sequence[Entry]) -> tuple[Signature, ...]:
    """All signatures of an infusion in order, those that no longer stand too."""
    given = [x for x in entries if meaning_of(x.event) is not None]
    return tuple(_signature(entries, x, given[n + 1 :]) for n, x in enumerate(given))


def to_give_again(entries: Sequence[Entry]) -> tuple[Signature, ...]:
    """Signatures at the end that a correction made void, and that nobody has given again."""
    return tuple(s for s in signatures(entries) if s.closes_the_record and s.status == "void")


def _signature(entries: Sequence[Entry], entry: Entry, later: list[Entry]) -> Signature:
    event, meaning = entry.event, meaning_of(entry.event)
    assert isinstance(event, e.Signing)
    assert meaning is not None
    by = event.signer(entry.by)
    newer = next((x for x in later if _act(x) == _act(entry)), None)
    return Signature(entry, by, meaning, event.printed_name, event.signed_sha256, void_by(entries, entry), newer)


def _act(entry: Entry) -> tuple[object, ...]:
    """What it was given for: a later one for the same takes its place. An approval or a witness is for one moment only."""
    event = entry.event
    if isinstance(event, e.SignatureGiven):
        return (event.meaning,)
    if isinstance(event, e.Signing) and event.is_for_one_moment:
        return (entry.event_id,)
    return type(event), entry.by, getattr(event, "bag_id", None)


def void_by(entries: Sequence[Entry], signature: Entry) -> Entry | None:
    """The first later correction of an entry that the signature was given for."""
    for entry in dropwhile(lambda x: x.event_id != signature.event_id, entries):
        if isinstance(entry.event, e.Corrected) and touches(entries, entry.event.event_id, signature):
            return entry
    return None


def touches(entries: Sequence[Entry], event_id: str, signature: Entry) -> bool:
    """Whether the signature was given for the entry of that id: it stood in the record before, and is what was signed for."""
    first = next((x for x in entries if x.event_id in (event_id, signature.event_id)), None)
    return first is not None and first.event_id == event_id and _rests_on(signature, first)


#: What an act was signed on, beside the act itself. Where a kind is absent: on all that came before.
_RESTS_ON: dict[type[Event], tuple[type[Event], ...]] = {
    e.SurplusDrawn: (),
    e.BagVerified: (),
    e.LeadTimeOverridden: (e.PremedicationGiven,),
    e.BagChecked: (e.BagThawed,),
    e.Resumed: (e.ReactionNoted, e.ReactionUpdated, e.ReactionResolved, e.VitalsRecorded, e.PauseExplained),
    e.LeftoverDestroyed: (e.InfusionEnded, e.InfusionStopped),
    e.BagReturned: (),
}


def _rests_on(signature: Entry, before: Entry) -> bool:
    """A bag's signature rests on nothing that was recorded of another bag."""
    if before.event_id == signature.event_id:
        return True
    kinds = _RESTS_ON.get(type(signature.event))
    bags = {getattr(x.event, "bag_id", None) for x in (signature, before)} - {None}
    return kinds is None or (isinstance(before.event, kinds) and len(bags) < 2)


# --- what is signed


class Covered:
    """What a signature covers that is given now, after any number of entries: bytes in, hash out.

    This is the one place where it is computed, for a hash that is recorded as for a key that signs it.
    """

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    @property
    def hash(self) -> bytes:
        """SHA-256, 32 bytes."""
        return self._sha256.digest()

    def add(self, line: bytes) -> None:
        """One entry's `canonical` bytes."""
        self._sha256.update(line + b"\n")

    def take(self, entry: Entry) -> bool:
        """Go on by one entry. False: it is a signature that was given for something else than what came before it."""
        told = entry.event.signed_sha256 if isinstance(entry.event, e.Signing) else ""
        fits = told in ("", self.hash.hex())
        self.add(canonical(entry))
        return fits


def covered(entries: Iterable[Entry]) -> bytes:
    """The hash of what a signature after these entries is given for: SHA-256, 32 bytes."""
    cover = Covered()
    for entry in entries:
        cover.take(entry)
    return cover.hash


def misfits(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The signatures whose hash is not that of the entries before them."""
    cover = Covered()
    return (entry for entry in entries if not cover.take(entry))


def canonical(entry: Entry) -> bytes:
    """One entry as JSON: keys sorted, the time in UTC, nothing that stands at its default."""
    entry = msgspec.structs.replace(entry, at=entry.at.astimezone(UTC))
    return msgspec.json.encode(_told(entry, msgspec.json.decode(msgspec.json.encode(entry))), order="sorted")


_NESTING = (msgspec.Struct, tuple)


def _told(value: Any, as_json: Any) -> Any:
    """The JSON of a value without what stands at its default, all the way down; free-form parts stay whole."""
    if isinstance(value, msgspec.Struct):
        told = {}
        for name, default in _defaults(type(value)):
            item = getattr(value, name)
            if item != default:
                told[name] = _told(item, as_json[name]) if isinstance(item, _NESTING) else as_json[name]
        return {**told, "type": as_json["type"]} if isinstance(value, Event) else told
    if isinstance(value, tuple):
        return [_told(item, its_json) for item, its_json in zip(value, as_json, strict=True)]
    return as_json


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, f.default if f.default_factory is msgspec.NODEFAULT else f.default_factory())
                 for f in msgspec.structs.fields(kind))  # fmt: skip
