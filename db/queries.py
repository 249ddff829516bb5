"""Reading the store: on connections that can only query, each used by the thread that opened it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select, text

from app.domain.infusion.facts import Ordered
from app.domain.log import PEOPLE, TRIAL, Entry, StreamKind, UnknownKind, stream_of, stream_text
from app.domain.people.roles import Person, Role
from db.log.bags_taken import TAKEN, TakenBag, folded_number, taken
from db.log.desk_rows import ENTRY, desk, desk_since, of_kind, of_subjects
from db.log.headfile import Head
from db.log.infusion_pages import infusion_count, infusion_rows
from db.log.log_pages import LastEvent, Saved, TrailFilter, entry_of, how_many, last_event, rows, saved
from db.log.readable import order_of, readable
from db.log.standing import STANDING, STREAMS, AtHandOnly, Standing, standing_at_hand, standings

from .engine import driver_connection, one_moment, open_reader, told_to_people
from .samples import SAMPLES, Minutes, minutes
from .saved_curves import SavedCurve, sampled_minutes, saved_curves
from .schema import chain_head, event, infusion, observation_window, person, protocol_file, setting, store, vital_check
from .tables import setting_seal

#: Of the engine, about a millisecond: how often it looks whether an answer is still wanted.
_STEPS = 20_000
#: Rows that are read before they become events.
_AT_ONCE = 200

_ALL = select(*ENTRY).order_by(event.c.seq)
_WHO = select(event.c.stream, event.c.by, event.c.co).order_by(event.c.seq)
_OF_STREAM = select(*ENTRY).order_by(event.c.seq).where(event.c.stream == bindparam("stream"))
_PLACES = select(event.c.event_id, event.c.seq, event.c.hash).where(event.c.stream == bindparam("stream"))
_NEWEST_FIRST = select(event).order_by(event.c.seq.desc())
_LAST = _NEWEST_FIRST.limit(1)
_INFUSIONS = select(infusion).order_by(infusion.c.id.desc())
_GLANCE = select(
    infusion.c.infusion_id, infusion.c.subject, infusion.c.bed, infusion.c.grp, infusion.c.dose_number, infusion.c.phase
)
_FILE = select(protocol_file.c.data).where(protocol_file.c.sha256 == bindparam("sha256"))
_HAS_FILES = text("SELECT count(*) FROM sqlite_master WHERE name = :name")
_ORDERS = select(event.c.stream, event.c.payload).where(event.c.type == Ordered.__name__).order_by(event.c.seq)
_OF_INFUSION = infusion.c.infusion_id == bindparam("infusion_id")
_CHECKS = select(vital_check).join(infusion, infusion.c.id == vital_check.c.infusion).where(_OF_INFUSION).order_by(vital_check.c.n)
_OBSERVATION = select(observation_window).join(infusion, infusion.c.id == observation_window.c.infusion).where(_OF_INFUSION)

SampleTuple = tuple[str, int, float | None, str, str]
"""vital, t (ms since 1970 UTC, record time), value, quality, source."""


class StoreInfo(msgspec.Struct, frozen=True):
    """The store's own row."""

    store_id: str
    created_at: datetime
    app_version: str
    practice: bool
    genesis: str


class StoredPerson(msgspec.Struct, frozen=True):
    person: Person
    pin_hash: str
    disabled_at: datetime | None
    password_hash: str = ""


