"""Small real stores: one nurse, one infusion, notes and samples at known times."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.domain.infusion.facts import InfusionEvent, NoteAdded, SamplesSealed
from app.domain.log import Entry
from db.examine import examine
from db.log.batch import Batch, Recorded, SampleRow, Stamp
from db.log.canonical import utc_text
from db.log.chain import row_hash, seal
from db.proof.examined import Examined
from db.recorder import Recorder
from db.space import Space
from tests.domain.cast import SHA256

EIGHT = datetime(2026, 3, 1, 8, tzinfo=UTC)
INFUSION = "inf-1"


def at(minutes: float = 0) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def stamp() -> Stamp:
    return Stamp(at(), 480, Decimal("12.5"), "boot-1", "ward-laptop", "0.1.0")


def entry(number: int, event: InfusionEvent | None = None, stream: str = INFUSION) -> Entry:
    """The event of that minute, a note if nothing else is said."""
    return Entry(f"e{number}", stream, at(number), "nurse-1", event or NoteAdded(f"note {number}"))


def notes(first: int, last: int) -> Batch:
    return Batch(tuple(entry(number) for number in range(first, last + 1)))


def recorder(path: Path, **how: object) -> Recorder:
    """Without a ballast, so that a test writes little."""
    settings: dict[str, object] = {"space": Space(path, ballast_bytes=0, low_bytes=0), **how}
    return Recorder(path, stamp, **settings)  # type: ignore[arg-type]


def save(path: Path, batch: Batch) -> list[Recorded]:
    """Open, save, close."""
    writing = recorder(path)
    try:
        return writing.append(batch).result()
    finally:
        writing.close()


def newer(path: Path, stream: str = "robot:1", payload: str = '{"type":"Moved"}') -> None:
    """One more event, well chained, as a later version of the program might write it."""
    other = sqlite3.connect(path)
    with closing(other), other:
        other.row_factory = sqlite3.Row
        row = dict(other.execute("SELECT * FROM event ORDER BY seq DESC LIMIT 1").fetchone())
        row |= {"seq": row["seq"] + 1, "event_id": f"newer-{row['seq'] + 1}", "stream": stream, "at": utc_text(at(90)),
                "prev_hash": row["hash"], "type": "Moved", "payload": payload}  # fmt: skip
        row["hash"] = row_hash(row)
        names = ", ".join(f'"{name}"' for name in row)
        other.execute(f"INSERT INTO event ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
        other.execute("UPDATE chain_head SET seq = ?, hash = ?", (row["seq"], row["hash"]))


def heart_rates(count: int, from_minute: float = 0, infusion: str = INFUSION) -> list[SampleRow]:
    """One a second."""
    start = at(from_minute)
    return [SampleRow(infusion, "hr", start + timedelta(seconds=n), Decimal(60 + n % 20), "ok", "ecg") for n in range(count)]


def sealed(rows: list[SampleRow], minute: float = 0) -> SamplesSealed:
    return SamplesSealed(at(minute), *seal(rows))


def faults(path: Path, anchor: str = "") -> list[str]:
    return [str(fault) for fault in found(path, anchor).faults]


def found(path: Path, anchor: str = "") -> Examined:
    return examine(path, anchor, shipped=set(SHA256.values()))


class Told:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = []
        self.recoveries = 0
        self.free_bytes: list[int] = []

    def trouble(self, error: Exception) -> None:
        self.troubles.append(error)

    def recovered(self) -> None:
        self.recoveries += 1

    def low_disk(self, free_bytes: int) -> None:
        self.free_bytes.append(free_bytes)
