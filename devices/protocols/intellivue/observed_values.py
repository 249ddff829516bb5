"""What the numbers of an IntelliVue mean: codes (never labels, which are translated), state bits and units."""

from collections.abc import Callable
from decimal import Decimal
from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import msgspec

from app.domain.vitals.vital_signs import NIBP, Quality, plausible

from .data_pdu import NuObsValue


class MeasurementState(IntFlag):
    """State bits of a value, highest first."""

    INVALID = 0x8000
    QUESTIONABLE = 0x4000
    UNAVAILABLE = 0x2000
    CALIBRATING = 0x1000
    TEST = 0x0800
    DEMO = 0x0400
    UNKNOWN = 0x0300
    EARLY = 0x0040
    ONGOING = 0x0020


class NumericMeaning(NamedTuple):
    """A vital sign by its source; of two with the same vital the lower `rank` goes first."""

    vital: str
    source: str
    rank: int = 0


CUFF = dict(zip((0x4A05, 0x4A06, 0x4A07), NIBP, strict=True))
CUFF_PULSE = 0xF0E5
#: In the order in which they are believed: the monitor's own first, the skin last.
_TEMPS = {
    0x4B48: "temp", 0xF0C7: "t1", 0xF0C8: "t2", 0xF0C9: "t3", 0xF0CA: "t4", 0x4B60: "core", 0xE014: "blood",
    0x4B64: "oesophageal", 0xE004: "rectal", 0x4B78: "tympanic", 0x4B74: "skin",
}  # fmt: skip
MEANINGS = {
    0x4182: NumericMeaning("hr", "ecg"),
    0x4BB8: NumericMeaning("spo2", "pleth"),
    0x4822: NumericMeaning("pr", "pleth"),
    0x500A: NumericMeaning("rr", "impedance"),
    0x5012: NumericMeaning("rr", "co2", 1),
} | {code: NumericMeaning("temp", source, rank) for rank, (code, source) in enumerate(_TEMPS.items())}

MMHG, KPA, PER_MIN, BREATHS, PERCENT, CELSIUS, FAHRENHEIT, NONE = (
    0x0F20, 0x0F03, 0x0AA0, 0x0AE0, 0x0220, 0x17A0, 0x1140, 0x0200,
)  # fmt: skip
_UNIT_NAMES = {
    MMHG: "mmHg", KPA: "kPa", PER_MIN: "/min", BREATHS: "/min", PERCENT: "%", CELSIUS: "°C", FAHRENHEIT: "°F", NONE: "",
}  # fmt: skip

_MMHG_PER_KPA = Decimal(1000) / Decimal("133.322387415")
_BEYOND_ANY = 10_000
_HUNDREDTH = Decimal("0.01")

Convert: TypeAlias = Callable[[Decimal], Decimal]


def _from_kpa(value: Decimal) -> Decimal:
    return (value * _MMHG_PER_KPA).quantize(_HUNDREDTH)


def _from_fahrenheit(value: Decimal) -> Decimal:
    return ((value - 32) * 5 / 9).quantize(_HUNDREDTH)


_PRESSURE: dict[int, Convert | None] = {MMHG: None, KPA: _from_kpa}
_RATE: dict[int, Convert | None] = {PER_MIN: None}
#: Units in which a vital sign is understood, and how they become its own.
_UNITS: dict[str, dict[int, Convert | None]] = {
    "hr": _RATE,
    "pr": _RATE,
    "rr": {BREATHS: None},
    "spo2": {PERCENT: None},
    "temp": {CELSIUS: None, FAHRENHEIT: _from_fahrenheit},
    **dict.fromkeys(NIBP, _PRESSURE),
}

_REFUSED = {
    MeasurementState.INVALID: Quality.INVALID,
    MeasurementState.UNAVAILABLE: Quality.UNAVAILABLE,
    MeasurementState.QUESTIONABLE: Quality.QUESTIONABLE,
    MeasurementState.CALIBRATING: Quality.QUESTIONABLE,
    MeasurementState.UNKNOWN: Quality.QUESTIONABLE,
    MeasurementState.EARLY | MeasurementState.ONGOING: Quality.MEASURING,
    MeasurementState.TEST: Quality.TEST,
    MeasurementState.DEMO: Quality.DEMO,
}
SIMULATED = (Quality.TEST, Quality.DEMO)
"""A number like any other, but nobody's."""
NUMBERED = (Quality.OK, *SIMULATED)


class IntelliVueValue(NamedTuple):
    """A vital sign's number; `original`: what was sent, where it was converted or refused."""

    number: Decimal | None
    quality: Quality
    original: str | msgspec.UnsetType = msgspec.UNSET


@lru_cache(512)
def quality(state: int, is_of_cuff: bool) -> Quality:
    """The gravest thing that a state says; only a cuff is early or under way."""
    if not is_of_cuff:
        state &= ~(MeasurementState.EARLY | MeasurementState.ONGOING)
    return next((said for bits, said in _REFUSED.items() if state & bits), Quality.OK)


def value_of(vital: str, seen: NuObsValue, is_of_cuff: bool = False) -> IntelliVueValue:
    """An observed number as a vital sign in its own unit."""
    said = quality(seen.state, is_of_cuff)
    if seen.number is None:
        return IntelliVueValue(None, Quality.INVALID if said in NUMBERED else said)
    if said in (Quality.INVALID, Quality.UNAVAILABLE):
        return IntelliVueValue(None, said, shown(seen))
    if seen.unit not in _UNITS[vital]:
        return IntelliVueValue(None, Quality.INVALID, shown(seen))
    if abs(seen.number) >= _BEYOND_ANY:
        return IntelliVueValue(None, Quality.IMPLAUSIBLE, shown(seen))
    return _plausible(vital, _converted(vital, seen, said))


def _converted(vital: str, seen: NuObsValue, said: Quality) -> IntelliVueValue:
    convert = _UNITS[vital][seen.unit]
    assert seen.number is not None
    return IntelliVueValue(seen.number, said) if convert is None else IntelliVueValue(convert(seen.number), said, shown(seen))


def _plausible(vital: str, value: IntelliVueValue) -> IntelliVueValue:
    assert value.number is not None
    is_refused = value.quality in NUMBERED and not plausible(vital, value.number)
    return value._replace(quality=Quality.IMPLAUSIBLE) if is_refused else value


def shown(seen: NuObsValue) -> str:
    """A number and its unit as they were sent."""
    number = "—" if seen.number is None else f"{seen.number:f}"
    return f"{number} {_UNIT_NAMES.get(seen.unit, f'(unit {seen.unit:04X})')}".rstrip()
