"""Nonin's spot-check format #13 and the text lines of its older models.

Sources: Nonin Onyx II 9560 OEM specification; operator's manuals of the 8500, 8600 and 9600.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from app.domain.vitals.vital_signs import Quality
from devices.protocols.oximeter import ShownNumbers

from .realtime_frames import NO_RATE, NO_SPO2, shown

_SPOT_CHECK = re.compile(rb"(?s)\x00\x02..\x00\x0e.{15}\x03")
_NO_MEASUREMENT, _FROM_MEMORY = 0x0100, 0x0010

_SPOT_BEGUN, _LINE_BEGUN = re.compile(rb"\x00"), re.compile(rb"[S0-9][^\n]*\Z")
_LINE = re.compile(rb"(?:\d\d:\d\d:\d\d +)?SPO2=(\d{3}|---) +HR=(\d{3}|---)(?: +F)?\*? *\r?\n")


class NoninSpotCheck:
    """Format #13: 22 bytes a measurement, 00 02 … 03, dated by the device (BCD) and summed: one frame is enough.

    What comes from the device's memory is stale: when it was sent is not said, so its age is not known.
    """

    begun = _SPOT_BEGUN
    longest = 22
    enough = 1
    stands = 1
    a_second = 1

    def __init__(self) -> None:
        self._status = 0

    def next(self, data: bytes, at: int) -> tuple[int, int] | None:
        while match := _SPOT_CHECK.search(data, at):
            frame = match[0]
            if sum(frame[6:20]) & 0xFF == frame[20] and _date(frame):
                return match.span()
            at = match.start() + 1
        return None

    def read(self, frame: bytes, _is_first: bool) -> ShownNumbers:
        self._status, rate = frame[14] << 8 | frame[15], frame[16] << 8 | frame[17]
        if self._status & _NO_MEASUREMENT:
            return shown(NO_RATE, NO_SPO2, Quality.UNAVAILABLE, _date(frame))
        quality = Quality.STALE if self._status & _FROM_MEMORY else Quality.OK
        return shown(rate, frame[19], quality, _date(frame))

    def unread(self) -> Mapping[str, str]:
        return {"STATUS": f"{self._status:04x}"}


def _date(frame: bytes) -> datetime | None:
    """The measurement's date and time in the device's clock, taken as UTC; None if it is none."""
    try:
        century, year, month, day, hour, minute, second = (int(f"{byte:02x}") for byte in frame[6:13])
        return datetime(century * 100 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


class NoninTextLines:
    """`SPO2=097 HR=072` once a second, after a time and before a mark at most; `---` is none. No checksum."""

    begun = _LINE_BEGUN
    longest = 48
    enough = 8
    stands = 1
    a_second = 1

    def next(self, data: bytes, at: int) -> tuple[int, int] | None:
        while match := _LINE.search(data, at):
            if len(match[0]) <= self.longest:
                return match.span()
            at = match.start() + 1
        return None

    def read(self, frame: bytes, _is_first: bool) -> ShownNumbers:
        match = _LINE.fullmatch(frame)
        assert match is not None
        spo2, rate = (None if text == b"---" else int(text) for text in match.groups())
        return ShownNumbers((("spo2", spo2), ("pr", rate)), Quality.OK)

    def unread(self) -> Mapping[str, str]:
        return {}
