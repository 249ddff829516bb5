"""Small real classes that stand in for the edges."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from app.domain.log import Entry
from app.domain.recordtime import Moment
from app.domain.texts import Text, say
from app.services.clock import RecordClock
from app.services.reading_room import Awaited, Question, Told
from db.log.batch import Batch, Recorded, SampleRow
from db.queries import StoreReader
from db.store_errors import StoreError

T = TypeVar("T")
BEGIN = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


class DiskFull(Exception):
    """What a store says of a full disk."""

    text = say("The disk is full.")


class FakeStore:
    """Saves at once, or holds every batch until `release`, or fails while `broken`. A batch saved twice counts once."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.samples: list[SampleRow] = []
        self.broken = False
        self.holding = False
        self.attempts = 0
        self._held: list[tuple[Batch, Future[list[Recorded]]]] = []

    def append(self, batch: Batch) -> "Future[list[Recorded]]":
        future: Future[list[Recorded]] = Future()
        self.attempts += 1
        if self.holding:
            self._held.append((batch, future))
        else:
            self._save(batch, future)
        return future

    def held_back(self) -> datetime | None:
        return None

    def add_samples(self, rows: Sequence[SampleRow]) -> None:
        self.samples.extend(rows)

    def release(self) -> None:
        held, self._held = self._held, []
        for batch, future in held:
            self._save(batch, future)

    def _save(self, batch: Batch, future: "Future[list[Recorded]]") -> None:
        if self.broken:
            future.set_exception(DiskFull())
            return
        known = {e.event_id for b in self.batches for e in b.entries}
        if not {e.event_id for e in batch.entries} <= known:
            self.batches.append(batch)
        future.set_result([Recorded(e.event_id, n, "0" * 64) for n, e in enumerate(batch.entries, start=1)])

    def entries(self, stream: str) -> list[Entry]:
        """One stream, read back; while `broken` nothing is."""
        if self.broken:
            raise StoreError(say("The disk is gone."))
        return [x for batch in self.batches for x in batch.entries if x.stream == stream]

    @property
    def events(self) -> list[str]:
        """The names of all saved events, in order."""
        return [type(x.event).__name__ for b in self.batches for x in b.entries]


class HandChain:
    """A record of three events, as the exchange of heads asks for it."""

    store_id, genesis, seq, hash = "store", "g" * 64, 3, "3" * 64

    def info(self) -> "HandChain":
        return self

    def head(self) -> "HandChain":
        return self

    def hash_at(self, seq: int) -> str | None:
        return str(seq) * 64 if 0 < seq <= self.seq else None

    def place(self, _event_id: str) -> "HandChain":
        return self


class NoRecords:
    """Makes no record and says so."""

    def folder(self, infusion_id: str) -> Path:
        return Path("nowhere") / infusion_id

    def make(self, _infusion_id: str, _language: str, done: Callable[[dict[str, Path] | Text], None], _sheet: str = "") -> None:
        done(say("The record could not be made."))

    def make_card(self, done: Callable[[dict[str, Path] | Text], None]) -> None:
        done(say("The record could not be made."))


class FixedLook:
    """Language and theme that stay as they are."""

    def set_language(self, _language: str) -> bool:
        return False

    def set_theme(self, theme: str) -> None: ...


class HandClock:
    """Moved by hand: steady seconds, the wall with its own offset, and the boot."""

    def __init__(self) -> None:
        self.speed = 1.0
        self.steady_s = 0.0
        self.wall_off = timedelta(0)
        self.boot = "boot 1"

    def now_s(self) -> float:
        return self.steady_s

    def move(self, minutes: float = 0, seconds: float = 0) -> None:
        self.steady_s += minutes * 60 + seconds

    def moment(self) -> Moment:
        return Moment(BEGIN + timedelta(seconds=self.steady_s) + self.wall_off, self.steady_s, self.boot)

    def record(self) -> RecordClock:
        return RecordClock(self, BEGIN)


def at_once(call: Callable[[], None]) -> None:
    """A post that needs no thread."""
    call()


class ReadsAtOnce:
    """Answers from one reader where it is asked; while `holding`, once `release` is called."""

    def __init__(self, reader: StoreReader) -> None:
        self._reader = reader
        self.asked = 0
        self.holding = False
        self._held: list[Callable[[], None]] = []

    def ask(self, question: Question[T], told: Told[T]) -> Awaited:
        self.asked += 1
        asked = Awaited()

        def answer() -> None:
            if asked.is_wanted:
                told(lambda: question(self._reader))

        if self.holding:
            self._held.append(answer)
        else:
            answer()
        return asked

    def release(self) -> None:
        held, self._held = self._held, []
        for answer in held:
            answer()

    def close(self) -> None:
        self._reader.close()
