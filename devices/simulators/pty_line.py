"""The other end of a serial cable: a pair of terminals (POSIX only) behind one lasting name."""

import array
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence

from .tcp_line import CHUNK, PATIENCE_S, End

_UNREAD_AT_MOST = 3000
_LOOK_S = 0.05


class PtyLine:
    """The client's end is kept open here too, so that clients may come and go."""

    def __init__(self, name: str, baud: int) -> None:
        self._folder = tempfile.mkdtemp(prefix="bedside-")
        self.url = os.path.join(self._folder, name)
        self._baud = baud
        self._nothing = threading.Event()
        self._ends: tuple[int, int] | None = None
        self.plug()

    def plug(self) -> None:
        import termios
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        settings = termios.tcgetattr(slave)
        settings[4] = settings[5] = self._speed()
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        os.set_blocking(master, False)
        self._ends = master, slave
        os.symlink(os.ttyname(slave), self.url)

    def unplug(self) -> None:
        if self._ends:
            os.unlink(self.url)
            for end in self._ends:
                os.close(end)
        self._ends = None

    def part(self) -> None:
        for _ in range(int(PATIENCE_S / _LOOK_S)):
            self._nothing.wait(_LOOK_S)  # first: what was just written may not be on the other side yet
            if not self._ends or not self._unread(self._ends[1]):
                break
        self.unplug()

    def close(self) -> None:
        self.unplug()
        shutil.rmtree(self._folder)

    def readers(self) -> Sequence[End]:
        return self._ends[:1] if self._ends else ()

    def writers(self) -> Sequence[End]:
        return ()

    def read(self) -> bytes:
        if not self._ends:
            return b""
        try:
            return os.read(self._ends[0], CHUNK)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """What nobody has read for a while is thrown away: a client that opens late gets no old values."""
        import termios

        if not self._ends or not data:
            return
        if self._unread(self._ends[1]) > _UNREAD_AT_MOST:
            termios.tcflush(self._ends[1], termios.TCIFLUSH)
        try:
            os.write(self._ends[0], data)
        except BlockingIOError:
            return

    def is_garbled(self) -> bool:
        import termios

        return self._ends is not None and bool(termios.tcgetattr(self._ends[0])[4] != self._speed())

    def _speed(self) -> int:
        import termios

        return int(getattr(termios, f"B{self._baud}"))

    def _unread(self, slave: int) -> int:
        import fcntl
        import termios

        count = array.array("i", [0])
        fcntl.ioctl(slave, termios.FIONREAD, count)
        return count[0]
