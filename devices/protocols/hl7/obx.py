"""One OBX segment: its vital sign, its number in the vital sign's own unit, and whether it means something."""

import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from app.domain.vitals.vital_signs import VITALS, Quality, plausible

from .hl7_codes import Hl7Code, unit_named
from .hl7_message import Hl7Header, Segment, component, field, moment
from .makers import AIRWAY, ECG_RESPIRATION, VMDS, MakerDialect, spoken

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,6})?")
_MMHG_PER_KPA = Decimal(1000) / Decimal("133.322387415")
_HUNDREDTH = Decimal("0.01")

_LIMITS = re.compile(r"L|LL|H|HH|N|A|AA|<|>|[0-9.]+ ?- ?[0-9.]+")
_FLAG_ENDS = re.compile(r"[~^]")
_FLAGS = {"DEMO": Quality.DEMO, "TEST": Quality.TEST}
_APERIODIC = "APERIODIC"
_KILOGRAM = "kg"
_SHOWN = 80

#: What the beginning of a sub-id (OBX-4) says of a source: temperature channels, and a pulse of no virtual device.
_CHANNELS = {("temp", "1.2.1."): "probe", ("temp", "1.2.5."): "spot", ("pr", "1.0.0."): "spot"}
_BREATHING = {AIRWAY: "co2", ECG_RESPIRATION: "impedance"}
_OF_A_DEVICE = re.compile(r"(\d+\.\d+)\.0\.0")
_DEVICE = re.compile(r"(\d+\.\d+)\.")
#: Where Philips says how a rate was found (OBX-17): a rate found by the oximeter or the cuff is a pulse.
_METHODS = {"0002-4bb8": "pleth", "spo2": "pleth", "nbp": "nibp"}


class Hl7Choices(msgspec.Struct, frozen=True):
    """What a site has chosen for the monitor of one placement.

    `empty_is_final`: a value without a word of its state (OBX-11 empty) is believed. `maker`: whose codes it speaks,
    where it does not say so itself (`devices.protocols.hl7.makers`).
    """

    empty_is_final: bool = False
    maker: str = ""


NOTHING_CHOSEN = Hl7Choices()


class ObxValue(NamedTuple):
    """What one OBX says; `is_aperiodic`: measured now and then and repeated until the next time.

    `lacks_state`: nothing is wrong with the value but that OBX-11 is empty.
    """

    code: Hl7Code
    value: Decimal | None
    quality: Quality
    original: str | msgspec.UnsetType
    measured_at: datetime | None
    is_aperiodic: bool
    lacks_state: bool = False

    @property
    def unit(self) -> str:
        return unit_of(self.code)


def unit_of(code: Hl7Code) -> str:
    return VITALS[code.vital].unit if code.vital in VITALS else _KILOGRAM


class ObxReader:
    """Reads one message's OBX segments in the dialects that its header allows."""

    def __init__(self, header: Hl7Header, choices: Hl7Choices = NOTHING_CHOSEN) -> None:
        self._header = header
        self._choices = choices
        self._dialects = spoken(header, choices.maker)
        self._vmds: dict[str, str] = {}

    def observed(self, obx: Segment) -> ObxValue | None:
        """None for what is not one of the vital signs."""
        self._note_device(obx)
        found = self._meaning(obx)
        if found is None:
            return None
        code, dialect = found
        value, quality, original = _value(obx, code, dialect)
        lacks_state = quality is Quality.OK and not component(obx, 11) and not self._choices.empty_is_final
        if lacks_state:
            quality = Quality.QUESTIONABLE
        if quality is Quality.OK and not self._header.is_production:
            quality = Quality.TEST
        at, is_marked = _when(obx, self._header)
        return ObxValue(code, value, quality, original, at, is_marked or code.source == "nibp", lacks_state)

    def _note_device(self, obx: Segment) -> None:
        """A virtual device stands in the message as an OBX of its own, beside those that it measures."""
        device = _OF_A_DEVICE.fullmatch(component(obx, 4))
        if device and component(obx, 3) in VMDS:
            self._vmds[device[1]] = component(obx, 3)

    def _meaning(self, obx: Segment) -> tuple[Hl7Code, MakerDialect] | None:
        """The vital sign of an observation, by the first dialect that knows its code."""
        key, system = component(obx, 3).lower(), component(obx, 3, 3).upper()
        for dialect in self._dialects:
            code = dialect.codes.get(key)
            if code and (dialect.systems is None or system in dialect.systems):
                return self._placed(obx, code, dialect), dialect
        return None

    def _placed(self, obx: Segment, code: Hl7Code, dialect: MakerDialect) -> Hl7Code:
        sub_id = component(obx, 4)
        if code.vital in ("hr", "pr"):
            method = _METHODS.get(component(obx, 17).lower()) or _METHODS.get(component(obx, 17, 2).lower())
            if method:
                return Hl7Code("pr", method)
        if code.vital == "rr" and (device := _DEVICE.match(sub_id)):
            vmd = self._vmds.get(device[1]) or dialect.vmds.get(device[1], "")
            return code._replace(source=_BREATHING.get(vmd, code.source))
        return code._replace(source=_CHANNELS.get((code.vital, sub_id[:6]), code.source))


