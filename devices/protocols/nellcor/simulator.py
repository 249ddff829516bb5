"""An N-560: a line every two seconds, a header of three lines before every twenty-fifth."""

from datetime import UTC, datetime, timedelta

from devices.simulators.faults import MonitorFaults
from devices.simulators.line_pace import LinePace
from devices.simulators.patient import Patient

_EVERY_S = 2.0
_LINES_A_HEADER = 25
_HEADER = (
    "N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 90-100%    PR Limit: 50-120BPM",
    "                             ADULT           25SAT-S ",
    "TIME                 %SpO2   BPM     PA     Status",
)
_HELD_S = 10.0
_LOW_SPO2 = 90
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NellcorMonitor:
    """Lines of one oximeter; its clock starts at `clock_s` (Unix). It has no cuff.

    While it searches it repeats its last numbers for a while, then prints zeros.
    """

    def __init__(self, patient: Patient, faults: MonitorFaults, clock_s: int = 1_500_000_000, **_other: float) -> None:
        self._patient = patient
        self._faults = faults
        self._clock = datetime.fromtimestamp(clock_s, UTC)
        self._pace = LinePace(_EVERY_S)
        self._lines = 0
        self._found_s = float("-inf")

    def hear(self, _data: bytes, _now_s: float, /) -> None:
        """It listens to nobody."""

    def next_s(self) -> float | None:
        return self._pace.next_s

    def thin(self, least_s: float, /) -> bool:
        return self._pace.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        if not self._pace.is_due(now_s):
            return []
        header = _HEADER if self._lines % _LINES_A_HEADER == 0 else ()
        self._lines += 1
        return [f"{line}\r\n".encode() for line in (*header, self._line(now_s))]

    def _line(self, now_s: float) -> str:
        at = self._clock + timedelta(seconds=int(now_s))
        return f"{at:%d}-{_MONTHS[at.month - 1]}-{at:%y %H:%M:%S}   {self._columns(now_s)}"

    def _columns(self, now_s: float) -> str:
        if self._faults.holds("sensor-off", now_s):
            return _columns("---", "---", "---", "SO")
        is_searching = self._faults.holds("searching", now_s)
        if is_searching and now_s - self._found_s > _HELD_S:
            return _columns("0", "0", "---", "PS")
        if not is_searching:
            self._found_s = now_s
        vitals = self._patient.vitals(self._found_s)
        low = vitals.spo2 < _LOW_SPO2
        flags = ("SL " if low else "") + ("PS" if is_searching else "")
        return _columns(f"{vitals.spo2}{'*' if low else ''}", str(vitals.hr), "88", flags)


def _columns(spo2: str, pulse: str, amplitude: str, status: str) -> str:
    return f"{spo2:<8}{pulse:<8}{amplitude:<6}{status}".rstrip()
