"""What one transaction of the writer does. Runs on the one writing connection, inside a transaction."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Table, delete, insert, update
from sqlalchemy.dialects import sqlite

from app.domain.errors import Broken
from app.domain.events import Entry, encode
from app.domain.vitals import VITALS

from .batch import Projection, Recorded, SampleRow, Stamp
from .chain import COLUMNS, Row, row_hash
from .codec import canonical, utc_ms, utc_text
from .headfile import Head
from .schema import event, infusion, observation_window, vital_check

_EVENT = str(insert(event).compile(dialect=sqlite.dialect()))
_STORED = 'SELECT seq, hash, stream, at, "by", co, payload FROM event WHERE event_id = ?'  # what a retry must repeat
_SAMPLE = "INSERT OR IGNORE INTO sample (infusion, vital, t, value, quality, source) VALUES (?, ?, ?, ?, ?, ?)"

SampleLine = tuple[str, str, int, float | None, str, str]


def event_row(entry: Entry, stamp: Stamp) -> Row:
    """An event's columns, but for its place in the chain (seq, prev_hash, hash).

    Refuses here, in the caller's thread, what could not be hashed or stored (TypeError, ValueError).
    """
    row: Row = {
        "seq": 0,
        "event_id": entry.event_id,
        "stream": entry.stream,
        "at": utc_text(entry.at),
        "wall_utc": utc_text(stamp.wall_utc),
        "utc_offset_min": stamp.utc_offset_min,
        "steady_s": f"{stamp.steady_s:.6f}",
        "boot_id": stamp.boot_id,
        "laptop": stamp.laptop,
        "version": stamp.version,
        "by": entry.by,
        "co": entry.co,
        "type": type(entry.event).__name__,
        "payload": encode(entry.event).decode(),
    }
    canonical(row)
    return row


def read_head_row(connection: Connection) -> Head:
    seq, hash_ = connection.exec_driver_sql("SELECT seq, hash FROM chain_head").one()
    return Head(seq, hash_)


def append_events(connection: Connection, head: Head, rows: Sequence[Row]) -> tuple[Head, list[Recorded]]:
    """Chain and store the rows; one that is stored already is acknowledged. The new head, and what is recorded."""
    recorded = []
    for row in rows:
        known = _stored(connection, row)
        if known is None:
            head, known = _append(connection, head, row)
        recorded.append(known)
    connection.exec_driver_sql("UPDATE chain_head SET seq = ?, hash = ?", (head.seq, head.hash))
    return head, recorded


def _append(connection: Connection, head: Head, row: Row) -> tuple[Head, Recorded]:
    linked = {**row, "seq": head.seq + 1, "prev_hash": head.hash}
    linked["hash"] = hash_ = row_hash(linked)
    connection.exec_driver_sql(_EVENT, tuple(linked[name] for name in COLUMNS))
    return Head(head.seq + 1, hash_), Recorded(str(row["event_id"]), head.seq + 1, hash_)


def _stored(connection: Connection, row: Row) -> Recorded | None:
    found = connection.exec_driver_sql(_STORED, (row["event_id"],)).one_or_none()
    if found is None:
        return None
    seq, hash_, *content = found
    if content != [row[name] for name in ("stream", "at", "by", "co", "payload")]:
        raise Broken(f"event {row['event_id']} is stored already and says something else")
    return Recorded(str(row["event_id"]), seq, hash_)


class Keys:
    """The small numbers that stand for names in `sample`; made when a name is first met."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def of(self, connection: Connection, table: str, column: str, name: str) -> int:
        key = self._known.get((table, name))
        if key is None:
            key = self._known[table, name] = _key(connection, table, column, name)
        return key

    def forget(self) -> None:
        """After a rollback: what was made in it is gone."""
        self._known.clear()


def _key(connection: Connection, table: str, column: str, name: str) -> int:
    connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table} ({column}) VALUES (?)", (name,))
    found = connection.exec_driver_sql(f"SELECT id FROM {table} WHERE {column} = ?", (name,))
    return int(found.scalar_one())


def sample_line(row: SampleRow) -> SampleLine:
    """A sample ready to be stored. Refuses what could not be (KeyError, TypeError, ValueError)."""
    infusion_id, vital, t, value, quality, source = row
    VITALS[vital]
    return infusion_id, vital, utc_ms(t), None if value is None else float(value), str(quality), str(source)


def insert_samples(connection: Connection, keys: Keys, lines: Sequence[SampleLine]) -> None:
    """Store samples; one of the same infusion, vital sign and millisecond is left as it is."""
    of = keys.of
    connection.exec_driver_sql(
        _SAMPLE,
        [
            (
                of(connection, "infusion", "infusion_id", infusion_id),
                of(connection, "vital", "code", vital),
                t,
                value,
                of(connection, "quality", "code", quality),
                of(connection, "source", "code", source),
            )
            for infusion_id, vital, t, value, quality, source in lines
        ],
    )


class Rows(NamedTuple):
    """A projection's rows as column values, ready to be stored; None leaves what is there."""

    infusion_id: str
    infusion: dict[str, Any] | None
    checks: list[dict[str, Any]] | None
    observation: dict[str, Any] | None


def projection_rows(projection: Projection) -> Rows:
    """Refuses rows with a field that has no column (Broken)."""
    one, checks, window = projection.infusion, projection.checks, projection.observation
    return Rows(
        projection.infusion_id,
        None if one is None else _columns(infusion, one),
        None if checks is None else [{"n": n, **_columns(vital_check, c)} for n, c in enumerate(checks, 1)],
        None if window is None else _columns(observation_window, window),
    )


_KEYS = {"id", "infusion", "infusion_id", "n"}


def _columns(table: Table, row: msgspec.Struct) -> dict[str, Any]:
    """The row's fields but for the keys, which are not the row's to give."""
    fields = {name: value for name, value in msgspec.structs.asdict(row).items() if name not in _KEYS}
    strange = fields.keys() - set(table.columns.keys())
    if strange:
        raise Broken(f"{table.name} has no column {', '.join(sorted(strange))}")
    return fields


class Projections:
    """Writes the readable rows of infusions, those parts that have changed since they were last written."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._written: dict[tuple[str, str], object] = {}

    def write(self, connection: Connection, rows: Rows) -> None:
        key = self._keys.of(connection, "infusion", "infusion_id", rows.infusion_id)
        if rows.infusion and self._changed(rows.infusion_id, "infusion", rows.infusion):
            connection.execute(update(infusion).where(infusion.c.id == key), rows.infusion)
        if rows.checks is not None and self._changed(rows.infusion_id, "checks", rows.checks):
            _replace(connection, vital_check, key, rows.checks)
        if rows.observation and self._changed(rows.infusion_id, "observation", rows.observation):
            _replace(connection, observation_window, key, [rows.observation])

    def _changed(self, infusion_id: str, part: str, rows: object) -> bool:
        changed = self._written.get((infusion_id, part)) != rows
        self._written[infusion_id, part] = rows
        return changed

    def forget(self) -> None:
        """After a rollback: what was written in it is not there."""
        self._written.clear()


def _replace(connection: Connection, table: Table, key: int, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(delete(table).where(table.c.infusion == key))
    if rows:
        connection.execute(insert(table), [{"infusion": key, **row} for row in rows])
