"""F8 stops: on every page, over every question, in every state; and of the right bed."""

from collections.abc import Callable, Iterator
from decimal import Decimal as D
from random import Random

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.pause import Pause, Resume
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction
from app.domain.infusion.chapters.thaw import HangBag, ReportEmpty, TakeDownBag
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.people.roles import Person
from app.domain.texts import say
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.latch import Alarm, Finding
from app.domain.watch.priority import Priority
from tests.domain.cast import LI, ZHAO
from tests.domain.play import vitals
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.questions import stops
from ui.ask.question import Question
from ui.ask.which_bed import WhichBed
from ui.frame.bar.stop_key import StopKey
from ui.frame.pages import PageKey
from ui.frame.session import Session
from ui.frame.window import Window
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit
from ui.questions.actions import ACTIONS
from ui.questions.reaction import ReactionQuestion
from ui.ward.page import WardPage


class Hand:
    """A window with both pages, and the keys of whoever stands before it."""

    def __init__(self, ward: Ward, kit: Kit, qtbot: QtBot) -> None:
        self.ward, self._qtbot = ward, qtbot
        self.window = Window(kit, True, "Ward 3")
        self.desk = story.desk_of(ward, kit, self.window)
        self.session = Session(self.desk, self.window, lambda: 0.0)
        self.infusion_page = InfusionPage(self.desk)
        self.window.add_page(PageKey.INFUSION, self.infusion_page)
        self.window.add_page(PageKey.WARD, WardPage(self.desk))
        self.alarms: list[ActiveAlarm] = []
        self.stop_key = StopKey(self.desk, self.window, self.found, self.session.put_aside)
        self.desk.show_page.connect(self._turned)
        self.desk.message.connect(self.window.strip.set_state)
        self.infusion_page.show_infusion(ward.infusion_id)
        self.window.show_page(PageKey.INFUSION)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def found(self) -> list[ActiveAlarm]:
        return self.alarms

    def _turned(self, key: str, infusion_id: str) -> None:
        self.infusion_page.show_infusion(infusion_id)
        self.window.show_page(key)
        self.session.page_shown(key, infusion_id)

    def dialogs(self) -> list[QDialog]:
        return [one for one in self.window.findChildren(QDialog) if one.isVisible()]

    def front(self) -> QWidget:
        open_now = self.dialogs()
        found: QWidget = open_now[-1] if open_now else self.window
        found.activateWindow()
        self._qtbot.waitUntil(found.isActiveWindow)
        return found

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.front(), key)
            QApplication.processEvents()

    def put_away(self) -> None:
        while self.dialogs():
            self.dialogs()[-1].reject()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


At = Callable[[Ward], Hand]


@pytest.fixture
def at(kit: Kit, qtbot: QtBot) -> Iterator[At]:
    made: list[Hand] = []

    def hand(ward: Ward) -> Hand:
        made.append(Hand(ward, kit, qtbot))
        return made[-1]

    yield hand
    for one in made:
        one.put_away()
        one.session.close()
        one.ward.bedside.news.forget()
        one.window.close()
        one.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # or every restyling grows dearer


def running_reaction() -> Ward:
    """A reaction is open and the drip runs on, slower."""
    ward = stops.running()
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "slow", slower_gtt_min=D(28)), LI)
    story.watch(ward, 1)
    return ward


STATES = (
    stops.hung, stops.another_started, stops.started, stops.ready_to_step, stops.running, running_reaction, stops.paused,
    stops.reacted, stops.calmed, stops.feverish, stops.racing, stops.racing_paused, stops.uneasy,
    stops.unwatched, stops.ended, stops.observed, stops.closed, stops.premedicated, stops.thawed,
)  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_f8_and_enter_leave_nothing_dripping(at: At, state: stops.Stop) -> None:
    hand = at(state())
    hand.press(Qt.Key.Key_F8, Qt.Key.Key_Return)
    assert hand.ward.state.phase is not Phase.RUNNING
    assert hand.ward.state.reactions


