"""Ports through pyserial: a port's name, `socket://host:port` or `rfc2217://host:port`; `listen://host:port` is ours."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

import serial

from app.domain.texts import Text, say

from .grabbers import grabbers
from .keep_alive import keep_alive
from .link import LinkError, PortSettings
from .listening import listen
from .waker import Waker

_FAILURES: tuple[type[Exception], ...] = (OSError, ValueError)
with suppress(ImportError):  # Windows has no terminals
    import termios

    _FAILURES = (*_FAILURES, termios.error)

_WRITE_TIMEOUT_S = 2.0
_AT_A_TIME_S, _LEAST_S = 0.25, 0.05
_CHUNK = 4096


class PortLink(Protocol):
    """An open line. Every method but `wake` raises `LinkError` when the line is gone."""

    def read(self, timeout_s: float) -> bytes:
        """Wait up to so many real seconds for a byte, and return what has come; the only call that blocks."""

    def write(self, data: bytes) -> None: ...

    def wake(self) -> None:
        """From any thread: a `read` that waits, or the next one, returns soon, though nothing has come."""

    def close(self) -> None: ...


class SerialLink:
    """A serial port, real or of a remote port server."""

    def __init__(self, port: serial.Serial, url: str) -> None:
        self._port = port
        self._url = url

    def read(self, timeout_s: float) -> bytes:
        try:
            return self._available(timeout_s)
        except _FAILURES as error:
            raise LinkError(say("The connection to {port} was lost. Check the cable and the adapter.", port=self._url)) from error

    def _available(self, timeout_s: float) -> bytes:
        """Nothing wakes pyserial on every system; and another timeout sets the whole port anew, so it is one."""
        self._wait_up_to(timeout_s if timeout_s < _LEAST_S else _AT_A_TIME_S)
        return bytes(self._port.read(self._port.in_waiting or 1))

    def _wait_up_to(self, timeout_s: float) -> None:
        if self._port.timeout != timeout_s:
            self._port.timeout = timeout_s

    def write(self, data: bytes) -> None:
        if data:
            with _told(say("{port} takes no data. Check that the monitor is on and the cable fits.", port=self._url)):
                self._port.write(data)

    def wake(self) -> None:
        """It soon wakes by itself."""

    def close(self) -> None:
        with _told(say("{port} cannot be closed.", port=self._url)):
            self._port.close()


class _WokenLink(SerialLink):
    """A port that the system can wait for beside a waker."""

    def __init__(self, port: serial.Serial, url: str) -> None:
        super().__init__(port, url)
        self._waker = Waker()

    def wake(self) -> None:
        self._waker.ring()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._waker.close()


class FileLink(_WokenLink):
    """A local port where the system waits for one as for a file: one wait and one read, however much has come."""

    def _available(self, timeout_s: float) -> bytes:
        number: int = self._port.fileno()
        if not self._waker.ready([number], timeout_s):
            return b""
        data = os.read(number, _CHUNK)
        if not data:
            raise serial.SerialException("the port has hung up")
        return data


class SocketLink(_WokenLink):
    """pyserial's socket tells of one waiting byte only, so the rest is taken without waiting.

    Where the line ends right behind that byte, the end is told by the next read.
    """

    def _available(self, timeout_s: float) -> bytes:
        if not self._waker.ready([self._port], timeout_s):
            return b""
        self._wait_up_to(timeout_s)
        first = bytes(self._port.read(1))
        if not first:
            return first
        self._wait_up_to(0)
        with suppress(*_FAILURES):
            return first + bytes(self._port.read(_CHUNK))
        return first

    def close(self) -> None:
        """pyserial leaves its socket open where shutting it down fails, as it does when the other end is gone."""
        raw: socket.socket | None = getattr(self._port, "_socket", None)
        try:
            super().close()
        finally:
            if raw is not None:
                raw.close()


def open_link(url: str, settings: PortSettings) -> PortLink:
    """Open a port, for this program alone where the system allows; raises `LinkError`."""
    try:
        return listen(url) if url.startswith("listen://") else _opened(url, settings)
    except _FAILURES as error:
        raise LinkError(_why_not_opened(url, error)) from error


def _opened(url: str, settings: PortSettings) -> PortLink:
    port = serial.serial_for_url(
        url,
        baudrate=settings.baud,
        bytesize=settings.bits,
        parity=_parity(url, settings),
        stopbits=settings.stop_bits,
        rtscts=settings.rtscts,
        xonxoff=False,
        timeout=_AT_A_TIME_S,
        write_timeout=None if url.startswith("rfc2217://") else _WRITE_TIMEOUT_S,
        exclusive=True,
    )
    raw: socket.socket | None = getattr(port, "_socket", None)
    if raw is not None:
        keep_alive(raw)
    return _kind(url)(port, url)


def _kind(url: str) -> type[SerialLink]:
    if url.startswith("socket://"):
        return SocketLink
    return FileLink if os.name == "posix" and "://" not in url else SerialLink


def _parity(url: str, settings: PortSettings) -> str:
    """A pseudo-terminal has no parity, and refuses to be set to the same one twice."""
    return "N" if os.path.realpath(url).startswith("/dev/pts/") else settings.parity


@contextmanager
def _told(text: Text) -> Iterator[None]:
    """Whatever the port raises becomes a `LinkError` that says this."""
    try:
        yield
    except _FAILURES as error:
        raise LinkError(text) from error


def _why_not_opened(url: str, error: Exception) -> Text:
    number = getattr(error, "errno", None) or _told_by_windows(str(error))
    if isinstance(error, ValueError):
        return say("“{port}” is not the name of a port. Choose one from the list.", port=url)
    if "exclusively lock" in str(error) or number in (errno.EBUSY, errno.EADDRINUSE):
        return _grabbed(url) or say("{port} is in use by another program. Close that program first.", port=url)
    if number == errno.EACCES or isinstance(error.__context__, PermissionError):
        return say("{port} may not be opened by this user. Ask for access to serial ports.", port=url)
    if url.startswith(("socket://", "rfc2217://")):
        return say("Nothing answers at {port}. Check the network cable and the address.", port=url)
    if number == errno.ENOENT or isinstance(error.__context__, FileNotFoundError):
        return _vanished(url) or say("There is no port {port}. Plug the monitor's cable in, or choose another port.", port=url)
    return say("{port} cannot be opened ({reason}). Check the cable and the adapter.", port=url, reason=str(error))


def _grabbed(url: str) -> Text | None:
    services = grabbers() if url.startswith("/dev/") else ()
    if not services:
        return None
    return say(
        "{port} is in use by another program. {service} runs on this computer and takes serial ports as they appear: "
        "have it switched off or removed.",
        port=url, service=", ".join(services),
    )  # fmt: skip


def _vanished(url: str) -> Text | None:
    """brltty takes many a USB adapter for a braille display: the port is gone as soon as it is there."""
    if not url.startswith("/dev/") or "brltty" not in grabbers():
        return None
    return say(
        "There is no port {port}. brltty runs on this computer and takes such adapters for braille displays: have it "
        "removed, then plug the monitor's cable in again.",
        port=url,
    )  # fmt: skip


def _told_by_windows(text: str) -> int | None:
    """Windows says why in words only, and calls a port that another program has a lack of permission."""
    if "PermissionError(13" in text:
        return errno.EBUSY
    return errno.ENOENT if "FileNotFoundError(2" in text else None
