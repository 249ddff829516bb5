"""Wakes a thread that waits for bytes: a pair of sockets, which every system can wait for beside others."""

import select
import socket
from contextlib import suppress
from typing import Protocol


class HasFileno(Protocol):
    def fileno(self) -> int: ...


Waitable = HasFileno | int
"""What the system can wait for, or its number there: that is found in no time."""


class Waker:
    """`ring` may be called on any thread, also before somebody waits and after `close`."""

    def __init__(self) -> None:
        self._heard, self._rung = socket.socketpair()
        for end in (self._heard, self._rung):
            end.setblocking(False)
        self._number = self._heard.fileno()

    def ready(self, waited_for: list[Waitable], timeout_s: float) -> list[Waitable]:
        """Which of those has something to read within so many seconds; none at once where it was rung."""
        ready, _, _ = select.select([*waited_for, self._number], [], [], timeout_s)
        if self._number in ready:
            ready.remove(self._number)
            self._heard.recv(64)
        return ready

    def ring(self) -> None:
        with suppress(OSError):  # it has been rung often enough already, or is closed
            self._rung.send(b"\0")

    def close(self) -> None:
        self._heard.close()
        self._rung.close()
