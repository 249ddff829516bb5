"""`listen://host:port`: a port of ours that a monitor connects to, for as long as it is read. One monitor at a time."""

import select
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from app.domain.texts import say

from .keep_alive import keep_alive
from .link import AnotherPeer, LinkError

_CHUNK = 4096
_WRITE_TIMEOUT_S = 2.0
_WAITING = 16
_QUIET_S = 2.0
"""So long without a byte, and whoever waits at the door is looked at."""


class ListeningLink:
    """Waits for a monitor in `read`. It may go and come again as often as it likes: that alone is no lost link.

    A new connection takes the place of one from the same address that is silent, and at once of one of which nobody has said
    `believe`. A stranger is sent away while a monitor is connected. `read` raises `AnotherPeer` before the first byte of a
    second one.
    """

    def __init__(self, server: socket.socket, url: str) -> None:
        self._server = server
        self._client: socket.socket | None = None
        self._address = ""
        self._is_believed = self._has_had_one = False
        self._quiet_s = 0.0
        self._url = url

    def read(self, timeout_s: float) -> bytes:
        try:
            return self._read(timeout_s)
        except (OSError, ValueError) as error:
            raise LinkError(say("{port} cannot be listened on any more.", port=self._url)) from error

    def _read(self, timeout_s: float) -> bytes:
        waited_for = [self._client] if self._client else []
        if self._client is None or not self._is_believed or self._quiet_s >= _QUIET_S:
            waited_for.append(self._server)
        ready, _, _ = select.select(waited_for, [], [], timeout_s)
        if self._client and self._client in ready:
            return self._received(self._client)
        self._quiet_s += timeout_s
        if self._server in ready:
            self._look_at(*self._server.accept())
        return b""

    def _received(self, client: socket.socket) -> bytes:
        self._quiet_s = 0.0
        try:
            data = client.recv(_CHUNK)
        except OSError:
            data = b""
        if not data:
            self.hang_up()
        return data

    def _look_at(self, client: socket.socket, address: tuple[object, ...]) -> None:
        may_come = self._client is None or not self._is_believed or address[0] == self._address
        if not may_come:
            client.close()
            return
        self.hang_up()
        keep_alive(client)
        self._client, self._address = client, str(address[0])
        self._is_believed, self._quiet_s = False, 0.0
        if self._has_had_one:
            raise AnotherPeer
        self._has_had_one = True

    def write(self, data: bytes) -> None:
        """What is said before anybody has connected, or after he has gone, is said to nobody."""
        if self._client is None or not data:
            return
        try:
            self._client.settimeout(_WRITE_TIMEOUT_S)
            self._client.sendall(data)
        except OSError:
            self.hang_up()

    def believe(self) -> None:
        """Whoever is connected now has sent what can be read."""
        self._is_believed = True

    def hang_up(self) -> None:
        """Let the monitor go that is connected, and wait for the next."""
        if self._client:
            self._client.close()
        self._client = None

    def close(self) -> None:
        self.hang_up()
        with suppress(OSError):
            self._server.close()


def listen(url: str) -> ListeningLink:
    """Raises `OSError` where the port cannot be had and `ValueError` where `url` names none; no host means every address."""
    parts = urlsplit(url)
    if parts.port is None:
        raise ValueError(url)
    return ListeningLink(socket.create_server((parts.hostname or "", parts.port), backlog=_WAITING), url)
