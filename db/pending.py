"""What the writer knows between transactions: where the chain stands, which rows are written, samples that wait."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from db.log.batch import Recorded, SampleLine, Signer
from db.log.chain import Row
from db.log.eventlog import NOBODY, append_events, read_head_row
from db.log.headfile import Head

from . import engine
from . import store_errors as errors
from .presence import Presence
from .projections import Projections, Ready, clear_rows
from .samples import Keys, insert_samples
from .statements import Driver
from .tables import keep_protocol_file

T = TypeVar("T")
#: Samples kept in memory while the disk cannot take them: about nine hours of four monitors.
MOST_SAMPLES = 1_000_000


class Ledger:
    """Used by the writer's thread alone, but for `add_samples`."""

    def __init__(self, head: Head) -> None:
        self._head: Head | None = head
        self._acknowledged = head
        self._keys = Keys()
        self._projections = Projections(self._keys)
        self._samples: deque[SampleLine] = deque(maxlen=MOST_SAMPLES)
        self._writing: list[SampleLine] = []
        self._repeated = False

    @property
    def head(self) -> Head | None:
        """The last event that is surely on the disk; None while that is not known."""
        return self._head

    @property
    def acknowledged(self) -> Head:
        """The last event that was ever acknowledged."""
        return self._acknowledged

    def moved(self, head: Head) -> None:
        """The record goes on elsewhere, from there."""
        self._keys.forget()
        self._projections.forget()
        self._head = self._acknowledged = head

    @property
    def waiting(self) -> bool:
        return bool(self._samples)

    @property
    def oldest_waiting_ms(self) -> int | None:
        """Record time of the oldest sample that is not surely on the disk. May be asked from any thread."""
        for lines in (self._writing, self._samples):
            with suppress(IndexError):
                return lines[0][2]
        return None

    def add_samples(self, lines: Iterable[SampleLine]) -> None:
        self._samples.extend(lines)

    def transact(self, driver: Driver, presence: Presence, work: Callable[[Driver], T], most_samples: int) -> T:
        """One commit for at most so many of the samples that wait and for `work`; all of it or nothing.

        Raises `FileGone` or `SecondInstance` where it did not go where it should.
        """
        presence.glance()
        for _ in range(min(len(self._samples), most_samples)):
            self._writing.append(self._samples.popleft())
        try:
            driver.execute("BEGIN IMMEDIATE")
            if self._writing:
                insert_samples(driver, self._keys, self._writing)
            result = work(driver)
            driver.execute("COMMIT")
            presence.look()
        except BaseException as error:
            self._samples.extendleft(reversed(self._writing))
            self._forget(driver)
            if isinstance(error, engine.driver.Error):
                presence.look()  # a log that was cut cannot be read either: the first cause is told
            raise
        finally:
            self._writing = []
        if self._repeated:
            self._write_out(driver)
        self._acknowledged = self._head or self._acknowledged
        return result

    def append(
        self,
        driver: Driver,
        rows: Sequence[Row],
        ready: Sequence[Ready],
        files: Sequence[bytes] = (),
        anew: bool = False,
        signed_by: Mapping[str, Sequence[Signer]] = NOBODY,
    ) -> list[Recorded]:
        for data in files:
            keep_protocol_file(driver, data)
        before = self._head or read_head_row(driver)
        self._head, recorded = append_events(driver, before, rows, signed_by)
        self._repeated = any(one.seq <= before.seq for one in recorded)
        if anew:
            self._keys.forget()
            self._projections.forget()
            clear_rows(driver)
        for part in ready:
            self._projections.write(driver, part)
        return recorded

    def _write_out(self, driver: Driver) -> None:
        """A commit that once raised may stand in the log without having reached the disk: write it out again."""
        if not engine.checkpoint(driver):
            raise errors.busy()
        self._repeated = False

    def _forget(self, driver: Driver) -> None:
        """Roll back; then nothing is known but what the store says."""
        self._head, self._repeated = None, False
        self._keys.forget()
        self._projections.forget()
        driver.rollback()
