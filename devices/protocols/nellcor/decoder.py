"""Nellcor N-560, N-595, N-600x, NPB-290: the ASCII lines of the real-time mode, as the manuals print them."""

import re
from datetime import datetime
from decimal import Decimal

from msgspec import UNSET

from app.domain.vitals.vital_signs import VITALS, Quality, Sample
from devices.protocols.clocks import MONTHS, printed_time
from devices.protocols.lines import LineDecoder, judged

_LINE = re.compile(
    rb"(\d\d)-([A-Za-z]{3})-(\d\d) (\d\d:\d\d:\d\d) +(\d{1,3}|---)\*? +(\d{1,3}|---)\*? +(\d{1,3}|---)\*?"
    rb"((?: +[A-Z]{2})*) *"
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
        was_below, self._is_below_first = self._is_below_first, _FIRST_OF_HEADER.fullmatch(line) is not None
        if self._is_below_first:
            return self._headed("header 1", line)
        if was_below and _SECOND_OF_HEADER.fullmatch(line):
            return self._headed("header 2", line)
        return [] if _LAST_OF_HEADER.fullmatch(line) else self._values(frame, line)

    def _headed(self, name: str, line: bytes) -> list[Sample]:
        self.unmapped.note(name, " ".join(line.decode().split()))
        return []

    def _values(self, frame: int, line: bytes) -> list[Sample] | None:
        found = _LINE.fullmatch(line)
        if not found:
            return None
        day, month, year, clock, spo2, pulse, amplitude, status = (part.decode() for part in found.groups())
        at = printed_time(int(year), MONTHS.get(month.upper()), int(day), clock)
        flags = status.split()
        self.unmapped.note("PA", amplitude)
        self.unmapped.note("Status", " ".join(flags))
        flagged = _flagged(set(flags))
        return [_sample(frame, "spo2", spo2, flagged, at), _sample(frame, "pr", pulse, flagged, at)]


def _flagged(flags: set[str]) -> Quality:
    """What the status makes of the line's numbers; a flag that is not known makes them questionable."""
    if flags & _SENSOR_OFF:
        return Quality.SENSOR_OFF
    if flags & _SEARCHING:
        return Quality.SEARCHING
    if flags & _LOST_PULSE:
        return Quality.INVALID
    return Quality.OK if flags <= _KNOWN else Quality.QUESTIONABLE


def _sample(frame: int, vital: str, sent: str, flagged: Quality, at: datetime | None) -> Sample:
    """One column of a line; a zero is what this monitor prints for "none"."""
    unit = VITALS[vital].unit
    if sent.strip("0-"):
        value = Decimal(sent)
        return Sample(frame, vital, value, unit, judged(vital, value, flagged), "pleth", at)
    original = UNSET if sent == "---" else f"{sent} {unit}"
    return Sample(frame, vital, None, unit, judged(vital, None, flagged), "pleth", at, original=original)
