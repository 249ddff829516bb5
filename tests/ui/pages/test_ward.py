"""What a nurse sees on the Ward page: every bed in its place and the urgent one marked, the list, what was closed today."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.infusion.chapters.thaw import HangBag
from tests.domain.cast import LI, ZHAO
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.questions import ordering
from ui.ward.page import WardPage
from ui.ward.ward_card import WardCardState


def opened(ward: Ward, furnish: Furnish) -> tuple[WardPage, Window, Desk]:
    window, desk = furnish(ward, WardPage)
    page = window.pages["page"]
    assert isinstance(page, WardPage)
    return page, window, desk


def shown(page: WardPage) -> list[WardCardState]:
    page.refresh()
    return [card.state for card in page.cards if card.state is not None]


@pytest.fixture
def ward() -> Ward:
    return story.full_ward()


def test_four_beds_each_in_its_place_and_the_first_due_marked(ward: Ward, furnish: Furnish, kit: Kit) -> None:
    page, _, _ = opened(ward, furnish)
    cards = shown(page)
    said = kit.words.shown
    assert [card.code for card in cards] == ["A-005", "A-004", "B-007", "C-002"]
    assert [card.first for card in cards] == [False, False, True, False]
    assert [said(card.phase) for card in cards] == ["Verify", "Observing", "40–60/min", "Thaw and hang"]
    others = [cards[0], cards[1], cards[3]]
    assert [said(card.task) for card in others] == ["Verify: two people", "Vital signs 90 min", "Thaw bag UC-2611-050"]
    assert [said(card.task_left) for card in others] == ["to do now", "in 06:30", "in 20:00"]
    assert said(cards[2].vitals) == "84 · 97 % · 117/73 · 17 · 36.7 °C"
    assert [card.link for card in cards] == ["none", "live", "live", "none"]
    assert [card.missed for card in cards] == [0, 2, 0, 0]
    assert [card.mark for card in cards] == ["03", "09", "12", "15"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_four_cards_on_the_smallest_window_end_no_word_in_dots(ward: Ward, furnish: Furnish, kit: Kit, language: str) -> None:
    page, window, _ = opened(ward, furnish)
    window.resize(1280, 720)
    kit.words.set_language(language)
    shown(page)
    QApplication.processEvents()
    for card in page.cards:
        card.grab()
        assert not [written.text for written in card.written if "…" in written.text]


def test_the_ring_tells_the_time_left_of_the_phase(ward: Ward, furnish: Furnish) -> None:
    page, _, _ = opened(ward, furnish)
    assert [card.ring.text for card in shown(page)] == ["—", "36:30", "11:30", "30:00"]


def test_a_bed_that_is_late_says_so_and_wears_its_alarm(ward: Ward, furnish: Furnish) -> None:
    page, _, _ = opened(ward, furnish)
    story.checked(ward)
    assert shown(page)[2].alarm is None
    ward.do(HangBag("UC-2611-044"), LI)
    story.watch(ward, 13)
    first = shown(page)[2]
    assert (first.code, first.late, first.alarm) == ("B-007", True, "high")


def test_the_list_has_every_task_of_every_bed(ward: Ward, furnish: Furnish, kit: Kit) -> None:
    page, _, _ = opened(ward, furnish)
    page.refresh()
    rows = [tuple(map(kit.words.shown, row.cells[1:])) for row in page.tasks._model.state.rows]
    assert ("A-004 · 09", "Vital signs 90 min", "in 06:30") in rows
    assert ("B-007 · 12", "End infusion: limit 60 min", "in 11:30") in rows
    assert rows[-1] == ("A-005 · 03", "Verify: two people", "to do now")


def test_today_s_closed_ones_stand_below(ward: Ward, furnish: Furnish, kit: Kit) -> None:
    page, _, _ = opened(ward, furnish)
    page.refresh()
    rows = [tuple(map(kit.words.shown, row.cells[1:])) for row in page.closed._model.state.rows]
    assert rows == [("B-001 · 12", "given up before the start")]
    assert page.closed_card.isVisible()


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1920, 1080)])
def test_nothing_is_cut(ward: Ward, furnish: Furnish, kit: Kit, size: tuple[int, int]) -> None:
    page, window, _ = opened(ward, furnish)
    for language in ("en", "zh_CN"):
        window.resize(*size)
        kit.words.set_language(language)
        page.refresh()
        for _ in range(3):
            QApplication.processEvents()
        assert_nothing_cut(window)


def test_more_than_four_beds_scroll(ward: Ward, furnish: Furnish) -> None:
    page, _, _ = opened(ward, furnish)
    for at in range(5, 14):
        ward.bedside.order(f"A-1{at:02}", f"{at + 20}", "A", 1, ZHAO)
    page.refresh()
    for _ in range(3):
        QApplication.processEvents()
    assert len(page.cards) == 13
    assert page.area.verticalScrollBar().maximum() > 0
    assert page.tasks.height() > 100


def test_a_card_opens_its_infusion_by_mouse_and_by_enter(ward: Ward, furnish: Furnish, qtbot: QtBot) -> None:
    page, _, desk = opened(ward, furnish)
    page.refresh()
    with qtbot.waitSignal(desk.show_page) as clicked:
        QTest.mouseClick(page.cards[2], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(desk.show_page) as entered:
        QTest.keyClick(page.cards[2], Qt.Key.Key_Return)
    assert clicked.args == entered.args == ["infusion", ward.infusion_id]


def test_a_card_whose_bed_changed_under_the_finger_opens_nothing(ward: Ward, furnish: Furnish) -> None:
    page, _, desk = opened(ward, furnish)
    first, second = shown(page)[:2]
    card, went = page.cards[0], []
    desk.show_page.connect(lambda *where: went.append(where))
    QTest.mousePress(card, Qt.MouseButton.LeftButton)
    card.set_state(second)
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton)
    assert went == []
    card.set_state(first)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert went == [("infusion", first.key)]


def test_a_row_opens_its_infusion(ward: Ward, furnish: Furnish, qtbot: QtBot) -> None:
    page, _, desk = opened(ward, furnish)
    page.refresh()
    with qtbot.waitSignal(desk.show_page) as signal:
        page.tasks.opened.emit(page.tasks._model.state.rows[0].key)
    assert signal.args == ["infusion", ward.infusion_id]


def test_an_empty_ward_says_what_to_do(furnish: Furnish, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = story.new_ward()
    ward.clock.move(minutes=60 * 24 * 2)
    asked: list[object] = []
    monkeypatch.setattr(ordering, "ask_order", lambda _desk, parent: asked.append(parent))
    page, window, _ = opened(ward, furnish)
    assert page.empty.isVisible()
    page.empty.action.click()
    assert asked == [page]
    for language in ("en", "zh_CN"):
        kit.words.set_language(language)
        assert_nothing_cut(window)


def test_a_new_order_appears_at_once(furnish: Furnish) -> None:
    ward = story.new_ward()
    page, _, _ = opened(ward, furnish)
    assert not page.cards
    assert page.nothing.isVisible()
    story.ordered(ward, "A-005", "03", "A")
    assert [card.code for card in shown(page)] == ["A-005"]
    assert not page.nothing.isVisible()


def test_nothing_ticks_while_it_is_hidden(ward: Ward, furnish: Furnish) -> None:
    _, window, _ = opened(ward, furnish)
    window.hide()
    assert not [one for one in window.findChildren(QTimer) if one.isActive()]