def _phase(ward: Ward) -> Phase:
    return ward.state.phase


def _wishes(ward: Ward) -> list[tuple[Command, Person]]:
    now = ward.bedside.now()
    return [
        (Pause(), LI), (Resume(D(20)), LI), (Resume(D(48), ZHAO, "why", "why"), ZHAO), (StepUp(D(48)), LI),
        (SetRate(D(40), "why"), LI),
        (NoteReaction(now, ("rash",), "continue"), LI), (NoteReaction(now, (), "slow", slower_gtt_min=D(20)), LI),
        (UpdateReaction(now, ("rash",), (), 2), LI), (ResolveReaction(now), LI), (MeasureRate(D(50), "taps", 10), LI),
        (vitals(), LI), (vitals(discomfort="yes"), LI), (ReportEmpty(), LI), (TakeDownBag(D(50), "leak"), LI),
        (HangBag(stops.BAGS[1]), LI), (ReadRemaining(D(30)), LI), (ConfirmElapsed(600), LI),
        (NoteReaction(now, ("chills",), "stop"), LI), (Resume(D(20), ZHAO, "why", "why"), LI),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 12))])
def test_whatever_was_done_before_f8_and_enter_stop(at: At, seed: int) -> None:
    """Walks of a seeded hand: after every step the drip that runs is stopped by the two keys, and is let go on."""
    random, hand, stopped = Random(seed), at(stops.started()), 0
    ward = hand.ward
    for _ in range(14):
        command, by = random.choice(_wishes(ward))
        ward.do(command, by)
        story.watch(ward, random.choice([0.1, 1, 6]))
        if ward.state.phase is Phase.RUNNING:
            hand.press(Qt.Key.Key_F8, Qt.Key.Key_Return)
            assert _phase(ward) is Phase.PAUSED
            stopped += 1
            hand.put_away()
            ward.do(Resume(D(20 if ward.state.stage == 0 else 48), ZHAO, "why", "why"), LI)
    assert stopped
    assert ward.do(End(D(10)), LI).refused is None


def two_running() -> Ward:
    """B-007 in bed 12 is shown; bed 7 runs with a pulse far too high."""
    ward = stops.another_started()
    here = ward.infusion_id
    ward.do(Start(D(20)), LI)
    other = next(s.infusion_id for s in ward.bedside.infusions if s.order.bed == "7")
    ward.infusion_id = other
    ward.do(vitals(hr=150), LI)
    ward.infusion_id = here
    return ward


def bed_of(ward: Ward, bed: str) -> Infusion:
    return next(s for s in ward.bedside.infusions if s.order.bed == bed and s.started_at is not None)


def loud(hand: Hand, bed: str, key: str = "hr", priority: Priority = Priority.HIGH) -> None:
    """An alarm stands at that bed and at no other."""
    now = hand.desk.now()
    heart = Finding(key=key, priority=priority, since=now, text=say("Heart rate high"))
    found = ActiveAlarm(bed_of(hand.ward, bed).infusion_id, Alarm(heart, now))
    hand.alarms = [found]


def test_with_an_alarm_at_another_bed_it_asks_which_and_the_alarming_one_is_first(at: At) -> None:
    hand = at(two_running())
    loud(hand, "7")
    hand.press(Qt.Key.Key_F8)
    (asked,) = hand.dialogs()
    assert isinstance(asked, WhichBed)
    assert [made.text() for made in asked.stops] == ["STOP B-009 · Bed 7", "STOP B-007 · Bed 12"]
    hand.press(Qt.Key.Key_Return)
    assert bed_of(hand.ward, "7").phase is Phase.PAUSED
    assert bed_of(hand.ward, "12").phase is Phase.RUNNING
    (form,) = hand.dialogs()
    assert isinstance(form, ReactionQuestion)
    assert form.head is not None
    assert (form.head.subject.text(), form.head.bed.text()) == ("B-009", "Bed 7")
    assert hand.infusion_page.infusion_id == form.about


