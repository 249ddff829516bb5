"""Closing with an open infusion: the bed is named, and it takes a second, deliberate act."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.services.ward import Ward
from tests.ui.pages import story
from tests.ui.questions import stops
from ui.frame.leaving import LeaveQuestion, Leaving
from ui.frame.window import Window
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit


@pytest.fixture
def window(kit: Kit, qtbot: QtBot) -> Iterator[Window]:
    """An infusion runs in it."""
    ward = stops.running()
    made = Window(kit, False, "Ward 3")
    qtbot.addWidget(made)
    Leaving(story.desk_of(ward, kit, made), made)
    made.show()
    yield made
    made.may_close = lambda: True
    ward.bedside._lookers.clear()


def asked(window: Window) -> LeaveQuestion:
    (found,) = window.findChildren(LeaveQuestion)
    return found


def test_closing_names_the_bed_and_stays_open(window: Window) -> None:
    assert not window.close()
    assert window.isVisible()
    said = stops.texts(asked(window))
    assert "B-007 · Bed 12" in said
    assert "The alarms stop." in said
    assert not window.close()
    asked(window).reject()


def test_enter_alone_does_not_close_it(window: Window) -> None:
    window.close()
    QTest.keyClick(asked(window), Qt.Key.Key_Return)
    assert window.isVisible()
    asked(window).reject()


def test_who_says_that_somebody_watches_closes_it(window: Window) -> None:
    window.close()
    question = asked(window)
    question.knows.click()
    question.primary.click()
    assert not window.isVisible()


def test_where_nothing_is_open_it_closes_at_once(kit: Kit, qtbot: QtBot) -> None:
    window = Window(kit, False, "Ward 3")
    qtbot.addWidget(window)
    ward = story.new_ward()
    leaving = Leaving(story.desk_of(ward, kit, window), window)
    window.show()
    assert leaving.may_close()
    assert window.close()
    ward.bedside._lookers.clear()


def test_after_a_restart_the_page_opens_the_most_urgent_bed(kit: Kit, qtbot: QtBot) -> None:
    ward: Ward = story.full_ward()
    window = Window(kit, False, "Ward 3")
    qtbot.addWidget(window)
    page = InfusionPage(story.desk_of(ward, kit, window))
    page.refresh()
    assert page.sheet.identity.state is not None
    assert page.sheet.identity.state.code == "B-007"
    ward.bedside._lookers.clear()
