"""`listen://ADDRESS:PORT?from=ADDRESS`: a port of ours that a monitor connects to while it is read. One monitor at a time.

Before the colon the address of ours to listen at, none: all of them; `from` (once or more) is who is read. Whoever else connects is
never read but told: somebody lets them in. Where no `from` stands that is everybody but this computer itself.
"""

import socket
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from app.domain.texts import say

from .keep_alive import keep_alive
from .link import AnotherPeer, LinkError
from .waker import Waitable, Waker

_CHUNK = 4096
_WRITE_TIMEOUT_S = 2.0
_WAITING = 16
_QUIET_S = 2.0
"""So long without a byte, and whoever waits at the door is looked at."""
_MOST_UNREAD = 1 << 18
"""So many bytes of which none could be read, and whoever sends them is sent away; each time he comes again after half of it."""
_LEAST_UNREAD = 1 << 12


class ListeningLink:
    """Waits for a monitor in `read`. It may go and come again as often as it likes: that alone is no lost link.

    A new connection takes the place of one from the same address that is silent, and at once of one of which nobody has said
    `believe`. A stranger is sent away while a monitor is connected. `read` raises `AnotherPeer` before the first byte of a
    second one.
    """

    def __init__(self, server: socket.socket, url: str, allowed: frozenset[str] = frozenset()) -> None:
        self._server, self._allowed = server, allowed
        #: Who connected last and may not: nothing of what they sent was read.
        self.stranger = ""
        self._waiting: list[tuple[socket.socket, str]] = []
        self._unread, self._patience = 0, dict[str, int]()
        self._client: socket.socket | None = None
        self._address = ""
        self._is_believed = self._has_had_one = False
        self._quiet_s = 0.0
        self._url = url
        self._waker = Waker()

    def wake(self) -> None:
        self._waker.ring()

    def read(self, timeout_s: float) -> bytes:
        try:
            return self._read(timeout_s)
        except (OSError, ValueError) as error:
            raise LinkError(say("{port} cannot be listened on any more.", port=self._url)) from error

    def _read(self, timeout_s: float) -> bytes:
        waited_for: list[Waitable] = [self._server, *([self._client] if self._client else [])]
        is_free = self._may_be_replaced() and self._waiting
        if is_free:
            timeout_s = 0.0
        elif self._waiting:
            timeout_s = min(timeout_s, _QUIET_S - self._quiet_s)
        ready = self._waker.ready(waited_for, timeout_s)
        if self._server in ready:
            self._open_to(*self._server.accept())
        if self._client and self._client in ready:
            return self._received(self._client)
        if not ready:
            self._quiet_s += timeout_s
        if self._waiting and self._may_be_replaced():
            self._look_at(*self._waiting.pop(0))
        return b""

    def _may_be_replaced(self) -> bool:
        return self._client is None or not self._is_believed or self._quiet_s >= _QUIET_S

    def _open_to(self, client: socket.socket, address: tuple[object, ...]) -> None:
        """Who may not connect goes at once and keeps no place; who may waits, unread, while another one talks."""
        peer = str(address[0])
        if not self._is_allowed(peer):
            self.stranger = peer
            client.close()
            return
        self._waiting.append((client, peer))
        for dropped, _ in self._waiting[:-_WAITING]:
            dropped.close()
        del self._waiting[:-_WAITING]

    def _received(self, client: socket.socket) -> bytes:
        self._quiet_s = 0.0
        try:
            data = client.recv(_CHUNK)
        except OSError:
            data = b""
        self._unread += len(data)
        patience = self._patience.get(self._address, _MOST_UNREAD)
        if self._unread > patience:
            self._patience[self._address] = max(patience // 2, _LEAST_UNREAD)
        if not data or self._unread > patience:
            self.hang_up()
            return b""
        return data

    def _look_at(self, client: socket.socket, address: str) -> None:
        may_come = self._client is None or not self._is_believed or address == self._address
        if not may_come:
            client.close()
            return
        self.hang_up()
        keep_alive(client)
        self._client, self._address = client, address
        self._is_believed, self._quiet_s, self._unread = False, 0.0, 0
        if self._has_had_one:
            raise AnotherPeer
        self._has_had_one = True

    def _is_allowed(self, address: str) -> bool:
        return address in self._allowed if self._allowed else ip_address(address).is_loopback

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
        self._is_believed, self._unread = True, 0
        self._patience.pop(self._address, None)

    def hang_up(self) -> None:
        """Let the monitor go that is connected, and wait for the next."""
        if self._client:
            self._client.close()
        self._client = None

    def close(self) -> None:
        self.hang_up()
        for waiting, _ in self._waiting:
            waiting.close()
        self._waker.close()
        with suppress(OSError):
            self._server.close()


def listen(url: str) -> ListeningLink:
    """Raises `OSError` where the port cannot be had and `ValueError` where `url` names none; no host means every address."""
    parts = urlsplit(url)
    if parts.port is None:
        raise ValueError(url)
    allowed = frozenset(str(ip_address(peer)) for peer in parse_qs(parts.query, strict_parsing=bool(parts.query)).get("from", []))
    return ListeningLink(socket.create_server((parts.hostname or "", parts.port), backlog=_WAITING), url, allowed)


def with_peer(url: str, address: str) -> str:
    """The same port, and this one may connect too."""
    return f"{url}{'&' if urlsplit(url).query else '?'}from={address}"
