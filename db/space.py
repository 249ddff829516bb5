"""Room on the disk: a warning before it runs out, and a ballast to give up so that a running infusion goes on."""

import os
import shutil
from pathlib import Path

from app.domain.watch.laptop_seen import LOW_DISK_BYTES

BALLAST_BYTES = 4 << 20


class Space:
    """Watches the disk that holds `store`; the ballast file lies beside it."""

    def __init__(self, store: Path, ballast_bytes: int = BALLAST_BYTES, low_bytes: int = LOW_DISK_BYTES) -> None:
        self._folder = store.parent
        self._ballast = store.with_name(store.name + ".ballast")
        self._ballast_bytes = ballast_bytes
        self._low_bytes = low_bytes
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
