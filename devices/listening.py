"""`listen://host:port`: a port of ours that a monitor connects to. One monitor at a time."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

from app.domain.texts import say

from .link import LinkError

_CHUNK = 4096
_WRITE_TIMEOUT_S = 2.0
#: A monitor switched off says no goodbye: its silence is looked into after 10 s, and believed 15 s later.
_ALIVE = (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3))


class ListeningLink:
    """Waits for a monitor in `read`; while one is connected nobody else can connect. Once it is gone the link is lost."""

    def __init__(self, server: socket.socket, url: str) -> None:
        self._server = server
        self._client: socket.socket | None = None
        self._url = url

    def read(self, timeout_s: float) -> bytes:
        client = self._client
        return self._received(client, timeout_s) if client else self._awaited(timeout_s)

    def _awaited(self, timeout_s: float) -> bytes:
        try:
            self._server.settimeout(timeout_s)
            client, _ = self._server.accept()
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise self._lost() from error
        self._server.close()
        _kept_alive(client)
        self._client = client
        return b""

    def _received(self, client: socket.socket, timeout_s: float) -> bytes:
        try:
            client.settimeout(timeout_s)
            data = client.recv(_CHUNK)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise self._lost() from error
        if not data:
            raise self._lost()
        return data

    def write(self, data: bytes) -> None:
        """What is said before anybody has connected is said to nobody."""
        if self._client is None or not data:
            return
        try:
            self._client.settimeout(_WRITE_TIMEOUT_S)
            self._client.sendall(data)
        except OSError as error:
            raise self._lost() from error

    def close(self) -> None:
        self._server.close()
        if self._client:
            self._client.close()

    def _lost(self) -> LinkError:
        return LinkError(say("The monitor that had connected to {port} is gone. Check the network cable.", port=self._url))


def _kept_alive(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _ALIVE:
        with suppress(AttributeError):  # not every system has all three
            client.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def listen(url: str) -> ListeningLink:
    """Raises `OSError` where the port cannot be had and `ValueError` where `url` names none; no host means every address."""
    parts = urlsplit(url)
    if parts.port is None:
        raise ValueError(url)
    return ListeningLink(socket.create_server((parts.hostname or "", parts.port), backlog=1), url)
