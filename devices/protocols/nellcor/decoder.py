"""Nellcor N-560, N-595, N-600x, NPB-290: the ASCII lines of the real-time mode, as the manuals print them."""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from msgspec import UNSET, UnsetType

from app.domain.vitals.vital_signs import VITALS, Quality, Sample
from devices.protocols.clocks import MONTHS, printed_time
from devices.protocols.lines import LineDecoder, judged

_LINE = re.compile(
    r"(\d\d)-([A-Za-z]{3})-(\d\d) (\d\d:\d\d:\d\d) +(\d{1,3}|---)\*? +(\d{1,3}|---)\*? +(\d{1,3}|---)\*?"
    r"((?: +[A-Z]{2})*) *"
)
_FIRST_OF_HEADER = re.compile(rb"(?:N|NPB)-\w+ +VERSION [ -~]+")
_SECOND_OF_HEADER = re.compile(rb" +\w[ -~]*")
_LAST_OF_HEADER = re.compile(rb"TIME +%S[Pp]O2 +BPM +PA +Status *")

_KNOWN = {"AO", "AS", "LB", "LM", "LP", "MO", "PH", "PL", "PS", "SH", "SL", "SD", "SO"}
_SENSOR_OFF = {"SD", "SO"}
_SEARCHING = {"PS"}
_LOST_PULSE = {"LM", "LP"}


class Nellcor(LineDecoder):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    A header of three lines comes every now and then; its lines are good ones without samples.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_below_first = False

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        was_below, self._is_below_first = self._is_below_first, False
        if found := _LINE.fullmatch(line.decode("latin-1")):
            return self._values(frame, found)
        if _FIRST_OF_HEADER.fullmatch(line):
            self._is_below_first = True
            return self._headed("header 1", line)
        if was_below and _SECOND_OF_HEADER.fullmatch(line):
            return self._headed("header 2", line)
        return [] if _LAST_OF_HEADER.fullmatch(line) else None

    def _headed(self, name: str, line: bytes) -> list[Sample]:
        self.unmapped.note(name, " ".join(line.decode().split()))
        return []

    def _values(self, frame: int, found: re.Match[str]) -> list[Sample]:
        day, month, year, clock, spo2, pulse, amplitude, status = found.groups()
        at = printed_time(int(year), MONTHS.get(month.upper()), int(day), clock)
        self.unmapped.note("PA", amplitude)
        self.unmapped.note("Status", _spaced(status))
        flagged = _flagged(status)
        return [_sample(frame, "spo2", spo2, flagged, at), _sample(frame, "pr", pulse, flagged, at)]


@lru_cache(256)
def _spaced(status: str) -> str:
    return " ".join(status.split())


@lru_cache(256)
def _flagged(status: str) -> Quality:
    """What the status makes of the line's numbers; a flag that is not known makes them questionable."""
    flags = set(status.split())
    if flags & _SENSOR_OFF:
        return Quality.SENSOR_OFF
    if flags & _SEARCHING:
        return Quality.SEARCHING
    if flags & _LOST_PULSE:
        return Quality.INVALID
    return Quality.OK if flags <= _KNOWN else Quality.QUESTIONABLE


def _sample(frame: int, vital: str, sent: str, flagged: Quality, at: datetime | None) -> Sample:
    value, unit, quality, original = _column(vital, sent, flagged)
    return Sample(frame, vital, value, unit, quality, "pleth", at, None, original)


@lru_cache(4096)
def _column(vital: str, sent: str, flagged: Quality) -> tuple[Decimal | None, str, Quality, str | UnsetType]:
    """Value, unit, quality and original of one column; a zero is what this monitor prints for "none"."""
    unit = VITALS[vital].unit
    if sent.strip("0-"):
        value = Decimal(sent)
        return value, unit, judged(vital, value, flagged), UNSET
    return None, unit, judged(vital, None, flagged), UNSET if sent == "---" else f"{sent} {unit}"
