"""The rows for people's tools made anew from the events, in memory; those that are there are held against them."""

from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Table

from app.domain.texts import Text, say
from db.engine import driver
from db.log.batch import Projection
from db.projections import Preparing, Projections
from db.samples import Keys
from db.schema import infusion, observation_window, sample, vital_check
from db.statements import Driver

from .schema_check import Schema
from .signed_events import FIRST

#: More than so many differences of one infusion's row are not all told.
_MOST_TOLD = 5

_REFERRING = "SELECT DISTINCT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'"
_TABLES = (infusion, vital_check, observation_window)
_PARTS = (vital_check.name, observation_window.name)
OF_INFUSION = {
    infusion: "SELECT * FROM infusion WHERE infusion_id = ?",
    **{
        table: f"SELECT r.* FROM infusion i CROSS JOIN {table.name} r ON r.infusion = i.id WHERE i.infusion_id = ?"
        for table in (vital_check, observation_window)
    },
}
NAMES = "SELECT id, infusion_id FROM infusion WHERE id > ?"
_DANGLING = "SELECT count(*) FROM {0} r WHERE NOT EXISTS (SELECT 1 FROM infusion i WHERE i.id = r.infusion)"


class RowPlace(NamedTuple):
    table: str
    n: int


Rows = dict[RowPlace, dict[str, Any]]


class RowsAnew:
    """Of one infusion after the other. `made`: the schema of the store's own form; `close` gives the memory back."""

    def __init__(self, raw: Driver, made: Schema) -> None:
        self._raw = raw
        self._memory = driver.connect(":memory:", isolation_level=None)
        for table in _TABLES:
            self._memory.execute(next(sql for thing, (_, sql) in made.items() if thing == ("table", table.name)))

    def close(self) -> None:
        self._memory.close()

    def faults(self, infusion_id: str, wanted: Projection | None) -> Iterator[Text]:
        """`wanted`: what its events make, None: nothing."""
        there, right = _rows(self._raw, infusion_id), self._made(infusion_id, wanted)
        for place in sorted(there.keys() | right.keys()):
            yield from _differences(infusion_id, place.table, there.get(place), right.get(place))

    def _made(self, infusion_id: str, wanted: Projection | None) -> Rows:
        if wanted is None:
            return {}
        writing = Projections(Keys())
        for part in Preparing().ready(wanted):
            writing.write(self._memory, part)
        rows = _rows(self._memory, infusion_id)
        for table in _TABLES:
            self._memory.execute(f"DELETE FROM {table.name}")
        return rows

    def strangers(self, known: Container[str], after_key: int | None) -> Iterator[Text]:
        """Rows of infusions that are not known. `after_key`: only of those whose small key is higher."""
        for key, name in self._raw.execute(NAMES, (FIRST if after_key is None else after_key,)).fetchall():
            if name not in known:
                yield _without_events(infusion.name, name)
                for table in _PARTS:
                    (n,) = self._raw.execute(f"SELECT count(*) FROM {table} WHERE infusion = ?", (key,)).fetchone()
                    yield from [_without_events(table, name)] * n
        for table in _PARTS if after_key is None else ():
            (n,) = self._raw.execute(_DANGLING.format(table)).fetchone()
            yield from [_without_events(table, None)] * n


def _rows(raw: Driver, infusion_id: str) -> Rows:
    rows: Rows = {}
    for table, sql in OF_INFUSION.items():
        for values in _named(raw.execute(sql, (infusion_id,)), table):
            rows[RowPlace(table.name, int(values.pop("n", 0) or 0))] = values
    return rows


def _named(found: Any, table: Table) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in found.description]
    keys = ("id", "infusion_id") if table is infusion else ("infusion",)
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        for key in keys:
            del row[key]
        yield row


def _without_events(table: str, name: object) -> Text:
    return say("The table {table} has a row of infusion {infusion}, of which there is no event.",
               table=table, infusion=_shown(name))  # fmt: skip


def _differences(infusion_id: str, table: str, there: dict[str, Any] | None, right: dict[str, Any] | None) -> Iterator[Text]:
    about = {"table": table, "infusion": infusion_id}
    if there is None:
        yield say("The table {table} lacks a row of infusion {infusion} that its events make.", **about)
    elif right is None:
        if set(there.values()) != {None} or table != infusion.name:
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
    tables = sorted(table for (table,) in raw.execute(_REFERRING).fetchall() if table != sample.name) if whole else []
    found = {(row[0], row[2]) for table in tables for row in raw.execute(f"PRAGMA foreign_key_check({table})").fetchall()}
    for table, parent in sorted(found | {(sample.name, parent) for parent in of_samples}):
        yield say("Rows of the table {table} belong to a row of {parent} that is not there: a key was changed.",
                  table=table, parent=parent)  # fmt: skip
