"""Curves that memory has no room for, read from the store on another thread when somebody looks at them."""

from array import array
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime

from app.services.access.store_key import StoreFile
from app.services.ward.bed_watch import BedWatch
from app.services.ward.ports import Post
from app.services.ward.series import KEPT_S, OldPart
from db.queries import StoreReader
from db.samples import Minutes
from db.store_errors import StoreError

#: What is read reaches so far into what memory still has, so that none is missing when that lets go of it.
_AHEAD_S = 900
_AGAIN_S = 300


class OldCurves:
    """On the deciding thread. Held of one infusion: the one that was asked for last. `read` opens the store anew each time."""

    def __init__(self, file: StoreFile, executor: Executor, post: Post, now: Callable[[], datetime]) -> None:
        self._file, self._executor, self._post, self._now = file, executor, post, now
        self._of = ""
        self._read_ms = 0
        self._old: Minutes = {}
        self._is_reading = False
        self.version = 0

    def of(self, infusion_id: str) -> OldPart:
        """What is read by now; what is missing of it is being read, and counts `version` up when it is there."""
        if infusion_id != self._of:
            self._of, self._read_ms, self._old = infusion_id, 0, {}
        before_ms = round((self._now().timestamp() - KEPT_S + _AHEAD_S) * 1000)
        if before_ms - self._read_ms >= _AGAIN_S * 1000 and not self._is_reading:
            self._is_reading = True
            from_ms = self._read_ms - self._read_ms % 60_000
            self._executor.submit(self._read, infusion_id, from_ms, before_ms)
        return self._old

    def _read(self, infusion_id: str, from_ms: int, before_ms: int) -> None:
        found: Minutes | None = None
        try:
            with StoreReader(self._file.path, self._file.key) as store:
                found = store.minutes(infusion_id, from_ms, before_ms)
        except StoreError:
            pass  # the file is away: that is told elsewhere, and it is read again with the next look
        finally:
            self._post(lambda: self._taken(infusion_id, from_ms, before_ms, found))

    def _taken(self, infusion_id: str, from_ms: int, before_ms: int, found: Minutes | None) -> None:
        self._is_reading = False
        if infusion_id != self._of or found is None:
            return
        for vital, (t_s, values) in found.items():
            before = self._old.get(vital, (array("d"), array("d")))
            kept = sum(at < from_ms / 1000 for at in before[0])
            self._old[vital] = before[0][:kept] + t_s, before[1][:kept] + values
        self._read_ms = before_ms
        self.version += 1

    def refill(self, monitors: BedWatch) -> None:
        """The last two hours of one that came back to memory, as they came."""
        self._executor.submit(self._again, monitors)

    def _again(self, monitors: BedWatch) -> None:
        with suppress(StoreError), StoreReader(self._file.path, self._file.key) as store:
            again = BedWatch(monitors.infusion_id, monitors.rules)
            again.restore(store.curves(monitors.infusion_id))
            self._post(lambda: self._refilled(monitors, again))

    def _refilled(self, monitors: BedWatch, again: BedWatch) -> None:
        """Unless values came meanwhile: then what is missing is in the store."""
        if not monitors.trend.series:
            monitors.trend = again.trend
            self.version += 1
