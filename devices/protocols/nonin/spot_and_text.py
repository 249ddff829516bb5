"""Nonin's spot-check format #13 and the text lines of its older models.

Sources: Nonin Onyx II 9560 OEM specification; operator's manuals of the 8500, 8600 and 9600.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from app.domain.vitals.vital_signs import Quality
from devices.protocols.oximeter import ShownNumbers

from .realtime_frames import NO_RATE, NO_SPO2, shown

_HEAD, _LENGTH, _END = b"\x00\x02", b"\x00\x0e", 0x03
_NO_MEASUREMENT, _FROM_MEMORY = 0x0100, 0x0010

_LINE = re.compile(rb"(?:\d\d:\d\d:\d\d +)?SPO2=(\d{3}|---) +HR=(\d{3}|---)(?: +F)?\*? *\r?\n")


class NoninSpotCheck:
    """Format #13: 22 bytes a measurement, 00 02 … 03, dated by the device (BCD) and summed: one frame is enough.

    What comes from the device's memory is stale: when it was sent is not said, so its age is not known.
    """

    begins = re.compile(b"\0")
    longest = 22
    enough = 1
    stands = 1
    a_second = 1

    def __init__(self) -> None:
        self._status = 0

    def measure(self, data: bytes, at: int) -> int | None:
        if len(data) - at < self.longest:
            return None
        frame = data[at : at + self.longest]
        is_framed = frame[:2] == _HEAD and frame[4:6] == _LENGTH and frame[-1] == _END
        return self.longest if is_framed and sum(frame[6:20]) & 0xFF == frame[20] and _date(frame) else 0

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

    begins = re.compile(rb"[S0-9]")
    longest = 48
    enough = 8
    stands = 1
    a_second = 1

    def measure(self, data: bytes, at: int) -> int | None:
        end = data.find(b"\n", at, at + self.longest)
        if end >= 0:
            return end + 1 - at if _LINE.fullmatch(data, at, end + 1) else 0
        return None if len(data) - at < self.longest else 0

    def read(self, frame: bytes, _is_first: bool) -> ShownNumbers:
        match = _LINE.fullmatch(frame)
        assert match is not None
        spo2, rate = (None if text == b"---" else int(text) for text in match.groups())
        return ShownNumbers((("spo2", spo2), ("pr", rate)), Quality.OK)

    def unread(self) -> Mapping[str, str]:
        return {}
