"""The rows for people's tools made anew from the events, in memory; those that are there are held against them."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from app.domain.texts import Text, say
from db.engine import driver
from db.log.batch import Projection
from db.projections import Preparing, Projections
from db.samples import Keys
from db.statements import Driver

from .schema_check import Schema

#: More than so many differences of one infusion's row are not all told.
_MOST_TOLD = 5

_TABLES = ("infusion", "vital_check", "observation_window")
_REFERRING = "SELECT DISTINCT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'"
_INFUSIONS = "SELECT * FROM infusion"
_CHECKS = "SELECT i.infusion_id, r.* FROM vital_check r LEFT JOIN infusion i ON i.id = r.infusion"
_WINDOWS = "SELECT i.infusion_id, r.* FROM observation_window r LEFT JOIN infusion i ON i.id = r.infusion"
_SOME = "WHERE i.id > ? OR i.infusion_id IN (SELECT value FROM json_each(?))"
SOME_INFUSIONS = f"SELECT * FROM infusion i {_SOME}"
SOME_CHECKS = f"SELECT i.infusion_id, r.* FROM infusion i CROSS JOIN vital_check r ON r.infusion = i.id {_SOME}"
SOME_WINDOWS = f"SELECT i.infusion_id, r.* FROM infusion i CROSS JOIN observation_window r ON r.infusion = i.id {_SOME}"


class RowPlace(NamedTuple):
    """A row by what it is of; `infusion` None: its small key belongs to none."""

    table: str
    infusion: str | None
    n: int


Rows = dict[RowPlace, dict[str, Any]]


def row_faults(
    raw: Driver, made: Schema, wanted: Iterable[Projection], unread: set[str], known: set[str], after_key: int | None = None
) -> Iterator[Text]:
    """`wanted`: of each infusion that can be put together; of those in `unread` nothing is known. `known`: all that have events.

    `after_key`: only rows of those, and of infusions whose small key is higher.
    """
    some = None if after_key is None else (after_key, msgspec.json.encode(sorted(known)).decode())
    there, right = _rows(raw, some), _anew(made, wanted)
    for place in sorted(there.keys() | right.keys(), key=lambda p: (p.infusion or "", p.table, p.n)):
        if place.infusion not in unread:
            yield from _differences(place, there.get(place), right.get(place), known)


def _anew(made: Schema, wanted: Iterable[Projection]) -> Rows:
    memory = driver.connect(":memory:", isolation_level=None)
    try:
        for table in _TABLES:
            memory.execute(next(sql for thing, (_, sql) in made.items() if thing == ("table", table)))
        preparing, writing = Preparing(), Projections(Keys())
        for projection in wanted:
            for part in preparing.ready(projection):
                writing.write(memory, part)
        return _rows(memory)
    finally:
        memory.close()


def _rows(raw: Driver, some: tuple[int, str] | None = None) -> Rows:
    """`some`: higher than this small key, or by their names (JSON)."""
    rows: Rows = {}
    whole, of_some = (_INFUSIONS, _CHECKS, _WINDOWS), (SOME_INFUSIONS, SOME_CHECKS, SOME_WINDOWS)
    for table, sql in zip(_TABLES, of_some if some else whole, strict=True):
        for values in _named(raw.execute(sql, some or ()), table):
            rows[RowPlace(table, values.pop("infusion_id"), int(values.pop("n", 0) or 0))] = values
    return rows


def _named(found: Any, table: str) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in found.description]
    small = "id" if table == "infusion" else "infusion"
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        del row[small]
        yield row


def _differences(place: RowPlace, there: dict[str, Any] | None, right: dict[str, Any] | None, known: set[str]) -> Iterator[Text]:
    about = {"table": place.table, "infusion": place.infusion or "—"}
    if place.infusion not in known:
        yield say("The table {table} has a row of infusion {infusion}, of which there is no event.", **about)
    elif there is None:
        yield say("The table {table} lacks a row of infusion {infusion} that its events make.", **about)
    elif right is None:
        if set(there.values()) != {None} or place.table != "infusion":
            yield say("The table {table} has a row of infusion {infusion} that its events do not make.", **about)
    else:
        yield from _cells(about, there, right)


def _cells(about: dict[str, str], there: dict[str, Any], right: dict[str, Any]) -> Iterator[Text]:
    wrong = [name for name in right if (type(there.get(name)), there.get(name)) != (type(right[name]), right[name])]
    for name in wrong[:_MOST_TOLD]:
        yield say("The table {table} says {found} as {column} of infusion {infusion}; its events say {right}.",
                  found=_shown(there.get(name)), column=name, right=_shown(right[name]), **about)  # fmt: skip


def _shown(value: object) -> str:
    return "—" if value is None else str(value).encode(errors="replace").decode()


def dangling_faults(raw: Driver, of_samples: Iterable[str], whole: bool) -> Iterator[Text]:
    """Rows that belong to none. `of_samples`: tables of which a sample's row is not there. Not the whole: of samples alone."""
    tables = sorted(table for (table,) in raw.execute(_REFERRING).fetchall() if table != "sample") if whole else []
    found = {(row[0], row[2]) for table in tables for row in raw.execute(f"PRAGMA foreign_key_check({table})").fetchall()}
    for table, parent in sorted(found | {("sample", parent) for parent in of_samples}):
        yield say("Rows of the table {table} belong to a row of {parent} that is not there: a key was changed.",
                  table=table, parent=parent)  # fmt: skip
