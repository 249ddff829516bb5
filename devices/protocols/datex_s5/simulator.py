"""An S/5 monitor: silent until asked, then records of four subrecords, byte for byte like the real ones."""

import struct
from typing import NamedTuple

from devices.protocols.datex_s5 import dri
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient, PatientPressure

_NONE = -32767
_LEVEL = 9
_SHOWN = 0b11
_LEAST_INTERVAL_S = 5
_GARBAGE = b"\xbd\xbd\xff"
_BODY = 270
_CLASS_BITS = (1, 2, 4, 8)

_ECG = struct.Struct("<IH5h")
_GROUP = struct.Struct("<IH4h")
_TEMP = struct.Struct("<IHh")
_SOURCE_ECG = 1 << 3
_LEAD_OFF = 1 << 11
_LEAD_II = 0x2200
_ADULT_AUTO = 0x0B
_MEASURING = 1 << 5
_OLD = 1 << 8
_T1 = 0x0B

MEASUREMENT_S = 30.0
_OLD_AFTER_S = 60.0
_FIRST_MEASUREMENT_S = 20.0


class SimulatedCuff(NamedTuple):
    """The cuff at one moment: the last pressure and the seconds since it was found."""

    pressure: PatientPressure
    age_s: float
    is_measuring: bool


class DatexS5Monitor:
    """Bytes of one monitor; its own clock starts at `clock_s` (Unix), years off, as devices' clocks are."""

    def __init__(self, patient: Patient, faults: MonitorFaults, nibp_every_s: float = 300.0, clock_s: int = 1_500_000_000) -> None:
        self._patient = patient
        self._faults = faults
        self._nibp_every_s = nibp_every_s
        self._clock_s = clock_s
        self._requests = dri.DriFrames()
        self._interval_s = 0.0
        self._least_s = 0.0
        self._classes = 0
        self._next_s: float | None = None
        self._number = 0

    def hear(self, data: bytes, now_s: float, /) -> None:
        for record in self._requests.feed(data):
            asked = dri.request_in(record)
            if asked and asked.kind == dri.DISPLAYED:
                self._grant(asked, now_s)

    def _grant(self, asked: dri.DriRequest, now_s: float) -> None:
        was_streaming = self._next_s is not None and self._interval_s > 0
        self._classes = asked.classes
        self._interval_s = max(_LEAST_INTERVAL_S, asked.interval_s) if asked.interval_s > 0 else 0
        if asked.interval_s == 0:
            self._next_s = None
        elif not was_streaming:
            self._next_s = now_s

    def next_s(self) -> float | None:
        return self._next_s

    def thin(self, least_s: float, /) -> bool:
        self._least_s = least_s
        return least_s > max(_LEAST_INTERVAL_S, self._interval_s)

    def due(self, now_s: float, /) -> list[bytes]:
        if self._next_s is None or now_s < self._next_s:
            return []
        every_s = max(self._interval_s, self._least_s)
        on_time_s = self._next_s + every_s
        self._next_s = None if not self._interval_s else on_time_s if on_time_s > now_s else now_s + every_s
        return [dri.framed(self._record(now_s))]

    def _record(self, now_s: float) -> bytes:
        time_s = self._clock_s + int(now_s)
        classes = [number for number, bit in enumerate(_CLASS_BITS) if number == 0 or self._classes & bit]
        bodies = [self._basic(now_s), *(_empty() for _ in classes[1:])]
        parts = [_subrecord(time_s, body, number) for number, body in zip(classes, bodies, strict=True)]
        self._number = (self._number + 1) & 0xFF
        length = dri.HEADER_LEN + sum(map(len, parts))
        return dri.header(length, self._number, _LEVEL, time_s, _descriptors(len(parts))) + b"".join(parts)

    def _basic(self, now_s: float) -> bytes:
        body = bytearray(_empty())
        self._put_ecg(body, now_s)
        self._put_cuff(body, self._cuff(now_s))
        self._put_oximeter(body, now_s)
        temp = round(self._patient.vitals(now_s).temp * 100)
        _TEMP.pack_into(body, 86, _SHOWN, _T1, temp)
        _GROUP.pack_into(body, 132, _SHOWN, 0, 0, 0, 0, 7600)
        return bytes(body)

    def _put_ecg(self, body: bytearray, now_s: float) -> None:
        vitals = self._patient.vitals(now_s)
        if self._faults.holds("lead-off", now_s):
            _ECG.pack_into(body, 0, _SHOWN | _LEAD_OFF, _LEAD_II, *[_NONE] * 5)
        else:
            status = _SHOWN | _SOURCE_ECG
            _ECG.pack_into(body, 0, status, _LEAD_II, vitals.hr, _NONE, _NONE, _NONE, vitals.rr)

    def _put_oximeter(self, body: bytearray, now_s: float) -> None:
        vitals = self._patient.vitals(now_s)
        shown = (vitals.spo2 * 100, vitals.hr, 200)
        if self._faults.holds("sensor-off", now_s):
            shown = (_NONE, _NONE, _NONE)
        _GROUP.pack_into(body, 118, _SHOWN, 0, *shown, _NONE)

    def _put_cuff(self, body: bytearray, cuff: SimulatedCuff) -> None:
        label = _ADULT_AUTO
        if cuff.is_measuring:
            label |= _MEASURING
        if cuff.age_s > _OLD_AFTER_S:
            label |= _OLD
        sys, dia, mean = (value * 100 for value in cuff.pressure)
        _GROUP.pack_into(body, 72, _SHOWN, label, sys, dia, mean, _NONE)

    def _cuff(self, now_s: float) -> SimulatedCuff:
        """A measurement every so often; a failed one leaves the old pressure standing."""
        since_first_s = now_s - _FIRST_MEASUREMENT_S
        cycle, into_s = divmod(since_first_s, self._nibp_every_s)
        is_measuring = into_s < MEASUREMENT_S
        found_s = self._found_s(int(cycle) - is_measuring)
        return SimulatedCuff(self._patient.pressure(found_s), now_s - found_s, is_measuring)

    def _found_s(self, cycle: int) -> float:
        """When the last measurement that did not fail was done, counting back from this one."""
        ended_s = _FIRST_MEASUREMENT_S + cycle * self._nibp_every_s + MEASUREMENT_S
        if self._faults.holds("nibp-fail", ended_s):
            return self._found_s(cycle - 1)
        return ended_s


def _empty() -> bytes:
    return struct.pack("<h", _NONE) * (_BODY // 2)


def _subrecord(time_s: int, body: bytes, number: int) -> bytes:
    return struct.pack("<I", time_s) + body + struct.pack("<BBH", 0, 0, 0x0091 | number << 8)


def _descriptors(count: int) -> bytes:
    """The list, its end, and behind it the rubbish that a real monitor leaves there."""
    listed = b"".join(dri.descriptor(number * dri.SUBRECORD_LEN, dri.DISPLAYED) for number in range(count))
    return listed + _GARBAGE * (8 - count)
