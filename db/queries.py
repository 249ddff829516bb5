"""Reading the store: on connections that can only query, each used by the thread that opened it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain.infusion.facts import Ordered
from app.domain.log import PEOPLE, TRIAL, Entry, StreamKind, stream_of, stream_text
from app.domain.people.roles import Person, Role
from db.log.bags_taken import TAKEN, TakenBag, folded_number, taken
from db.log.canonical import utc_from_text
from db.log.desk_rows import ENTRY, OF_KIND, OF_SUBJECTS, desk_rows
from db.log.eventlog import read_head_row
from db.log.headfile import Head
from db.log.infusion_pages import InfusionLine, infusion_count, infusion_lines
from db.log.last_events import LastEvent, last_event, last_watched
from db.log.log_pages import Saved, TrailFilter, entry_of, how_many, rows
from db.log.readable import order_of, readable
from db.log.standing import STANDING, STREAMS, Standing, standings

from .engine import open_reader, told_to_people
from .samples import SAMPLES, Minutes, minutes
from .saved_curves import SavedCurve, sampled_minutes, saved_curves
from .statements import names
from .store_form import PERSON
from .tables import setting_seal

if TYPE_CHECKING:
    from sqlalchemy import Row

    from db.log.readable_tables import ReadableTables

#: Of the engine, about a millisecond: how often it looks whether an answer is still wanted.
_STEPS = 20_000

_OF_STREAM = f"SELECT {ENTRY} FROM event WHERE stream = ? ORDER BY seq"
_GLANCE = "SELECT infusion_id, subject, bed, grp, dose_number, phase FROM infusion"
_ORDERS = f"SELECT stream, payload FROM event WHERE type = '{Ordered.__name__}' ORDER BY seq"
_HAS_FILES = "SELECT count(*) FROM sqlite_master WHERE name = 'protocol_file'"

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
        self._raw = open_reader(path, key)

    def moved(self, path: Path) -> None:
        """The same record lies there now. Raises `StoreError`; then it is read where it was."""
        before, self._raw = self._raw, open_reader(path, self._key)
        self.__dict__.pop("_tables", None)
        before.close()

    def close(self) -> None:
        self._raw.close()

    @cached_property
    def _tables(self) -> "ReadableTables":
        """Loaded where a person asks for them: it takes long, and nobody at a bed does."""
        from db.log.readable_tables import ReadableTables

        return ReadableTables(self._raw)

    def __enter__(self) -> "StoreReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def give_up_unless(self, is_wanted: Callable[[], bool]) -> None:
        """From now on a question that takes long ends with an error soon after its answer is wanted no more."""
        self._raw.set_progress_handler(lambda: not is_wanted(), _STEPS)

    def info(self) -> StoreInfo:
        asked = "SELECT store_id, created_at, app_version, practice, genesis FROM store"
        store_id, created_at, app_version, practice, genesis = self._raw.execute(asked).fetchone()
        return StoreInfo(store_id, utc_from_text(created_at), app_version, bool(practice), genesis)

    def head(self) -> Head:
        """The last event's number and hash."""
        return read_head_row(self._raw)

    def streams(self) -> list[str]:
        """All infusions, in the order in which they began. Raises `UnknownKind`."""
        found = self._raw.execute(STREAMS)
        return [stream for (stream,) in found if stream_of(stream).kind == "infusion"]

    def entries(self, stream: str) -> list[Entry]:
        """One stream's events in order. Of an infusion all of them, or an error; of any other what cannot be read is left out, and
        counted by `unread_events`. Raises `UnknownKind`, and `StoreError` where the disk gives nothing back.
        """
        with told_to_people():
            found = self._raw.execute(_OF_STREAM, (stream,)).fetchall()
        if stream_of(stream).kind == "infusion":
            return [entry_of(*row) for row in found]
        return [entry for row in found if (entry := readable(row)) is not None]

    def account_entries(self) -> list[Entry]:
        """What happened to accounts and to the store as a whole, in order."""
        return self.entries(stream_text(PEOPLE))

    def unread_events(self) -> int:
        """How many events of people and of the trial cannot be read: no program of ours wrote them."""
        streams = (stream_text(PEOPLE), stream_text(TRIAL))
        found = (row for stream in streams for row in self._raw.execute(_OF_STREAM, (stream,)))
        return len([row for row in found if readable(row) is None])

    def each_entry(self, *kinds: StreamKind, of: str = "") -> Iterator[Entry]:
        """All events on streams of these kinds, in the order of the log; `of`: of this class alone. Raises `UnknownKind`."""
        which, asked = ("WHERE type = ?", (of,)) if of else ("", ())
        found = self._raw.execute(f"SELECT {ENTRY} FROM event {which} ORDER BY seq", asked)
        return (entry_of(*row) for row in found if stream_of(row[1]).kind in kinds)

    def who_acted(self, *kinds: StreamKind) -> Iterator[str]:
        """Who did or co-signed each event on streams of these kinds, in the order of the log."""
        found = self._raw.execute('SELECT stream, "by", co FROM event ORDER BY seq')
        return (who for stream, *both in found if stream_of(stream).kind in kinds for who in both if who is not None)

    def subject_entries(self, kind: str, alone: bool = False) -> list[Entry]:
        """All events on the streams of those subjects of whom there is an event of this kind; `alone`: those of this kind."""
        return [entry_of(*row) for row in self._raw.execute(OF_KIND if alone else OF_SUBJECTS, (kind,))]

    def desk_entries(self, after_seq: int, kinds: Sequence[str]) -> list[tuple[int, Entry]]:
        """What stands after an event on the streams of subjects and of the trial, and events of these kinds anywhere."""
        return [(seq, entry_of(*row)) for seq, *row in desk_rows(self._raw, after_seq, kinds)]

    def each_infusion(self) -> Iterator[tuple[str, list[Entry]]]:
        """Every infusion with all its events, one after another, in the order in which they began. Raises `UnknownKind`."""
        return ((stream, self.entries(stream)) for stream in self.streams())

    def places(self, stream: str) -> dict[str, Head]:
        """Where each event of a stream stands in the chain, by `event_id`."""
        found = self._raw.execute("SELECT event_id, seq, hash FROM event WHERE stream = ?", (stream,))
        return {event_id: Head(seq, hash_) for event_id, seq, hash_ in found}

    def place(self, event_id: str) -> Head:
        """Where one event stands in the chain."""
        return Head(*self._raw.execute("SELECT seq, hash FROM event WHERE event_id = ?", (event_id,)).fetchone())

    def trail(self, wanted: TrailFilter, before_seq: int | None = None, most: int = 200) -> list[Saved]:
        """The newest events that are wanted, the newest first; the next page is before the last one's `seq`.

        Raises `UnknownKind`.
        """
        return rows(self._raw, wanted, before_seq, most)

    def trail_count(self, wanted: TrailFilter) -> int:
        """How many events are wanted in all."""
        return how_many(self._raw, wanted)

    def hash_at(self, seq: int) -> str | None:
        """The hash of one event; None where there is none."""
        found = self._raw.execute("SELECT hash FROM event WHERE seq = ?", (seq,)).fetchone()
        return None if found is None else str(found[0])

    def last_event(self) -> LastEvent | None:
        return last_event(self._raw)

    def last_watched(self) -> LastEvent | None:
        """The newest event of an infusion: until then somebody watched."""
        return last_watched(self._raw)

    def infusions(self) -> "list[Row[Any]]":
        """The table `infusion`, newest first; each column by its name."""
        return self._tables.infusions()

    def infusion_page(self, subject: str = "", before_id: int | None = None, most: int = 200) -> list[InfusionLine]:
        """The newest infusions; the next page is before the last one's `id`."""
        return infusion_lines(self._raw, subject, before_id, most)

    def infusion_count(self, subject: str = "") -> int:
        """How many there are on all pages."""
        return infusion_count(self._raw, subject)

    def standing(self) -> list[Standing]:
        """Every infusion as its events tell it, the oldest first."""
        return standings(self._raw.execute(STANDING))

    def rows_at_a_glance(self) -> dict[str, tuple[str | None, str | None, str | None, int | None, str | None]]:
        """Subject, bed, group, dose and phase as the table for people's tools says them, by infusion."""
        return {row[0]: tuple(row[1:]) for row in self._raw.execute(_GLANCE)}

    def orders(self) -> dict[str, Ordered]:
        """How every infusion was ordered, by its id."""
        decoded = ((stream, order_of(payload)) for stream, payload in self._raw.execute(_ORDERS))
        return {stream: order for stream, order in decoded if isinstance(order, Ordered)}

    def who_took(self, bag_id: str) -> list[TakenBag]:
        """For which infusions of this store a bag was ever taken. Case makes no other bag."""
        number = folded_number(bag_id)
        found = [taken(*row) for under in (number, "") for row in self._raw.execute(TAKEN, {"number": under})]
        return [bag for bag in found if bag is not None and folded_number(bag.bag_id) == number]

    def checks(self, infusion_id: str) -> "list[Row[Any]]":
        """The rows of `vital_check` of one infusion, in order."""
        return self._tables.checks(infusion_id)

    def observation(self, infusion_id: str) -> "Row[Any] | None":
        return self._tables.observation(infusion_id)

    def samples(self, infusion_id: str, from_ms: int = 0, before_ms: int = 1 << 62) -> list[SampleTuple]:
        """One infusion's samples of all vital signs in order of time."""
        return list(self._raw.execute(SAMPLES, (infusion_id, from_ms, before_ms)))

    def minutes(self, infusion_id: str, from_ms: int, before_ms: int) -> Minutes:
        return minutes(self._raw, infusion_id, from_ms, before_ms)

    def curves(self, infusion_id: str) -> dict[str, SavedCurve]:
        return saved_curves(self._raw, infusion_id)

    def sampled_minutes(self, infusion_id: str) -> list[int]:
        return sampled_minutes(self._raw, infusion_id)

    def people(self) -> list[StoredPerson]:
        """All people by name, disabled ones too."""
        found = self._raw.execute(f"SELECT {names(PERSON)} FROM person ORDER BY name")
        return [
            StoredPerson(Person(person_id, name, Role(role)), pin, None if left is None else utc_from_text(left), password)
            for person_id, name, role, pin, left, password in found
        ]

    def protocol_file(self, sha256: str) -> bytes | None:
        """A kept protocol file, byte for byte; None where none of this hash is kept, as in a store of before files were."""
        if self._raw.execute(_HAS_FILES).fetchone() == (0,):
            return None
        found = self._raw.execute("SELECT data FROM protocol_file WHERE sha256 = ?", (sha256,)).fetchone()
        return found and bytes(found[0])

    def kept_secrets(self) -> dict[str, tuple[str, str]]:
        """What is kept of everybody's password and PIN, by person."""
        found = self._raw.execute("SELECT person_id, password_hash, pin_hash FROM person")
        return {person_id: (password, pin) for person_id, password, pin in found}

    def setting(self, key: str, default: Any = None) -> Any:
        """What is kept under a key; `default` where nothing is, or what is there cannot be read."""
        found = self._raw.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        try:
            return default if found is None else msgspec.json.decode(found[0])
        except msgspec.DecodeError:
            return default

    def is_sealed(self, key: str) -> bool:
        """Whether a setting is there as the program put it."""
        found = self._raw.execute("SELECT value, seal FROM setting WHERE key = ?", (key,)).fetchone()
        return found is not None and found[1] == setting_seal(self.info().genesis, key, str(found[0]))

    def settings(self) -> dict[str, Any]:
        return {key: msgspec.json.decode(value) for key, value in self._raw.execute("SELECT key, value FROM setting")}
