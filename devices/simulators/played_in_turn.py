"""A simulated monitor and its reader on one thread: the one plays its turn, then the other."""

from devices.reader import PortReader

from .monitor_on_line import MonitorOnLine
from .stepped_wire import SteppedWire

_LEAST_REST_S = 0.5
"""Shorter ones let bytes gather; here those of a step have gathered already."""


class PlayedInTurn:
    """Both move only in `turn`: all bytes of a step are read before the next, however slow the machine."""

    def __init__(self, played: MonitorOnLine, wire: SteppedWire, reader: PortReader) -> None:
        self._played, self._wire, self._reader = played, wire, reader
        self._turns = reader.turns()
        self._rest_until_s = 0.0

    @property
    def url(self) -> str:
        return self._wire.url

    def fault(self, name: str, now_s: float) -> None:
        """Something breaks now; raises `Refused` for a name that is none."""
        self._played.break_by(name, now_s)

    def turn(self, now_s: float) -> None:
        """The monitor sends what is due; the reader takes all of it, or the end of its port."""
        self._played.step(now_s)
        self._read(now_s)
        while self._wire.has_news:
            self._read(now_s)

    def _read(self, now_s: float) -> None:
        if now_s >= self._rest_until_s:
            rest_s = next(self._turns)
            self._rest_until_s = now_s + (rest_s if rest_s >= _LEAST_REST_S else 0.0)

    def stop_reading(self) -> None:
        """As when a program ends: the monitor is told, and the port closed."""
        self._reader.stop()
        for _rest_s in self._turns:
            pass
