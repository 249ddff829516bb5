"""Contec CMS50 and Berry oximeters: V7 is asked for live values and must be kept awake, the others talk by themselves."""

from devices.protocols.contec.five_bytes import NO_RATE, NO_SPO2
from devices.protocols.contec.v7_packets import KEEP_ALIVE, START_LIVE, STOP_LIVE, STOP_STORAGE, command
from devices.simulators.faults import MonitorFaults
from devices.simulators.finger import Finger, FramePace, finger, pleth
from devices.simulators.patient import Patient

AWAKE_S = 10.0
"""So long without a keep-alive, and it is silent; a fast clock's host, who is heard late, is given more."""

_ON_A_FAST_CLOCK = 40
_DONE = b"\x0c\x80"
_COMMAND_LENGTH = 9
_SIGNAL, _BAR, _PERFUSION_INDEX = 7, 8, 512


def _numbers(seen: Finger) -> tuple[int, int]:
    return NO_RATE if seen.rate is None else seen.rate, NO_SPO2 if seen.spo2 is None else seen.spo2


class FiveByteMonitor:
    """V5 or BCI frames; `off` and `searching` are the first and third byte without finger and without pulse."""

    a_second = 60
    off = (0, 0x10)
    searching = (0, 0x20)

    def __init__(self, patient: Patient, faults: MonitorFaults, **_does_not_apply: float) -> None:
        self._patient = patient
        self._faults = faults
        self._number = 0
        self._pace = FramePace(self.a_second)
        self._pace.start(0.0)

    def hear(self, data: bytes, now_s: float, /) -> None:
        """It takes no commands."""

    def next_s(self) -> float | None:
        return self._pace.next_s()

    def thin(self, least_s: float, /) -> bool:
        return self._pace.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        count = self._pace.due(now_s)
        seen = finger(self._patient, self._faults, now_s) if count else None
        return [self._frame(seen) for _ in range(count) if seen]

    def _frame(self, seen: Finger) -> bytes:
        rate, spo2 = _numbers(seen)
        self._number += 1
        first, third = self.off if seen.is_off else self.searching if seen.is_searching else (_SIGNAL, _BAR)
        wave = pleth(self._number, self.a_second, seen.rate)
        return bytes((0x80 | first, wave, third | rate >> 1 & 0x40, rate & 0x7F, spo2))


class ContecV5Monitor(FiveByteMonitor):
    """A CMS50D or E."""


class BerryMonitor(FiveByteMonitor):
    """A Berry oximeter."""

    a_second = 100


class ContecMonitor:
    """A CMS50 that speaks V7; it has no cuff and no clock."""

    def __init__(self, patient: Patient, faults: MonitorFaults, **_does_not_apply: float) -> None:
        self._patient = patient
        self._faults = faults
        self._number = 0
        self._heard = b""
        self._heard_s = 0.0
        self._awake_s = AWAKE_S
        self._answers: list[bytes] = []
        self._pace = FramePace(60)

    def hear(self, data: bytes, now_s: float, /) -> None:
        self._heard += data
        for code in (START_LIVE, STOP_LIVE, STOP_STORAGE, KEEP_ALIVE):
            if command(code) in self._heard:
                self._heard = self._heard.replace(command(code), b"")
                self._obey(code, now_s)
        self._heard = self._heard[1 - _COMMAND_LENGTH :]

    def _obey(self, code: int, now_s: float) -> None:
        self._heard_s = now_s
        if code == START_LIVE:
            self._pace.start(now_s)
        elif code != KEEP_ALIVE:
            self._pace.stop()
            self._answers.append(_DONE)

    def next_s(self) -> float | None:
        return self._heard_s if self._answers else self._pace.next_s()

    def thin(self, least_s: float, /) -> bool:
        self._awake_s = AWAKE_S + _ON_A_FAST_CLOCK * least_s
        return self._pace.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        if now_s - self._heard_s > self._awake_s:
            self._pace.stop()
        answers, self._answers = self._answers, []
        count = self._pace.due(now_s)
        seen = finger(self._patient, self._faults, now_s) if count else None
        return answers + [self._live(seen) for _ in range(count) if seen]

    def _live(self, seen: Finger) -> bytes:
        rate, spo2 = _numbers(seen)
        self._number += 1
        signal = 0x80 if seen.is_off else 0x10 if seen.is_searching else _SIGNAL
        wave = pleth(self._number, 60, seen.rate) | (0x80 if seen.is_searching else 0)
        bar, index = (0x10, 0xFFFF) if seen.rate is None else (_BAR, _PERFUSION_INDEX)
        data = (signal, wave, bar, rate, spo2, index & 0xFF, index >> 8)
        high = sum((byte >> 7) << place for place, byte in enumerate(data))
        return bytes((0x01, 0x80 | high, *(byte | 0x80 for byte in data)))
