"""Whether what is written to is still the file at its path, and its write-ahead log whole.

A file that was deleted or replaced while it is open goes on taking every commit, and nothing of it is left afterwards. So the
writer looks after each transaction, before it is acknowledged: some microseconds. And before it whether the log is as long as it
was: what is written behind the end of one that was cut leaves a hole of zeros, which the database would move into the store.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from . import store_errors as errors
from .opening import HeldLock
from .statements import Driver

#: The file format of SQLite's write-ahead log: a header, then frames of a header and a page each.
_HEADER, _FRAME = 32, 24
_SALT_OF_HEADER, _SALT_OF_FRAME = slice(16, 24), slice(8, 16)
#: Pages of the store after a commit, in the last frame of each; zero in all others.
_PAGES_OF_COMMIT = slice(4, 8)


class Presence:
    """`glance`, before something is written, raises `FileGone`, or `SecondInstance` where another program took the lock meanwhile;
    `look`, before it is acknowledged, `FileGone`.

    Used by the writer's thread alone; `close` gives its own handle back.
    """

    def __init__(self, path: Path, raw: Driver, lock: HeldLock) -> None:
        self._path, self._raw, self._lock = path, raw, lock
        self._log = path.with_name(path.name + "-wal")
        self._store_name, self._log_name = str(path), str(self._log)
        (page_bytes,) = raw.execute("PRAGMA page_size").fetchone()
        self._frame_bytes = _FRAME + int(page_bytes)
        self._store = self._stat(self._store_name)
        self._log_is: os.stat_result | None = None
        self._log_file: BinaryIO | None = None
        self._frames = self._log_end = 0

    def glance(self) -> None:
        self._look_at_store()
        if self._log_end and self._stat(self._log_name).st_size < self._log_end:
            self.look()
        self._lock.look()

    def _look_at_store(self) -> None:
        before, found = self._store, self._stat(self._store_name)
        if found.st_ino != before.st_ino or found.st_dev != before.st_dev or found.st_size < before.st_size:
            raise errors.file_gone(self._path)
        self._store = found

    def look(self) -> None:
        self._look_at_store()
        (_, frames, _) = self._raw.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        found, end = self._stat(self._log_name), self._end_of(frames)
        log = self._log_is = self._log_is or found
        if found.st_ino != log.st_ino or found.st_dev != log.st_dev or found.st_size < end:
            raise errors.file_gone(self._path)
        if frames and not self._is_written_through(frames):
            self._cut_off(frames)
            raise errors.file_gone(self._path)
        self._frames, self._log_end = frames, end

    def _stat(self, name: str) -> os.stat_result:
        try:
            return os.stat(name)
        except OSError as error:
            raise errors.file_gone(self._path) from error

    def _is_written_through(self, frames: int) -> bool:
        """Whether the newest frame belongs to the last one of before, or to the beginning of a log that began anew: a log that was
        cut and written on has a hole of zeros.
        """
        before = self._frames
        salt = self._salt_of(before) if 0 < before < frames else self._read(0, _HEADER)[_SALT_OF_HEADER]
        return any(salt) and self._salt_of(frames) == salt

    def _cut_off(self, frames: int) -> None:
        """What is no part of the log is taken away behind its last whole commit: at closing, the database moves every frame that it
        remembers into the store without a look at it, and zeros would be the end of all of it. Where one cannot be read it stops.
        """
        salt, whole = self._read(0, _HEADER)[_SALT_OF_HEADER], 0
        for frame in range(1, frames + 1) if any(salt) else ():
            head = self._read(_HEADER + (frame - 1) * self._frame_bytes, _FRAME)
            if head[_SALT_OF_FRAME] != salt:
                break
            whole = frame if any(head[_PAGES_OF_COMMIT]) else whole
        with suppress(OSError):
            os.truncate(self._log, self._end_of(whole))

    def _end_of(self, frames: int) -> int:
        """Bytes of a log of so many."""
        return _HEADER * bool(frames) + frames * self._frame_bytes

    def _salt_of(self, frame: int) -> bytes:
        return self._read(_HEADER + (frame - 1) * self._frame_bytes, _FRAME)[_SALT_OF_FRAME]

    def _read(self, at: int, length: int) -> bytes:
        if self._log_file is None:
            self._log_file = self._log.open("rb", buffering=0)
        self._log_file.seek(at)
        return self._log_file.read(length)

    def close(self) -> None:
        if self._log_file is not None:
            self._log_file.close()
