"""A monitor switched off says no goodbye: its silence on the network is looked into, and believed half a minute later."""

import socket
from contextlib import suppress

_IDLE_S, _EVERY_S, _TIMES = 10, 5, 3
#: What each system calls them: Linux and Windows have the first three, a Mac has the fourth for the first.
_OPTIONS = (
    ("TCP_KEEPIDLE", _IDLE_S), ("TCP_KEEPALIVE", _IDLE_S), ("TCP_KEEPINTVL", _EVERY_S), ("TCP_KEEPCNT", _TIMES),
    # Linux: what was asked and never acknowledged holds the looking back, so it has an end of its own.
    ("TCP_USER_TIMEOUT", 1000 * (_IDLE_S + _EVERY_S * _TIMES)),
)  # fmt: skip


def keep_alive(connection: socket.socket) -> None:
    """The connection fails by itself about 25 s after its other end has vanished."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _OPTIONS:
        with suppress(AttributeError, OSError):  # no system has all of them, and an old one refuses what it knows
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
