"""A sensor on a drip chamber: 20 drops a minute for a quarter of an hour, then 50; with the sensor off none are seen."""

from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from .drop_lines import line

SLOW_GTT_MIN, FAST_GTT_MIN = 20.0, 50.0
STEP_UP_S = 900.0
ALIVE_EVERY_S = 5.0


class SimulatedDropSensor:
    """Lines of one sensor that was switched on at 0 s. It counts on while it may not send, as a real one does."""

    def __init__(self, _patient: Patient, faults: MonitorFaults, **_other: float) -> None:
        self._faults = faults
        self._drops = 0
        self._drop_s = self._after(0.0)
        self._sent_s = 0.0
        self._least_s = 0.0

    def hear(self, _data: bytes, _now_s: float, /) -> None:
        """It listens to nobody."""

    def next_s(self) -> float | None:
        return max(min(self._drop_s, self._sent_s + ALIVE_EVERY_S), self._sent_s + self._least_s)

    def thin(self, least_s: float, /) -> bool:
        self._least_s = least_s
        return least_s > _interval_s(SLOW_GTT_MIN)

    def due(self, now_s: float, /) -> list[bytes]:
        fallen_s = self._fall(now_s)
        if now_s - self._sent_s < self._least_s or (fallen_s is None and now_s - self._sent_s < ALIVE_EVERY_S):
            return []
        self._sent_s = now_s
        at_s = now_s if fallen_s is None else fallen_s
        return [line(self._drops, int(at_s * 1000))]

    def _fall(self, now_s: float) -> float | None:
        """Count what has fallen; when the last of it did."""
        fallen_s = None
        while self._drop_s <= now_s:
            if not self._faults.holds("sensor-off", self._drop_s):
                self._drops, fallen_s = self._drops + 1, self._drop_s
            self._drop_s = self._after(self._drop_s)
        return fallen_s

    def _after(self, drop_s: float) -> float:
        return drop_s + _interval_s(SLOW_GTT_MIN if drop_s < STEP_UP_S else FAST_GTT_MIN)


def _interval_s(rate_gtt_min: float) -> float:
    return 60 / rate_gtt_min
