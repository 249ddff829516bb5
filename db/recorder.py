"""Saving: everything the program keeps goes through here, to one thread with one connection."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.errors import Broken
from app.domain.people.roles import Person
from db.log.batch import Batch, Recorded, SampleRow, Stamp, sample_line
from db.log.canonical import utc_from_ms
from db.log.eventlog import event_row
from db.log.headfile import move_head, write_head

from .engine import checkpoint, driver_connection
from .opening import open_store
from .pending import Ledger
from .projections import Preparing
from .space import Space
from .store_errors import StoreError
from .tables import put_person, put_setting
from .writer import Unwatched, Watcher, Writer


class Recorder:
    """Saves events, samples, people and settings. Its methods may be called from any thread.

    Every Future ends when the commit is on the disk, or with a `StoreError` (`Broken` for a fault of ours). After an
    error it is not known whether the batch was saved: give the same batch again, event ids keep it from being stored
    twice. `stamp` is asked once for each batch, in the caller's thread. Samples wait at most `beat_s` real seconds.
    `notices`: what was found wrong with the end of the record when it was opened.
    """

    def __init__(
        self,
        path: Path,
        stamp: Callable[[], Stamp],
        *,
        practice: bool = False,
        key: bytes | None = None,
        watcher: Watcher | None = None,
        space: Space | None = None,
        beat_s: float = 1.0,
    ) -> None:
        opened = open_store(path, stamp(), practice, key)
        self.notices = opened.notices
        self._path, self._stamp = path, stamp
        self._driver, self._give_back = driver_connection(opened.connection), opened.close
        self._preparing = Preparing()
        self._ledger = Ledger(opened.head)
        self._filed = opened.head
        self._writer = Writer(self._driver, self._ledger, space or Space(path), watcher or Unwatched(), beat_s)
        self._writer.start(self._file_head, self._end)

    def append(self, batch: Batch) -> Future[list[Recorded]]:
        """Save a batch in one transaction; one `Recorded` for each of its entries, in order."""
        stamp = self._stamp()
        rows = [event_row(entry, stamp) for entry in batch.entries]
        ready = [part for projection in batch.projections for part in self._preparing.ready(projection)]
        return self._writer.submit(lambda driver: self._ledger.append(driver, rows, ready), alone_if_full=True)

    def add_samples(self, rows: Iterable[SampleRow]) -> None:
        """Save samples within a beat, or with the next batch. Of a repeated (infusion, vital, t) the first stays."""
        self._ledger.add_samples(map(sample_line, rows))

    def oldest_waiting(self) -> datetime | None:
        """When the oldest sample arrived that is not on the disk yet (record time); None: all are."""
        t_ms = self._ledger.oldest_waiting_ms
        return None if t_ms is None else utc_from_ms(t_ms)

    def put_person(self, who: Person, pin_hash: str, disabled_at: datetime | None = None, password_hash: str = "") -> Future[None]:
        """Add a person, or change the one with this `person_id`."""
        return self._writer.submit(lambda driver: put_person(driver, who, pin_hash, disabled_at, password_hash))

    def put_setting(self, key: str, value: Any) -> Future[None]:
        """`value` is anything JSON can hold."""
        return self._writer.submit(lambda driver: put_setting(driver, key, value))

    def flush(self) -> Future[None]:
        """Ends when everything given before is on the disk."""
        return self._writer.submit(lambda _: None)

    def close(self) -> None:
        """Save what waits, end the thread and give the store free. May be called twice."""
        self._writer.close()

    def _file_head(self) -> None:
        head = self._ledger.head
        if head is not None and head != self._filed and move_head(self._path, head):
            self._filed = head

    def _end(self) -> None:
        with self._give_back:
            try:
                checkpoint(self._driver)
            except (StoreError, Broken):
                return  # what was acknowledged stands in the log and is read from there
            write_head(self._path, self._filed)
