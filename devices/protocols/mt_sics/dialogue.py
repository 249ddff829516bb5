"""What a weighing scale is asked: for its weight, and nothing that would change it."""

from .decoder import MtSics


class ScaleDialogue:
    """Asks for a stable weight, the next a second after the last was asked for and answered; sets and tares nothing.

    A scale that moves may keep its answer back until it rests, so a missing one is waited for before asking again.
    """

    EVERY_S = 1.0
    PATIENCE_S = 10.0
    ASK = b"S\r\n"

    def __init__(self, decoder: MtSics) -> None:
        self._decoder = decoder
        self._asked_s = 0.0
        self._lines = 0

    def on_open(self, now_s: float, /) -> bytes:
        self._asked_s, self._lines = now_s, self._heard
        return self.ASK

    def tick(self, now_s: float, /) -> bytes:
        wait_s = self.EVERY_S if self._heard != self._lines else self.PATIENCE_S
        return b"" if now_s - self._asked_s < wait_s else self.on_open(now_s)

    def due_s(self, _now_s: float, /) -> float:
        return self._asked_s + (self.EVERY_S if self._heard != self._lines else self.PATIENCE_S)

    def on_close(self) -> bytes:
        return b""

    @property
    def _heard(self) -> int:
        return self._decoder.good + self._decoder.bad
