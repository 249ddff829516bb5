"""A Rad-8 that sends "ASCII 1": a line a second, numbers even while its sensor is off, as the real one does."""

from datetime import UTC, datetime, timedelta

from devices.simulators.faults import MonitorFaults
from devices.simulators.line_pace import LinePace
from devices.simulators.patient import Patient, PatientVitals

_EVERY_S = 1.0
_NORMAL, _SENSOR_OFF, _SEARCHING = 0x800, 0x824, 0x808
_QUIET, _ALARM = 0x0000, 0x0010
_REST = "PI=04.96% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+--"


class MasimoMonitor:
    """Lines of one oximeter; its clock starts at `clock_s` (Unix). It has no cuff."""

    def __init__(self, patient: Patient, faults: MonitorFaults, clock_s: int = 1_500_000_000, **_other: float) -> None:
        self._patient = patient
        self._faults = faults
        self._clock = datetime.fromtimestamp(clock_s, UTC)
        self._pace = LinePace(_EVERY_S)

    def hear(self, _data: bytes, _now_s: float, /) -> None:
        """It listens to nobody."""

    def next_s(self) -> float | None:
        return self._pace.next_s

    def thin(self, least_s: float, /) -> bool:
        return self._pace.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        return [self._line(now_s)] if self._pace.is_due(now_s) else []

    def _line(self, now_s: float) -> bytes:
        at = self._clock + timedelta(seconds=int(now_s))
        exceptions = self._exceptions(now_s)
        values = _values(self._patient.vitals(now_s), exceptions)
        alarm = _QUIET if exceptions == _NORMAL else _ALARM
        return f"{at:%m/%d/%y %H:%M:%S} SN=0000000000 {values} {_REST} ALARM={alarm:04X} EXC={exceptions:06X}\r\n".encode()

    def _exceptions(self, now_s: float) -> int:
        if self._faults.holds("sensor-off", now_s):
            return _SENSOR_OFF
        return _SEARCHING if self._faults.holds("searching", now_s) else _NORMAL


def _values(vitals: PatientVitals, exceptions: int) -> str:
    if exceptions == _SEARCHING:
        return "SPO2=---% BPM=---%"
    return f"SPO2={vitals.spo2:03}% BPM={vitals.hr:03}"
