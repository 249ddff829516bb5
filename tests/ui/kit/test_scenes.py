"""Whole screens: no text cut in either language, at the smallest and the usual size; nothing left behind."""

import gc
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.cut import assert_nothing_cut
from tests.ui.scenes import SCENES
from tests.ui.scenes_more import MORE
from ui.kit.look.tokens import DARK
from ui.kit.look_and_words import Kit

ALL = SCENES | MORE
Scene = Callable[[Kit], QWidget]
scenes = pytest.mark.parametrize("scene", ALL.values(), ids=ALL.keys())


def shown(qtbot: QtBot, page: QWidget, size: tuple[int, int]) -> QWidget:
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    qtbot.waitUntil(page.isVisible)
    QApplication.processEvents()
    return page


@scenes
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1920, 1080)], ids=lambda size: f"{size[0]}")
def test_nothing_is_cut(kit: Kit, qtbot: QtBot, scene: Scene, language: str, size: tuple[int, int]) -> None:
    kit.words.set_language(language)
    page = shown(qtbot, scene(kit), size)
    assert page.width() == size[0]
    assert_nothing_cut(page)


@pytest.mark.parametrize("name", ["infusion", "alarmed", "ward", "dispense"])
def test_a_page_fits_the_smallest_screen(kit: Kit, qtbot: QtBot, name: str) -> None:
    page = shown(qtbot, ALL[name](kit), (1280, 720))
    assert page.height() == 720


@scenes
def test_every_control_has_a_name_and_is_large_enough(kit: Kit, qtbot: QtBot, scene: Scene) -> None:
    page = shown(qtbot, scene(kit), (1366, 768))
    for one in page.findChildren(QAbstractButton):
        if one.isVisible() and type(one).__module__.startswith(("ui.", "PySide6")) and one.text() != "":
            assert one.accessibleName() or one.text()
        if one.isVisible() and type(one).__module__.startswith("ui."):
            assert one.accessibleName(), one
            assert one.height() >= 44, one


@scenes
def test_switching_language_and_theme_leaves_nothing_cut(kit: Kit, qtbot: QtBot, qapp: QApplication, scene: Scene) -> None:
    page = shown(qtbot, scene(kit), (1366, 768))
    kit.words.set_language("zh_CN")
    kit.look.set_theme(qapp, DARK)
    QApplication.processEvents()
    assert_nothing_cut(page)


@scenes
def test_a_closed_page_leaves_nothing_behind(kit: Kit, scene: Scene) -> None:
    page = scene(kit)
    page.show()
    QApplication.processEvents()
    trace = weakref.ref(page)
    page.close()
    page.deleteLater()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert trace() is None
    assert kit.words.receivers(SIGNAL("changed()")) == 0
    assert kit.look.receivers(SIGNAL("changed()")) == 0


def test_the_walk_finds_a_cut_text(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    one = QLabel("far too long for its place", page)
    one.setGeometry(0, 0, 20, 20)
    page.show()
    with pytest.raises(AssertionError, match="far too long"):
        assert_nothing_cut(page)


def test_the_walk_finds_a_word_that_cannot_be_wrapped(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    one = QLabel("Temperature", page)
    one.setWordWrap(True)
    one.setGeometry(0, 0, 40, 60)
    page.show()
    with pytest.raises(AssertionError, match="Temperature"):
        assert_nothing_cut(page)
