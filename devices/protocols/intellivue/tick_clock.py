"""What tells an IntelliVue's times: its date, which it seldom says, and its ticks, which come with every answer."""

from datetime import datetime, timedelta

from .association import TICKS_PER_S
from .data_pdu import DATE_TIME, TICKS, Attributes, date_time

_WHOLE = 1 << 32
_HALF = 1 << 31
_SAME = timedelta(seconds=2)
"""Dates are whole seconds: less than this is no change of the monitor's clock."""


def ticks_between(earlier: int, later: int) -> int:
    """Ticks from one to the other, negative where that is nearer; the 32-bit count begins again after 6.2 days."""
    return (later - earlier + _HALF) % _WHOLE - _HALF


class TickClock:
    """A date for every tick, once the monitor has told which belong together."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._ticks = 0

    def learn(self, attributes: Attributes) -> None:
        """Take what the monitor says of its date and its ticks at one moment."""
        at, ticks = date_time(attributes.get(DATE_TIME, b"")), attributes.get(TICKS, b"")
        if at is not None and len(ticks) == 4:
            self._set(at, int.from_bytes(ticks, "big"))

    def _set(self, at: datetime, ticks: int) -> None:
        before = self.date_of(ticks)
        if before is None or abs(at - before) >= _SAME:
            self._at, self._ticks = at, ticks

    def date_of(self, ticks: int) -> datetime | None:
        """The monitor's date at this tick, None before it has told one."""
        if self._at is not None:
            self._at += timedelta(seconds=ticks_between(self._ticks, ticks) / TICKS_PER_S)
            self._ticks = ticks
        return self._at
