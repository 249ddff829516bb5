"""Room on the disk: a warning before it runs out, and a ballast to give up so that a running infusion goes on."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from app.domain.watch.laptop_seen import LOW_DISK_BYTES

BALLAST_BYTES = 4 << 20
#: What the write-ahead log grows to before it is moved into the store.
LOG_BYTES = 4 << 20
_PIECE = bytes(1 << 16)


class Space:
    """Watches the disk that holds `store`; the ballast file lies beside it."""

    def __init__(
        self, store: Path, ballast_bytes: int = BALLAST_BYTES, low_bytes: int = LOW_DISK_BYTES, log_bytes: int = LOG_BYTES
    ) -> None:
        self._folder = store.parent
        self._ballast = store.with_name(store.name + ".ballast")
        self._log = store.with_name(store.name + "-wal")
        self._ballast_bytes = ballast_bytes
        self._low_bytes, self._log_bytes = low_bytes, log_bytes
        self._low = False

    def look(self) -> int | None:
        """Bytes free, once, when they have become few; None otherwise. Lays the ballast where there is room."""
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return None
        if free > self._low_bytes + self._ballast_bytes:
            self._lay()
        was_low, self._low = self._low, free < self._low_bytes
        return free if self._low and not was_low else None

    def lay_log(self) -> None:
        """Give an empty write-ahead log its whole room at once: a commit that need not make the file longer is on the disk sooner.

        To SQLite zeros are no frames. Where there is no room for a ballast it grows as it is written.
        """
        with suppress(OSError), self._log.open("r+b", buffering=0) as log:
            if not self._ballast.exists() or log.seek(0, os.SEEK_END):
                return
            try:
                for _ in range(self._log_bytes // len(_PIECE)):
                    log.write(_PIECE)
                os.fsync(log.fileno())
            except OSError:
                log.truncate(0)

    def give_up(self) -> bool:
        """Give the ballast to a full disk. False when it was given before."""
        try:
            self._ballast.unlink()
        except OSError:
            return False
        return True

    def _lay(self) -> None:
        """Random bytes, so that no file system can store them in less room."""
        if self._ballast_bytes and not self._ballast.exists():
            try:
                self._ballast.write_bytes(os.urandom(self._ballast_bytes))
            except OSError:
                self.give_up()
