"""A CARESCAPE V100 that answers what it is asked; it measures by its own interval, and takes no order."""

from devices.protocols.lines import LineCutter
from devices.simulators.answer_queue import AnswerQueue
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from .host_lines import line, opened

MEASUREMENT_S = 30.0
_FIRST_MEASUREMENT_S = 20.0
_OLDEST_S = 5400
_WARM_EVERY_S = 300


class DinamapMonitor:
    """One monitor. A cuff that fails keeps its old numbers and says so; commands that it does not know it leaves alone."""

    def __init__(self, patient: Patient, faults: MonitorFaults, nibp_every_s: float = 300.0, **_other: float) -> None:
        self._patient = patient
        self._faults = faults
        self._nibp_every_s = nibp_every_s
        self._asked = LineCutter()
        self._answers = AnswerQueue()
        self.orders: list[str] = []
        """Codes that were neither a reading nor known: none may ever be sent by the program."""

    def hear(self, data: bytes, now_s: float, /) -> None:
        for asked in self._asked.feed(data):
            found = opened(asked)
            if found is not None:
                self._hear(found[0], now_s)

    def _hear(self, code: str, now_s: float) -> None:
        answers = {"NA": self._pressure, "OA": self._oximeter, "RA": self._rate, "TC": self._temperature}
        if code in answers:
            self._answers.put(line(code, answers[code](now_s)), now_s)
        else:
            self.orders.append(code)

    def next_s(self) -> float | None:
        return self._answers.next_s()

    def thin(self, least_s: float, /) -> bool:
        return self._answers.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        return self._answers.due(now_s)

    def _pressure(self, now_s: float) -> str:
        found_s = self._found_s(now_s)
        sys, dia, mean = self._patient.pressure(found_s)
        age_s = int(now_s - found_s)
        age, numbers = (f"{age_s:04}", f"{sys:03}{dia:03}{mean:03}") if 0 <= age_s <= _OLDEST_S else ("9999", "000000000")
        return f"{self._cuff_state(now_s)}10{age}{numbers}"

    def _cuff_state(self, now_s: float) -> int:
        if self._faults.holds("nibp-fail", now_s):
            return 3
        is_busy = (now_s - _FIRST_MEASUREMENT_S) % self._nibp_every_s < MEASUREMENT_S and now_s >= _FIRST_MEASUREMENT_S
        return 0 if is_busy else 1

    def _found_s(self, now_s: float) -> float:
        """When the last cuff measurement that did not fail was done."""
        cycle = (now_s - _FIRST_MEASUREMENT_S - MEASUREMENT_S) // self._nibp_every_s
        found_s = _FIRST_MEASUREMENT_S + MEASUREMENT_S + cycle * self._nibp_every_s
        while self._faults.holds("nibp-fail", found_s):
            found_s -= self._nibp_every_s
        return found_s

    def _oximeter(self, now_s: float) -> str:
        if self._faults.holds("sensor-off", now_s):
            return "6000004"
        if self._faults.holds("searching", now_s):
            return "3000004"
        return f"1{self._patient.vitals(now_s).spo2:03}804"

    def _rate(self, now_s: float) -> str:
        if self._faults.holds("sensor-off", now_s) or self._faults.holds("searching", now_s):
            return f"3{self._patient.vitals(self._found_s(now_s)).hr:03}"
        return f"2{self._patient.vitals(now_s).hr:03}"

    def _temperature(self, now_s: float) -> str:
        taken, age_s = divmod(int(now_s), _WARM_EVERY_S)
        celsius = self._patient.vitals(taken * _WARM_EVERY_S).temp
        return f"00{chr(32 + taken % 95)}{age_s:05}{round((celsius * 9 / 5 + 32) * 10):04}0"
