"""Dates as devices print them: two digits of a year, a month that may be no month, seconds that begin again in 2106."""

from datetime import UTC, datetime

import pytest

from devices.protocols.clocks import MONTHS, UnixClock, printed_time


@pytest.mark.parametrize(("year", "whole"), [(0, 2000), (26, 2026), (69, 2069), (70, 1970), (99, 1999)])
def test_two_digits_of_a_year(year: int, whole: int) -> None:
    assert printed_time(year, 3, 2, "14:05:36") == datetime(whole, 3, 2, 14, 5, 36, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "month", "day", "clock"),
    [(26, None, 2, "14:05:36"), (26, 13, 2, "14:05:36"), (26, 2, 29, "14:05:36"), (26, 3, 0, "14:05:36"), (26, 3, 2, "24:00:00"),
     (26, 3, 2, "14:60:00"), (26, 3, 2, "14:05:60"), (26, 3, 2, "--:--:--")],
)  # fmt: skip
def test_what_is_no_time(year: int, month: int | None, day: int, clock: str) -> None:
    assert printed_time(year, month, day, clock) is None


def test_months_in_english_and_german() -> None:
    assert [MONTHS[name] for name in ("JAN", "MAR", "MAY", "MAI", "OCT", "OKT", "DEC", "DEZ")] == [1, 3, 5, 5, 10, 10, 12, 12]


def test_seconds_since_1970_go_on_over_their_end() -> None:
    """In the first quarter after the last one they have begun again; back in the last one they have not."""
    clock, quarter = UnixClock(), 1 << 30
    assert clock.date_of(0) == datetime(1970, 1, 1, tzinfo=UTC)
    last = clock.date_of(4 * quarter - 1)
    assert last == datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)
    assert clock.date_of(0) == datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC)
    assert clock.date_of(quarter) == datetime(2140, 2, 16, 20, 5, 20, tzinfo=UTC)
    assert clock.date_of(4 * quarter - 1) == last
    assert clock.date_of(3 * quarter) == datetime(2072, 1, 28, 16, 51, 12, tzinfo=UTC)


def test_a_jump_from_another_quarter_is_no_new_beginning() -> None:
    clock = UnixClock()
    clock.date_of(2 * (1 << 30))
    assert clock.date_of(5) == datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
