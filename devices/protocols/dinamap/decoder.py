"""DINAMAP answers: cuff pressure and temperature with their age, saturation and pulse.

NA a b c dddd eee fff ggg    cuff: state, patient, mode, seconds since it was measured (9999 none), systolic, diastolic, mean
OA a bbb c dd                oximeter: state, saturation, signal, seconds averaged
RA a bbb                     pulse: 2 by the oximeter, 3 by the cuff; 0 or -99 none
TC a b c ddddd eeee f        temperature: state, mode, counter, seconds since (99999 none), tenths of °F whatever is shown
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from msgspec import UNSET, UnsetType

from app.domain.vitals.vital_signs import NIBP, VITALS, Quality, Sample, plausible_pressure
from devices.protocols.lines import LineDecoder, judged

from .host_lines import opened

_PRESSURE = re.compile(r"(\d)(\d)\d(\d{4})(\d{9})")
_OXIMETER = re.compile(r"(\d)(\d{3})(\d)\d\d")
_RATE = re.compile(r"\d(\d{3}|-\d\d)")
_TEMPERATURE = re.compile(r"(\d)(\d)([ -~])(\d{5})(\d{4})\d")
#: Python 3.11 takes ten times as long to look one up in its class.
_OK, _STALE, _QUESTIONABLE = Quality.OK, Quality.STALE, Quality.QUESTIONABLE
_HUNDREDTH = Decimal("0.01")

_MEASURING, _DONE = "0", "1"
_NONE = (None, None, None)
_CUFF_FAILED = frozenset("345678")
_OXIMETERS = {"0": Quality.UNAVAILABLE, "1": _OK, "3": Quality.UNAVAILABLE, "6": Quality.SENSOR_OFF}
_RATES, _UNKNOWN, _BY_CUFF = {"2": (_OK, "pleth")}, (_QUESTIONABLE, "unknown"), "3"
_TEMPERATURES = {
    "0": _OK, "1": Quality.MEASURING, "2": Quality.INVALID, "3": Quality.INVALID, "4": Quality.INVALID,
}  # fmt: skip
_MONITORED = "1"
_GROUPS = {"0": "unknown", "1": "adult", "2": "neonate"}


class Dinamap(LineDecoder):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    The first sight of a measurement is `ok`, as old as the monitor says; its repeats are `stale`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._readers: dict[str, Callable[[int, str], list[Sample] | None]] = {
            "NA": self._pressure, "OA": self._oximeter, "RA": self._rate, "TC": self._temperature,
        }  # fmt: skip
        self._cuff = _Repeats()
        self._warmth = _Repeats()
        self._cuff_pulse: tuple[Quality, int | None] = (_QUESTIONABLE, None)
        self.answered = 0
        """Lines that were answers to anything, for the dialogue."""

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        found = opened(line)
        if found is None:
            return None
        self.answered += 1
        code, fields = found
        read = self._readers.get(code)
        if read is None or not fields:
            self.unmapped.note(code, fields)
            return []
        return read(frame, fields)

    def _pressure(self, frame: int, fields: str) -> list[Sample] | None:
        found = _PRESSURE.fullmatch(fields)
        if not found:
            return None
        state, group, told, pressures = found.groups()
        self.unmapped.note("cuff set for", _GROUPS.get(group, group))
        age_s, (numbers, can_be) = _age(told), _pressures(pressures)
        quality = self._pressure_quality(state, age_s, pressures, can_be)
        self._cuff_pulse = (quality, age_s)
        shown = _NONE if age_s is None or state in _CUFF_FAILED else numbers
        return [_sample(frame, vital, number, quality, "nibp", age_s) for vital, number in zip(NIBP, shown, strict=True)]

    def _pressure_quality(self, state: str, age_s: int | None, pressures: str, can_be: bool) -> Quality:
        if state == _MEASURING:
            return Quality.MEASURING
        if state in _CUFF_FAILED:
            return Quality.INVALID
        if age_s is None:
            return Quality.UNAVAILABLE
        if state != _DONE:
            return _QUESTIONABLE
        if self._cuff.holds(age_s, pressures):
            return _STALE
        return _OK if can_be else Quality.IMPLAUSIBLE

    def _oximeter(self, frame: int, fields: str) -> list[Sample] | None:
        found = _saturation(fields)
        if found is None:
            return None
        value, quality, signal = found
        self.unmapped.note("SpO2 signal", signal)
        return [_sample(frame, "spo2", value, quality, "pleth")]

    def _rate(self, frame: int, fields: str) -> list[Sample] | None:
        """A cuff's pulse is as old as its pressure, which was asked before, and told as often."""
        source, sent = fields[:1], fields[1:]
        if not _RATE.fullmatch(fields):
            return None
        if source != _BY_CUFF:
            flagged, source = _RATES.get(source, _UNKNOWN)
            return [_sample(frame, "pr", *_positive("pr", sent, flagged), source)]
        flagged, age_s = self._cuff_pulse
        self._cuff_pulse = (_STALE if flagged is _OK else flagged, age_s)
        return [_sample(frame, "pr", *_positive("pr", sent, flagged), "nibp", age_s)]

    def _temperature(self, frame: int, fields: str) -> list[Sample] | None:
        found = _TEMPERATURE.fullmatch(fields)
        if not found:
            return None
        state, mode, counter, told, tenths = found.groups()
        flagged, age_s = _TEMPERATURES.get(state, _QUESTIONABLE), _age(told)
        if age_s is None:
            return [_sample(frame, "temp", None, judged("temp", None, flagged), "t1")]
        celsius, original, quality = _celsius(tenths, flagged)
        if self._warmth.holds(age_s, counter, tenths) and mode != _MONITORED and quality is _OK:
            quality = _STALE
        return [_sample(frame, "temp", celsius, quality, "t1", age_s, original)]


