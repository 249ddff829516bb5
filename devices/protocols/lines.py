"""Devices that speak in lines: a line ends with CR, LF or both, however it is cut."""

from abc import ABC, abstractmethod
from decimal import Decimal

from app.domain.texts import Text
from app.domain.vitals.vital_signs import Quality, Sample, plausible

from . import UnmappedValues

LINE_LIMIT = 512
"""Bytes of the longest line believed. After noise the first line that begins behind a line's end is read again."""


_COUNTING = (Quality.OK, Quality.QUESTIONABLE)


class LineCutter:
    """Cuts bytes into lines without their ends; empty ones are none. Never holds more than `limit` bytes."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self.noise_bytes = 0
        self._tail = b""
        self._overlong = False

    @property
    def held(self) -> int:
        return len(self._tail)

    def feed(self, data: bytes) -> list[bytes]:
        whole = self._tail + data
        *closed, self._tail = whole.replace(b"\r", b"\n").split(b"\n")
        if not self._overlong and len(whole) <= self._limit:
            return [line for line in closed if line]
        lines = [line for line in map(self._believed, closed) if line]
        if self._overlong or len(self._tail) > self._limit:
            self.noise_bytes += len(self._tail)
            self._tail, self._overlong = b"", True
        return lines

    def _believed(self, line: bytes) -> bytes:
        """What is too long to be a line is noise up to its end."""
        is_noise, self._overlong = self._overlong or len(line) > self._limit, False
        if is_noise:
            self.noise_bytes += len(line)
        return b"" if is_noise else line


class LineDecoder(ABC):
    """A decoder of one connection whose frames are lines, see `devices.protocols.Decoder`."""

    limit = LINE_LIMIT
    hint: Text | None = None

    def __init__(self) -> None:
        self._lines = LineCutter(self.limit)
        self.good = 0
        self.bad = 0
        self.unmapped = UnmappedValues()

    @property
    def noise_bytes(self) -> int:
        return self._lines.noise_bytes

    @property
    def held(self) -> int:
        return self._lines.held

    def feed(self, data: bytes) -> list[Sample]:
        samples: list[Sample] = []
        for line in self._lines.feed(data):
            read = self._read(self.good + self.bad, line)
            if read is None:
                self.bad += 1
            else:
                self.good += 1
                samples += read
        return samples

    @abstractmethod
    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        """The samples of a line, None if it is not one of this device's lines."""


def judged(vital: str, value: Decimal | None, flagged: Quality) -> Quality:
    """The quality of one of a line's numbers, None where there is none, under what the line's flags say of all."""
    if flagged not in _COUNTING:
        return flagged
    if value is None:
        return Quality.UNAVAILABLE
    return flagged if plausible(vital, value) else Quality.IMPLAUSIBLE
