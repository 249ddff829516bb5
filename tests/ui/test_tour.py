"""The practice tour's card: begun from F1 or the practice controls, left at any time, over nothing that is pressed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import settings
from app.domain.infusion.phases import Phase
from app.practice.practice_monitors import PracticeMonitors
from app.practice.practice_window import PracticeWindow
from app.practice.tour_at_bed import TourAtBed
from app.program.window_program import WindowProgram
from app.services.access.practice_people import PRACTICE
from tests.ui.house import started
from ui.ask.question import Question
from ui.frame.pages import PageKey
from ui.frame.shell import Shell
from ui.help.help_page import HelpPage
from ui.infusion.page import InfusionPage
from ui.questions.reaction import ask_note_reaction

NURSE, _, PHARMACIST, _ = (person for person, _secret in PRACTICE)


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WindowProgram:
    """Practice without its simulated monitor."""
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(PracticeMonitors, "attend", lambda _self, _infusion_id: None)
    shell = Shell("en", "light", practice=True, ward="Ward 3")
    shell.window.show()
    made = started(shell, settings.Options(practice=True), tmp_path / "practice.db")
    qtbot.addWidget(shell.window, before_close_func=lambda _window: made.close())
    return made


def tour_of(running: WindowProgram) -> TourAtBed:
    assert isinstance(running.monitors, PracticeWindow)
    return running.monitors.tour


def begun(running: WindowProgram, qtbot: QtBot) -> TourAtBed:
    tour = tour_of(running)
    qtbot.waitUntil(lambda: tour.tour is not None, timeout=60_000)
    tour.tick()
    return tour


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def test_from_the_help_to_a_bed_of_its_own_and_out_again(running: WindowProgram, qtbot: QtBot) -> None:
    window, desk = running.shell.window, running.desk
    running.session.let_in(NURSE)
    window.help_wanted.emit()
    (help_page,) = window.findChildren(HelpPage)
    help_page.tour.click()
    tour = begun(running, qtbot)
    page = window.pages[PageKey.INFUSION]
    assert isinstance(page, InfusionPage)
    assert window.page == PageKey.INFUSION
    assert (tour.card.isVisible(), tour.card.title.text()) == (True, "The cable is out")
    window.resize(1280, 720)
    running._tick()
    qtbot.wait(1)
    card = place(tour.card, window)
    assert window.rect().contains(card)
    for one in (page.sheet.dock, page.sheet.identity, page.sheet.strip, *page.sheet.tiles, window.top):
        assert not card.intersects(place(one, window)), one
    ask_note_reaction(desk, desk.bedside.infusions[0].infusion_id, window)
    qtbot.wait(1)
    (asked,) = window.findChildren(Question)
    card = place(tour.card, window)
    assert (tour.card.title.isVisible(), tour.card.next.isVisible()) == (True, False)
    for one in (asked, page.sheet.identity, page.sheet.dock.reaction, *(tile for tile in page.sheet.tiles if tile.isVisible())):
        assert not card.intersects(place(one, window)), one
    asked.reject()
    tour.card.next.click()
    assert tour.card.title.text() == "The sensor is off"
    tour.card.leave.click()
    assert tour.card.isHidden()
    (state,) = desk.bedside.infusions
    assert (state.order.bed, state.phase) == ("91", Phase.OBSERVATION)


def test_it_waits_behind_the_lock_and_ends_with_again(running: WindowProgram, qtbot: QtBot) -> None:
    running.session.let_in(NURSE)
    tour_of(running).begin()
    tour = begun(running, qtbot)
    running.session.lock("person")
    tour.tick()
    assert tour.card.isHidden()
    running.session.let_in(NURSE)
    for _ in range(5):
        tour.card.next.click()
    assert (tour.card.title.text(), tour.card.again.isVisible()) == ("The tour is over", True)
    first = tour.tour
    tour.card.again.click()
    qtbot.waitUntil(lambda: tour.tour is not None and tour.tour is not first, timeout=60_000)
    assert [state.order.bed for state in running.desk.bedside.infusions] == ["91", "92"]


def test_it_is_for_whoever_stands_at_a_bed(running: WindowProgram) -> None:
    running.session.let_in(PHARMACIST)
    tour_of(running).begin()
    told = running.shell.window.strip._state
    assert told is not None
    assert "Only a nurse or an investigator" in running.shell.words.shown(told.happened)
