"""A weighing scale that answers `S` and `SI`: somebody steps on it, and it comes to rest."""

from devices.protocols.lines import LineCutter
from devices.simulators.answer_queue import AnswerQueue
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

_SETTLED_S = 3.0
_IDENTITY = 'I4 A "SIMULATOR"'


class MtSicsScale:
    """Lines of one scale with the patient on it; with the sensor off nobody is, and searching it does not rest."""

    def __init__(self, patient: Patient, faults: MonitorFaults, **_other: float) -> None:
        self._patient = patient
        self._faults = faults
        self._asked = LineCutter()
        self._answers = AnswerQueue()

    def hear(self, data: bytes, now_s: float, /) -> None:
        for line in self._asked.feed(data):
            self._answers.put(f"{self._answer(line, now_s)}\r\n".encode(), now_s)

    def next_s(self) -> float | None:
        return self._answers.next_s()

    def thin(self, least_s: float, /) -> bool:
        return self._answers.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        return self._answers.due(now_s)

    def _answer(self, asked: bytes, now_s: float) -> str:
        if asked == b"I4":
            return _IDENTITY
        if asked not in (b"S", b"SI"):
            return "ES"
        if now_s < _SETTLED_S or self._faults.holds("searching", now_s):
            return "S I" if asked == b"S" else f"S D {self._patient.weight_kg - 0.35:10.2f} kg"
        weight_kg = 0.0 if self._faults.holds("sensor-off", now_s) else self._patient.weight_kg
        return f"S S {weight_kg:10.2f} kg"
