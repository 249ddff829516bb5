"""Events and samples until they are durable, against the driver's own commits on the same disk."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.notes import AddNote
from app.jobs.record_clock import stamp
from app.services.clock import RecordClock, steady_s
from app.services.protocol_files import Trial
from app.services.ward.ports import Outcome
from app.services.ward.ward import Bedside
from db.engine import driver
from db.log.batch import Batch, Recorded, SampleRow
from db.recorder import Recorder
from tests.db.making import at
from tests.domain.cast import LI, TRIAL
from tests.fakes import HandClock

from .places import folder
from .replaying import running
from .timing import RUNS, Found, in_turn, timed

_COMMITS = 50
_SAMPLES = 100
_KEY = bytes(range(32))


class TimedRecorder(Recorder):
    """Remembers when its last batch was durable."""

    durable_at_s = 0.0

    def append(self, batch: Batch) -> Future[list[Recorded]]:
        future = super().append(batch)
        future.add_done_callback(self._durable)
        return future

    def _durable(self, _future: Future[list[Recorded]]) -> None:
        self.durable_at_s = steady_s()


class Ward:
    """A bedside over a real, encrypted store, with one running infusion of so many notes."""

    def __init__(self, path: Path, notes: int) -> None:
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        clock, entries = HandClock(), running(notes)
        record = RecordClock(clock, entries[-1].at)
        self.recorder = TimedRecorder(path, stamp, practice=True, key=_KEY)
        self.bedside = Bedside(self.recorder, record, Trial(TRIAL, ""), self._posted.put, clock.moment, practice=True)
        self.recorder.append(Batch(tuple(entries))).result()
        self.bedside.adopt("inf", entries)

    def do(self, command: Command) -> float:
        """Seconds from the command given until its event is durable; ends when the bed was looked at anew."""
        told: list[Outcome] = []
        given_at_s = steady_s()
        self.bedside.submit("inf", command, LI, told.append)
        while not told:
            self._posted.get()()
        assert told[0].ok, told
        return self.recorder.durable_at_s - given_at_s


@contextmanager
def raw_store(path: Path, table: str) -> Iterator[Any]:
    """The driver alone, as durable as ours."""
    raw = driver.connect(str(path), isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute(f"CREATE TABLE {table}")
    yield raw
    raw.close()


def event_commit(name: str, notes: int = 0) -> dict[str, Found]:
    """A command given until its event is durable (chain, projection, encryption), against a raw one-row commit."""
    with folder() as place, raw_store(Path(place) / "floor.db", "log (payload TEXT)") as raw:
        ward = Ward(Path(place) / "ours.db", notes)

        def floor() -> None:
            for number in range(_COMMITS):
                raw.execute("INSERT INTO log VALUES (?)", (f"note {number}" * 20,))

        found = [(sum(ward.do(AddNote(f"note {number}")) for number in range(_COMMITS)), timed(floor)) for _ in range(RUNS)]
        ward.recorder.close()
        return {name: found}


def samples_write() -> dict[str, Found]:
    """Samples a second in batches of 100, against raw `executemany` of 100."""
    with folder() as place, raw_store(Path(place) / "floor.db", "log (i INT, t INT, v INT, x REAL, q INT, s INT)") as raw:
        recorder = Recorder(Path(place) / "ours.db", stamp, practice=True)
        arrived = iter([_rows(number) for number in range(RUNS * _COMMITS)])

        def ours() -> None:
            for _ in range(_COMMITS):
                recorder.add_samples(next(arrived))
                recorder.flush().result()

        def floor() -> None:
            for _ in range(_COMMITS):
                raw.execute("BEGIN IMMEDIATE")
                raw.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", [(1, n, 1, 60.0, 1, 1) for n in range(_SAMPLES)])
                raw.execute("COMMIT")

        found = in_turn(ours, floor)
        recorder.close()
        count = _SAMPLES * _COMMITS
        return {"samples_write": [(count / ours_s, count / floor_s) for ours_s, floor_s in found]}


def _rows(batch: int) -> list[SampleRow]:
    start = at() + timedelta(seconds=batch * _SAMPLES)
    return [SampleRow("inf", "hr", start + timedelta(seconds=n), 60.0, "ok", "ecg") for n in range(_SAMPLES)]
