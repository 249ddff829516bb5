"""What curves have let go of is read from the store, off the deciding thread: no extreme is lost, no gap closed."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from pathlib import Path
from typing import Any

import pytest

from app.program.old_curves import OldCurves
from app.services.access.store_key import StoreFile
from app.services.ward.bed_watch import BedWatch
from app.services.ward.series import KEPT_S, Trend
from db.log.batch import SampleRow
from db.queries import StoreReader
from tests.db.making import EIGHT, INFUSION, notes, recorder
from tests.domain.play import prepared
from tests.laptop import SameThread
from tests.services.test_series import rules
from ui.infusion.trend_points import trend_data

Values = Mapping[int, float | None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ward.db"


def rows(vital: str, values: Values) -> list[SampleRow]:
    """Seconds after eight o'clock."""
    return [
        SampleRow(INFUSION, vital, EIGHT + timedelta(seconds=at), value, "ok" if value is not None else "invalid", "x")
        for at, value in values.items()
    ]  # fmt: skip


def stored(path: Path, *found: list[SampleRow]) -> None:
    writing = recorder(path)
    writing.append(notes(1, 1)).result()
    for one in found:
        writing.add_samples(one)
    writing.flush().result()
    writing.close()


def told(path: Path, vital: str, from_s: int = 0, before_s: int = 1 << 30) -> dict[float, float | None]:
    began = EIGHT.timestamp()
    with StoreReader(path) as store:
        t_s, values = store.minutes(INFUSION, round((began + from_s) * 1000), round((began + before_s) * 1000)).get(vital, ((), ()))
    return {t - began: None if isnan(v) else v for t, v in zip(t_s, values, strict=True)}


def test_of_each_minute_its_lowest_and_highest_stand_at_their_own_times(path: Path) -> None:
    heart: Values = {n: 80.0 + n % 7 for n in range(120)} | {17: 41.0, 44: 150.0, 90: 39.0}
    stored(path, rows("hr", heart), rows("temp", {0: 36.8, 60: 36.9}))
    found = told(path, "hr")
    assert {at: found[at] for at in (17, 44, 90)} == {17: 41.0, 44: 150.0, 90: 39.0}
    assert len(found) == 4
    assert all(heart[round(at)] == value for at, value in found.items())
    assert told(path, "hr", 60, 120).keys() == {90, *(at for at in found if at >= 60)}
    assert told(path, "temp") == {0: 36.8, 1: None, 60: 36.9}
    assert told(path, "rr") == {}


def test_a_gap_is_as_wide_as_it_was(path: Path) -> None:
    heart: Values = {n: 80.0 for n in range(180) if not 70 < n < 130}
    spo2: Values = {n: None if n == 30 else 97.0 for n in range(180)}
    cuff: Values = {0: 120.0, 10: None, 20: 118.0}
    stored(path, rows("hr", heart), rows("spo2", spo2), rows("nibp_sys", cuff))
    found = told(path, "hr")
    assert {at: found[at] for at in (70, 71, 130)} == {70: 80.0, 71: None, 130: 80.0}
    found = told(path, "spo2")
    assert {at: found[at] for at in (29, 30)} == {29: 97.0, 30: None}
    assert told(path, "nibp_sys") == {0: 120.0, 20: 118.0}


class Counted(SameThread):
    """Counts what it was given to do."""

    count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.count += 1
        return super().submit(fn, *args, **kwargs)


class Looking:
    """Somebody who looks at `now`; what was read comes when they are told to `come`."""

    def __init__(self, path: Path) -> None:
        self.later: list[Callable[[], None]] = []
        self.now, self.reads = EIGHT, Counted()
        self.old = OldCurves(StoreFile(path, None), self.reads, self.later.append, lambda: self.now)

    def come(self) -> None:
        waiting, self.later[:] = self.later[:], []
        for call in waiting:
            call()


