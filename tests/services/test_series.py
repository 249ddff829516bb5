"""A curve in memory: two hours of it as it came, 8 bytes a value, and nothing of it rounded."""

from decimal import Decimal
from math import isnan

import pytest

from app.domain.protocol import VitalsRules
from app.services.protocol_files import load
from app.services.ward.bed_watch import BedWatch
from app.services.ward.series import KEPT_S, Series

BEGAN_S = 1_795_000_000.0


def series(count: int, every_s: float = 1.0, value: float = 84.0) -> Series:
    made = Series()
    for n in range(count):
        made.add(BEGAN_S + n * every_s, value)
    return made


def rules() -> VitalsRules:
    return load().protocol.vitals


@pytest.mark.parametrize("text", ["36.8", "0", "-5.25", "97", "118.333", "0.0001", "200000.9999"])
def test_a_value_is_told_as_it_came_in_eight_bytes(text: str) -> None:
    value = float(Decimal(text))
    made = series(10, value=value)
    assert made.values == [value] * 10
    assert made.t_s == [BEGAN_S + n for n in range(10)]
    assert made.bytes == 80


@pytest.mark.parametrize("value", [36.812345, 1e7, 0.1 + 0.2])
def test_a_finer_value_takes_more_room_and_is_told_as_it_came_too(value: float) -> None:
    made = series(3)
    made.break_off(BEGAN_S + 5)
    made.add(BEGAN_S + 6, value)
    made.break_off(BEGAN_S + 7)
    told = [None if isnan(v) else v for v in made.values]
    assert (told, made.bytes) == ([84.0, 84.0, 84.0, None, value, None], 6 * 12)


def test_a_gap_in_time_and_a_dead_line_are_gaps() -> None:
    made = series(2)
    made.add(BEGAN_S + 60, 85.0)
    made.break_off(BEGAN_S + 60)
    made.break_off(BEGAN_S + 61)
    made.add(BEGAN_S + 50, 1.0)
    assert [None if isnan(v) else v for v in made.values] == [84.0, 84.0, None, 85.0, None]
    assert made.t_s == [BEGAN_S + at for at in (0, 1, 2, 60, 60.001)]


@pytest.mark.parametrize("value", [85.0, 36.812345])
def test_the_newest_is_what_came_last_be_it_a_gap(value: float) -> None:
    made = Series()
    told = [made.newest]
    made.add(BEGAN_S, 84.0)
    made.add(BEGAN_S + 1, value)
    told.append(made.newest)
    made.break_off(BEGAN_S + 2)
    assert told == [None, value]
    assert made.newest is not None
    assert isnan(made.newest)


def test_a_day_takes_no_more_than_its_last_two_hours() -> None:
    made = series(24 * 720, every_s=5.0)
    most = (KEPT_S + 660) // 5 + 1
    assert KEPT_S // 5 <= len(made.ms) <= most
    assert made.bytes <= most * 8
    assert made.t_s[-1] == BEGAN_S + (24 * 720 - 1) * 5
    assert made.t_s[0] % 60 == 0 or made.t_s[0] % 60 < 5


def test_a_month_is_told_to_the_millisecond() -> None:
    made = Series()
    for n in range(31 * 24):
        made.add(BEGAN_S + n * 3600 + 0.123, 36.8)
    assert made.t_s[-1] == BEGAN_S + (31 * 24 - 1) * 3600 + 0.123
    assert made.values[-1] == 36.8
    assert made.ms[-1] < 13 * 86_400_000


def test_after_a_silence_of_months_a_curve_begins_anew() -> None:
    made = series(10)
    made.break_off(BEGAN_S + 90 * 86_400)
    assert made.t_s[-1] == BEGAN_S + 9 + 30
    made.add(BEGAN_S + 90 * 86_400, 85.0)
    assert (made.t_s, made.values) == ([BEGAN_S + 90 * 86_400], [85.0])


def test_of_saved_rows_the_last_two_hours_come_back() -> None:
    watch, fine = BedWatch("one", rules()), BedWatch("one", rules())
    times_ms = [round(BEGAN_S * 1000) + n * 10_000 for n in range(6 * 180)]
    watch.restore({"hr": (times_ms, [float(60 + n % 40) for n in range(6 * 180)])})
    assert watch.trend.series["hr"].t_s == [t / 1000 for t in times_ms[-721:]]
    fine.restore({"temp": (times_ms, [36.123456] * (6 * 180)), "rr": ([], [])})
    assert fine.trend.series["temp"].values == [36.123456] * 721
