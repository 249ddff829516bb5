"""A monitor that speaks HL7 v2, in one of three dialects; its header says that it is a simulator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.domain.vitals.vital_signs import NIBP
from devices.protocols.hl7 import mllp
from devices.protocols.hl7.hl7_message import component, header_of, segment_of
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from .simulated_dialects import PCD, Hl7Dialect

MEASUREMENT_S = 30.0
ANSWER_WITHIN_S = 10.0
_FIRST_MEASUREMENT_S = 20.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Hl7Monitor:
    """Its own clock starts at `clock_s` (Unix), years off. Every message repeats the last cuff pressure with its time.

    A sensor off is told by `INV` and X, a lead off by -100, a search by 8388607 and X: all of them found in the wild.
    """

    def __init__(
        self,
        patient: Patient,
        faults: MonitorFaults,
        nibp_every_s: float = 300.0,
        clock_s: int = 1_500_000_000,
        dialect: Hl7Dialect = PCD,
    ) -> None:
        self._patient = patient
        self._faults = faults
        self._nibp_every_s = nibp_every_s
        self._clock_s = clock_s
        self._dialect = dialect
        self._heard = mllp.MllpFrames()
        self._least_s = 0.0
        self._number = 0
        self._next_s: float | None = None if dialect.waits else 0.0
        self._waits_until_s: float | None = None
        self._is_enveloped = True
        self._query = ""
        self.unanswered = 0

    def hear(self, data: bytes, now_s: float, /) -> None:
        for piece in self._heard.feed(data):
            if piece.segment.startswith(mllp.HEADER):
                self._hear_header(piece, now_s)
            elif piece.segment.startswith(b"MSA|"):
                self._hear_answer(piece.segment)
            elif piece.segment.startswith(b"QRD|"):
                self._query = piece.segment.decode("ascii", "replace")

    def _hear_header(self, piece: mllp.MessagePiece, now_s: float) -> None:
        if self._dialect.waits and header_of(piece.segment, piece.is_enveloped).kind == "QRY^R02":
            self._is_enveloped, self._next_s = piece.is_enveloped, now_s

    def _hear_answer(self, segment: bytes) -> None:
        if component(segment_of(segment.decode("ascii", "replace")), 2) == str(self._number):
            self._waits_until_s = None

    def next_s(self) -> float | None:
        if self._next_s is None:
            return None
        return max(self._next_s, self._waits_until_s or 0.0)

    def thin(self, least_s: float, /) -> bool:
        self._least_s = least_s
        return least_s > self._dialect.every_s

    def due(self, now_s: float, /) -> list[bytes]:
        at_s = self.next_s()
        if at_s is None or now_s < at_s:
            return []
        self.unanswered += self._waits_until_s is not None
        self._number += 1
        self._waits_until_s = now_s + ANSWER_WITHIN_S if self._dialect.wants_answers else None
        self._next_s = self._after(now_s)
        message = "".join(f"{segment}\r" for segment in self._segments(now_s)).encode()
        return [mllp.enveloped(message) if self._is_enveloped else message]

    def _after(self, now_s: float) -> float | None:
        """A polled monitor says one thing a query, a subscribed one goes on."""
        return now_s + max(self._dialect.every_s, self._least_s) if self._dialect.streams else None

    def _segments(self, now_s: float) -> Iterator[str]:
        dialect, at = self._dialect, self._clock(now_s)
        sent_at = at if dialect.tells_time else ""
        answers = "|||AL|NE||UNICODE UTF-8" if dialect.wants_answers else ""
        yield f"MSH|^~\\&|SIMULATOR||||{sent_at}||{dialect.kind}|{self._number}|P|{dialect.version}{answers}"
        if dialect.kind == "ORF^R04":
            yield f"MSA|AA|{component(segment_of(self._query), 4)}"
            yield self._query
        yield "PID|||SIMULATOR"
        yield f"OBR|1||||||{at}"
        for number, (vital, value, measured_at) in enumerate(self._values(now_s), 1):
            yield self._observation(number, vital, value, measured_at, now_s)

    def _values(self, now_s: float) -> Iterator[tuple[str, str, str]]:
        """Vital sign, value and time of each thing that this dialect tells."""
        shown, found_s = self._patient.vitals(now_s), self._found_s(now_s)
        numbers = {"hr": shown.hr, "rr": shown.rr, "spo2": shown.spo2, "pr": shown.hr, "temp": round(shown.temp, 1)}
        numbers |= zip(NIBP, self._patient.pressure(found_s), strict=True)
        for vital in self._dialect.codes:
            yield vital, f"{numbers[vital]}", self._clock(found_s if vital in NIBP else now_s)

    def _observation(self, number: int, vital: str, value: str, measured_at: str, now_s: float) -> str:
        code, sub_id, unit = self._dialect.codes[vital]
        value, flag, status = self._broken(vital, value, now_s)
        is_cuff = vital in NIBP
        time = measured_at if is_cuff or self._dialect.wants_answers else ""
        kind = "|||^APERIODIC" if is_cuff and self._dialect.wants_answers else ""
        return f"OBX|{number}|NM|{code}|{sub_id}|{value}|{unit}||{flag}|||{status}|||{time}{kind}"

    def _broken(self, vital: str, value: str, now_s: float) -> tuple[str, str, str]:
        """Value, flag (OBX-8) and status (OBX-11) as the fault has them."""
        if vital in ("spo2", "pr") and self._faults.holds("sensor-off", now_s):
            return "", "INV", "X"
        if vital in ("spo2", "pr") and self._faults.holds("searching", now_s):
            return "8388607", "", "X"
        if vital in ("hr", "rr") and self._faults.holds("lead-off", now_s):
            return "-100", "", self._dialect.final
        return value, "DEMO" if self._faults.holds("demo", now_s) else "", self._dialect.final

    def _clock(self, second: float) -> str:
        return f"{_EPOCH + timedelta(seconds=self._clock_s + int(second)):%Y%m%d%H%M%S}"

    def _found_s(self, now_s: float) -> float:
        """When the last cuff measurement that did not fail was done."""
        cycle = (now_s - _FIRST_MEASUREMENT_S - MEASUREMENT_S) // self._nibp_every_s
        found_s = _FIRST_MEASUREMENT_S + MEASUREMENT_S + cycle * self._nibp_every_s
        while self._faults.holds("nibp-fail", found_s):
            found_s -= self._nibp_every_s
        return found_s