class StoreReader:
    """Questions to a store. Each sees everything acknowledged before it was asked. Raises `StoreError` at opening."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self._key = key
        self._connection = open_reader(path, key)

    def moved(self, path: Path) -> None:
        """The same record lies there now. Raises `StoreError`; then it is read where it was."""
        before, self._connection = self._connection, open_reader(path, self._key)
        before.close()

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "StoreReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def one_moment(self) -> AbstractContextManager[None]:
        """All questions within are answered as of the same moment."""
        return one_moment(driver_connection(self._connection))

    def give_up_unless(self, is_wanted: Callable[[], bool]) -> None:
        """From now on a question that takes long ends with an error soon after its answer is wanted no more."""
        driver_connection(self._connection).set_progress_handler(lambda: not is_wanted(), _STEPS)

    def info(self) -> StoreInfo:
        return StoreInfo(*self._connection.execute(select(store)).one())

    def head(self) -> Head:
        """The last event's number and hash."""
        return Head(*self._connection.execute(select(chain_head)).one())

    def streams(self) -> list[str]:
        """All infusions, in the order in which they began. Raises `UnknownKind`."""
        found = driver_connection(self._connection).execute(STREAMS)
        return [stream for (stream,) in found if stream_of(stream).kind == "infusion"]

    def entries(self, stream: str) -> list[Entry]:
        """One stream's events in order. Of an infusion all of them, or an error; of any other what cannot be read is left out, and
        counted by `unread_events`. Raises `UnknownKind`, and `StoreError` where the disk gives nothing back.
        """
        with told_to_people():
            found = self._connection.execute(_OF_STREAM, {"stream": stream})
            rows = chain.from_iterable(found.partitions(_AT_ONCE))
            if stream_of(stream).kind == "infusion":
                return [entry_of(*row) for row in rows]
            return [entry for row in rows if (entry := readable(tuple(row))) is not None]

    def account_entries(self) -> list[Entry]:
        """What happened to accounts and to the store as a whole, in order."""
        return self.entries(stream_text(PEOPLE))

    def unread_events(self) -> int:
        """How many events of people and of the trial cannot be read: no program of ours wrote them."""
        streams = (stream_text(PEOPLE), stream_text(TRIAL))
        found = (row for stream in streams for row in self._connection.execute(_OF_STREAM, {"stream": stream}))
        return len([row for row in found if readable(tuple(row)) is None])

    def each_entry(self, *kinds: StreamKind, of: str = "") -> Iterator[Entry]:
        """All events on streams of these kinds, in the order of the log; `of`: of this class alone. Raises `UnknownKind`."""
        found = self._connection.execute(_ALL.where(event.c.type == of) if of else _ALL)
        return (entry_of(*row) for row in found if stream_of(row.stream).kind in kinds)

    def who_acted(self, *kinds: StreamKind) -> Iterator[str]:
        """Who did or co-signed each event on streams of these kinds, in the order of the log."""
        found = self._connection.execute(_WHO)
        return (who for row in found if stream_of(row.stream).kind in kinds for who in (row.by, row.co) if who is not None)

    def subject_entries(self, kind: str, alone: bool = False) -> list[Entry]:
        """All events on the streams of those subjects of whom there is an event of this kind; `alone`: those of this kind."""
        return [entry_of(*row) for row in self._connection.execute(of_kind() if alone else of_subjects(), {"kind": kind})]

    def desk_entries(self, after_seq: int, kinds: Sequence[str]) -> list[tuple[int, Entry]]:
        """What stands after an event on the streams of subjects and of the trial, and events of these kinds anywhere."""
        asked = {"after_seq": after_seq, "kinds": list(kinds)} if after_seq else {"kinds": list(kinds)}
        found = self._connection.execute(desk_since() if after_seq else desk(), asked)
        return [(seq, entry_of(*row)) for seq, *row in found]

    def each_infusion(self) -> Iterator[tuple[str, list[Entry]]]:
        """Every infusion with all its events, one after another, in the order in which they began. Raises `UnknownKind`."""
        return ((stream, self.entries(stream)) for stream in self.streams())

    def places(self, stream: str) -> dict[str, Head]:
        """Where each event of a stream stands in the chain, by `event_id`."""
        found = self._connection.execute(_PLACES, {"stream": stream})
        return {event_id: Head(seq, hash_) for event_id, seq, hash_ in found}

    def place(self, event_id: str) -> Head:
        """Where one event stands in the chain."""
        return Head(*self._connection.execute(select(event.c.seq, event.c.hash).where(event.c.event_id == event_id)).one())

    def trail(self, wanted: TrailFilter, before_seq: int | None = None, most: int = 100) -> list[Saved]:
        """The newest events that are wanted, the newest first; the next page is before the last one's `seq`.

        Raises `UnknownKind`.
        """
        return [saved(row) for row in self._connection.execute(rows(wanted, before_seq, most))]

    def trail_count(self, wanted: TrailFilter, after_seq: int | None = None) -> int:
        """How many events are wanted in all, or after one."""
        return int(self._connection.execute(how_many(wanted, after_seq)).scalar_one())

    def hash_at(self, seq: int) -> str | None:
        """The hash of one event; None where there is none."""
        return self._connection.execute(select(event.c.hash).where(event.c.seq == seq)).scalar_one_or_none()

    def last_event(self) -> LastEvent | None:
        row = self._connection.execute(_LAST).first()
        return None if row is None else last_event(row)

    def last_watched(self) -> LastEvent | None:
        """The newest event of an infusion: until then somebody watched.

        What happened to anything else does not count: it is also written while nobody watches.
        """
        newest_first = self._connection.execute(_NEWEST_FIRST)
        row = next((row for row in newest_first if _is_infusion(row.stream)), None)
        newest_first.close()
        return None if row is None else last_event(row)

    def infusions(self) -> list[Row[Any]]:
        """The table `infusion`, newest first; each column by its name."""
        return list(self._connection.execute(_INFUSIONS))

    def infusion_page(self, subject: str = "", before_id: int | None = None, most: int = 100) -> list[Row[Any]]:
        """The newest rows of `infusion`, each with its `first` event as saved; the next page is before the last one's `id`."""
        return list(self._connection.execute(infusion_rows(subject, before_id, most)))

    def infusion_count(self, subject: str = "") -> int:
        """How many there are on all pages."""
        found: int = self._connection.execute(infusion_count(subject)).scalar_one()
        return found

    def standing(self) -> list[Standing]:
        """Every infusion as its events tell it, the oldest first."""
        return standings(driver_connection(self._connection).execute(STANDING))

    def standing_at_hand(self, wanted: AtHandOnly) -> list[Standing] | None:
        """The same of those at hand alone; None in a record of few, of which all are read as quickly."""
        return standing_at_hand(driver_connection(self._connection), wanted)

    def rows_at_a_glance(self) -> dict[str, tuple[str | None, str | None, str | None, int | None, str | None]]:
        """Subject, bed, group, dose and phase as the table for people's tools says them, by infusion."""
        return {row[0]: tuple(row[1:]) for row in self._connection.execute(_GLANCE)}

    def orders(self) -> dict[str, Ordered]:
        """How every infusion was ordered, by its id."""
        found = self._connection.execute(_ORDERS)
        decoded = ((stream, order_of(payload)) for stream, payload in found)
        return {stream: order for stream, order in decoded if isinstance(order, Ordered)}

    def who_took(self, bag_id: str) -> list[TakenBag]:
        """For which infusions of this store a bag was ever taken. Case makes no other bag."""
        number = folded_number(bag_id)
        found = [taken(*row) for under in (number, "") for row in self._connection.execute(TAKEN, {"number": under})]
        return [bag for bag in found if bag is not None and folded_number(bag.bag_id) == number]

    def checks(self, infusion_id: str) -> list[Row[Any]]:
        """The rows of `vital_check` of one infusion, in order."""
        return list(self._connection.execute(_CHECKS, {"infusion_id": infusion_id}))

    def observation(self, infusion_id: str) -> Row[Any] | None:
        return self._connection.execute(_OBSERVATION, {"infusion_id": infusion_id}).first()

    def samples(self, infusion_id: str, from_ms: int = 0, before_ms: int = 1 << 62) -> list[SampleTuple]:
        """One infusion's samples of all vital signs in order of time."""
        return list(driver_connection(self._connection).execute(SAMPLES, (infusion_id, from_ms, before_ms)))

    def minutes(self, infusion_id: str, from_ms: int, before_ms: int) -> Minutes:
        return minutes(driver_connection(self._connection), infusion_id, from_ms, before_ms)

    def curves(self, infusion_id: str) -> dict[str, SavedCurve]:
        return saved_curves(driver_connection(self._connection), infusion_id)

    def sampled_minutes(self, infusion_id: str) -> list[int]:
        return sampled_minutes(driver_connection(self._connection), infusion_id)

    def people(self) -> list[StoredPerson]:
        """All people by name, disabled ones too."""
        found = self._connection.execute(select(person).order_by(person.c.name))
        return [StoredPerson(Person(p.person_id, p.name, Role(p.role)), p.pin_hash, p.disabled_at, p.password_hash) for p in found]

    def protocol_file(self, sha256: str) -> bytes | None:
        """A kept protocol file, byte for byte; None where none of this hash is kept, as in a store of before files were."""
        if not self._connection.execute(_HAS_FILES, {"name": protocol_file.name}).scalar_one():
            return None
        found: bytes | None = self._connection.execute(_FILE, {"sha256": sha256}).scalar_one_or_none()
        return found

    def kept_secrets(self) -> dict[str, tuple[str, str]]:
        """What is kept of everybody's password and PIN, by person."""
        columns = person.c.person_id, person.c.password_hash, person.c.pin_hash
        return {person_id: (password, pin) for person_id, password, pin in self._connection.execute(select(*columns))}

    def setting(self, key: str, default: Any = None) -> Any:
        """What is kept under a key; `default` where nothing is, or what is there cannot be read."""
        try:
            found = self._connection.execute(select(setting.c.value).where(setting.c.key == key)).first()
        except msgspec.DecodeError:
            return default
        return default if found is None else found[0]

    def is_sealed(self, key: str) -> bool:
        """Whether a setting is there as the program put it."""
        raw = driver_connection(self._connection)
        found = raw.execute("SELECT value, seal FROM setting WHERE key = ?", (key,)).fetchone()
        return found is not None and found[1] == setting_seal(self.info().genesis, key, str(found[0]))

    def settings(self) -> dict[str, Any]:
        found = self._connection.execute(select(setting.c.key, setting.c.value))
        return {row.key: row.value for row in found}


def _is_infusion(stream: str) -> bool:
    try:
        return stream_of(stream).kind == "infusion"
    except UnknownKind:
        return False
