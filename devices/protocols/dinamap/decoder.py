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

_PRESSURE = re.compile(r"(\d)(\d)(\d)(\d{4})(\d{3})(\d{3})(\d{3})")
_OXIMETER = re.compile(r"(\d)(\d{3})(\d)(\d\d)")
_RATE = re.compile(r"(\d)(\d{3}|-\d\d)")
_TEMPERATURE = re.compile(r"(\d)(\d)([ -~])(\d{5})(\d{4})(\d)")
_NEVER = re.compile("9+")
_HUNDREDTH = Decimal("0.01")

_MEASURING, _DONE = "0", "1"
_CUFF_FAILED = frozenset("345678")
_OXIMETERS = {"0": Quality.UNAVAILABLE, "1": Quality.OK, "3": Quality.UNAVAILABLE, "6": Quality.SENSOR_OFF}
_RATES = {"2": "pleth", "3": "nibp"}
_TEMPERATURES = {
    "0": Quality.OK, "1": Quality.MEASURING, "2": Quality.INVALID, "3": Quality.INVALID, "4": Quality.INVALID,
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
        self._cuff_pulse: tuple[Quality, int | None] = (Quality.QUESTIONABLE, None)
        self.answered = 0
        """Lines that were answers to anything, for the dialogue."""

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        found = opened(line)
        if found is None:
            return None
        self.answered += 1
        read = self._readers.get(found.code)
        if read is None or not found.fields:
            self.unmapped.note(found.code, found.fields)
            return []
        return read(frame, found.fields)

    def _pressure(self, frame: int, fields: str) -> list[Sample] | None:
        found = _PRESSURE.fullmatch(fields)
        if not found:
            return None
        state, group, _mode, told, sys, dia, mean = found.groups()
        self.unmapped.note("cuff set for", _GROUPS.get(group, group))
        age_s, numbers = _age(told), (Decimal(sys), Decimal(dia), Decimal(mean))
        quality = self._pressure_quality(state, age_s, *numbers)
        self._cuff_pulse = (quality, age_s)
        has_numbers = age_s is not None and state not in _CUFF_FAILED
        return [
            _sample(frame, vital, number if has_numbers else None, quality, "nibp", age_s)
            for vital, number in zip(NIBP, numbers, strict=True)
        ]

    def _pressure_quality(self, state: str, age_s: int | None, sys: Decimal, dia: Decimal, mean: Decimal) -> Quality:
        if state == _MEASURING:
            return Quality.MEASURING
        if state in _CUFF_FAILED:
            return Quality.INVALID
        if age_s is None:
            return Quality.UNAVAILABLE
        if state != _DONE:
            return Quality.QUESTIONABLE
        if self._cuff.holds(age_s, sys, dia, mean):
            return Quality.STALE
        return Quality.OK if plausible_pressure(sys, dia, mean) else Quality.IMPLAUSIBLE

    def _oximeter(self, frame: int, fields: str) -> list[Sample] | None:
        found = _OXIMETER.fullmatch(fields)
        if not found:
            return None
        state, saturation, signal, _averaged = found.groups()
        self.unmapped.note("SpO2 signal", signal)
        return [_number(frame, "spo2", saturation, _OXIMETERS.get(state, Quality.QUESTIONABLE), "pleth")]

    def _rate(self, frame: int, fields: str) -> list[Sample] | None:
        """A cuff's pulse is as old as its pressure, which was asked before, and told as often."""
        found = _RATE.fullmatch(fields)
        if not found:
            return None
        source = _RATES.get(found[1], "unknown")
        if source == "pleth":
            return [_number(frame, "pr", found[2], Quality.OK, source)]
        if source == "unknown":
            return [_number(frame, "pr", found[2], Quality.QUESTIONABLE, source)]
        quality, age_s = self._cuff_pulse
        self._cuff_pulse = (Quality.STALE if quality is Quality.OK else quality, age_s)
        return [_number(frame, "pr", found[2], quality, source, age_s)]

    def _temperature(self, frame: int, fields: str) -> list[Sample] | None:
        found = _TEMPERATURE.fullmatch(fields)
        if not found:
            return None
        state, mode, counter, told, tenths, _shown = found.groups()
        quality, age_s = _TEMPERATURES.get(state, Quality.QUESTIONABLE), _age(told)
        if age_s is None:
            return [_sample(frame, "temp", None, judged("temp", None, quality), "t1")]
        celsius, original = _celsius(tenths)
        quality = judged("temp", celsius, quality)
        if self._warmth.holds(age_s, counter, tenths) and mode != _MONITORED and quality is Quality.OK:
            quality = Quality.STALE
        return [_sample(frame, "temp", celsius, quality, "t1", age_s, original)]


@lru_cache(1024)
def _celsius(tenths: str) -> tuple[Decimal, str]:
    """Tenths of °F as °C, and as they were sent."""
    fahrenheit = Decimal(tenths) / 10
    return ((fahrenheit - 32) * 5 / 9).quantize(_HUNDREDTH), f"{fahrenheit} °F"


class _Repeats:
    """Whether a measurement is the one of before: the same values, and no younger."""

    def __init__(self) -> None:
        self._values: tuple[object, ...] | None = None
        self._age_s = 0

    def holds(self, age_s: int, *values: object) -> bool:
        is_same = values == self._values and age_s >= self._age_s
        self._values, self._age_s = values, age_s
        return is_same


def _age(told: str) -> int | None:
    """Seconds; nothing but nines stands for never."""
    return None if _NEVER.fullmatch(told) else int(told)


@lru_cache(1024)
def _positive(sent: str) -> Decimal | None:
    value = Decimal(sent)
    return value if value > 0 else None


def _number(frame: int, vital: str, sent: str, quality: Quality, source: str, age_s: int | None = None) -> Sample:
    """Three digits, where nothing or less stands for none."""
    value = _positive(sent)
    return _sample(frame, vital, value, judged(vital, value, quality), source, age_s)


def _sample(
    frame: int,
    vital: str,
    value: Decimal | None,
    quality: Quality,
    source: str,
    age_s: int | None = None,
    original: str | UnsetType = UNSET,
) -> Sample:
    unit = VITALS[vital].unit
    return Sample(
        frame, vital, value, unit, quality, source, original=original, age_s=UNSET if age_s is None else age_s
    )  # fmt: skip
