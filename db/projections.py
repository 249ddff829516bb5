"""Writing the readable rows of infusions, those that have changed since they were last written."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table, bindparam, delete, insert, update

from app.domain.errors import Broken
from db.log.batch import Projection

from .samples import Keys
from .schema import infusion, observation_window, vital_check
from .statements import Driver, Values, compiled, to_disk

#: How many parts are remembered, the newest: of what was written longer ago it is written once more.
_REMEMBERED = 64
#: Not the rows' to give.
_KEYS = {"id", "infusion", "infusion_id", "n"}


class Part:
    """One table's rows of one infusion: how they are turned, and written in place of earlier ones."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._to_disk = to_disk(table)
        self._names = [c.name for c in table.columns if c.name not in _KEYS]
        self._clear = compiled(delete(table).where(table.c[_key(table)] == bindparam("infusion")))
        self._update = compiled(
            update(table)
            .where(table.c[_key(table)] == bindparam("infusion"))
            .values({name: bindparam(name) for name in self._names})
        )
        self._insert = compiled(insert(table))

    def rows(self, structs: Sequence[msgspec.Struct]) -> list[Values]:
        """Refuses a row with a field that has no column (Broken), or a value that its column cannot hold."""
        empty = dict.fromkeys(self._names)
        return [self._to_disk({**empty, **self._fields(struct)}) for struct in structs]

    def _fields(self, struct: msgspec.Struct) -> dict[str, Any]:
        fields = {name: value for name, value in msgspec.structs.asdict(struct).items() if name not in _KEYS}
        strange = fields.keys() - set(self._names)
        if strange:
            raise Broken(f"{self._table.name} has no column {', '.join(sorted(strange))}")
        return fields

    def replace(self, driver: Driver, key: int, rows: Sequence[Values]) -> None:
        if self._table is infusion:
            driver.execute(self._update, {**rows[0], "infusion": key})
            return
        driver.execute(self._clear, {"infusion": key})
        driver.executemany(self._insert, [{**row, "infusion": key, "n": n} for n, row in enumerate(rows, 1)])


def _key(table: Table) -> str:
    return "id" if table is infusion else "infusion"


PARTS = {part: Part(t) for part, t in (("infusion", infusion), ("checks", vital_check), ("observation", observation_window))}


class Ready(NamedTuple):
    """Rows of one part of a projection. The same object again means: unchanged."""

    infusion_id: str
    part: str
    structs: tuple[msgspec.Struct, ...]
    rows: list[Values]


def _remember(known: dict[tuple[str, str], Ready], newest: Ready) -> None:
    place = newest.infusion_id, newest.part
    known.pop(place, None)
    known[place] = newest
    if len(known) > _REMEMBERED:
        del known[next(iter(known))]


class Preparing:
    """Turns projections into rows, in the caller's thread; what has not changed is not turned again."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], Ready] = {}

    def ready(self, projection: Projection) -> list[Ready]:
        one, window = projection.infusion, projection.observation
        parts = {
            "infusion": None if one is None else (one,),
            "checks": projection.checks,
            "observation": None if window is None else (window,),
        }
        return [self._part(projection.infusion_id, part, found) for part, found in parts.items() if found is not None]

    def _part(self, infusion_id: str, part: str, structs: tuple[msgspec.Struct, ...]) -> Ready:
        last = self._last.get((infusion_id, part))
        if last is None or last.structs != structs:
            last = Ready(infusion_id, part, structs, PARTS[part].rows(structs))
        _remember(self._last, last)
        return last


class Projections:
    """Writes parts that differ from what it wrote before. Runs inside a transaction of the writer."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._written: dict[tuple[str, str], Ready] = {}

    def write(self, driver: Driver, ready: Ready) -> None:
        place = ready.infusion_id, ready.part
        if self._written.get(place) is ready:
            return
        PARTS[ready.part].replace(driver, self._keys.infusion(driver, ready.infusion_id), ready.rows)
        _remember(self._written, ready)

    def forget(self) -> None:
        """After a rollback: what was written in it is not there."""
        self._written.clear()


def clear_rows(driver: Driver) -> None:
    """Take the rows of all infusions away; the small keys that samples hang on stay."""
    driver.execute(compiled(delete(vital_check)))
    driver.execute(compiled(delete(observation_window)))
    driver.execute("DELETE FROM infusion WHERE NOT EXISTS (SELECT 1 FROM sample WHERE sample.infusion = infusion.id)")
    empty = {column.name: None for column in infusion.columns if column.name not in _KEYS}
    driver.execute(compiled(update(infusion).values({name: bindparam(name) for name in empty})), empty)
