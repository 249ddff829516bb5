"""A MEDIBUS ventilator: nothing before it is told who is there, then an answer to each command."""

from datetime import UTC, datetime, timedelta

from devices.protocols.medibus.medibus_frames import (
    CLOCK,
    CORRUPT,
    DATA,
    ESC,
    ICC,
    IDENTITY,
    NOP,
    MedibusFrame,
    MedibusFrames,
    response,
)
from devices.simulators.answer_queue import AnswerQueue
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ")


class MedibusVentilator:
    """Frames of one device; its clock starts at `clock_s` (Unix). It has no cuff and no electrocardiogram."""

    def __init__(self, patient: Patient, faults: MonitorFaults, clock_s: int = 1_500_000_000, **_other: float) -> None:
        self._patient = patient
        self._faults = faults
        self._clock = datetime.fromtimestamp(clock_s, UTC)
        self._commands = MedibusFrames()
        self._answers = AnswerQueue()
        self._is_open = False

    def hear(self, data: bytes, now_s: float, /) -> None:
        bad_before = self._commands.bad
        for frame in self._commands.feed(data):
            if frame.kind == ESC:
                self._take(frame, now_s)
        if self._commands.bad > bad_before:
            self._answers.put(response(CORRUPT), now_s)

    def next_s(self) -> float | None:
        return self._answers.next_s()

    def thin(self, least_s: float, /) -> bool:
        return self._answers.thin(least_s)

    def due(self, now_s: float, /) -> list[bytes]:
        return self._answers.due(now_s)

    def _take(self, command: MedibusFrame, now_s: float) -> None:
        self._is_open = self._is_open or command.code == ICC
        answer = self._answer(command.code, now_s) if self._is_open else None
        if answer is not None:
            self._answers.put(response(command.code, answer.encode()), now_s)

    def _answer(self, code: bytes, now_s: float) -> str | None:
        if code == DATA:
            return self._page(now_s)
        if code == CLOCK:
            at = self._clock + timedelta(seconds=int(now_s))
            return f"{at:%H:%M:%S%d}-{_MONTHS[at.month - 1]}-{at:%y}"
        return {ICC: "", NOP: "", IDENTITY: "SIMULATOR"}.get(code)

    def _page(self, now_s: float) -> str:
        """What it cannot measure is left out."""
        vitals = self._patient.vitals(now_s)
        is_off = self._faults.holds("sensor-off", now_s) or self._faults.holds("searching", now_s)
        oximeter = {} if is_off else {"EB": f"{vitals.spo2}", "E1": f"{vitals.hr}"}
        page = oximeter | {"D6": f"{vitals.rr}", "D5": f"{vitals.rr}", "C1": f"{vitals.temp:.1f}"}
        return "".join(f"{code}{value:^4}" for code, value in page.items())
