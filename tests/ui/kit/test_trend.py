"""The trend as it is seen: curves, gaps, limits, bands, checks, now, the cursor; live in both themes and languages."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.scenes import trend_data
from ui.kit.look.tokens import DARK, LIGHT
from ui.kit.look_and_words import Kit
from ui.kit.trend.chart import TrendChart
from ui.kit.trend.chart_data import LANES, CheckMark, Curve, TrendData
from ui.kit.trend.cursor_reading import value_at
from ui.kit.trend.gutter import Gutter, kept_apart
from ui.kit.trend.lane_scale import LanePlace, LaneScale, lane_rows, ticks, window

NAN = float("nan")
LANE = {lane.code: at for at, lane in enumerate(LANES)}


def test_a_lane_widens_for_what_does_not_fit() -> None:
    scale = LaneScale(LANES[0])
    scale.take(TrendData(0.0, {"hr": Curve(np.arange(3.0), np.array([NAN, 161.2, 38.0]))}, limits={"hr": (50, 120)}))
    assert (scale.low, scale.high) == (38, 162)
    assert scale.marks() == (50, 120)
    scale.take(TrendData(0.0))
    assert (scale.low, scale.high) == (40, 130)


def test_the_lanes_fill_the_height_in_whole_pixels() -> None:
    rows = lane_rows(371, 6)
    assert [row.top for row in rows[1:]] == [row.top + row.height for row in rows[:-1]]
    assert rows[-1].top + rows[-1].height == 371 - 26


def test_numbers_beside_a_lane_never_touch() -> None:
    low, high = kept_apart(24.0, 22.0, LanePlace(0, 46))
    assert low - high >= 15
    assert kept_apart(40.0, 8.0, LanePlace(0, 46)) == (38.5, 8.0)


@pytest.mark.parametrize("height", [170, 220, 262, 290, 400])
def test_nothing_beside_the_lanes_lies_on_another_however_low_they_are(kit: Kit, qtbot: QtBot, height: int) -> None:
    gutter = Gutter(kit, [LaneScale(lane) for lane in LANES])
    qtbot.addWidget(gutter)
    gutter.resize(160, height)
    gutter.grab()
    boxes = [written.box.adjusted(1, 1, -1, -1) for written in gutter.written]
    assert len(boxes) > len(LANES)
    assert not [(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :] if a.intersects(b)]


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
    whole = window(TrendData(10.0, checks=(CheckMark(3600, "due"),)), None)
    assert whole[1] >= 3600
    day = {window(TrendData(now), None) for now in np.arange(86400.0, 86500.0, 1.0)}
    assert len(day) <= 2


def test_ticks_are_few_and_round() -> None:
    assert ticks(-240, 3800) == [0, 15, 30, 45, 60]
    assert 3 <= len(ticks(0, 86400)) <= 8
    assert 3 <= len(ticks(0, 900)) <= 8


# --- what is seen


@pytest.fixture
def trend(kit: Kit, qtbot: QtBot) -> TrendChart:
    return shown(kit, qtbot, trend_data())


def shown(kit: Kit, qtbot: QtBot, data: TrendData) -> TrendChart:
    made = TrendChart(kit)
    qtbot.addWidget(made)
    made.resize(764, 430)
    made.set_data(data)
    with qtbot.waitExposed(made):
        made.show()
    return made


def place(trend: TrendChart, code: str, t_s: float, value: float) -> QPoint:
    """Where a value stands in the plot; the checks at their line."""
    if code == "checks":
        foot = trend.plot.rows()[-1]
        return QPoint(round(trend.plot.x_of(t_s)), foot.top + foot.height // 2)
    at = LANE[code]
    return QPoint(round(trend.plot.x_of(t_s)), round(trend.scales[at].y(value, trend.plot.rows()[at])))


def near(image: QImage, at: QPoint, colour: str, reach: int = 1) -> bool:
    """Whether a colour, or nearly that, stands within a few px above or below."""
    wanted = np.array(QColor(colour).getRgb())
    seen = (np.array(image.pixelColor(at + QPoint(0, dy)).getRgb()) for dy in range(-reach, reach + 1))
    return any(np.abs(one - wanted).max() < 40 for one in seen)


def picture(trend: TrendChart) -> QImage:
    return trend.plot.grab().toImage()


def flat(**curves: float) -> dict[str, Curve]:
    t_s = np.arange(2600.0)
    return {code: Curve(t_s, np.full_like(t_s, value)) for code, value in curves.items()}


def test_each_curve_is_drawn_in_its_lane_and_colour(kit: Kit, qtbot: QtBot) -> None:
    values = {"hr": 84.0, "spo2": 97.0, "rr": 17.0, "temp": 36.8}
    trend = shown(kit, qtbot, msgspec.structs.replace(trend_data(), curves=flat(**values)))
    image = picture(trend)
    for code, value in values.items():
        colour = kit.look.curve(LANES[LANE[code]].colour)
        assert near(image, place(trend, code, 1200, value), colour, 2)
        assert not near(image, place(trend, code, 3000, value), colour, 2)


def test_a_gap_is_drawn_as_a_gap(kit: Kit, qtbot: QtBot) -> None:
    t_s = np.arange(2600.0)
    value = np.where((t_s > 1440) & (t_s < 1560), NAN, 84.0)
    trend = shown(kit, qtbot, msgspec.structs.replace(trend_data(), curves={"hr": Curve(t_s, value)}))
    image, colour = picture(trend), kit.look.curve("heart")
    assert near(image, place(trend, "hr", 1400, 84), colour, 2)
    assert not any(near(image, place(trend, "hr", at, 84), colour, 2) for at in range(1465, 1540, 10))
    assert near(image, place(trend, "hr", 1600, 84), colour, 2)


def test_pressure_is_a_bar_with_its_mean(trend: TrendChart) -> None:
    image, cuff, colour = picture(trend), trend_data().pressure, trend.kit.look.curve("pressure")
    for value in (cuff.sys[3] - 2, cuff.mean[3], cuff.dia[3] + 2):
        assert near(image, place(trend, "bp", cuff.t_s[3], value), colour)
    beside = place(trend, "bp", cuff.t_s[3], cuff.mean[3]) + QPoint(3, 0)
    assert image.pixelColor(beside).name() != image.pixelColor(beside + QPoint(9, 0)).name()


def test_the_drip_is_a_staircase_with_rings(trend: TrendChart) -> None:
    image, theme = picture(trend), trend.kit.look.theme
    assert near(image, place(trend, "drip", 700, 20), theme.curves["drip"], 2)
    riser = place(trend, "drip", 900, 40)  # it may stand on the edge of two columns
    assert any(near(image, riser - QPoint(dx, 0), theme.curves["drip"], 2) for dx in (0, 1))
    assert image.pixelColor(place(trend, "drip", 540, 19)).name() == theme.card.lower()


def test_checks_are_hollow_filled_or_crossed(trend: TrendChart) -> None:
    image, theme = picture(trend), trend.kit.look.theme
    done, missed, due = (image.pixelColor(place(trend, "checks", at, 0)).name() for at in (900, 1800, 2700))
    assert (done, due) == (theme.accent.lower(), theme.card.lower())
    assert missed not in (done, due)


def test_bands_limits_and_now_stand_behind_and_before(trend: TrendChart) -> None:
    image, theme = picture(trend), trend.kit.look.theme
    between = place(trend, "hr", 450, 60)
    assert image.pixelColor(between).name() == theme.accent_soft.lower()
    assert image.pixelColor(place(trend, "hr", 3000, 60)).name() == theme.sunken.lower()
    limit = image.pixelColor(place(trend, "hr", 3000, 120))
    assert limit.green() > max(limit.red(), limit.blue())
    now = place(trend, "hr", trend_data().now_s, 60).x()
    assert any(image.pixelColor(now, y).name() == theme.text.lower() for y in range(60))


def test_a_new_value_leaves_the_same_picture_as_painting_all_anew(kit: Kit, qtbot: QtBot) -> None:
    """Only the strip that changed is painted; what stands on the screen after many of them is what a whole one gives."""
    whole = trend_data()
    trend = shown(kit, qtbot, _until(whole, 2300))
    trend.plot.viewport().update()
    for now_s in range(2301, 2360):
        trend.set_data(_until(whole, now_s))
        QApplication.processEvents()
    stripes = on_screen(trend)
    trend.plot.viewport().update()
    QApplication.processEvents()
    assert on_screen(trend) == stripes
    trend.set_data(_until(whole, 2300))
    QApplication.processEvents()
    assert on_screen(trend) != stripes


def _until(data: TrendData, now_s: float) -> TrendData:
    curves = {code: Curve(c.t_s[c.t_s <= now_s], c.value[c.t_s <= now_s]) for code, c in data.curves.items()}
    return msgspec.structs.replace(data, now_s=now_s, curves=curves)


def on_screen(trend: TrendChart) -> QImage:
    return QApplication.primaryScreen().grabWindow(trend.winId()).toImage()


def test_all_lanes_share_one_time_axis(trend: TrendChart, qtbot: QtBot) -> None:
    for size, span_s in (((764, 430), 900.0), ((620, 360), None), ((980, 560), 3600.0)):
        trend.resize(*size)
        trend.set_span(span_s)
        qtbot.wait(1)
        assert {tuple(box.viewRange()[0]) for box in trend.plot.boxes} == {trend.plot.range_s}
        assert tuple(trend.plot.axis.range) == trend.plot.range_s


def test_the_theme_changes_live(trend: TrendChart, qapp: QApplication) -> None:
    far = place(trend, "hr", 3700, 60)
    trend.kit.look.set_theme(qapp, DARK)
    assert picture(trend).pixelColor(far).name() == DARK.card.lower()
    trend.kit.look.set_theme(qapp, LIGHT)
    assert picture(trend).pixelColor(far).name() == LIGHT.card.lower()


def test_the_language_changes_live(trend: TrendChart) -> None:
    before = picture(trend)
    trend.kit.words.set_language("zh_CN")
    assert picture(trend) != before
    assert [pill.text() for pill in trend.pills()] == ["15 分钟", "1 小时", "全部"]


def test_nothing_to_draw_is_no_trouble(kit: Kit, qtbot: QtBot) -> None:
    shown(kit, qtbot, TrendData(0.0, {"hr": Curve(), "spo2": Curve(np.array([1.0]), np.array([NAN]))})).grab()


# --- what is read


def told(trend: TrendChart) -> str:
    """What the card beside the cursor says, as a screen reader says it; nothing while it is away."""
    return trend.readout.accessibleName() if trend.readout.isVisible() else ""


def test_the_mouse_reads_every_value(trend: TrendChart) -> None:
    QTest.mouseMove(trend.plot.viewport(), place(trend, "hr", 600, 80))
    said = told(trend)
    for word in ("at 10:0", "Heart rate 8", "SpO₂ 9", "Blood pressure 1", "/", "Respiratory rate 1", "Temperature 36.5", "Drip 19"):
        assert word in said
    marked = picture(trend)
    assert near(marked, place(trend, "drip", 600, 19), trend.kit.look.curve("drip"), 3)
    QTest.mouseMove(trend.plot.viewport(), place(trend, "hr", 1500, 80))
    assert "Heart rate —" in told(trend)


def test_the_cursor_goes_with_the_mouse(trend: TrendChart, qapp: QApplication) -> None:
    QTest.mouseMove(trend.plot.viewport(), place(trend, "hr", 600, 80))
    qapp.sendEvent(trend.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert told(trend) == ""


def test_a_finger_leaves_the_cursor_where_it_was(trend: TrendChart) -> None:
    finger = QTest.createTouchDevice(QPointingDevice.DeviceType.TouchScreen)
    first, last = place(trend, "hr", 300, 80), place(trend, "hr", 600, 80)
    glass = trend.plot.viewport()
    QTest.touchEvent(glass, finger).press(0, first, glass).commit()
    QTest.touchEvent(glass, finger).move(0, last, glass).commit()
    QTest.touchEvent(glass, finger).release(0, last, glass).commit()
    assert told(trend).startswith("at 10:0")
    QTest.mouseClick(trend.gutter, Qt.MouseButton.LeftButton)
    assert told(trend) == ""


def test_the_cursor_moves_by_key(trend: TrendChart) -> None:
    QTest.keyClick(trend, Qt.Key.Key_Left)
    first = told(trend)
    QTest.keyClick(trend, Qt.Key.Key_Left)
    QTest.keyClick(trend, Qt.Key.Key_Right)
    assert told(trend) == first != ""
    QTest.keyClick(trend, Qt.Key.Key_Escape)
    assert told(trend) == ""


def test_a_click_takes_the_focus_and_shows_it(trend: TrendChart, qtbot: QtBot) -> None:
    trend.activateWindow()
    qtbot.waitUntil(trend.isActiveWindow)
    trend.clearFocus()
    before = trend.grab().toImage()
    QTest.mouseClick(trend.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 90))
    assert trend.hasFocus()
    assert trend.grab().toImage().pixelColor(1, 200) != before.pixelColor(1, 200)


def test_the_pulse_rate_stands_in_dashed_and_by_its_own_name(kit: Kit, qtbot: QtBot) -> None:
    trend = shown(kit, qtbot, msgspec.structs.replace(trend_data(), curves=flat(pr=84)))
    image, colour, at = picture(trend), kit.look.curve("heart"), place(trend, "hr", 600, 84)
    inked = [near(image, at + QPoint(dx, 0), colour) for dx in range(60)]
    assert any(inked)
    assert not all(inked)
    trend.point(600)
    assert "Pulse rate 84" in told(trend)


def test_zoom(trend: TrendChart) -> None:
    spans = {}
    for pill in trend.pills():
        QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
        spans[pill.text()] = trend.plot.range_s[1] - trend.plot.range_s[0]
    assert spans["15 min"] < spans["1 h"] < spans["All"] * 1.5
    assert trend.pills()[2].isChecked()