def test_the_other_of_the_two_may_be_meant_and_opened_without_a_stop(at: At) -> None:
    hand = at(two_running())
    loud(hand, "7")
    hand.press(Qt.Key.Key_F8)
    asked = hand.dialogs()[0]
    assert isinstance(asked, WhichBed)
    asked.opens[1].click()
    (form,) = hand.dialogs()
    assert isinstance(form, ReactionQuestion)
    assert {s.phase for s in hand.ward.bedside.infusions if s.started_at} == {Phase.RUNNING}
    hand.press(Qt.Key.Key_Return)
    assert bed_of(hand.ward, "12").phase is Phase.PAUSED


def test_a_low_alarm_elsewhere_does_not_stand_between(at: At) -> None:
    hand = at(two_running())
    loud(hand, "7", priority=Priority.LOW)
    hand.press(Qt.Key.Key_F8, Qt.Key.Key_Return)
    assert bed_of(hand.ward, "12").phase is Phase.PAUSED


def test_on_the_ward_page_it_asks_which_of_those_that_drip(at: At) -> None:
    hand = at(two_running())
    hand.window.show_page(PageKey.WARD)
    hand.press(Qt.Key.Key_F8)
    asked = hand.dialogs()[0]
    assert isinstance(asked, WhichBed)
    assert len(asked.stops) == 2
    assert_nothing_cut(asked)


@pytest.mark.parametrize("key", ["vitals", "note", "stop", "hand_over"])
def test_over_an_open_form_and_the_form_stays(at: At, key: str) -> None:
    hand = at(stops.running())
    ACTIONS[key](hand.desk, hand.ward.infusion_id, hand.infusion_page)
    (form,) = hand.dialogs()
    hand.press(Qt.Key.Key_F8, Qt.Key.Key_Return)
    assert hand.ward.state.phase is Phase.PAUSED
    hand.dialogs()[-1].reject()
    assert hand.dialogs() == [form]


def test_over_another_bed_s_form_which_comes_back_on_its_own_page_alone(at: At) -> None:
    hand = at(two_running())
    here, there = bed_of(hand.ward, "12").infusion_id, bed_of(hand.ward, "7").infusion_id
    ACTIONS["note"](hand.desk, here, hand.infusion_page)
    (form,) = hand.dialogs()
    loud(hand, "7")
    hand.press(Qt.Key.Key_F8, Qt.Key.Key_Return)
    assert bed_of(hand.ward, "7").phase is Phase.PAUSED
    assert not form.isVisible()
    hand.put_away()
    assert hand.dialogs() == []
    hand.desk.show_page.emit(PageKey.INFUSION, there)
    assert hand.dialogs() == []
    hand.desk.show_page.emit(PageKey.INFUSION, here)
    assert hand.dialogs() == [form]
    assert isinstance(form, Question)
    assert "You left this half filled" in stops.texts(form.strip)


def test_nothing_happens_while_nobody_is_signed_in(at: At) -> None:
    hand = at(stops.running())
    hand.desk.sign_in(None)
    hand.press(Qt.Key.Key_F8)
    assert hand.dialogs() == []


def test_where_nothing_can_react_it_says_so(at: At) -> None:
    hand = at(stops.written_down())
    hand.desk.show_page.disconnect(hand._turned)
    hand.press(Qt.Key.Key_F8)
    assert hand.dialogs() == []
    assert "No infusion is open" in stops.texts(hand.window.strip)


def test_enter_in_an_answer_of_a_known_reaction_saves_and_stops_nothing(at: At) -> None:
    hand = at(running_reaction())
    hand.press(Qt.Key.Key_F8)
    (form,) = hand.dialogs()
    assert isinstance(form, ReactionQuestion)
    form.called.field.setFocus()
    hand.press(Qt.Key.Key_Return)
    assert _phase(hand.ward) is Phase.RUNNING
    hand.press(Qt.Key.Key_F8, Qt.Key.Key_Return)
    assert _phase(hand.ward) is Phase.PAUSED