@lru_cache(1024)
def _pressures(sent: str) -> tuple[tuple[Decimal, Decimal, Decimal], bool]:
    """Systolic, diastolic and mean of three digits each, and whether a person could have them."""
    numbers = Decimal(sent[:3]), Decimal(sent[3:6]), Decimal(sent[6:])
    return numbers, plausible_pressure(*numbers)


@lru_cache(1024)
def _celsius(tenths: str, flagged: Quality) -> tuple[Decimal, str, Quality]:
    """Tenths of °F as °C and as they were sent, and what they are worth."""
    fahrenheit = Decimal(tenths) / 10
    celsius = ((fahrenheit - 32) * 5 / 9).quantize(_HUNDREDTH)
    return celsius, f"{fahrenheit} °F", judged("temp", celsius, flagged)


@lru_cache(1024)
def _saturation(fields: str) -> tuple[Decimal | None, Quality, str] | None:
    """Value, what it is worth, and the signal; None where they are no such fields."""
    found = _OXIMETER.fullmatch(fields)
    if not found:
        return None
    state, sent, signal = found.groups()
    return *_positive("spo2", sent, _OXIMETERS.get(state, _QUESTIONABLE)), signal


class _Repeats:
    """Whether a measurement is the one of before: the same values, and no younger."""

    def __init__(self) -> None:
        self._values: tuple[str, ...] | None = None
        self._age_s = 0

    def holds(self, age_s: int, *values: str) -> bool:
        is_same = values == self._values and age_s >= self._age_s
        self._values, self._age_s = values, age_s
        return is_same


def _age(told: str) -> int | None:
    """Seconds; nothing but nines stands for never."""
    return int(told) if told.strip("9") else None


@lru_cache(1024)
def _positive(vital: str, sent: str, quality: Quality) -> tuple[Decimal | None, Quality]:
    """Three digits, where nothing or less stands for none, and what they are worth."""
    number = Decimal(sent)
    value = number if number > 0 else None
    return value, judged(vital, value, quality)


def _sample(
    frame: int,
    vital: str,
    value: Decimal | None,
    quality: Quality,
    source: str,
    age_s: int | None = None,
    original: str | UnsetType = UNSET,
) -> Sample:
    unit, age = VITALS[vital].unit, UNSET if age_s is None else age_s
    return Sample(frame, vital, value, unit, quality, source, None, None, original, age)
