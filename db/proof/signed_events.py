"""Whether all that a person must sign bears the signature of that person's own key, and each key comes from who may give it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.infusion.facts import ReleaseArrived, Signing
from app.domain.log import Entry, stream_of
from app.domain.people.accounts import PersonAdded, PersonDisabled
from app.domain.people.own_keys import RECOVERY, KeyMade, Keyring, RecoveryKeyMade, key_fingerprint, signers
from app.domain.people.roles import Role
from app.domain.texts import Text, say
from db.log.chain import Row
from db.log.eventlog import signed_message
from db.log.genesis import names_its_store
from db.statements import Driver

from .verified import Verified

_SIGNATURES = """
SELECT seq, person, public_key, signature FROM signature WHERE seq >= ? OR seq IN (SELECT value FROM json_each(?)) ORDER BY seq"""
_LAST = """
SELECT s.seq, s.person, s.public_key, s.signature, e.hash FROM signature s JOIN event e ON e.seq = s.seq
WHERE s.seq <= ? ORDER BY s.seq DESC LIMIT ?"""
#: No number is smaller, also of a row that no program of ours wrote.
FIRST = -(1 << 63)
#: So many signatures before what is read stand for all: most often they are of several people.
_LOOKED_BACK = 8
#: More people than a ward has.
_KEYS_KEPT = 256
_THERE = "SELECT count(*) FROM sqlite_master WHERE name = 'signature'"
_GENESIS = "SELECT genesis FROM store"


class _Given(NamedTuple):
    """One signature as it lies on the disk, hexadecimal."""

    public_key: str
    signature: str


class _GivenInOrder:
    """Signatures as they are read, by the number of their event; never many at once."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows = groupby(rows, lambda row: int(row[0]))
        self._next = next(self._rows, None)
        self._left: list[int] = []

    def of(self, seq: int) -> dict[str, _Given]:
        """Of an event, after those with a smaller number."""
        while self._next is not None and self._next[0] < seq:
            self._left.append(self._next[0])
            self._next = next(self._rows, None)
        if self._next is None or self._next[0] != seq:
            return {}
        given = {str(person): _Given(str(key), str(signature)) for _, person, key, signature in self._next[1]}
        self._next = next(self._rows, None)
        return given

    def of_none(self) -> list[int]:
        """The events that were not asked for, to the end."""
        return [*self._left, *([self._next[0]] if self._next else []), *(seq for seq, _ in self._rows)]


