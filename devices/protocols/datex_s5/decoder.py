"""GE / Datex-Ohmeda S/5: displayed values of the basic class (GE 8005313 and M1017617, 12th editions)."""

import struct
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from app.domain.vitals.vital_signs import NIBP, VITALS, Quality, Sample, plausible
from devices.protocols import FramedDecoder, UnmappedValues
from devices.protocols.clocks import UnixClock

from . import dri
from .s5_cuff import S5Cuff, Triple

_NO_VALUE = -32001
_OUT_OF_RANGE = (-32764, -32763)
_ACTIVE = 0b11
_ASYSTOLE = 1 << 2

_ECG = struct.Struct("<IHhhhhh")
_NIBP = struct.Struct("<IHhhh")
_TEMP = struct.Struct("<IHh")
_SPO2 = struct.Struct("<IHhh")
_CO2 = struct.Struct("<IHhhh")
#: Where each group of the basic class begins in its subrecord, the 4 bytes of time counted in.
_AT_ECG, _AT_NIBP, _AT_TEMPS, _AT_SPO2, _AT_CO2 = 4, 76, (90, 98, 106, 114), 122, 136
_AT_CLASS = 276
_TRIPLE, _PAIR = struct.Struct("<IHhhh"), struct.Struct("<IHhh")
#: Groups of hundredths that are shown as they come and not read: name, offset, form.
_UNREAD = (*((f"P{n}", 4 + at, _TRIPLE) for n, at in enumerate((16, 30, 44, 58), 1)), ("CO2 Et/Fi", 136, _PAIR))

_PULSE = {"pleth": (6, 12), "abp": (2, 3, 4, 5, 7, 8)}
_RATE_OF = {1: ("hr", "ecg"), 9: ("hr", "ecg")} | {code: ("pr", source) for source, codes in _PULSE.items() for code in codes}
_UNKNOWN_RATE = ("hr", "unknown")


class DriValue(NamedTuple):
    """One value of a record before it is a sample."""

    vital: str
    value: Decimal | None
    quality: Quality
    source: str
    measured_at: datetime | None = None


Raw: TypeAlias = tuple[Decimal | None, Quality]


class DatexS5(FramedDecoder[dri.DriFrames]):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`."""

    limit = dri.LIMIT

    def __init__(self) -> None:
        self._frames = dri.DriFrames()
        self._nibp = S5Cuff()
        self._clock = UnixClock()
        self.unmapped = UnmappedValues()

    def feed(self, data: bytes) -> list[Sample]:
        return [sample for record in self._frames.feed(data) for sample in self._samples(record)]

    def _samples(self, record: dri.DriRecord) -> Iterator[Sample]:
        at = self._clock.date_of(record.time_s)
        for start in _basic_parts(record):
            self._note_unread(record.data, start)
            for vital, value, quality, source, measured_at in self._values(record.data, start, at):
                unit = VITALS[vital].unit
                yield Sample(record.frame, vital, value, unit, quality, source, at, measured_at)

    def _values(self, data: bytes, start: int, at: datetime) -> Iterator[DriValue]:
        ecg_status, _, rate, *_, impedance = _ECG.unpack_from(data, start + _AT_ECG)
        co2_status, _, *_, co2_rate = _CO2.unpack_from(data, start + _AT_CO2)
        breath = _raw("rr", impedance, ecg_status)
        by_co2 = not (breath[0] or 0) > 0 and _is_active(co2_status) and co2_rate > 0
        yield _heart(rate, ecg_status)
        if not by_co2:
            yield DriValue("rr", *breath, "impedance")
        yield from self._pressure(data, start, at)
        yield _temperature(data, start)
        yield from _oximeter(data, start)
        if by_co2:
            yield DriValue("rr", *_raw("rr", co2_rate, co2_status), "co2")

    def _note_unread(self, data: bytes, start: int) -> None:
        for name, offset, form in _UNREAD:
            status, _, *values = form.unpack_from(data, start + offset)
            if _is_active(status) and any(value > _NO_VALUE for value in values):
                shown = (f"{Decimal(value) / 100:f}" if value > _NO_VALUE else "—" for value in values)
                self.unmapped.note(name, " ".join(shown))

    def _pressure(self, data: bytes, start: int, at: datetime) -> Iterator[DriValue]:
        status, label, sys, dia, mean = _NIBP.unpack_from(data, start + _AT_NIBP)
        values = [_raw(vital, raw, status, 100) for vital, raw in zip(NIBP, (sys, dia, mean), strict=True)]
        triple: Triple = (values[0][0], values[1][0], values[2][0])
        whole, measured_at = self._nibp.judge(label, triple, at)
        for vital, (value, quality) in zip(NIBP, values, strict=True):
            is_missing = value is None and whole is not Quality.MEASURING
            yield DriValue(vital, value, quality if is_missing else whole, "nibp", measured_at)


def _basic_parts(record: dri.DriRecord) -> Iterator[int]:
    """Where each subrecord of displayed basic values begins; trends and other classes are passed over."""
    if record.maintype != dri.PHYSIOLOGICAL:
        return
    for kind, start in dri.subrecords(record):
        is_whole = start + dri.SUBRECORD_LEN <= len(record.data)
        if kind == dri.DISPLAYED and is_whole and not record.data[start + _AT_CLASS + 1] & 0x0F:
            yield start


def _is_active(status: int) -> bool:
    return status & _ACTIVE == _ACTIVE


def _raw(vital: str, raw: int, status: int, scale: int = 1) -> Raw:
    """A 16-bit value of a group, scaled exactly; None and the reason where it is a marker."""
    return _number(vital, raw, scale) if _is_active(status) else (None, Quality.UNAVAILABLE)


@lru_cache(4096)
def _number(vital: str, raw: int, scale: int) -> Raw:
    """Most of a record's numbers stand in the one before as well."""
    if raw <= _NO_VALUE:
        return None, Quality.INVALID if raw in _OUT_OF_RANGE else Quality.UNAVAILABLE
    value = Decimal(raw) / scale
    return value, Quality.OK if plausible(vital, value) else Quality.IMPLAUSIBLE


def _heart(raw: int, status: int) -> DriValue:
    """Heart or pulse rate by its source; during asystole there is none, whatever number is sent."""
    vital, source = _RATE_OF.get(status >> 3 & 0x0F, _UNKNOWN_RATE)
    value, quality = _raw(vital, raw, status)
    if status & _ASYSTOLE:
        value, quality = None, Quality.INVALID
    elif quality is Quality.OK and source == "unknown":
        quality = Quality.QUESTIONABLE
    return DriValue(vital, value, quality, source)


def _temperature(data: bytes, start: int) -> DriValue:
    """The first of T1–T4 that has a number, else why T1 has none."""
    read = (_probe(data, start, number, offset) for number, offset in enumerate(_AT_TEMPS, 1))
    first = next(read)
    return first if first.value is not None else next((other for other in read if other.value is not None), first)


def _probe(data: bytes, start: int, number: int, offset: int) -> DriValue:
    status, _, raw = _TEMP.unpack_from(data, start + offset)
    return DriValue("temp", *_raw("temp", raw, status, 100), f"t{number}")


def _oximeter(data: bytes, start: int) -> Iterator[DriValue]:
    status, _, spo2, pulse = _SPO2.unpack_from(data, start + _AT_SPO2)
    yield DriValue("spo2", *_raw("spo2", spo2, status, 100), "pleth")
    yield DriValue("pr", *_raw("pr", pulse, status), "pleth")
