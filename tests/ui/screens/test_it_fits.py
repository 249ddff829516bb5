"""On every screen and at every scaling: alarm bar, lock, primary and Reaction lie inside the window at first show."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.questions import stops
from tests.ui.screens.faults import place, settle
from tests.ui.screens.listing import alarmed
from tests.ui.screens.stage import Scene, Stage
from ui.infusion.page import InfusionPage
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look_and_words import Kit

#: physical pixels of the screen, and how many of them title and task bar take
SCREENS = ((1280, 720, 0), (1366, 768, 78), (1920, 1080, 0))
SCALINGS = (1, 1.25, 1.5, 2)
COMBINATIONS = [
    pytest.param((round(wide / by), round((high - bars) / by)), id=f"{wide}-{by}")
    for wide, high, bars in SCREENS
    for by in SCALINGS
]


@pytest.fixture
def kit(qtbot: QtBot, qapp: QApplication) -> Iterator[Kit]:  # noqa: ARG001
    look = Look()
    look.dress(qapp)
    yield Kit(look, LiveWords("en"))
    qapp.setStyleSheet("")


def assert_whole(window: QWidget, *parts: QWidget) -> None:
    """Each can be seen, and all of it."""
    for part in parts:
        assert part.isVisible(), part
        assert place(part, window).size() == part.size(), (part.accessibleName(), part.geometry(), window.size())


@pytest.mark.parametrize("size", COMBINATIONS)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("scene", [Scene(stops.running), Scene(alarmed)], ids=["quiet", "alarm-and-reaction"])
def test_what_must_never_leave_the_screen_is_on_it(kit: Kit, scene: Scene, size: tuple[int, int], language: str) -> None:
    kit.words.set_language(language)
    stage = Stage(kit, scene, size)
    window, page = stage.window, stage.page
    assert isinstance(page, InfusionPage)
    assert (window.width(), window.height()) == size
    sheet = page.sheet
    assert_whole(window, window.top.lock, window.top.clock, sheet.dock.primary, sheet.dock.reaction, sheet.identity, *sheet.tiles)
    if scene.ward is alarmed:
        assert_whole(window, window.alarm)
        if not window.alarm.acknowledge.isHidden():
            assert_whole(window, window.alarm.acknowledge)
    settle()
    stage.clear()
