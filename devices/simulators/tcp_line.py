"""The other end of a network cable: a TCP port that a client opens, loses and opens again."""

import os
import select
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

End: TypeAlias = socket.socket | int
"""Something `select` waits for."""

_ROOM = 64 * 1024
CHUNK = 4096
PATIENCE_S = 30.0


class SimulatedLine(Protocol):
    """Never blocks. What nobody takes is lost, as on a real line."""

    url: str

    def plug(self) -> None:
        """Be there, always at the same `url`."""

    def unplug(self) -> None:
        """Vanish: the client's port reports that it is gone."""

    def part(self) -> None:
        """Vanish behind the last byte: a client that is slow gets all of it first. The one call that waits.

        A client that does nothing for half a minute is given up.
        """

    def close(self) -> None:
        """Be gone for good."""

    def readers(self) -> Sequence[End]: ...

    def writers(self) -> Sequence[End]: ...

    def read(self) -> bytes: ...

    def write(self, data: bytes) -> None: ...

    def is_garbled(self) -> bool:
        """Whether the client has set another baud rate."""


class TcpLine:
    """One client at a time; a newer one takes the place of an older one.

    `keeps_all`: what is said while nobody listens is for the next client, and no client is too slow to get all.
    """

    def __init__(self, port: int = 0, keeps_all: bool = False) -> None:
        self._listening = _bound(port)
        self._keeps_all = keeps_all
        self.plug()
        self._client: socket.socket | None = None
        self._pending = b""
        self.url = f"socket://127.0.0.1:{self._port}"

    @property
    def _port(self) -> int:
        return int(self._listening.getsockname()[1])

    def plug(self) -> None:
        self._listening.listen()
        self._is_plugged = True

    def unplug(self) -> None:
        """Refuse clients, yet keep the port so that nobody else takes it meanwhile."""
        port = self._port
        self.close()
        self._listening, self._is_plugged = _bound(port), False

    def part(self) -> None:
        while self._pending and any(select.select(self.readers(), self.writers(), [], PATIENCE_S)):
            self.read()
            self.write(b"")
        if self._client:
            with suppress(OSError):
                self._client.settimeout(PATIENCE_S)
                self._client.shutdown(socket.SHUT_WR)
                # What it still says is heard by nobody; left unread, it would cost it the last bytes.
                while self._client.recv(CHUNK):
                    pass
        self.unplug()

    def close(self) -> None:
        self._hang_up()
        self._listening.close()

    def readers(self) -> Sequence[End]:
        """Nothing while it is unplugged: a socket that does not listen is always ready, and there is nothing to take."""
        there = [self._listening] if self._is_plugged else []
        return [*there, self._client] if self._client else there

    def writers(self) -> Sequence[End]:
        return [self._client] if self._client and self._pending else []

    def read(self) -> bytes:
        self._accept()
        if not self._client:
            return b""
        try:
            data = self._client.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._hang_up()
        return data

    def write(self, data: bytes) -> None:
        if self._keeps_all or (self._client and len(self._pending) + len(data) <= _ROOM):
            self._pending += data
        if not self._client:
            return
        try:
            self._pending = self._pending[self._client.send(self._pending) :]
        except BlockingIOError:
            return
        except OSError:
            self._hang_up()

    def is_garbled(self) -> bool:
        return False

    def _accept(self) -> None:
        try:
            client, _ = self._listening.accept()
        except OSError:
            return
        if self._client:
            self._hang_up()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client

    def _hang_up(self) -> None:
        if self._client:
            self._client.close()
        self._client, self._pending = None, b""


def _bound(port: int) -> socket.socket:
    """A socket that has the port but does not listen yet."""
    bound = socket.socket()
    if os.name == "posix":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound
