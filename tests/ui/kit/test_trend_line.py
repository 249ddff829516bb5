"""Few points a column stand for many samples: no peak is lost, no gap is closed."""

import numpy as np

from ui.kit.trend.chart_data import Curve
from ui.kit.trend.thinned_line import changed, columns, known, lone, newest, visible, widened

NAN = float("nan")


def reduced(t_s: np.ndarray, value: np.ndarray, width_s: float) -> tuple[np.ndarray, list[np.ndarray]]:
    """All points left, and the times of each unbroken stretch."""
    times, ends, breaks = columns(*known(t_s, value, 30), width_s)
    return ends, np.split(times, breaks)


def test_no_peak_is_lost_in_a_column() -> None:
    t_s = np.arange(10_000.0)
    value = np.zeros_like(t_s)
    value[[137, 9000]] = (50, -50)
    ends, stretches = reduced(t_s, value, 20.0)
    assert ends.max() == 50
    assert ends.min() == -50
    assert ends.size <= 2 * 501
    assert len(stretches) == 1


def test_a_gap_of_missing_values_stays_a_gap() -> None:
    t_s = np.arange(1000.0)
    value = np.where((t_s > 400) & (t_s < 600), NAN, 1.0)
    _, (before, after) = reduced(t_s, value, 10.0)
    assert before[-1] < 420
    assert after[0] > 580


def test_one_missing_value_marks_a_gap_however_many_samples_share_its_column() -> None:
    """A broken line leaves a single mark; a column of a long trend holds many samples on both sides of it."""
    t_s = np.concatenate((np.arange(1000.0), [1000.5], np.arange(1200.0, 3000.0)))
    value = np.where(t_s == 1000.5, NAN, 1.0)
    assert len(reduced(t_s, value, 400.0)[1]) == 2
    assert len(reduced(t_s[t_s != 1000.5], value[t_s != 1000.5], 400.0)[1]) == 2


def test_the_same_samples_make_the_same_columns_in_any_stretch() -> None:
    rng = np.random.default_rng(1)
    t_s = np.arange(5000.0)
    value = rng.normal(80, 3, t_s.size)
    times, ends, _ = columns(*known(t_s, value, 30), 7.2)
    later, some, _ = columns(*known(*visible(t_s, value, 4000, 4999), 30), 7.2)
    inside = later > 4010
    assert np.array_equal(ends[-inside.sum() :], some[inside])
    assert np.array_equal(times[-inside.sum() :], later[inside])


def test_a_gap_without_samples_is_broken() -> None:
    t_s = np.array([0.0, 1, 2, 60, 61])
    assert known(t_s, np.ones(5), 30)[2].tolist() == [3]
    assert known(t_s[:3], np.ones(3), 30)[2].size == 0
    assert known(t_s, np.array([NAN, 1, 1, NAN, NAN]), 30)[2].size == 0


def test_a_value_that_stands_alone_is_found_and_seen() -> None:
    t_s = np.array([0.0, 1, 2, 100, 200, 201])
    _, _, breaks = known(t_s, np.ones(6), 30)
    assert lone(6, breaks).tolist() == [3]
    times, _, breaks = columns(t_s, np.ones(6), breaks, 10.0)
    x = widened(times / 10, breaks)
    assert [float(np.ptp(one)) for one in np.split(x, breaks)] == [1, 1, 1]


def test_only_what_is_on_screen_is_drawn() -> None:
    t_s = np.arange(1000.0)
    assert visible(t_s, t_s, 100, 200)[0].tolist() == [*range(99, 202)]


def test_what_changed_between_two_curves() -> None:
    t_s, value = np.arange(10.0), np.array([1.0, NAN, 3, 4, 5, 6, 7, 8, 9, 10])
    old = Curve(t_s, value)
    assert changed(old, Curve(t_s.copy(), value.copy())) is None
    assert changed(old, Curve(np.arange(12.0), np.append(value, [11, 12]))) == (9, 11)
    assert changed(old, Curve(t_s, np.where(t_s == 4, 99, value))) == (3, 9)
    assert changed(old, Curve()) == (0, 9)
    assert changed(Curve(), Curve()) is None


def test_the_newest_value_holds_for_a_while() -> None:
    curve = Curve(np.arange(5.0), np.array([1.0, 2, 3, NAN, NAN]))
    assert newest(curve, 10, 30) == 2
    assert newest(curve, 33, 30) is None
    assert newest(Curve(), 0, 30) is None
