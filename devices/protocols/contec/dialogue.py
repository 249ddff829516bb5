"""What a Contec oximeter that speaks V7.0 is asked: for live values, again and again, and to stop."""

from devices.protocols import Decoder

from .v7_packets import KEEP_ALIVE, START_LIVE, STOP_LIVE, command


class ContecDialogue:
    """Asks for live values, keeps the device awake, asks again after a silence, and leaves it silent."""

    KEEP_ALIVE_S = 4.0
    RETRY_S = 5.0

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._good = 0
        self._heard_s = 0.0
        self._said_s = 0.0

    def on_open(self, now_s: float, /) -> bytes:
        self._heard_s = self._said_s = now_s
        return command(START_LIVE)

    def tick(self, now_s: float, /) -> bytes:
        if self._decoder.good != self._good:
            self._good, self._heard_s = self._decoder.good, now_s
        if now_s - self._heard_s >= self.RETRY_S:
            return self.on_open(now_s)
        if now_s - self._said_s < self.KEEP_ALIVE_S:
            return b""
        self._said_s = now_s
        return command(KEEP_ALIVE)

    def due_s(self, _now_s: float, /) -> float:
        return min(self._heard_s + self.RETRY_S, self._said_s + self.KEEP_ALIVE_S)

    def on_close(self) -> bytes:
        return command(STOP_LIVE)
