"""What an S/5 monitor is asked: for displayed values, and to be silent again."""

from . import dri
from .decoder import DatexS5


class S5Dialogue:
    """Asks for displayed values, and again whenever the monitor has been silent for a while."""

    RETRY_S = 10.0

    def __init__(self, decoder: DatexS5, interval_s: int = 5) -> None:
        self._decoder = decoder
        self._request = dri.request(interval_s)
        self._good = 0
        self._since_s = 0.0

    def on_open(self, now_s: float, /) -> bytes:
        self._since_s = now_s
        return self._request

    def tick(self, now_s: float, /) -> bytes:
        if self._decoder.good != self._good:
            self._good, self._since_s = self._decoder.good, now_s
        if now_s - self._since_s < self.RETRY_S:
            return b""
        return self.on_open(now_s)

    def due_s(self, _now_s: float, /) -> float:
        return self._since_s + self.RETRY_S

    def on_close(self) -> bytes:
        return dri.stop()
