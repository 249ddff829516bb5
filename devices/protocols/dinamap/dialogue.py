"""What a DINAMAP is asked: its four readings, one after another. A measurement is never started, stopped or set."""

from .decoder import Dinamap
from .host_lines import line

READS = tuple(line(code) for code in ("NA", "OA", "RA", "TC"))


class DinamapDialogue:
    """One question at a time: the next when it was answered, or after a while without; a round begins every five seconds."""

    ROUND_S = 5.0
    PATIENCE_S = 2.0

    def __init__(self, decoder: Dinamap) -> None:
        self._decoder = decoder
        self._began_s = 0.0
        self._asked_s = 0.0
        self._next = 0
        self._answered = 0

    def on_open(self, now_s: float, /) -> bytes:
        self._began_s, self._next = now_s, 0
        return self._ask(now_s)

    def tick(self, now_s: float, /) -> bytes:
        is_answered = self._decoder.answered != self._answered
        if not is_answered and now_s - self._asked_s < self.PATIENCE_S:
            return b""
        if self._next < len(READS):
            return self._ask(now_s)
        return self.on_open(now_s) if now_s - self._began_s >= self.ROUND_S else b""

    def due_s(self, _now_s: float, /) -> float:
        if self._decoder.answered != self._answered:
            return self._began_s + self.ROUND_S
        over_s = self._asked_s + self.PATIENCE_S
        return over_s if self._next < len(READS) else max(over_s, self._began_s + self.ROUND_S)

    def on_close(self) -> bytes:
        return b""

    def _ask(self, now_s: float) -> bytes:
        self._asked_s, self._answered = now_s, self._decoder.answered
        self._next += 1
        return READS[self._next - 1]
