"""A plain, de-identified copy of a store for a statistician: the same readable tables and views, and nothing that names anybody.

Tables keep their own SQL with its comments. Of their columns only numbers, times, yes-or-no and the texts listed here are
copied; a column that is new to this file stays empty.
"""

import hashlib
import hmac
import os
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, Text, insert, select

from app.domain.deidentified import Deidentified
from app.domain.errors import Refused
from app.domain.infusion.corrected import changes_in
from app.domain.infusion.facts import Corrected
from app.domain.log import Entry, StreamKind, encode
from app.domain.people.roles import Role
from app.domain.texts import say
from db import surely
from db.engine import driver, driver_connection, known_error, open_reader
from db.log.canonical import utc_text
from db.queries import StoreReader
from db.schema import infusion, observation_window, quality, sample, source, vital, vital_check
from db.statements import Driver, Values, compiled

_TABLES = (infusion, vital_check, observation_window, vital, quality, source, sample)
_VIEWS = ("vital_sample",)
_TEXTS = {
    "infusion": {"infusion_id", "grp", "phase", "outcome"},
    "vital_check": {"period", "status", "consciousness"},
    "observation_window": {"outcome"},
    **{name: {"code"} for name in ("vital", "quality", "source")},
}
_MADE = (
    """CREATE TABLE export ( -- one row: what this file is
    made_at TEXT NOT NULL,              -- UTC
    program TEXT NOT NULL,              -- version of the program that made it
    store_id TEXT NOT NULL,             -- the record it was made from
    events INTEGER NOT NULL             -- how many events that record had then
)""",
    """CREATE TABLE event ( -- the log, corrections laid over what they correct; typed texts are left out
    seq INTEGER NOT NULL PRIMARY KEY,   -- as in the record
    event_id TEXT NOT NULL,
    stream TEXT NOT NULL,               -- an infusion_id, or 'subject:' and the subject, or 'trial'
    at TEXT NOT NULL,                   -- record time, UTC
    "by" TEXT,                          -- role and number; null: the program itself
    co TEXT,                            -- the second person, if there was one
    type TEXT NOT NULL,
    payload TEXT NOT NULL               -- JSON
)""",
    """CREATE TABLE person ( -- who acted: no names
    person TEXT NOT NULL PRIMARY KEY,   -- role and number, as in the other tables
    role TEXT NOT NULL
)""",
)
_CHUNK = 10_000
#: What happened to people and to the record stays in the ward.
_STREAMS: tuple[StreamKind, ...] = ("infusion", "subject", "trial")


def export(
    path: Path,
    to: Path,
    made_at: datetime,
    program: str,
    codes: Container[str],
    key: bytes | None = None,
    others: Mapping[str, Role] = MappingProxyType({}),
) -> tuple[int, str]:
    """Write the copy to `to`, where nothing may stand; how many events it holds and the file's SHA-256.

    `codes`: texts that the program itself offers, and that may stay. `others`: people who are not on the store's list.
    Raises `Refused`, `StoreError`, `OSError`.
    """
    if to.exists():
        raise Refused(say("{file} is there already. Choose a new name; nothing was touched.", file=to.name))
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with StoreReader(path, key) as reader, closing(open_reader(path, key)) as connection:
            people = {known.person.person_id: known.person.role for known in reader.people()}
            info = reader.info()
            names = Deidentified(_pseudonym_key(info.genesis, key), reader.who_acted(*_STREAMS), {**others, **people}, codes)
            changes = changes_in(reader.each_entry(*_STREAMS, of=Corrected.__name__))
            entries = names.entries(reader.each_entry(*_STREAMS), changes)
            events = _write(driver_connection(connection), part, names, entries, (utc_text(made_at), program, info.store_id))
        with part.open("rb+") as data:
            os.fsync(data.fileno())
            sha256 = hashlib.file_digest(data, "sha256").hexdigest()
        surely.move(part, to)
    finally:
        part.unlink(missing_ok=True)
    return events, sha256


def _write(raw: Driver, part: Path, names: Deidentified, entries: Iterable[Entry], about: tuple[str, str, str]) -> int:
    try:
        with closing(driver.connect(str(part), isolation_level=None)) as made:
            return _Copying(raw, made, names).all(entries, about)
    except driver.Error as error:
        raise known_error(error) from error


class _Copying:
    """From one connection into another, table by table."""

    def __init__(self, raw: Driver, made: Driver, names: Deidentified) -> None:
        self._raw, self._made, self._names = raw, made, names

    def all(self, entries: Iterable[Entry], about: tuple[str, str, str]) -> int:
        """How many events there are. `entries` are gone through once, and none is held."""
        numbers = count(1)
        self._made.execute("PRAGMA journal_mode = OFF")
        self._made.execute("BEGIN")
        for statement in (*_MADE, *self._sql()):
            self._made.execute(statement)
        self._put("event", (_event_row(next(numbers), entry) for entry in entries))
        events = next(numbers) - 1
        self._put("export", [(*about, events)])
        self._put("person", [(name, name.rpartition("-")[0]) for name in self._names.people.values()])
        for table in _TABLES:
            self._copy(table)
        self._made.execute("COMMIT")
        return events

    def _sql(self) -> Iterator[str]:
        """How the store's own tables and views are made, comments and all."""
        for name in (*(table.name for table in _TABLES), *_VIEWS):
            (sql,) = self._raw.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            yield sql

    def _put(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self._made.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _copy(self, table: Table) -> None:
        columns = [column.name for column in table.columns]
        into = compiled(insert(table))
        found = self._raw.execute(compiled(select(table)))
        while rows := found.fetchmany(_CHUNK):
            self._made.executemany(into, [self._row(table, dict(zip(columns, row, strict=True))) for row in rows])

    def _row(self, table: Table, row: Values) -> Values:
        return {name: self._value(table, name, value) for name, value in row.items()}

    def _value(self, table: Table, name: str, value: Any) -> Any:
        if not isinstance(table.columns[name].type, Text) or name in _TEXTS.get(table.name, ()):
            return value
        if name == "subject":
            return self._names.subject(value)
        return self._names.person(value) if name == "recorded_by" else None


def _event_row(seq: int, x: Entry) -> tuple[Any, ...]:
    return seq, x.event_id, x.stream, utc_text(x.at), x.by, x.co, type(x.event).__name__, encode(x.event).decode()


def _pseudonym_key(genesis: str, key: bytes | None) -> bytes:
    """Stays the same as long as the store lives, and is known only to who can open it."""
    return hmac.digest((key or b"") + genesis.encode(), b"bedside pseudonyms", hashlib.sha256)
