"""Masimo "ASCII 1" (Rad-5, Rad-8, Radical-7): one line a second of `KEY=VALUE` pairs, as the operator manuals print it."""

import re
from datetime import datetime
from decimal import Decimal

from app.domain.vitals.vital_signs import VITALS, Quality, Sample
from devices.protocols.clocks import printed_time
from devices.protocols.lines import LineDecoder, judged

_LINE = re.compile(rb"(\d\d)/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)((?: [A-Z][A-Z0-9]*=[!-<>-~]+)+) ?")
_SPO2 = re.compile(r"(\d{3})%|-{3}%?")
_BPM = re.compile(r"(\d{3})|-{3}%?")
_VITALS = {"SPO2": ("spo2", _SPO2), "BPM": ("pr", _BPM)}
_FLAGS = re.compile(r"(?:[0-9A-F]{2} [0-9A-F]{3}|(?:[0-9A-F]{4}|[0-9A-F]{6}) [0-9A-F]{6})")
"""`ALARM` and `EXC` as a Rad-5 and as the others print them: of a shortened one the flags would be lost."""

_SENSOR_OFF = 0x01 | 0x20
_SEARCHING = 0x08
_INVALID = 0x02 | 0x10 | 0x80
_LOW_CONFIDENCE = 0x04 | 0x40 | 0x400
"""Low perfusion, ambient light, low signal quality."""


class Masimo(LineDecoder):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    There is no checksum: a line counts only if all of it has the form, with saturation, rate, alarm and exception.
    """

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        found = _LINE.fullmatch(line)
        pairs = _pairs(found[5].decode()) if found else None
        if not found or pairs is None:
            return None
        month, day, year = (int(found[n]) for n in (1, 2, 3))
        at = printed_time(year, month, day, found[4].decode())
        for key, value in pairs.items():
            if key not in _VITALS:
                self.unmapped.note(key, value)
        flagged = _flagged(int(pairs["EXC"], 16))
        return [_sample(frame, key, value, flagged, at) for key, value in pairs.items() if key in _VITALS]


def _pairs(text: str) -> dict[str, str] | None:
    """The line's values by key, each once; None if one that must be there is missing or has not its form."""
    split = [pair.split("=", 1) for pair in text.split()]
    pairs = dict(split)
    if len(pairs) != len(split) or not pairs.keys() >= {"SPO2", "BPM", "ALARM", "EXC"}:
        return None
    is_whole = _FLAGS.fullmatch(f"{pairs['ALARM']} {pairs['EXC']}") and all(
        form.fullmatch(pairs[key]) for key, (_, form) in _VITALS.items()
    )
    return pairs if is_whole else None


def _flagged(exceptions: int) -> Quality:
    """What the exception bits make of the line's numbers."""
    if exceptions & _SENSOR_OFF:
        return Quality.SENSOR_OFF
    if exceptions & _SEARCHING:
        return Quality.SEARCHING
    if exceptions & _INVALID:
        return Quality.INVALID
    return Quality.QUESTIONABLE if exceptions & _LOW_CONFIDENCE else Quality.OK


def _sample(frame: int, key: str, sent: str, flagged: Quality, at: datetime | None) -> Sample:
    vital, form = _VITALS[key]
    found = form.fullmatch(sent)
    value = Decimal(found[1]) if found and found[1] else None
    return Sample(frame, vital, value, VITALS[vital].unit, judged(vital, value, flagged), "pleth", at)
