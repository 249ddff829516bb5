"""The trend draws every peak and every gap, reads all values at a time, and is quick."""

import numpy as np
import pytest
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scenes import trend_data
from ui.widgets.kit import Kit
from ui.widgets.trend import Trend
from ui.widgets.trend_data import LANES, Check, Curve, TrendData
from ui.widgets.trend_line import broken, columns, polyline, runs, visible
from ui.widgets.trend_scale import LaneScale, Plane, ticks, value_at, window


def test_no_peak_is_lost_in_a_column() -> None:
    t_s = np.arange(10_000.0)
    value = np.zeros_like(t_s)
    value[[137, 9000]] = (50, -50)
    _, ends = columns(t_s, value, 20.0)
    assert ends.max() == 50
    assert ends.min() == -50
    assert ends.size <= 2 * 501


def test_a_gap_of_missing_values_stays_a_gap() -> None:
    t_s = np.arange(1000.0)
    value = np.where((t_s > 400) & (t_s < 600), np.nan, 1.0)
    found = runs(*columns(t_s, value, 10.0))
    assert len(found) == 2
    assert found[0][0][-1] < 420
    assert found[1][0][0] > 580


def test_a_gap_without_samples_is_broken() -> None:
    t_s = np.array([0.0, 1, 2, 60, 61])
    times, value = broken(t_s, np.ones(5), 30)
    assert np.isnan(value[3])
    assert [run[0].size for run in runs(times, value)] == [3, 2]
    assert broken(t_s[:3], np.ones(3), 30)[0].size == 3


def test_only_what_is_on_screen_is_drawn() -> None:
    t_s = np.arange(1000.0)
    assert visible(t_s, t_s, 100, 200)[0].tolist() == [*range(99, 202)]


def test_a_polygon_holds_its_points() -> None:
    made = polyline(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert [(point.x(), point.y()) for point in made.toList()] == [(1.0, 3.0), (2.0, 4.0)]


def test_a_lane_widens_for_what_does_not_fit() -> None:
    scale = LaneScale(LANES[0], 0, 6)
    scale.include(np.array([np.nan, 161.2, 38.0]))
    assert (scale.low, scale.high) == (38, 162)
    scale.include(np.array([np.nan]))
    assert (scale.low, scale.high) == (40, 130)
    assert 5 < float(scale.place(84.0)) < 6


def test_a_plane_goes_both_ways() -> None:
    plane = Plane(0, 3600, 720, 300, 6)
    assert float(plane.x(1800.0)) == 360
    assert plane.time_at(360) == 1800


def test_the_value_at_a_time() -> None:
    t_s, value = np.array([0.0, 10, 20]), np.array([1.0, 2, 3])
    assert value_at(t_s, value, 12, 30) == 2
    assert np.isnan(value_at(t_s, value, -1, 30))
    assert np.isnan(value_at(t_s, value, 60, 30))


def test_the_window_follows_now_in_steps() -> None:
    first, last = window(TrendData(10.0), 3600)
    assert first < 0
    assert last > 3600
    later = {window(TrendData(now), 3600) for now in np.arange(7200.0, 7300.0, 1.0)}
    assert len(later) <= 2
    whole = window(TrendData(10.0, checks=(Check(3600, "due"),)), None)
    assert whole[1] >= 3600


def test_ticks_are_few_and_round() -> None:
    assert ticks(-240, 3800) == [0, 15, 30, 45, 60]
    assert 3 <= len(ticks(0, 86400)) <= 8
    assert 3 <= len(ticks(0, 900)) <= 8


@pytest.fixture
def trend(kit: Kit, qtbot: QtBot) -> Trend:
    made = Trend(kit)
    qtbot.addWidget(made)
    made.resize(764, 430)
    made.show()
    made.set_data(trend_data())
    return made


def test_the_cursor_reads_every_value(trend: Trend) -> None:
    trend.point(600)
    assert trend.readout.isVisible()
    assert trend.readout.state is not None
    values = {lane.code: value for lane, value in trend.readout.state.values}
    assert set(values) == {"hr", "spo2", "bp", "rr", "temp", "drip"}
    assert values["drip"] == "19"
    assert values["bp"].count("/") == 1
    trend.point(1500)
    values = {lane.code: value for lane, value in trend.readout.state.values}
    assert values["hr"] == "—"
    trend.point(float("nan"))
    assert not trend.readout.isVisible()


def test_the_cursor_moves_by_key(trend: Trend) -> None:
    QTest.keyClick(trend, Qt.Key.Key_Left)
    assert trend.readout.isVisible()
    QTest.keyClick(trend, Qt.Key.Key_Escape)
    assert not trend.readout.isVisible()


def test_zoom(trend: Trend) -> None:
    spans = {}
    for pill in trend.pills():
        QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
        spans[pill.text()] = trend.plot.range_s[1] - trend.plot.range_s[0]
    assert spans["15 min"] < spans["1 h"] < spans["All"] * 1.5
    assert trend.pills()[2].isChecked()


def test_a_gap_is_drawn_as_a_gap(trend: Trend) -> None:
    """Between the samples before and after the gap, the heart-rate lane shows no ink of its curve."""
    image = trend.plot.grab().toImage()
    plane, colour = trend.plot.plane(), trend.kit.look.curve("heart").lower()

    def inked(t_s: float) -> bool:
        x = round(float(plane.x(t_s)))
        top, bottom = (round(float(plane.y(h))) for h in (5.7, 5.3))
        return any(image.pixelColor(x, y).name() == colour for y in range(top, bottom))

    assert inked(1300)
    assert not inked(1500)
    assert inked(1700)


def test_nothing_to_draw_is_no_trouble(kit: Kit, qtbot: QtBot) -> None:
    made = Trend(kit)
    qtbot.addWidget(made)
    made.show()
    made.set_data(TrendData(0.0, {"hr": Curve(), "spo2": Curve(np.array([1.0]), np.array([np.nan]))}))
    made.grab()


def test_a_redraw_is_quick(trend: Trend) -> None:
    t_s = np.arange(3600.0)
    data = TrendData(3600.0, {code: Curve(t_s, 80 + np.sin(t_s)) for code in ("hr", "spo2", "rr", "temp")})
    took = []
    for _ in range(9):
        watch = QElapsedTimer()
        watch.start()
        trend.set_data(data)
        trend.plot.repaint()
        took.append(watch.nsecsElapsed() / 1e6)
    assert sorted(took)[4] < 20
