"""Up to where a record was found whole, so that next time only what came after it, and what that touches, is read."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import bindparam, select

from app.domain.log import Entry
from app.domain.people.accounts import PasswordSet, PersonAdded, PersonDisabled, PinSet
from app.domain.people.own_keys import KeyMade, RecoveryKeyMade
from app.domain.people.proofs import RecordDescribed, RowsRebuilt
from app.domain.site.site_facts import ProtocolCame, ProtocolTaken
from db.log.chain import Row, is_whole
from db.log.headfile import Head
from db.log.readable import row_of
from db.schema import event
from db.statements import Driver, compiled

_CONTEXT = b"bedside verified 1\x00"
_ROW = compiled(select(event).where(event.c.seq == bindparam("seq")))
_OWN = "SELECT store_id, genesis FROM store"
_LAST_KEY = "SELECT coalesce(max(id), 0) FROM infusion"
_REBUILT = f"SELECT count(*) FROM event WHERE seq > ? AND type = '{RowsRebuilt.__name__}'"
_ALWAYS = KeyMade | RecoveryKeyMade | PersonAdded | PersonDisabled | RecordDescribed | ProtocolCame | ProtocolTaken


class Verified(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a record in which nothing was wrong up to `head`, and what must be known to go on from there.

    `revision`: the form of its tables. `standing`: the events by which later ones are judged (people, keys, protocol files), by
    number, and the SHA-256 over their hashes. `waiting`: infusions with samples that no seal named yet; `newest_ms`: record time
    of the newest seal. `last_key`: of the table of infusions. `sealed`, `last_signed`: to be told with what follows.
    """

    store_id: str
    genesis: str
    revision: str
    head: Head
    standing: tuple[int, ...]
    standing_sha256: str
    waiting: tuple[str, ...]
    newest_ms: int
    last_key: int
    sealed: int
    last_signed: int


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a laptop says of it beside a backup: `whole_at`: when all of it was last read (UTC). `manifest_sha256`: of the backup's
    manifest. `public_key`: the laptop's, with which it signed all else.
    """

    verified: Verified
    whole_at: datetime
    program: str
    laptop: str
    public_key: bytes
    manifest_sha256: str
    signature: bytes = b""

    def message(self) -> bytes:
        """What the laptop signs."""
        return _CONTEXT + msgspec.json.encode(msgspec.structs.replace(self, signature=b""), order="sorted")


class StandingEvents:
    """The events by which later ones are judged, of those that were taken in."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], tuple[int, str]] = {}

    def take(self, row: Row, entry: Entry) -> None:
        happened, seq = entry.event, int(row["seq"] or 0)
        if isinstance(happened, _ALWAYS):
            self._places[type(happened).__name__, str(seq)] = seq, str(row["hash"])
        elif isinstance(happened, PasswordSet | PinSet):  # of these, and of the next, the last counts
            self._places[type(happened).__name__, happened.person_id] = seq, str(row["hash"])
        elif isinstance(happened, RowsRebuilt):
            self._places[type(happened).__name__, ""] = seq, str(row["hash"])

    @property
    def seqs(self) -> tuple[int, ...]:
        return tuple(seq for seq, _ in sorted(self._places.values()))

    @property
    def sha256(self) -> str:
        return _over(sorted(self._places.values()))


def _over(places: list[tuple[int, str]]) -> str:
    return hashlib.sha256("".join(f"{seq} {hash_}\n" for seq, hash_ in places).encode()).hexdigest()


def row_at(raw: Driver, seq: int) -> Row | None:
    values = raw.execute(_ROW, {"seq": seq}).fetchone()
    return None if values is None else row_of(values)


def last_key(raw: Driver) -> int:
    """The newest small key of an infusion."""
    (key,) = raw.execute(_LAST_KEY).fetchone()
    return int(key)


def goes_on_from(raw: Driver, since: Verified, revision: str) -> bool:
    """Whether the record is the one that was verified, and nothing of what later events are judged by is other than it was."""
    here = (*raw.execute(_OWN).fetchone(), revision)
    if here != (since.store_id, since.genesis, since.revision) or last_key(raw) < since.last_key:
        return False
    (rebuilt,) = raw.execute(_REBUILT, (since.head.seq,)).fetchone()
    if rebuilt:
        return False  # the rows of all infusions were written anew
    last = row_at(raw, since.head.seq)
    if last is None or last["hash"] != since.head.hash or not is_whole(last):
        return False
    places = list(_places(raw, since.standing))
    return len(places) == len(since.standing) and _over(places) == since.standing_sha256


def _places(raw: Driver, seqs: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    for seq in seqs:
        row = row_at(raw, seq)
        if row is not None and is_whole(row):
            yield seq, str(row["hash"])