def name_and_value(obx: Segment) -> tuple[str, str]:
    """How an observation that is not read is listed."""
    name = " ".join(filter(None, (component(obx, 3), component(obx, 3, 2))))
    return name[:_SHOWN], _as_sent(obx)


def _unit_as_sent(obx: Segment) -> str:
    return component(obx, 6, 2) or component(obx, 6)


def _as_sent(obx: Segment) -> str:
    return f"{field(obx, 5)} {_unit_as_sent(obx)}".strip()[:_SHOWN]


def _value(obx: Segment, code: Hl7Code, dialect: MakerDialect) -> tuple[Decimal | None, Quality, str | msgspec.UnsetType]:
    """The number where one was sent that means something, what it is worth, and what was sent if that is not the number."""
    text = component(obx, 5)
    original = _as_sent(obx) if text else msgspec.UNSET
    flags = {flag.strip() for flag in _FLAG_ENDS.split(field(obx, 8))} - {""}
    if component(obx, 11) == "X" or "INV" in flags:
        return None, Quality.INVALID, original
    if not text:
        return None, Quality.UNAVAILABLE, original
    number = Decimal(text) if _NUMBER.fullmatch(text) else None
    value = None if number is None or number in dialect.markers else _converted(number, _unit(obx, code, dialect), unit_of(code))
    if value is None:
        return None, Quality.INVALID, original
    if code.vital == "weight" and not value:
        return None, Quality.UNAVAILABLE, original
    is_as_sent = value is number
    return value, _worth(code, value, flags, component(obx, 11), dialect), msgspec.UNSET if is_as_sent else original


def _unit(obx: Segment, code: Hl7Code, dialect: MakerDialect) -> str | None:
    sent, named = component(obx, 6), component(obx, 6, 2)
    if not sent and not named and code.may_lack_unit:
        return unit_of(code)
    if dialect.units:
        return dialect.units.get(sent) or unit_named(named or sent)
    return unit_named(sent or named)


def _converted(number: Decimal, unit: str | None, own: str) -> Decimal | None:
    """In the vital sign's own unit, to a hundredth where it was sent in another; None for a unit that is none of its."""
    if unit == own:
        return number
    if (unit, own) == ("°F", "°C"):
        return ((number - 32) * 5 / 9).quantize(_HUNDREDTH)
    if (unit, own) == ("kPa", "mmHg"):
        return (number * _MMHG_PER_KPA).quantize(_HUNDREDTH)
    return None


def _worth(code: Hl7Code, value: Decimal, flags: set[str], status: str, dialect: MakerDialect) -> Quality:
    """Only what is known to be harmless is `ok`: no flag or a limit's, a value that is done, a known source.

    What says nothing of its state is for a site to believe or not.
    """
    for flag, quality in _FLAGS.items():
        if flag in flags:
            return quality
    is_rate_of_unknown_source = code.vital == "pr" and code.source == "unknown"
    if (status and status not in dialect.final) or is_rate_of_unknown_source or not all(map(_LIMITS.fullmatch, flags)):
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
