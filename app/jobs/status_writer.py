"""Keeps the status file of an encrypted store up to date, off the deciding thread."""

from concurrent.futures import Executor, Future
from pathlib import Path

from app.services.access import status_file
from app.services.ward.ward import Bedside

EVERY_S = 2.0
#: looks come each second, a little early or late
_EARLY_S = 0.1


class StatusWriter:
    """`look` may be called as often as one likes: it writes at most every `EVERY_S`, and only what has changed."""

    def __init__(self, store: Path, bedside: Bedside, executor: Executor) -> None:
        self._path, self._bedside, self._executor = status_file.beside(store), bedside, executor
        self._looked_s: float | None = None
        self._written: status_file.WardStatus | None = None
        self._writing: Future[bool] | None = None

    def look(self, steady_s: float) -> None:
        if self._looked_s is not None and steady_s - self._looked_s < EVERY_S - _EARLY_S:
            return
        if self._writing is not None and not self._writing.done():
            return
        self._looked_s = steady_s
        what = self._now()
        if what != self._written or not self._is_written():
            self._written, self._writing = what, self._executor.submit(status_file.write, self._path, what)

    def close(self) -> None:
        """Leave what is true at the end; an infusion may still be open."""
        if self._writing is not None:
            self._writing.result()
        status_file.write(self._path, self._now())

    def _now(self) -> status_file.WardStatus:
        return status_file.status(self._bedside.look().values())

    def _is_written(self) -> bool:
        return self._writing is None or self._writing.result()
