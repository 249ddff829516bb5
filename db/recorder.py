"""Saving: everything the program keeps goes through here, to one thread with one connection."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.errors import Broken
from app.domain.infusion.facts import SamplesSealed
from app.domain.log import Entry
from app.domain.people.roles import Person
from db.copies.rescue import Lost, rescue
from db.log.batch import Batch, Recorded, SampleRow, Signer, SignWith, Stamp, sample_line
from db.log.canonical import utc_from_ms
from db.log.chain import Row
from db.log.eventlog import SignedBy, event_row
from db.log.headfile import move_head, write_head

from .engine import checkpoint, driver_connection
from .opening import OpenedStore, open_store
from .pending import Ledger
from .presence import Presence
from .projections import Preparing
from .space import Space
from .store_errors import StoreError
from .tables import put_person, put_setting
from .writer import Target, Unwatched, Watcher, Writer


def _nobody(_entry: Entry) -> tuple[Signer, ...]:
    return ()


#: So long samples wait at most for a commit of their own.
BEAT_S = 2.0


class Recorder:
    """Saves events, samples, people and settings. Its methods may be called from any thread.

    Every Future ends when the commit is on the disk, or with a `StoreError` (`Broken` for a fault of ours). After an
    error it is not known whether the batch was saved: give the same batch again, event ids keep it from being stored
    twice. `stamp` is asked once for each batch, in the caller's thread. Samples wait at most `beat_s` real seconds.
    `notices`: what was found wrong with the end of the record when it was opened; `doubts`: the same for the record itself.
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
        beat_s: float = BEAT_S,
    ) -> None:
        opened = open_store(path, stamp(), practice, key)
        self.notices, self.doubts = opened.notices, opened.doubts
        self._stamp, self._practice, self._key = stamp, practice, key
        self._preparing = Preparing()
        self.sign_with: SignWith = _nobody
        self._signing: dict[str, tuple[Signer, ...]] = {}
        self._ledger = Ledger(opened.head)
        self._give_back = ExitStack()
        self._writer = Writer(self._taken_in(path, opened), self._ledger, space or Space(path), watcher or Unwatched(), beat_s)
        self._writer.start(self._file_head, self._end)

    def _taken_in(self, path: Path, opened: OpenedStore) -> Target:
        """From now on it is written there."""
        self._path, self._filed, self._driver = path, opened.head, driver_connection(opened.connection)
        self._lock = opened.lock
        self._give_back.push(opened.close)
        presence = Presence(path, self._driver, opened.lock)
        self._give_back.callback(presence.close)
        return Target(self._driver, presence)

    def append(self, batch: Batch) -> Future[list[Recorded]]:
        """Save a batch in one transaction; one `Recorded` for each of its entries, in order.

        On a full disk it goes before the samples that wait, but for a seal of samples: never before what it seals.
        """
        stamp = self._stamp()
        rows = [event_row(entry, stamp) for entry in batch.entries]
        ready = [part for projection in batch.projections for part in self._preparing.ready(projection)]
        seals = any(isinstance(entry.event, SamplesSealed) for entry in batch.entries)
        signed_by = self._signers(batch.entries)
        self._signing.update({event_id: tuple(by) for event_id, by in signed_by.items()})
        future = self._writer.submit(
            lambda driver: self._ledger.append(driver, rows, ready, batch.files, batch.anew, signed_by), alone_if_full=not seals
        )
        if signed_by:
            future.add_done_callback(lambda done: self._signed(batch, done))
        return future

    def _signers(self, entries: Iterable[Entry]) -> SignedBy:
        """By event id. Whoever signed what could not be saved signs it also when it is tried again after they have left."""
        found = {x.event_id: self._signing.get(x.event_id) or self.sign_with(x) for x in entries}
        return {event_id: by for event_id, by in found.items() if by}

    def _signed(self, batch: Batch, done: "Future[list[Recorded]]") -> None:
        if not done.cancelled() and done.exception() is None:
            for entry in batch.entries:
                self._signing.pop(entry.event_id, None)

    def add_samples(self, rows: Iterable[SampleRow]) -> None:
        """Save samples within a beat, or with the next batch. Of a repeated (infusion, vital, t) the first stays."""
        self._ledger.add_samples(map(sample_line, rows))

    def held_back(self) -> datetime | None:
        """When the oldest sample arrived that a full disk holds back (record time); None: all go with the next batch."""
        t_ms = self._ledger.oldest_waiting_ms if self._writer.is_full else None
        return None if t_ms is None else utc_from_ms(t_ms)

    def put_person(self, who: Person, pin_hash: str, disabled_at: datetime | None = None, password_hash: str = "") -> Future[None]:
        """Add a person, or change the one with this `person_id`."""
        return self._writer.submit(lambda driver: put_person(driver, who, pin_hash, disabled_at, password_hash))

    def put_setting(self, key: str, value: Any) -> Future[None]:
        """`value` is anything JSON can hold."""
        return self._writer.submit(lambda driver: put_setting(driver, key, value))

    def rescue(self, to: Path, known: Iterable[Entry]) -> Future[Path]:
        """After `FileGone`: save the whole record at another place, and go on there. `known`: all events of the open infusions.

        Raises `StoreError` by its future; then nothing has changed, and it may be tried at another place.
        """
        stamp = self._stamp()
        entries = list(known)
        rows = [event_row(entry, stamp) for entry in entries]
        signed_by = self._signers(entries)
        return self._writer.move(lambda: self._rescued(to, stamp, rows, signed_by))

    def _rescued(self, to: Path, stamp: Stamp, rows: list[Row], signed_by: SignedBy) -> tuple[Target, Path]:
        lost = Lost(self._path, self._driver, self._lock, self._ledger.acknowledged)
        opened = rescue(lost, to, stamp, self._practice, self._key, rows, signed_by)
        self._ledger.moved(opened.head)
        return self._taken_in(to, opened), to

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