class SignedEvents:
    """Takes the events in order. `founder`: the fingerprint of the key that the record was founded with."""

    def __init__(self, raw: Driver) -> None:
        self._given = _GivenInOrder(())
        self._ring, self._roles, self._former = Keyring(), dict[str, Role](), set[str]()
        self._elsewhere: dict[str, list[tuple[int, str]]] = {}
        self._before, self.last_signed, self._last_seq = 0, 0, 0
        self._key_since: dict[str, int] = {}
        self._raw = raw
        self._as_in_the_lost: dict[tuple[str, str], int] = {}
        self._faults: list[Text] = []
        self._notes: list[Text] = []

    @property
    def founder(self) -> str:
        return self._ring.founder

    def read(self, since: Verified | None) -> None:
        """The signatures under all that comes since, and under the events by which it is judged."""
        self._last_seq = since.head.seq if since else 0
        (there,) = self._raw.execute(_THERE).fetchone()
        of = self._last_seq + 1 if since else FIRST, msgspec.json.encode(since.standing if since else ()).decode()
        self._given = _GivenInOrder(self._raw.execute(_SIGNATURES, of) if there else ())

    def look_back(self, before_seq: int, last_signed: int) -> None:
        """Whether the last signatures up to an event fit: a chain that was written anew bears none but the writer's own."""
        self.last_signed = max(self.last_signed, last_signed)
        (there,) = self._raw.execute(_THERE).fetchone()
        for seq, who, *given, hash_ in self._raw.execute(_LAST, (before_seq, _LOOKED_BACK)).fetchall() if there else ():
            if self._key_since.get(who, 0) < seq:
                self._check_key(seq, who, str(hash_), _Given(*map(str, given)), self._ring.key(who))

    def take(self, row: Row, entry: Entry | None) -> None:
        """`entry` None: it cannot be read, which is named elsewhere."""
        seq = int(row["seq"] or 0)
        self._last_seq = max(self._last_seq, seq)
        given = self._given.of(seq)
        if entry is None:
            return
        wanted = self._wanted(entry)
        for who in wanted:
            self._check(seq, who, entry, str(row["hash"]), given.pop(who, None))
        for who in given:
            self._faults.append(say("Event {seq} bears a signature of {person}, who does not sign it.", seq=seq, person=who))
        if isinstance(entry.event, KeyMade):
            self._judge_key(seq, entry, entry.event)
            self._key_since[entry.event.person_id] = seq
        elif isinstance(entry.event, RecoveryKeyMade):
            self._key_since[RECOVERY] = seq
        if isinstance(entry.event, Signing) and entry.event.meaning_signed and not entry.event.signed_sha256 and self._ring.founded:
            self._faults.append(say("Event {seq} is a signature that does not say what it was given for.", seq=seq))
        self._apply(entry)

    def _wanted(self, entry: Entry) -> tuple[str, ...]:
        if isinstance(entry.event, KeyMade) and entry.event.how in ("founded", "taken up"):
            return (entry.event.person_id,)
        return tuple(dict.fromkeys(signers(entry)))

    def _check(self, seq: int, who: str, entry: Entry, hash_: str, given: _Given | None) -> None:
        event = entry.event
        is_new = isinstance(event, KeyMade) and event.how in ("founded", "taken up")
        key = event.public_key if is_new and isinstance(event, KeyMade) else self._ring.key(who)
        if given is None:
            self._without(seq, who, entry, key)
        else:
            self._check_key(seq, who, hash_, given, key)

    def _check_key(self, seq: int, who: str, hash_: str, given: _Given, key: bytes | None) -> None:
        about = {"seq": seq, "person": who}
        if key is None and self._is_as_in_the_lost(given, hash_):
            named = who, given.public_key
            self._as_in_the_lost[named] = self._as_in_the_lost.get(named, 0) + 1
            self.last_signed = max(self.last_signed, seq)
        elif key is None or given.public_key != key.hex():
            self._faults.append(say("Event {seq} is signed with a key that is not {person}'s.", **about))
        elif not _fits(given, hash_):
            self._faults.append(say("The signature of {person} under event {seq} does not fit: the event, or the record before it, "
                                    "was rewritten after it was given.", **about))  # fmt: skip
        else:
            self.last_signed = max(self.last_signed, seq)

    def _is_as_in_the_lost(self, given: _Given, hash_: str) -> bool:
        """A rescued record that had to begin anew knows no people: whose key it is, the lost one tells."""
        if self._ring.founded is not None or not _fits(given, hash_):
            return False
        (genesis,) = self._raw.execute(_GENESIS).fetchone()
        return not names_its_store(str(genesis))

    def _without(self, seq: int, who: str, entry: Entry, key: bytes | None) -> None:
        is_signature = isinstance(entry.event, Signing)
        if self._ring.founded is None and not isinstance(entry.event, KeyMade):
            self._before += is_signature
        elif key is None and is_signature and who not in self._roles:
            self._elsewhere.setdefault(entry.stream, []).append((seq, who))
        elif who == RECOVERY and key is None:
            self._notes.append(say("Event {seq} was made with the recovery key of before people had keys: compare it with "
                                   "the ward's papers.", seq=seq))  # fmt: skip
        elif is_signature:
            self._faults.append(
                say("Event {seq} says that {person} signed, and bears no signature of theirs.", seq=seq, person=who)
            )
        else:
            self._faults.append(say("Event {seq} ({type}) is not signed by {person}, who made it.",
                                    seq=seq, person=who, type=type(entry.event).__name__))  # fmt: skip

    def _apply(self, entry: Entry) -> None:
        event = entry.event
        if stream_of(entry.stream).kind == "people":
            self._ring.apply(event)
        if isinstance(event, PersonAdded):
            self._roles[event.person_id] = event.role
            if self._ring.founded is None:
                self._former.add(event.person_id)
        elif isinstance(event, PersonDisabled):
            self._roles[event.person_id] = Role.EMERGENCY
        elif isinstance(event, ReleaseArrived):
            self._elsewhere.pop(entry.stream, None)

    def _judge_key(self, seq: int, entry: Entry, event: KeyMade) -> None:
        """Who may give a person a key: the founder themself, the person, an administrator, the recovery key."""
        who, founded = event.person_id, self._ring.founded
        may = {
            "founded": founded is None,
            "taken up": founded is not None and who in self._former and self._ring.key(who) is None,
            "own": entry.by == who,
            "given": founded is not None
            and (self._roles.get(entry.by or "") is Role.ADMINISTRATOR or entry.by == founded.person_id),
            "recovered": entry.by is None,
        }[event.how]
        if not may:
            self._faults.append(say("The key of {person} (event {seq}, fingerprint {fingerprint}) was given by nobody who may.",
                                    person=who, seq=seq, fingerprint=key_fingerprint(event.public_key)))  # fmt: skip

    def faults(self) -> Iterator[Text]:
        yield from self._faults
        for seq in self._given.of_none():
            yield say("There is a signature for event {seq}, which is not there or cannot be read.", seq=seq)
        for found in self._elsewhere.values():
            for seq, who in found:
                yield say("Event {seq} says that {person} signed, who has no account here, and no release that was taken in "
                          "vouches for it.", seq=seq, person=who)  # fmt: skip

    def notes(self) -> Iterator[Text]:
        yield from self._notes
        if self._before:
            yield say("{n} signatures were given before people had keys of their own.", n=self._before)
        for (who, key), n in self._as_in_the_lost.items():
            yield say("{n} signatures of {person} are given with the key {fingerprint}. This record goes on from a lost one, which "
                      "tells whose key that is: compare it with a backup of it.", n=n, person=who,
                      fingerprint=key_fingerprint(bytes.fromhex(key)))  # fmt: skip
        if self._ring.founded is None:
            return
        yield say("Founded with the key {fingerprint}.", fingerprint=self.founder)
        if self._last_seq > self.last_signed:
            yield say("{n} events since the last signature.", n=self._last_seq - self.last_signed)


@lru_cache(_KEYS_KEPT)
def _public(key: str) -> Ed25519PublicKey:
    """Raises ValueError for what is none."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def _fits(given: _Given, hash_: str) -> bool:
    try:
        _public(given.public_key).verify(bytes.fromhex(given.signature), signed_message(hash_))
    except (InvalidSignature, ValueError):
        return False
    return True
