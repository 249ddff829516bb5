"""Curves of before a restart: put back at once, as they were when each value came by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.infusion.facts import SamplesSealed
from app.domain.log import Entry
from app.program.open_record import _not_sealed
from app.services.ward.bed_watch import BedWatch
from app.services.ward.series import Series, Trend
from db.engine import driver_connection
from db.log.batch import Batch, SampleRow
from db.log.chain import seal
from db.queries import StoreReader
from tests.db.making import at, entry, heart_rates, notes, recorder
from tests.domain.cast import TRIAL

Pairs = list[tuple[int, float | None]]
CURVES: dict[str, Pairs] = {
    "nothing": [],
    "one": [(1000, 80.0)],
    "only none": [(1000, None), (2000, None)],
    "whole": [(1000 * n, 80.0 + n) for n in range(1, 40)],
    "a gap": [(1000, 80.0), (2000, 81.0), (40_000, 82.0), (41_000, 83.0)],
    "at the limit": [(1000, 80.0), (31_000, 81.0), (61_001, 82.0)],
    "off and on": [(1000, 80.0), (2000, None), (3000, None), (4000, 81.0), (5000, 82.0)],
    "off for long": [(1000, 80.0), (2000, None), (90_000, 81.0), (91_000, None)],
    "begins with none": [(1000, None), (2000, 80.0)],
    "a cuff": [(1000, 80.0), (300_000, 81.0), (301_000, None), (600_000, 82.0)],
}


def one_by_one(pairs: Pairs, breaks: bool) -> Series:
    trend = Trend()
    for t_ms, value in pairs:
        if value is not None:
            trend.add("hr", t_ms / 1000, value)
        elif breaks:
            trend.break_off("hr", t_ms / 1000)
    return trend.series.get("hr") or Series()


@pytest.mark.parametrize("breaks", [True, False])
@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_the_same_as_if_it_came_one_by_one(name: str, breaks: bool) -> None:
    pairs = CURVES[name]
    made, right = Series(), one_by_one(pairs, breaks)
    made.restore([t_ms for t_ms, _ in pairs], [value for _, value in pairs], breaks)
    assert list(made.t_s) == list(right.t_s)
    assert [str(value) for value in made.values] == [str(value) for value in right.values]


def test_a_cuff_that_found_nothing_breaks_no_line_and_a_sensor_that_fell_off_does() -> None:
    watch = BedWatch("inf", TRIAL.vitals)
    watch.restore({code: ([1000, 2000], [80.0, None]) for code in ("hr", "nibp_sys")})
    assert len(watch.trend.series["hr"].values) == 2
    assert list(watch.trend.series["nibp_sys"].values) == [80.0]


def asked(path: Path, entries: list[Entry]) -> tuple[int, int]:
    """How many statements a restart asks of the samples, and how many samples it reads one by one."""
    with StoreReader(path) as store:
        told: list[str] = []
        raw: Any = driver_connection(store._connection)
        raw.set_trace_callback(told.append)
        curves = store.curves("inf-1")
        left = _not_sealed(store, "inf-1", entries)
    assert sum(len(times) for times, _ in curves.values()) > len(left)
    return len(told), len(left)


@pytest.mark.parametrize("minutes", [2, 5])
def test_a_restart_asks_as_much_however_many_samples_there_are(minutes: int, tmp_path: Path) -> None:
    path, writing = tmp_path / "ward.db", recorder(tmp_path / "ward.db")
    writing.append(notes(1, 1)).result()
    rows = [heart_rates(60, minute) for minute in range(minutes)]
    for of_a_minute in rows:
        writing.add_samples(of_a_minute)
    seals = [entry(10 + n, SamplesSealed(at(n), *seal(rows[n]))) for n in range(minutes - 1)]
    writing.append(Batch(tuple(seals))).result()
    writing.close()
    assert asked(path, seals) == (3, 60)


def test_what_is_saved_is_read_in_order_of_time_and_what_was_missing_too(tmp_path: Path) -> None:
    path, writing = tmp_path / "ward.db", recorder(tmp_path / "ward.db")
    writing.append(notes(1, 1)).result()
    times = [at() + timedelta(seconds=n) for n in (3, 1, 2)]
    writing.add_samples(SampleRow("inf-1", code, t, None if n == 1 else 80.5 + n, "ok", "ecg")
                        for n, t in enumerate(times) for code in ("spo2", "hr"))  # fmt: skip
    writing.close()
    first = round(at().timestamp() * 1000)
    with StoreReader(path) as store:
        assert store.curves("inf-1") == {
            code: ([first + 1000, first + 2000, first + 3000], [None, 82.5, 80.5]) for code in ("hr", "spo2")
        }
        assert store.curves("another") == {}
        assert store.sampled_minutes("inf-1") == [first - first % 60_000]
