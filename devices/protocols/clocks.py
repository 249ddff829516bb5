"""Clocks of devices that print the date. None sends a zone, so UTC is taken: only ages are used."""

from datetime import UTC, datetime, timedelta

_ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_GERMAN = {"MAI": 5, "OKT": 10, "DEZ": 12}
MONTHS = {name: number for number, name in enumerate(_ENGLISH, 1)} | _GERMAN

_FIRST_YEAR = 1970


def printed_time(year: int, month: int | None, day: int, clock: str) -> datetime | None:
    """Two digits of a year (70–99 are 1970–1999) and `HH:MM:SS`; None for what is no time, as after a reset."""
    century = 1900 if year >= _FIRST_YEAR - 1900 else 2000
    try:
        return datetime(century + year, month or 0, day, int(clock[:2]), int(clock[3:5]), int(clock[6:]), 0, UTC)
    except ValueError:
        return None


class UnixClock:
    """Seconds since 1970 in 32 bits, which begin again in 2106: one connection's dates go on without a jump."""

    _EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
    _WHOLE = 1 << 32
    _QUARTER = 1 << 30

    def __init__(self) -> None:
        self._quarter = 0
        self._has_rolled = False

    def date_of(self, time_s: int) -> datetime:
        before, self._quarter = self._quarter, time_s // self._QUARTER
        if self._quarter == 3:
            self._has_rolled = False
        elif (before, self._quarter) == (3, 0):
            self._has_rolled = True
        return self._EPOCH + timedelta(seconds=time_s + self._has_rolled * self._WHOLE)
