"""The one thread that writes: takes jobs in order, each a transaction, and saves waiting samples on every beat."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from app.domain.errors import Broken

from . import store_errors as errors
from .engine import driver, known_error
from .pending import MOST_SAMPLES, Ledger
from .presence import Presence
from .space import Space
from .statements import Driver

#: After the last job: whoever waited for it has gone on by then, and no next one waits.
_PAUSE_S = 0.05
#: Tried on a disk that was full, until they fit: not all of hours each time.
_FEW_SAMPLES = 1000

T = TypeVar("T")
Work: TypeAlias = Callable[[Driver], T]


class Watcher(Protocol):
    """Told by the writer's thread how saving goes; must be quick and must not raise."""

    def trouble(self, error: errors.StoreError) -> None: ...
    def recovered(self) -> None: ...
    def low_disk(self, free_bytes: int) -> None: ...


class Unwatched:
    def trouble(self, error: errors.StoreError) -> None:
        pass

    def recovered(self) -> None:
        pass

    def low_disk(self, free_bytes: int) -> None:
        pass


class Target(NamedTuple):
    """What is written to, and who sees whether it is still there."""

    connection: Driver
    presence: Presence


class _Outside(NamedTuple):
    """A job that is no transaction."""

    work: Callable[[], Any]


Job: TypeAlias = Work[Any] | _Outside


class Writer:
    """`is_full`: samples wait because the disk took an event alone; may be asked from any thread.

    Of its calls `committed` comes once nobody waits for what was written, and `ended` at the end, both in its thread."""

    def __init__(self, place: Target, ledger: Ledger, space: Space, watcher: Watcher, beat_s: float) -> None:
        self._connection, self._presence = place
        self._ledger, self._space = ledger, space
        self._watcher, self._beat_s = watcher, beat_s
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Any], bool] | None] = queue.SimpleQueue()
        self._troubled = self.is_full = self._ended = self._untold = False

    def start(self, committed: Callable[[], None], ended: Callable[[], None]) -> None:
        self._committed = committed
        self._thread = Thread(target=self._run, args=(ended,), name="recorder", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T], alone_if_full: bool = False) -> Future[T]:
        """Do `work` in a transaction with the samples that wait. After the end every Future fails with `Closed`.

        `alone_if_full`: on a full disk it is done without the samples, if that is possible.
        """
        future: Future[T] = Future()
        self._jobs.put((work, future, alone_if_full))
        if self._ended:
            self._refuse_waiting()
        return future

    def move(self, work: Callable[[], tuple[Target, T]]) -> Future[T]:
        """Outside a transaction: write at another place from now on."""
        future: Future[T] = Future()

        def moved() -> T:
            (self._connection, self._presence), result = work()
            return result

        self._jobs.put((_Outside(moved), future, False))
        if self._ended:
            self._refuse_waiting()
        return future

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def _run(self, ended: Callable[[], None]) -> None:
        try:
            self._look_at_space()
            self._space.lay_log()
            while self._turn():
                pass
            self._beat()
        finally:
            self._ended = True
            self._refuse_waiting()
            ended()

    def _turn(self) -> bool:
        try:
            job = self._jobs.get(timeout=min(_PAUSE_S, self._beat_s) if self._untold else self._beat_s)
        except queue.Empty:
            if self._untold:
                self._tell()
            else:
                self._beat()
            return True
        if job is not None:
            self._settle(*job)
            self._untold = True
        return job is not None

    def _tell(self) -> None:
        self._untold = False
        self._committed()

    def _beat(self) -> None:
        self._look_at_space()
        job: Job = (lambda _: None) if self._ledger.waiting else _Outside(self._look_around)
        self._settle(job, Future(), False)
        self._tell()

    def _look_around(self) -> None:
        self._presence.glance()
        self._presence.look()

    def _settle(self, work: Job, future: Future[Any], alone_if_full: bool) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(self._watched(work, alone_if_full))
        except (errors.StoreError, Broken) as error:
            future.set_exception(error)
        finally:
            if not future.done():  # a fault of ours ends this thread; nobody shall wait for it
                future.set_exception(errors.closed())

    def _watched(self, work: Job, alone_if_full: bool) -> Any:
        try:
            result = self._beside(work) if isinstance(work, _Outside) else self._fitted(work, alone_if_full)
        except errors.StoreError as error:
            self._troubled = True
            self._watcher.trouble(error)
            raise
        if self._troubled:
            self._troubled = False
            self._watcher.recovered()
        return result

    def _beside(self, outside: _Outside) -> Any:
        try:
            return outside.work()
        except driver.Error as error:
            raise known_error(error) from error

    def _fitted(self, work: Work[T], alone_if_full: bool) -> T:
        """A full disk is given the ballast; then an event goes before the samples, which are tried a few at a time."""
        try:
            result = self._transact(work, MOST_SAMPLES if not self.is_full else 0 if alone_if_full else _FEW_SAMPLES)
            self.is_full = self.is_full and alone_if_full
            return result
        except errors.DiskFull:
            ballast = self._space.give_up()
            was_full, self.is_full = self.is_full, not ballast
            if not ballast and (was_full or not alone_if_full):
                raise
            return self._transact(work, MOST_SAMPLES if ballast else 0)

    def _transact(self, work: Work[T], most_samples: int) -> T:
        try:
            return self._ledger.transact(self._connection, self._presence, work, most_samples)
        except driver.Error as error:
            raise known_error(error) from error

    def _look_at_space(self) -> None:
        free_bytes = self._space.look()
        if free_bytes is not None:
            self._watcher.low_disk(free_bytes)

    def _refuse_waiting(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None and job[1].set_running_or_notify_cancel():
                job[1].set_exception(errors.closed())
