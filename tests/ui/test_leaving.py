"""Closing with an open infusion: the bed is named, and it takes a second, deliberate act."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.infusion.chapters.reaction import NoteReaction
from tests.domain.cast import LI
from tests.fakes import NoRecords
from tests.services.ward import running
from tests.ui.pages import story
from tests.ui.questions import stops
from tests.whole.ward_life import Life
from ui.frame.desk import Desk
from ui.frame.leaving import LeaveQuestion, Leaving
from ui.frame.window import Window
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit


@pytest.fixture
def window(kit: Kit, qtbot: QtBot) -> Iterator[Window]:
    """An infusion runs in it."""
    ward = running()
    made = Window(kit, False, "Ward 3")
    qtbot.addWidget(made)
    Leaving(story.desk_of(ward, kit, made), made)
    made.show()
    yield made
    made.may_close = lambda: True
    ward.bedside.news.forget()


def asked(window: Window) -> LeaveQuestion:
    (found,) = window.findChildren(LeaveQuestion)
    return found


def test_closing_names_the_bed_and_stays_open(window: Window) -> None:
    assert not window.close()
    assert window.isVisible()
    said = stops.texts(asked(window))
    assert "B-001 · Bed 12" in said
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
    ward.bedside.news.forget()


def test_practice_asks_as_a_ward_does_and_names_an_open_reaction(kit: Kit, qtbot: QtBot) -> None:
    window = Window(kit, True, "Ward 3")
    qtbot.addWidget(window)
    ward = running()
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "stop"), LI)
    Leaving(story.desk_of(ward, kit, window), window)
    window.show()
    assert not window.close()
    said = stops.texts(asked(window))
    assert "B-001 · Bed 12 · Paused · reaction open" in said
    assert "PRACTICE · simulated patient" in said
    asked(window).reject()
    window.may_close = lambda: True
    ward.bedside.news.forget()


def test_after_a_restart_the_page_opens_the_most_urgent_bed_of_the_store(kit: Kit, qtbot: QtBot, tmp_path: Path) -> None:
    before = Life(tmp_path / "ward.db")
    before.order("A-009", "7")
    before.order()
    before.start()
    before.close()
    life = Life(tmp_path / "ward.db")
    window = Window(kit, False, "Ward 3")
    qtbot.addWidget(window)
    record = life.record
    page = InfusionPage(Desk(kit, record.bedside, record.people, record.exchange, NoRecords(), window))
    page.refresh()
    assert [bed.order.subject for bed in record.bedside.infusions] == ["A-009", "B-001"]
    assert page.sheet.identity.state is not None
    assert page.sheet.identity.state.code == "B-001"
    record.bedside.news.forget()
    life.close()
