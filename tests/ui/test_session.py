"""The lock: it comes by itself, keeps what was half filled in for whoever it belongs to, and hides nothing that is due."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from app import settings
from app.domain.log import Event
from app.domain.people import accounts as a
from app.domain.people.proofs import HeadDoubted, HeadExplained
from app.domain.people.roles import Person, Role
from app.domain.texts import say
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.latch import Alarm, Finding
from app.domain.watch.priority import Priority
from app.practice.practice_monitors import PracticeMonitors
from app.program.window_program import WindowProgram
from app.services.access.practice_people import PRACTICE
from tests.ui.house import started
from ui.ask.question import Question
from ui.ask.signer import MaySign
from ui.ask.who import WhoQuestion, ask_who
from ui.entrance.end_of_record import EndQuestion
from ui.frame.pages import pages_of
from ui.frame.session import IDLE_S, SECOND_SIGNER_IDLE_S
from ui.frame.shell import Shell
from ui.infusion.page import InfusionPage
from ui.questions.actions import ACTIONS
from ui.questions.staff import EmergencyQuestion, JustifyQuestion
from ui.questions.weighing import WeightQuestion
from ui.ward.page import WardPage

NURSE, OTHER, PHARMACIST, INVESTIGATOR = (person for person, _secret in PRACTICE)


class Clock:
    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


class Desk:
    """The whole program in practice, with a clock that stands still."""

    def __init__(self, running: WindowProgram) -> None:
        self.running, self.clock = running, Clock()
        self.window, self.session = running.shell.window, running.session
        self.session._steady_s = self.clock

    def signed_in(self, person: Person) -> None:
        """Once the window has come to rest."""
        self.running.session.let_in(person)
        self.running.shell.settle()

    def idle(self, seconds: float) -> None:
        self.clock.s += seconds
        self.session.tick()

    def who(self) -> Person | None:
        return self.running.desk.person

    @property
    def open(self) -> list[QDialog]:
        return [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]

    @property
    def happened(self) -> list[Event]:
        self.running.record.recorder.flush().result()
        return [entry.event for entry in self.running.record.store.account_entries()]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(PracticeMonitors, "attend", lambda _self, _infusion_id: None)
    shell = Shell("en", "light", practice=True, ward="Ward 3")
    shell.window.show()
    made = started(shell, settings.Options(practice=True), tmp_path / "practice.db")
    shell.window.may_close = lambda: True
    qtbot.addWidget(shell.window, before_close_func=lambda _window: made.close())
    return Desk(made)


@pytest.fixture
def ordered(desk: Desk, qtbot: QtBot) -> str:
    bedside = desk.running.desk.bedside
    infusion_id = bedside.order("B-001", "01", "B", 1, INVESTIGATOR)
    qtbot.waitUntil(lambda: bedside.knows(infusion_id), timeout=60_000)
    return infusion_id


@pytest.mark.parametrize(("person", "limit_s"), [(NURSE, IDLE_S), (PHARMACIST, SECOND_SIGNER_IDLE_S)])
def test_it_locks_at_the_limit_and_not_a_second_before(desk: Desk, person: Person, limit_s: float) -> None:
    desk.signed_in(person)
    desk.idle(limit_s - 1)
    assert desk.who() == person
    desk.idle(1)
    assert desk.who() is None
    assert desk.window.page == "sign_in"
    assert desk.happened[-2:] == [a.SignedIn(person.person_id), a.SignedOut(person.person_id, "idle")]


def test_a_key_begins_the_time_again(desk: Desk) -> None:
    desk.signed_in(NURSE)
    desk.idle(IDLE_S - 1)
    QTest.keyClick(desk.window, Qt.Key.Key_Shift)
    desk.idle(IDLE_S - 1)
    assert desk.who() == NURSE


@pytest.mark.parametrize("person", [NURSE, PHARMACIST])
def test_the_pages_somebody_may_open_are_made_ahead_piece_by_piece_and_a_hand_is_seen_after_it(desk: Desk, person: Person) -> None:
    pages, pieces = desk.running.pages, 0
    assert not pages.make_piece()
    desk.signed_in(person)
    while pages.make_piece():
        pieces += 1
    made = {row.key: pages.page(row.key) for row in pages_of(person)}
    assert set(desk.window.pages) == {"sign_in", *made}
    assert pieces > 3 * len(made)
    for key, page in made.items():
        desk.running.desk.show_page.emit(key, "")
        assert desk.window.pages[desk.window.page] is page
    desk.idle(SECOND_SIGNER_IDLE_S - 1)
    QTest.keyClick(desk.window, Qt.Key.Key_Shift)
    desk.idle(SECOND_SIGNER_IDLE_S - 1)
    assert desk.who() == person


def test_what_is_due_is_seen_by_everybody(desk: Desk, ordered: str) -> None:  # noqa: ARG001
    desk.running.sign_in.tick()
    (row,) = desk.running.sign_in.ward_now.rows
    assert [part.text() for part in row] == ["B-001 · Bed 01", "Ordered", "Dispense and release", "to do now"]


def test_on_the_locked_screen_an_alarm_leads_to_its_bed_and_is_taken_by_nobody(
    desk: Desk, ordered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.running.sign_in
    page.tick()
    desk.window.alarm.acknowledge_pressed.emit()
    assert page.note.text() == "Sign in first."
    now = desk.running.desk.now()
    alarm = ActiveAlarm(ordered, Alarm(Finding(key="spo2", priority=Priority.HIGH, since=now), now))
    monkeypatch.setattr(desk.running.frame.alerts, "active", lambda: [alarm])
    desk.window.alarm.bed_pressed.emit()
    assert page.beds is not None
    assert page.beds.shown == ordered


def test_a_half_filled_form_waits_for_whoever_it_belongs_to(desk: Desk, ordered: str) -> None:
    desk.signed_in(NURSE)
    desk.running.desk.show_page.emit("dispense", ordered)
    question = WeightQuestion(desk.running.desk, ordered, desk.window)
    question.open()
    question.kg.setText("70.0")
    desk.idle(IDLE_S)
    assert desk.open == []
    desk.signed_in(OTHER)
    assert desk.open == []
    assert desk.window.page == "ward"
    desk.window.lock_wanted.emit()
    desk.signed_in(NURSE)
    assert desk.open == [question]
    assert question.kg.text() == "70.0"
    assert desk.window.page == "dispense"
    question.reject()


def test_a_bed_s_form_turns_its_page_when_it_comes_back_and_a_colleague_reads_whose_it_is(
    desk: Desk, ordered: str, qtbot: QtBot
) -> None:
    running = desk.running.desk
    other = running.bedside.order("B-002", "02", "B", 1, INVESTIGATOR)
    qtbot.waitUntil(lambda: running.bedside.knows(other), timeout=60_000)
    desk.signed_in(NURSE)
    running.show_page.emit("infusion", ordered)
    page = desk.window.pages["infusion"]
    assert isinstance(page, InfusionPage)
    ACTIONS["note"](running, ordered, page)
    (form,) = desk.open
    assert isinstance(form, Question)
    running.show_page.emit("infusion", other)
    desk.idle(IDLE_S)
    desk.signed_in(OTHER)
    running.show_page.emit("infusion", other)
    assert page.sheet.notice.isHidden()
    running.show_page.emit("infusion", ordered)
    assert desk.open == []
    told = page.sheet.notice._state
    assert told is not None
    assert f"{NURSE.person_id} left this half filled" in running.kit.words.shown(told.happened)
    desk.window.lock_wanted.emit()
    desk.signed_in(NURSE)
    assert desk.open == [form]
    assert (desk.window.page, page.infusion_id) == ("infusion", ordered)
    assert form.strip._state is not None
    assert "You left this half filled" in running.kit.words.shown(form.strip._state.happened)
    form.reject()


def test_a_second_persons_question_locks_sooner_and_a_typed_secret_is_not_kept(desk: Desk, ordered: str) -> None:
    desk.signed_in(NURSE)
    with desk.running.desk.acting(OTHER):
        theirs = WeightQuestion(desk.running.desk, ordered, desk.window)
    theirs.open()
    ask_who(desk.running.desk, desk.window, {Role.NURSE}, lambda _person: None)
    desk.idle(SECOND_SIGNER_IDLE_S)
    assert desk.who() is None
    assert not [one for one in desk.window.findChildren(WhoQuestion) if one.isVisible()]
    desk.signed_in(NURSE)
    assert desk.open == []
    desk.window.lock_wanted.emit()
    desk.signed_in(OTHER)
    assert desk.open == [theirs]
    theirs.reject()


def test_in_an_emergency_a_name_is_enough_and_the_trial_must_say_why(desk: Desk, qtbot: QtBot) -> None:
    press: Callable[[], None] = desk.running.sign_in.emergency.click
    press()
    (question,) = desk.open
    assert isinstance(question, EmergencyQuestion)
    question.name.field.setText("Sun Mei")
    question.primary.click()
    person = desk.who()
    assert person is not None
    assert (person.name, person.role, desk.window.page) == ("Sun Mei", Role.EMERGENCY, "ward")
    desk.window.page_wanted.emit("dispense")
    assert desk.window.page == "ward"
    desk.window.lock_wanted.emit()
    desk.signed_in(INVESTIGATOR)
    why = next(one for one in desk.open if isinstance(one, JustifyQuestion))
    why.reason.field.setText("the nurse was called away")
    why.primary.click()
    qtbot.waitUntil(lambda: desk.open == [], timeout=60_000)
    assert isinstance(desk.happened[-1], a.EmergencyJustified)


def test_whoever_came_by_emergency_access_is_offered_no_order_and_no_step_up(desk: Desk, ordered: str) -> None:
    desk.running.sign_in.emergency.click()
    (question,) = desk.open
    assert isinstance(question, EmergencyQuestion)
    question.name.field.setText("Sun Mei")
    question.primary.click()
    ward = desk.window.pages["ward"]
    assert isinstance(ward, WardPage)
    assert ward.new.isHidden()
    desk.running.desk.show_page.emit("infusion", ordered)
    page = desk.window.pages["infusion"]
    assert isinstance(page, InfusionPage)
    assert page.sheet.dock.primary.objectName() == "note"


def test_the_emergency_reason_waits_while_an_alarm_is_high_and_then_has_the_focus(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.running.record.people.in_emergency("Sun Mei")
    now = desk.running.desk.now()
    high = ActiveAlarm("x", Alarm(Finding(key="hr", priority=Priority.HIGH, since=now, text=say("Heart rate high")), now))
    found = [high]
    monkeypatch.setattr(desk.running.frame.alerts, "active", lambda: found)
    desk.signed_in(INVESTIGATOR)
    assert desk.open == []
    found.clear()
    desk.running._tick()
    (why,) = desk.open
    assert isinstance(why, JustifyQuestion)
    qtbot.waitUntil(why.reason.field.hasFocus)
    why.reject()


def test_the_emergency_reason_that_is_asked_for_never_stands_before_f8(desk: Desk, qtbot: QtBot) -> None:
    desk.running.record.people.in_emergency("Sun Mei")
    desk.signed_in(INVESTIGATOR)
    (why,) = desk.open
    assert isinstance(why, JustifyQuestion)
    pressed: list[bool] = []
    desk.window.stop_wanted.connect(lambda: pressed.append(True))
    qtbot.waitUntil(why.reason.field.hasFocus)
    QTest.keyClick(why.reason.field, Qt.Key.Key_F8)
    assert pressed == [True]
    told = desk.window.strip._state
    assert told is not None
    assert "No infusion is open" in desk.running.desk.kit.words.shown(told.happened)
    why.reject()


def test_who_is_locked_out_is_not_offered_as_signer(desk: Desk) -> None:
    desk.running.record.people.tried({OTHER.person_id: 10})
    desk.signed_in(NURSE)
    question = WhoQuestion(desk.running.desk, MaySign({Role.NURSE}, say("Who takes over?")), lambda _person: None, desk.window)
    assert list(question.names.codes.values()) == [NURSE.person_id]
    assert "Locked out: N-02." in "".join(one.text() for one in question.findChildren(QLabel))


def test_a_strip_names_its_subject_and_leaves_with_its_reader(desk: Desk, ordered: str) -> None:
    running = desk.running.desk

    def told() -> str:
        state = desk.window.strip._state
        return running.kit.words.shown(state.happened) if state else ""

    desk.signed_in(NURSE)
    running.tell(say("No bag hangs."), about=ordered)
    assert told() == "B-001 · Bed 01: No bag hangs."
    desk.window.lock_wanted.emit()
    assert told() == ""
    running.tell(say("No bag hangs."))
    desk.signed_in(OTHER)
    assert told() == "No bag hangs."


def test_an_end_that_is_not_proved_is_asked_about_until_somebody_has_looked(desk: Desk, qtbot: QtBot) -> None:
    desk.running.record.people.happened(HeadDoubted("missing", 12, 0), None)
    desk.signed_in(NURSE)
    waiting = next(one for one in desk.open if isinstance(one, EndQuestion))
    waiting.reject()
    desk.window.lock_wanted.emit()
    desk.signed_in(INVESTIGATOR)
    question = next(one for one in desk.open if isinstance(one, EndQuestion))
    question.primary.click()
    assert question.isVisible()
    question.found.field.setText("copied from the old laptop without that file; the printed head fits")
    question.primary.click()
    qtbot.waitUntil(lambda: desk.open == [], timeout=60_000)
    assert isinstance(desk.happened[-1], HeadExplained)
    assert desk.running.record.people.doubts.oldest is None