def test_a_look_never_waits_for_the_store_and_reads_each_stretch_once(path: Path) -> None:
    stored(path, rows("hr", {n: float(60 + n // 30 % 2) for n in range(0, 6 * 3600, 30)}))
    one = Looking(path)
    one.now = EIGHT + timedelta(hours=4)
    assert one.old.of(INFUSION) == {}
    assert one.old.of(INFUSION) == {}
    assert one.reads.count == 1
    one.come()
    first = one.old.of(INFUSION)["hr"]
    assert (one.old.version, one.reads.count) == (1, 1)
    assert first[0][-1] == EIGHT.timestamp() + 2 * 3600 + 900 - 30
    one.now += timedelta(minutes=6)
    one.old.of(INFUSION)
    one.come()
    t_s, values = one.old.of(INFUSION)["hr"]
    assert (one.reads.count, list(t_s), list(t_s)[: len(first[0])]) == (2, sorted(set(t_s)), list(first[0]))
    assert len(t_s) == len(values) == len(first[0]) + 12
    one.old.of("another")
    one.come()
    assert one.old.of("another") == {}


def test_a_store_that_is_away_is_read_again_with_a_later_look(path: Path) -> None:
    one = Looking(path)
    assert one.old.of(INFUSION) == {}
    one.come()
    stored(path, rows("hr", {0: 80.0}))
    one.now += timedelta(hours=3)
    one.old.of(INFUSION)
    one.come()
    assert "hr" in one.old.of(INFUSION)
    one.old.refill(BedWatch(INFUSION, rules()))
    path.unlink()
    one.old.refill(BedWatch(INFUSION, rules()))
    one.come()


def test_one_that_came_back_has_its_last_two_hours_as_they_came(path: Path) -> None:
    heart: Values = {n: 80.0 + n % 5 for n in range(0, 3 * 3600, 10)}
    stored(path, rows("hr", heart))
    one, watch = Looking(path), BedWatch(INFUSION, rules())
    one.now = EIGHT + timedelta(hours=3)
    one.old.refill(watch)
    assert not watch.trend.series
    one.come()
    assert watch.trend.series["hr"].values == [heart[n] for n in range(3590, 3 * 3600, 10)]
    one.old.refill(watch)
    watch.trend = before = Trend()
    before.add("hr", EIGHT.timestamp(), 1.0)
    one.come()
    assert watch.trend is before


def test_all_of_a_long_infusion_is_shown_with_every_extreme_and_every_gap(path: Path) -> None:
    play = prepared("running")
    began_s = play.state.started_at.timestamp() if play.state.started_at else nan
    watch, end_s = BedWatch(INFUSION, rules()), 5 * 3600
    spikes = {1232: 30.0, 5000: 190.0, 9000: 28.0, 17_000: 195.0}
    heart = {n: spikes.get(n, 80.0 + n % 5) for n in range(0, end_s, 4) if not 7000 < n < 7100}
    at = [datetime.fromtimestamp(began_s + n, UTC) for n in heart]
    stored(path, [SampleRow(INFUSION, "hr", t, v, "ok", "x") for t, v in zip(at, heart.values(), strict=True)])
    for t, v in zip(at, heart.values(), strict=True):
        watch.trend.add("hr", t.timestamp(), v)
    one = Looking(path)
    one.now = datetime.fromtimestamp(began_s + end_s, UTC)
    one.old.of(INFUSION)
    one.come()
    curve = trend_data(play.state, watch.trend, one.now, one.old.of(INFUSION)).curves["hr"]
    assert curve.t_s.tolist() == sorted(set(curve.t_s.tolist()))
    shown = {round(t): v for t, v in zip(curve.t_s.tolist(), curve.value.tolist(), strict=True) if t >= 0 and not isnan(v)}
    assert {n: shown[n] for n in spikes} == spikes
    assert all(heart[n] == value for n, value in shown.items())
    whole = [n for n in heart if n >= end_s - KEPT_S]
    assert [shown[n] for n in whole] == [heart[n] for n in whole]
    assert [isnan(v) for t, v in zip(curve.t_s.tolist(), curve.value.tolist(), strict=True) if 7000 < t < 7100] == [True]
    assert curve.t_s.size < len(heart)
