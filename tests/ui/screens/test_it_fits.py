"""On every screen and at every scaling: alarm bar, lock, primary and Reaction lie inside the window at first show."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from app.settings import WindowPlace
from tests.ui.chinese import needs_letters_of
from tests.ui.questions import stops
from tests.ui.screens.faults import place
from tests.ui.screens.listing import alarmed
from tests.ui.screens.stage import Scene, Stage
from ui.frame.opening_screen import first_place
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


@pytest.fixture(scope="module", params=[stops.running, alarmed], ids=["quiet", "alarm-and-reaction"])
def stage(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Stage]:
    """One for all sizes: it is hidden, made as large as the screen, and shown again."""
    look = Look()
    look.dress(qapp)
    made = Stage(Kit(look, LiveWords("en")), Scene(request.param))
    yield made
    made.clear()


def assert_whole(window: QWidget, *parts: QWidget) -> None:
    """Each can be seen, and all of it."""
    for part in parts:
        assert part.isVisible(), part
        assert place(part, window).size() == part.size(), (part.accessibleName(), part.geometry(), window.size())


@pytest.mark.parametrize("size", COMBINATIONS)
def test_what_must_never_leave_the_screen_is_on_it(stage: Stage, size: tuple[int, int]) -> None:
    window, page = stage.window, stage.page
    assert isinstance(page, InfusionPage)
    sheet = page.sheet
    window.hide()
    window.resize(*size)
    window.show()
    for language in ("en", "zh_CN"):
        needs_letters_of(language)
        stage.kit.words.set_language(language)
        stage.refresh()
        assert (window.width(), window.height()) == size
        assert_whole(window, window.top.lock, window.top.clock, sheet.dock.primary, sheet.dock.reaction, sheet.identity)
        assert_whole(window, *sheet.tiles)
        if not window.alarm.isHidden():
            assert_whole(window, window.alarm, window.alarm.acknowledge)
    assert window.alarm.isHidden() or stage.ward.state.reaction_open


def test_the_window_opens_as_it_was_left_within_the_screen_there_is() -> None:
    large, small = QRect(0, 0, 1920, 1040), QRect(0, 0, 1366, 728)
    assert first_place(large, None) == (QRect(277, 136, 1366, 768), False)
    assert first_place(small, None) == (QRect(0, 0, 1366, 728), True)
    kept = WindowPlace(500, 200, 1400, 800)
    assert first_place(large, kept) == (QRect(500, 200, 1400, 800), False)
    assert first_place(large, WindowPlace(1800, 900, 1400, 800, whole=True)) == (QRect(520, 240, 1400, 800), True)
    assert first_place(small, kept) == (QRect(0, 0, 1366, 728), True)
