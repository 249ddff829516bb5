"""What every simulated oximeter has in common: a finger in it or not, and frames many times a second."""

import math
from typing import NamedTuple

from .faults import MonitorFaults
from .patient import Patient

_WAVE = tuple(round(50 + 45 * math.sin(2 * math.pi * step / 64)) for step in range(64))


class Finger(NamedTuple):
    """What the sensor finds: pulse rate and SpO₂, None without a finger or a pulse."""

    rate: int | None
    spo2: int | None
    is_off: bool
    is_searching: bool


def finger(patient: Patient, faults: MonitorFaults, now_s: float) -> Finger:
    """A new number once a second, as devices do."""
    is_off, is_searching = faults.holds("sensor-off", now_s), faults.holds("searching", now_s)
    if is_off or is_searching:
        return Finger(None, None, is_off, is_searching)
    vitals = patient.vitals(float(int(now_s)))
    return Finger(vitals.hr, vitals.spo2, False, False)


def pleth(frame: int, a_second: int, rate: int | None) -> int:
    """The pulse wave at a frame, 0–100; flat without a pulse."""
    return 0 if rate is None else _WAVE[int(frame / a_second * rate / 60 * 64) % 64]


class FramePace:
    """How many frames of a steady stream are due. What is more than a second late is never sent.

    On a fast clock frames that would come closer than `least_s` are sent together, a second of them at most: the stream
    stays consecutive, whole seconds are left out.
    """

    def __init__(self, a_second: int) -> None:
        self.a_second = a_second
        self._frame_s = 1 / a_second
        self._least_s = 0.0
        self._sent_s: float | None = None

    def start(self, now_s: float) -> None:
        """The first frame is due at once; nothing changes where the stream runs."""
        if self._sent_s is None:
            self._sent_s = now_s - self._apart_s

    def stop(self) -> None:
        self._sent_s = None

    @property
    def _apart_s(self) -> float:
        """Whole frames, so that each turn sends as many as the time since the last one holds."""
        return self._frame_s * max(1, math.ceil(self._least_s / self._frame_s - 1e-9))

    def next_s(self) -> float | None:
        return None if self._sent_s is None else self._sent_s + self._apart_s

    def thin(self, least_s: float) -> bool:
        self._least_s = least_s
        return least_s > 1.0

    def due(self, now_s: float) -> int:
        next_s = self.next_s()
        if self._sent_s is None or next_s is None or now_s < next_s:
            return 0
        count = max(1, int((now_s - self._sent_s) / self._frame_s + 1e-6))
        self._sent_s = now_s if count > self.a_second else self._sent_s + count * self._frame_s
        return min(count, self.a_second)
