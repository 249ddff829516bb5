"""A question stands in a drawer at the right; alarm bar, what is due, whose infusion it is and the tiles stay in sight and live."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.infusion.facts import NoteAdded
from app.domain.people.roles import CLINICAL
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from tests.ui.screens.faults import place
from ui.ask.form import FormQuestion
from ui.ask.question import Question
from ui.ask.who import WhoQuestion, ask_who
from ui.questions.vital_checks import VitalsQuestion


def opened(at: At, key: str = "note", size: tuple[int, int] = (1366, 768)) -> tuple[Bedside, Question]:
    bed = at(stops.running())
    assert bed.page
    bed.window.resize(*size)
    bed.settle()
    return bed, bed.ask(key, Question)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def assert_whole(window: QWidget, drawer: QWidget, *parts: QWidget) -> None:
    for part in parts:
        seen = place(part, window)
        assert seen.size() == part.size(), part.accessibleName()
        assert not seen.intersects(QRect(drawer.pos(), drawer.size())), part.accessibleName()


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_what_must_be_seen_stands_beside_it(at: At, size: tuple[int, int]) -> None:
    bed, asked = opened(at, "vitals", size)
    sheet, window = bed.page.sheet, bed.window
    assert asked.window() is window
    assert asked.width() <= 0.55 * size[0] + 1
    assert window.rect().contains(asked.geometry())
    assert_whole(window, asked, window.top.due, window.top.lock, sheet.identity, sheet.drip, sheet.dock.reaction, *sheet.tiles)


def test_on_a_very_small_screen_it_takes_the_width_below_whose_infusion_it_is(at: At) -> None:
    bed, asked = opened(at, size=(683, 384))
    assert asked.width() == 683
    assert_whole(bed.window, asked, bed.window.top.due, bed.page.sheet.identity)


def test_the_page_beneath_lives_and_cannot_be_pressed(at: At) -> None:
    bed, asked = opened(at)
    sheet = bed.page.sheet
    before = sheet.tiles[0].state
    QTest.mouseClick(bed.window.rail, Qt.MouseButton.LeftButton)
    QTest.keyClick(bed.window, Qt.Key.Key_F2)
    assert bed.open_dialogs() == [asked]
    bed.ward.hear("hr", 99)
    bed.page.refresh()
    assert sheet.tiles[0].state != before
    assert not sheet.area.isEnabled()
    bed.press(asked, Qt.Key.Key_Escape)
    assert bed.open_dialogs() == []
    assert sheet.area.isEnabled()
    assert sheet.dock.primary.isVisible()
    assert sheet.left.isVisible()


def test_the_keys_are_the_question_s_and_go_back_to_the_page(at: At) -> None:
    bed, asked = opened(at)
    assert isinstance(asked, FormQuestion)
    QTest.keyClicks(focused(), "calm")
    assert asked.answers()["text"] == "calm"
    bed.press(focused(), Qt.Key.Key_Return)
    assert bed.open_dialogs() == []
    assert bed.ward.state.entries[-1].event == NoteAdded("calm")


def test_a_second_person_s_question_covers_the_first_one_s_answers(at: At) -> None:
    bed, asked = opened(at, "vitals")
    assert isinstance(asked, VitalsQuestion)
    ask_who(bed.desk, asked, CLINICAL, lambda _person: None)
    second = bed.dialog(WhoQuestion)
    assert second.about == asked.about
    assert second.geometry() == asked.geometry()
    assert not asked.isEnabled()
    second.reject()
    bed.settle()
    assert asked.isEnabled()
    assert bed.open_dialogs() == [asked]
    assert asked.isAncestorOf(bed.window.focusWidget() or bed.window)


def test_it_grows_with_what_appears_and_leaves_the_trend_where_it_is_short(at: At) -> None:
    bed, asked = opened(at)
    trend = bed.page.sheet.left
    assert trend.isVisible()
    assert trend.mapTo(bed.window, trend.rect().topLeft()).y() > asked.geometry().bottom()
    high = asked.height()
    asked.body.addWidget(one := QWidget())
    one.setFixedHeight(400)
    bed.settle()
    assert asked.height() > high
    assert not trend.isVisible()


def test_f8_and_the_red_button_note_a_reaction_over_it(at: At) -> None:
    bed, _asked = opened(at)
    wanted: list[bool] = []
    bed.desk.stop_wanted.connect(lambda: wanted.append(True))
    QTest.mouseClick(bed.page.sheet.dock.reaction, Qt.MouseButton.LeftButton)
    assert wanted == [True]


def test_tab_goes_round_in_the_question(at: At) -> None:
    bed, asked = opened(at)
    first, seen = focused(), []
    for _ in range(6):
        bed.press(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
        if focused() is first:
            break
    assert seen[-1] is first
    assert {asked.cancel, asked.primary} <= set(seen)
    assert all(asked.isAncestorOf(one) for one in seen)
