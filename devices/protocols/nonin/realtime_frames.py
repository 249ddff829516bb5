"""Nonin data formats #2, #7 (75 frames a second) and #8 (one a second).

    #2    01 | STATUS | PLETH | FLOAT | sum of the four, mod 256        bit 7 of STATUS is 1, its bit 0 begins a cycle of 25
    #7    STATUS | PLETH, high | PLETH, low | FLOAT | sum               as #2
    #8    STATUS + PR, bits 8–7 | PR, bits 6–0 | SpO₂ | STATUS 2        bit 7 of the first alone is 1

Source: Nonin OEM specifications (Xpod, OEM III, Onyx II 9560).
"""

import re
from collections.abc import Mapping
from datetime import datetime

from app.domain.vitals.vital_signs import Quality
from devices.protocols.oximeter import PatternFrames, ShownNumbers

SYNC = 0x01
SENSOR_ALARM = 0x08
OUT_OF_TRACK = 0x10
ARTEFACT = 0x20
CYCLE = 25
_START, _STATUS = re.compile(b"\x01"), re.compile(rb"[\x80-\xff]")
#: What a frame may be, but for its sum.
_AFTER_START, _ANY_STATUS = re.compile(rb"(?s)(?=(\x01[\x80-\xff]..)(.))"), re.compile(rb"(?s)(?=([\x80-\xff]...)(.))")
_EACH_SECOND = re.compile(rb"[\x80-\xff][\x00-\x7f][\x00-\x64\x7f][\x00-\x7f]")
#: Frames of a cycle (from 1) whose FLOAT is not read; a pair is its most and then its least significant byte.
_FLOATS = {"REV": 4, "STAT2": 8, "SpO2-D": 9, "SpO2 Fast": 10, "SpO2 B-B": 11, "E-SpO2": 16}
_PAIRS = {"E-HR": 14, "HR-D": 20, "E-HR-D": 22}

_SLOW_OUT_OF_TRACK, _SLOW_ARTEFACT, _SLOW_SENSOR_ALARM = 0x20, 0x04, 0x08
NO_RATE, NO_SPO2 = 511, 127


def _rate(most: int, least: int) -> int:
    return (most & 0x03) << 7 | least & 0x7F


def shown(rate: int, spo2: int, quality: Quality, measured_at: datetime | None = None) -> ShownNumbers:
    """Pulse rate and SpO₂ with their markers for “none” taken out."""
    values = (("pr", None if rate == NO_RATE else rate), ("spo2", None if spo2 == NO_SPO2 else spo2))
    return ShownNumbers(values, quality, measured_at)


def _quality(has_alarm: int, is_out_of_track: int, has_artefact: int) -> Quality:
    """With a sensor alarm the device keeps its last numbers for ten seconds; out of track, no good pulse is found."""
    if has_alarm:
        return Quality.SENSOR_OFF
    if is_out_of_track:
        return Quality.SEARCHING
    return Quality.QUESTIONABLE if has_artefact else Quality.OK


class NoninRealtime:
    """Formats #2 and #7: five bytes 75 times a second, a sum in each; numbers lie in cycles of 25 frames.

    A cycle counts only whole, in one unbroken run from its SYNC on; a flag of any of its frames is a flag of its numbers.
    """

    longest = 5
    enough = CYCLE
    stands = 1
    a_second = 75

    def __init__(self, status_at: int) -> None:
        self.begun = _START if status_at else _STATUS
        self._candidate = _AFTER_START if status_at else _ANY_STATUS
        self._status_at = status_at
        self._cycle: list[bytes] = []
        self._last: list[bytes] = []

    def next(self, data: bytes, at: int) -> tuple[int, int] | None:
        for match in self._candidate.finditer(data, at):
            if sum(match[1]) & 0xFF == match[2][0]:
                return match.start(), match.start() + self.longest
        return None

    def read(self, frame: bytes, is_first: bool) -> ShownNumbers | None:
        if frame[self._status_at] & SYNC:
            self._cycle = [frame]
        elif is_first or not self._cycle:
            self._cycle = []
        else:
            self._cycle.append(frame)
        return self._whole() if len(self._cycle) == CYCLE else None

    def _whole(self) -> ShownNumbers:
        self._last, self._cycle = self._cycle, []
        flags = 0
        for frame in self._last:
            flags |= frame[self._status_at]
        quality = _quality(flags & SENSOR_ALARM, flags & OUT_OF_TRACK, flags & ARTEFACT)
        return shown(_rate(self._float(1), self._float(2)), self._float(3) & 0x7F, quality)

    def _float(self, number: int) -> int:
        return self._last[number - 1][3]

    def unread(self) -> Mapping[str, str]:
        if not self._last:
            return {}
        said = {name: str(self._float(number)) for name, number in _FLOATS.items()}
        said |= {name: str(_rate(self._float(at), self._float(at + 1))) for name, at in _PAIRS.items()}
        return said | {"PLETH": self._last[-1][self._status_at + 1 : 3].hex(), "STATUS": f"{self._last[-1][self._status_at]:02x}"}


class NoninEachSecond(PatternFrames):
    """Format #8: four bytes a second without a checksum; bit 7 of the first alone is set, SpO₂ is 0–100 or 7F."""

    whole, begun = _EACH_SECOND, _STATUS
    longest = 4
    enough = 8
    stands = 1
    a_second = 1

    def __init__(self) -> None:
        self._last = bytes(4)

    def read(self, frame: bytes, _is_first: bool) -> ShownNumbers:
        self._last = frame
        status, rate, spo2, status2 = frame
        quality = _quality(status2 & _SLOW_SENSOR_ALARM, status & _SLOW_OUT_OF_TRACK, status & _SLOW_ARTEFACT)
        return shown(_rate(status, rate), spo2, quality)

    def unread(self) -> Mapping[str, str]:
        return {"STATUS": f"{self._last[0]:02x}", "STAT2": f"{self._last[3]:02x}"}
