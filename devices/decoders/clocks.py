"""Clocks of devices that print the date. None sends a zone, so UTC is taken: only ages are used."""

from datetime import UTC, datetime

_ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_GERMAN = {"MAI": 5, "OKT": 10, "DEZ": 12}
MONTHS = {name: number for number, name in enumerate(_ENGLISH, 1)} | _GERMAN

_FIRST_YEAR = 1970


def printed_time(year: int, month: int | None, day: int, clock: str) -> datetime | None:
    """Two digits of a year (70–99 are 1970–1999) and `HH:MM:SS`; None for what is no time, as after a reset."""
    hour, minute, second = map(int, clock.split(":"))
    century = 100 * (_FIRST_YEAR // 100) if year >= _FIRST_YEAR % 100 else 2000
    try:
        return datetime(century + year, month or 0, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
