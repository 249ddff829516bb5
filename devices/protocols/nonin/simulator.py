"""A Nonin oximeter: format #2 from the start, #7 or #8 when told so; it keeps its numbers ten seconds without a finger."""

import re

from devices.protocols.nonin.realtime_frames import ARTEFACT, CYCLE, NO_RATE, NO_SPO2, OUT_OF_TRACK, SENSOR_ALARM, SYNC
from devices.simulators.faults import MonitorFaults
from devices.simulators.finger import Finger, FramePace, finger, pleth
from devices.simulators.patient import Patient

HELD_S = 10.0
ACK, NAK = b"\x06", b"\x15"
_SELECT = re.compile(rb"\x02\x70\x02\x02(.)\x03", re.DOTALL)
_SELECT_LENGTH = 6
_A_SECOND = {2: 75, 7: 75, 8: 1}
_SLOW_OUT_OF_TRACK, _SLOW_SENSOR_ALARM, _SLOW_SMARTPOINT = 0x20, 0x08, 0x20
#: Frames of a cycle that carry a pulse rate (two of them) and an SpO₂.
_RATES, _SPO2S = (1, 14, 20, 22), (3, 9, 10, 11, 16)


def select(data_format: int) -> bytes:
    """The host's choice of a data format."""
    return bytes((0x02, 0x70, 0x02, 0x02, data_format, 0x03))


class NoninMonitor:
    """Bytes of one oximeter; it has no cuff and no clock."""

    def __init__(self, patient: Patient, faults: MonitorFaults, **_does_not_apply: float) -> None:
        self._patient = patient
        self._faults = faults
        self._heard = b""
        self._answer = b""
        self._held = Finger(None, None, False, False)
        self._least_s = 0.0
        self._set(2, 0.0)

    def _set(self, data_format: int, now_s: float) -> None:
        self._format = data_format
        self._number = 0
        self._pace = FramePace(_A_SECOND[data_format])
        self._pace.thin(self._least_s)
        self._pace.start(now_s)

    def hear(self, data: bytes, now_s: float, /) -> None:
        self._heard += data
        for match in _SELECT.finditer(self._heard):
            wanted = match[1][0]
            self._answer += ACK if wanted in _A_SECOND else NAK
            if wanted in _A_SECOND:
                self._set(wanted, now_s)
        self._heard = _SELECT.sub(b"", self._heard)[1 - _SELECT_LENGTH :]

    def next_s(self) -> float | None:
        return self._pace.next_s()

    def thin(self, least_s: float, /) -> bool:
        self._least_s = least_s
        return self._pace.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        frames = [self._frame(now_s) for _ in range(self._pace.due(now_s))]
        if frames:
            frames[0], self._answer = self._answer + frames[0], b""
        return frames

    def _frame(self, now_s: float) -> bytes:
        place = self._number % CYCLE
        if self._format == 8 or place == 0:
            self._shown = self._seen(now_s)
        self._number += 1
        return self._slow() if self._format == 8 else self._fast(place)

    def _seen(self, now_s: float) -> Finger:
        """What the sensor finds, with the numbers of before while they are held."""
        found = finger(self._patient, self._faults, now_s)
        if not (found.is_off or found.is_searching):
            self._held = found
        is_held = found.is_off and not self._faults.holds("sensor-off", now_s - HELD_S)
        return found._replace(rate=self._held.rate, spo2=self._held.spo2) if is_held else found

    def _numbers(self) -> tuple[int, int]:
        rate, spo2 = self._shown.rate, self._shown.spo2
        return NO_RATE if rate is None else rate, NO_SPO2 if spo2 is None else spo2

    def _slow(self) -> bytes:
        rate, spo2 = self._numbers()
        status = 0x80 | (_SLOW_OUT_OF_TRACK if self._is_lost() else 0)
        status2 = _SLOW_SENSOR_ALARM if self._shown.is_off else 0 if self._is_lost() else _SLOW_SMARTPOINT
        return bytes((status | rate >> 7, rate & 0x7F, spo2, status2))

    def _fast(self, place: int) -> bytes:
        status = 0x80 | (SYNC if place == 0 else 0) | (OUT_OF_TRACK if self._is_lost() else 0)
        status |= SENSOR_ALARM if self._shown.is_off else ARTEFACT if self._shown.is_searching else 0
        wave = pleth(self._number, 75, self._shown.rate)
        most, value = (b"\x01", wave) if self._format == 2 else (b"", wave << 8)
        body = most + bytes((status,)) + value.to_bytes(1 if most else 2, "big") + bytes((self._float(place + 1),))
        return body + bytes((sum(body) & 0xFF,))

    def _is_lost(self) -> bool:
        return self._shown.is_off or self._shown.is_searching

    def _float(self, number: int) -> int:
        rate, spo2 = self._numbers()
        if number in _RATES:
            return rate >> 7
        if number - 1 in _RATES:
            return rate & 0x7F
        return spo2 if number in _SPO2S else 0
