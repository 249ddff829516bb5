"""What is said to a MEDIBUS device: who is there, what time it has, what it measures; and no word more."""

from .decoder import Medibus
from .medibus_frames import CLOCK, CORRUPT, DATA, ICC, IDENTITY, NOP, SOH, TIME_CHANGED, command, response

_AFTER = {ICC: IDENTITY, IDENTITY: CLOCK, CLOCK: DATA, DATA: CLOCK}
_ANSWERED = (ICC, NOP, IDENTITY, TIME_CHANGED)
_LEAST_LOOKS = 8


class _LookedAtWait:
    """Time since something happened. Over only after several looks too: a fast clock jumps far between two."""

    def __init__(self, now_s: float) -> None:
        self._since_s = now_s
        self._looks = 0

    def look(self) -> None:
        self._looks += 1

    def ends_s(self, seconds: float) -> float:
        """Until then it cannot be over."""
        return self._since_s + seconds

    def is_over(self, now_s: float, seconds: float) -> bool:
        return self._looks >= _LEAST_LOOKS and now_s - self._since_s > seconds


class MedibusDialogue:
    """One command at a time; a device that falls silent, or answers none, is begun with anew."""

    POLL_S = 5.0
    NOP_S = 2.0
    SILENCE_S = 3.0
    ANSWER_S = 10.0

    def __init__(self, decoder: Medibus) -> None:
        self._decoder = decoder
        self._owed: dict[bytes, bytes] = {}
        self._awaited: bytes | None = None
        self._next = ICC
        self._begin(0.0)

    def _begin(self, now_s: float) -> None:
        self._next, self._due_s = ICC, now_s
        self._heard = self._sent = _LookedAtWait(now_s)
        self._sent_s = now_s

    def on_open(self, now_s: float, /) -> bytes:
        self._begin(now_s)
        return self._send(ICC, now_s)

    def tick(self, now_s: float, /) -> bytes:
        for wait in (self._heard, self._sent):
            wait.look()
        for kind, code in self._decoder.heard():
            self._hear(kind, code, now_s)
        if self._decoder.is_suspended and not self._heard.is_over(now_s, self.ANSWER_S):
            return b""
        if self._is_lost(now_s):
            return self.on_open(now_s)
        owed = b"".join(self._owed.values())
        self._owed.clear()
        return owed + self._own(now_s)

    def due_s(self, _now_s: float, /) -> float:
        if self._decoder.is_suspended:
            return self._heard.ends_s(self.ANSWER_S)
        silent_s = self._heard.ends_s(self.SILENCE_S)
        if self._awaited is not None:
            return min(silent_s, self._sent.ends_s(self.ANSWER_S))
        return min(silent_s, self._due_s, self._sent_s + self.NOP_S)

    def on_close(self) -> bytes:
        return b""

    def _is_lost(self, now_s: float) -> bool:
        is_unanswered = self._awaited is not None and self._sent.is_over(now_s, self.ANSWER_S)
        return is_unanswered or self._heard.is_over(now_s, self.SILENCE_S)

    def _own(self, now_s: float) -> bytes:
        if self._awaited is not None:
            return b""
        if now_s >= self._due_s:
            return self._send(self._next, now_s)
        return self._send(NOP, now_s) if now_s - self._sent_s >= self.NOP_S else b""

    def _send(self, code: bytes, now_s: float) -> bytes:
        self._awaited, self._sent, self._sent_s = code, _LookedAtWait(now_s), now_s
        return command(code)

    def _hear(self, kind: bytes, code: bytes, now_s: float) -> None:
        self._heard = _LookedAtWait(now_s)
        if kind == SOH:
            self._take_answer(code, now_s)
        elif code in _ANSWERED:
            self._owed[code] = response(code)
            if code == ICC:
                self._awaited, self._next, self._due_s = None, IDENTITY, now_s

    def _take_answer(self, code: bytes, now_s: float) -> None:
        """The next command follows its answer at once; what the device cannot read or has not is passed over."""
        if self._awaited is None or code not in (self._awaited, CORRUPT):
            return
        awaited, self._awaited = self._awaited, None
        if awaited == ICC and code == CORRUPT:
            self._due_s = now_s + self.NOP_S
        elif awaited != NOP:
            self._next = _AFTER[awaited]
            self._due_s = now_s + (self.POLL_S if awaited == DATA else 0.0)
