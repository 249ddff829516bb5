"""A subject's counts on the screen: each is read with its moment, the time is zoomed by keys, Escape shows all again."""

import os

import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.practice.made_up_trial import MadeUpTrial
from app.services.protocol_files import load
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import BEGIN
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.test_trial import first_infused, opened
from ui.kit.look.tokens import DARK, LIGHT, Theme
from ui.kit.look_and_words import Kit
from ui.trial.counts_plot import CountsPlot

_USUAL = QSize(1366, 768)


@pytest.fixture(scope="module")
def made_up() -> MadeUpTrial:
    return MadeUpTrial(3, BEGIN, 1, load(), RULES, SHANGHAI, whole=False)


def shown(furnish: Furnish, made_up: MadeUpTrial, size: QSize = _USUAL) -> CountsPlot:
    page, window, _ = opened(furnish, made_up)
    window.resize(size)
    page.open_subject(first_infused(page))
    QApplication.processEvents()
    assert page.plot is not None
    return page.plot


def span_days(plot: CountsPlot) -> float:
    left, right = plot.foot.vb.viewRange()[0]
    return float(right - left) / 86400


def test_each_count_is_read_with_its_moment(furnish: Furnish, made_up: MadeUpTrial) -> None:
    plot = shown(furnish, made_up)
    assert plot._shown is not None
    third = plot._shown.counts[2]
    plot._pointed(plot.foot.vb.mapViewToScene(QPointF(third.at.timestamp(), 0)))
    assert plot.readout.text().startswith(f"{third.at:%Y-%m-%d %H:%M} · haemoglobin {third.hb_g_l} g/L")
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.readout.text().startswith(f"{plot._shown.counts[1].at:%Y-%m-%d %H:%M}")
    whole = span_days(plot)
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert span_days(plot) < whole * 0.8
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert span_days(plot) == pytest.approx(whole)
    assert plot.readout.text().startswith("Point at a count")


def test_escape_goes_back_to_the_board_once_nothing_is_to_be_put_away(furnish: Furnish, made_up: MadeUpTrial) -> None:
    plot = shown(furnish, made_up)
    assert not plot._is_changed()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot._is_changed()
    plot.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not plot._is_changed()


def test_no_lane_makes_a_menu_that_nobody_opens(furnish: Furnish, made_up: MadeUpTrial) -> None:
    assert [lane.vb.menu for lane in shown(furnish, made_up)._plots()] == [None] * 4


@pytest.mark.parametrize("size", [QSize(1366, 768), QSize(1280, 720)], ids=["1366", "1280"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_nothing_is_cut(
    furnish: Furnish, made_up: MadeUpTrial, kit: Kit, qapp: QApplication, size: QSize, language: str, theme: Theme
) -> None:
    kit.words.set_language(language)
    kit.look.set_theme(qapp, theme)
    plot = shown(furnish, made_up, size)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QApplication.processEvents()
    assert_nothing_cut(plot.window())
    if out := os.environ.get("PICTURES"):
        plot.window().grab().save(f"{out}/counts_{size.width()}_{language}_{theme.name}.png")
    kit.look.set_theme(qapp, LIGHT)
