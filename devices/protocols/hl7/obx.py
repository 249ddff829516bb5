"""One OBX segment: its vital sign, its number in the vital sign's own unit, and whether it means something."""

import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from app.domain.vitals.vital_signs import VITALS, Quality, plausible

from .hl7_codes import UNITS, Hl7Code, meaning
from .hl7_message import Hl7Header, Segment, component, field, moment

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,6})?")
_MARKERS = frozenset(map(Decimal, ("-100", "-999", "-99.9", "-1", "8388607")))
_MMHG_PER_KPA = Decimal(1000) / Decimal("133.322387415")
_HUNDREDTH = Decimal("0.01")

_LIMITS = re.compile(r"L|LL|H|HH|N|A|AA|<|>|[0-9.]+ ?- ?[0-9.]+")
_FLAG_ENDS = re.compile(r"[~^]")
_FLAGS = {"DEMO": Quality.DEMO, "TEST": Quality.TEST}
_APERIODIC = "APERIODIC"
_KILOGRAM = "kg"
_SHOWN = 80


class ObxValue(NamedTuple):
    """What one OBX says; `is_aperiodic`: measured now and then and repeated until the next time."""

    code: Hl7Code
    value: Decimal | None
    quality: Quality
    original: str | msgspec.UnsetType
    measured_at: datetime | None
    is_aperiodic: bool

    @property
    def unit(self) -> str:
        return unit_of(self.code)


def unit_of(code: Hl7Code) -> str:
    return VITALS[code.vital].unit if code.vital in VITALS else _KILOGRAM


def observed(obx: Segment, header: Hl7Header) -> ObxValue | None:
    """None for what is not one of the vital signs."""
    code = meaning(component(obx, 3), component(obx, 4), component(obx, 17), header.version)
    if code is None:
        return None
    value, quality, original = _value(obx, code)
    if quality is Quality.OK and not header.is_production:
        quality = Quality.TEST
    at, is_marked = _when(obx, header)
    return ObxValue(code, value, quality, original, at, is_marked or code.source == "nibp")


def name_and_value(obx: Segment) -> tuple[str, str]:
    """How an observation that is not read is listed."""
    name = " ".join(filter(None, (component(obx, 3), component(obx, 3, 2))))
    return name[:_SHOWN], _as_sent(obx)


def _unit_as_sent(obx: Segment) -> str:
    return component(obx, 6, 2) or component(obx, 6)


def _as_sent(obx: Segment) -> str:
    return f"{field(obx, 5)} {_unit_as_sent(obx)}".strip()[:_SHOWN]


def _value(obx: Segment, code: Hl7Code) -> tuple[Decimal | None, Quality, str | msgspec.UnsetType]:
    """The number where one was sent that means something, what it is worth, and what was sent if that is not the number."""
    text = component(obx, 5)
    original = _as_sent(obx) if text else msgspec.UNSET
    flags = {flag.strip() for flag in _FLAG_ENDS.split(field(obx, 8))} - {""}
    if component(obx, 11) == "X" or "INV" in flags:
        return None, Quality.INVALID, original
    if not text:
        return None, Quality.UNAVAILABLE, original
    number = Decimal(text) if _NUMBER.fullmatch(text) else None
    value = None if number is None or number in _MARKERS else _converted(number, _unit(obx, code), unit_of(code))
    if value is None:
        return None, Quality.INVALID, original
    if code.vital == "weight" and not value:
        return None, Quality.UNAVAILABLE, original
    is_as_sent = value is number
    return value, _worth(code, value, flags, component(obx, 11)), msgspec.UNSET if is_as_sent else original


def _unit(obx: Segment, code: Hl7Code) -> str | None:
    sent = component(obx, 6).lower()
    return unit_of(code) if not sent and code.may_lack_unit else UNITS.get(sent)


def _converted(number: Decimal, unit: str | None, own: str) -> Decimal | None:
    """In the vital sign's own unit, to a hundredth where it was sent in another; None for a unit that is none of its."""
    if unit == own:
        return number
    if (unit, own) == ("°F", "°C"):
        return ((number - 32) * 5 / 9).quantize(_HUNDREDTH)
    if (unit, own) == ("kPa", "mmHg"):
        return (number * _MMHG_PER_KPA).quantize(_HUNDREDTH)
    return None


def _worth(code: Hl7Code, value: Decimal, flags: set[str], status: str) -> Quality:
    """Only what is known to be harmless is `ok`: no flag or a limit's, a final or unreviewed result, a known source."""
    for flag, quality in _FLAGS.items():
        if flag in flags:
            return quality
    is_rate_of_unknown_source = code.vital == "pr" and code.source == "unknown"
    if status not in ("F", "R") or is_rate_of_unknown_source or not all(map(_LIMITS.fullmatch, flags)):
        return Quality.QUESTIONABLE
    return Quality.OK if _is_possible(code.vital, value) else Quality.IMPLAUSIBLE


def _is_possible(vital: str, value: Decimal) -> bool:
    return plausible(vital, value) if vital in VITALS else value > 0


def _when(obx: Segment, header: Hl7Header) -> tuple[datetime | None, bool]:
    """OBX-14, and whether the value is marked as aperiodic; cheaper devices shift both by a field."""
    marks = [number for number in range(13, 18) if _APERIODIC in field(obx, number).split("^")]
    for number in (14, 15) if marks else (14,):
        at = moment(component(obx, number), header.zone)
        if at:
            return at, bool(marks)
    return None, bool(marks)
