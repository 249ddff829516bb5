"""Before the work: the record is made, taken over or opened, people get in, and a running infusion is never out of sight."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app import settings
from app.domain.errors import Refused
from app.domain.people import accounts as a
from app.domain.people.own_keys import KeyMade
from app.domain.people.roles import Role
from app.jobs import unlocking
from app.jobs.first_record import StoreKind, store_kind
from app.services.access import keyfile
from tests.domain.cast import LI, ZHAO
from tests.ui.chinese import needs_chinese
from tests.ui.cut import assert_nothing_cut
from tests.ui.house import ADMIN, OWN, PASSWORD, PIN, House, answer, furnish
from tests.whole.test_first_record import NURSE, plain
from ui.ask.answers import TextAnswer
from ui.ask.form import FormQuestion
from ui.entrance.entrance_page import EntranceKey
from ui.entrance.first_start import FirstAccountPage, RecoveryPage
from ui.entrance.unlock import UnlockPage
from ui.questions.notes import ask_add_note
from ui.questions.staff import (
    AccountQuestion,
    EmergencyQuestion,
    JustifyQuestion,
    PersonQuestion,
    RecoveredQuestion,
    SecretsQuestion,
)


class Furnished(NamedTuple):
    """Folders to copy: a record in which nothing goes on, and one with a running infusion."""

    quiet: Path
    busy: Path
    recovery: str


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    busy = tmp_path_factory.mktemp("house") / "busy"
    recovery = furnish(busy)
    return Furnished(busy.with_name("quiet"), busy, recovery)


@pytest.fixture
def empty(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A laptop on which Bedside was never started."""
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    made = House(qtbot, tmp_path / "data")
    yield made
    made.stop()


@pytest.fixture
def quiet(empty: House, furnished: Furnished) -> House:
    """A record in which nothing goes on."""
    shutil.copytree(furnished.quiet, empty.folder)
    empty.recovery = furnished.recovery
    return empty


@pytest.fixture
def busy(empty: House, furnished: Furnished) -> House:
    """The laptop was switched off during an infusion."""
    shutil.copytree(furnished.busy, empty.folder)
    empty.recovery = furnished.recovery
    return empty


def fill(page: FirstAccountPage, *texts: str) -> None:
    """From field to field with Enter; the last one makes the record."""
    for field, text in zip(page.fields, texts, strict=True):
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)


def made(house: House) -> RecoveryPage:
    """The first administrator is made; the page of the recovery key."""
    page = house.shell.window.pages[EntranceKey.FIRST_ACCOUNT]
    assert isinstance(page, FirstAccountPage)
    fill(page, ADMIN.person_id, ADMIN.name, PASSWORD, PASSWORD)
    shown = house.shell.window.pages[EntranceKey.RECOVERY_KEY]
    assert isinstance(shown, RecoveryPage)
    return shown


class TestTheFirstStart:
    def test_a_weak_password_makes_no_record(self, empty: House, subtests: pytest.Subtests) -> None:
        empty.start()
        with subtests.test("in Chinese"):
            needs_chinese()
            empty.shell.window.top.language_pressed.emit()
            assert "建立第一个账户" in empty.texts()
            empty.shell.window.top.language_pressed.emit()
        page = empty.shell.window.pages[EntranceKey.FIRST_ACCOUNT]
        assert isinstance(page, FirstAccountPage)
        fill(page, "A-01", "Zhao", "horse", "horse")
        assert "at least 8" in page.note.text()
        assert store_kind(empty.store) is StoreKind.NOTHING

    def test_the_recovery_key_is_shown_once_and_must_be_on_paper(self, empty: House, subtests: pytest.Subtests) -> None:
        empty.start()
        page = made(empty)
        key = page._written
        assert store_kind(empty.store) is StoreKind.ENCRYPTED
        assert key.replace("-", "")[:8] in empty.texts().replace("-", "").replace("\n", "")
        page.last.setText("WRON")
        QTest.keyClick(page.last, Qt.Key.Key_Return)
        assert (empty.page, empty.person) == ("recovery_key", None)
        assert "not the last group" in page.note.text()
        page.last.setText(key[-4:].lower())
        QTest.keyClick(page.last, Qt.Key.Key_Return)
        question = empty.shown(SecretsQuestion)
        assert not question.password.isVisible()
        answer(question, pin=PIN, pin_again=PIN)
        assert (empty.person, empty.page) == ("A-01", "settings")
        with subtests.test("in Chinese"):
            needs_chinese()
            empty.shell.window.top.language_pressed.emit()
            assert empty.shell.words.language == "zh_CN"
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not {EntranceKey.FIRST_ACCOUNT, EntranceKey.RECOVERY_KEY, EntranceKey.UNLOCK} & set(empty.shell.window.pages)
        assert not {PASSWORD, PIN} & {field.text() for field in empty.shell.window.findChildren(QLineEdit)}
        empty.start()
        assert empty.page == "unlock"
        assert unlocking.key_by_recovery_key(empty.store, key) == unlocking.key_by_password(empty.store, "A-01", PASSWORD)

    def test_a_plain_record_of_before_is_taken_over_with_its_nurse(self, empty: House) -> None:
        plain(empty.store)
        empty.start()
        assert "taken over: everything stays in it" in empty.texts()
        page = made(empty)
        page.last.setText(page._written[-4:])
        page._go_on()
        answer(empty.shown(SecretsQuestion), pin=PIN, pin_again=PIN)
        assert a.RecordTakenOver(1) in empty.happened()
        assert [p.person_id for p in empty.running.desk.people.all] == [NURSE.person_id, "A-01"]
        assert store_kind(empty.store) is StoreKind.ENCRYPTED
        assert unlocking.password_holders(empty.store) == ["A-01"]


class TestOpeningTheRecord:
    def test_a_wrong_password_opens_nothing_and_is_in_the_record_once_it_is_open(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("n1", "something else")
        page = quiet.shell.window.pages[EntranceKey.UNLOCK]
        assert isinstance(page, UnlockPage)
        assert "do not fit" in page.note.text()
        assert (page.secret.text(), page.enter.isEnabled(), quiet.opening and quiet.opening.program) == ("", True, None)
        quiet.unlock("n1", OWN)
        assert (quiet.person, quiet.page) == ("n1", "ward")
        assert quiet.trail()[-2:] == [(None, a.SignInFailed("n1", "password", 1)), ("n1", a.SignedIn("n1"))]

    def test_before_anybody_has_signed_in_the_running_infusion_is_seen_and_no_name(self, busy: House) -> None:
        busy.start()
        page = busy.shell.window.pages[EntranceKey.UNLOCK]
        assert isinstance(page, UnlockPage)
        (row,) = page.ward_now.rows
        who, phase, task, _left = (part.text() for part in row)
        assert (who, phase) == ("B-001 · Bed 12", "Running, not watched")
        assert task
        assert all(part.isVisible() for part in row)
        read = busy.texts()
        assert {"A-01", "i1", "n1"} <= set(read.splitlines())
        assert not any(name in read for name in (LI.name, ZHAO.name, ADMIN.name))

    def test_ten_wrong_passwords_keep_a_nurse_out_until_an_administrator_lets_her_in(self, quiet: House) -> None:
        quiet.start()
        for _ in range(10):
            quiet.unlock("n1", "something else")
        quiet.unlock("n1", OWN)
        assert "Too many wrong passwords" in quiet.texts()
        assert quiet.person is None
        quiet.unlock("A-01", PASSWORD)
        assert a.SignInFailed("n1", "password", 10) in quiet.happened()
        quiet.lock()
        quiet.sign_in("n1", OWN)
        assert quiet.person is None
        quiet.sign_in("A-01", PASSWORD)
        quiet.settings_page().change_account.click()
        question = quiet.shown(AccountQuestion)
        question.who.choose("n1")
        question.what.choose("unlock")
        answer(question)
        quiet.start()
        quiet.unlock("n1", OWN)
        assert quiet.person == "n1"

    def test_locked_out_inside_is_locked_out_after_a_restart_too(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("A-01", PASSWORD)
        quiet.running.desk.people.tried({"n1": 10})
        quiet.start()
        quiet.unlock("n1", OWN)
        assert "Somebody else must open the record" in quiet.texts()
        assert unlocking.take_wrong_passwords(quiet.store) == {}

    def test_nobody_locked_out_is_shut_out_of_a_running_infusion(self, busy: House) -> None:
        busy.start()
        for _ in range(10):
            busy.unlock("n1", "something else")
        busy.unlock("n1", OWN)
        assert (busy.page, busy.person) == ("sign_in", None)
        assert "you do not come in" in busy.texts()
        assert "B-001 · Bed 12" in busy.texts()
        assert busy.happened()[-1] == a.SignInFailed("n1", "password", 10)
        busy.sign_in("n1", OWN)
        assert busy.person is None
        busy.running.sign_in.emergency.click()
        answer(busy.shown(EmergencyQuestion), name="Li")
        person = busy.running.desk.person
        assert person is not None
        assert (person.role, busy.page) == (Role.EMERGENCY, "ward")
        busy.lock()
        busy.sign_in("i1", OWN)
        answer(busy.shown(JustifyQuestion), reason="locked out at night, nobody else on the ward")
        assert isinstance(busy.happened()[-1], a.EmergencyJustified)

    def test_a_key_file_that_is_gone_is_said_and_the_program_ends_with_2(self, quiet: House) -> None:
        keyfile.beside(quiet.store).unlink()
        quiet.start()
        assert quiet.opening is not None
        assert quiet.opening.code == 2
        assert "The record cannot be opened" in quiet.texts()


class TestTheRecoveryKey:
    def open_with(self, house: House, key: str) -> None:
        page = house.shell.window.pages[EntranceKey.UNLOCK]
        assert isinstance(page, UnlockPage)
        if page.secret.echoMode() is QLineEdit.EchoMode.Password:
            page.other.click()
        page.secret.setText(key)
        QTest.keyClick(page.secret, Qt.Key.Key_Return)

    def test_it_gives_a_nurse_who_typed_ten_wrong_ones_a_new_password_for_good(self, quiet: House) -> None:
        quiet.start()
        for _ in range(10):
            quiet.unlock("n1", "something else")
        self.open_with(quiet, ("1" if quiet.recovery[0] == "0" else "0") + quiet.recovery[1:])
        assert "There is a slip" in quiet.texts()
        self.open_with(quiet, quiet.recovery.lower())
        question = quiet.shown(RecoveredQuestion)
        question.who.choose("n1")
        answer(question, password=PASSWORD, again="another")
        assert "differ" in quiet.texts()
        answer(question, password=PASSWORD, again=PASSWORD)
        answer(quiet.shown(SecretsQuestion), pin=PIN, pin_again=PIN)
        assert quiet.person == "n1"
        assert a.RecoveryKeyUsed() in quiet.happened()
        quiet.start()
        quiet.unlock("n1", OWN)
        assert quiet.page == "unlock"
        quiet.unlock("n1", PASSWORD)
        assert quiet.person == "n1"

    def test_who_opens_with_it_and_goes_no_further_stands_in_the_record(self, quiet: House) -> None:
        quiet.start()
        self.open_with(quiet, quiet.recovery)
        quiet.shown(RecoveredQuestion).reject()
        assert (quiet.page, quiet.person) == ("sign_in", None)
        assert quiet.trail()[-1] == (None, a.RecoveryKeyUsed())

    def test_a_new_one_that_did_not_get_on_paper_changes_nothing(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("A-01", PASSWORD)
        page = quiet.settings_page()
        page.new_recovery_key.click()
        assert "Print the recovery key" in quiet.texts()
        quiet.lock()
        assert page.recovery is None
        quiet.sign_in("A-01", PASSWORD)
        assert quiet.page == "settings"
        assert unlocking.key_by_recovery_key(quiet.store, quiet.recovery)

    def test_a_new_one_on_paper_takes_the_place_of_the_old_one(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("A-01", PASSWORD)
        page = quiet.settings_page()
        page.new_recovery_key.click()
        assert quiet.settings_page().stack.count() == 1
        page.new_recovery_key.click()
        shown = page.recovery
        assert shown is not None
        key = shown._written
        shown.last.setText(key[-4:])
        QTest.keyClick(shown.last, Qt.Key.Key_Return)
        assert (page.stack.count(), quiet.page) == (1, "settings")
        assert key[:14] not in quiet.texts()
        assert unlocking.key_by_recovery_key(quiet.store, key) == unlocking.key_by_password(quiet.store, "A-01", PASSWORD)
        with pytest.raises(Refused):
            unlocking.key_by_recovery_key(quiet.store, quiet.recovery)


class TestAccounts:
    def test_a_new_nurse_chooses_her_own_password_and_pin_before_she_works(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("A-01", PASSWORD)
        quiet.settings_page().add_person.click()
        question = quiet.shown(PersonQuestion)
        answer(question, person_id="N-11", name="Wu Na 吴娜", password="1234", again="1234")
        assert "at least 8" in quiet.texts()
        answer(question, password="blue cup seven tree", again="blue cup seven tree")
        assert "Wu Na 吴娜 (N-11)" in quiet.texts()
        quiet.lock()
        quiet.sign_in("N-11", "blue cup seven tree")
        own = quiet.shown(SecretsQuestion)
        before = quiet.happened()
        for password, pin, why in (("blue cup seven tree", PIN, "Choose your own"), ("red hat two moons", "123456", "too easy")):
            answer(own, password=password, password_again=password, pin=pin, pin_again=pin)
            assert why in quiet.texts()
        assert (quiet.happened(), quiet.person) == (before, None)
        answer(own, password="red hat two moons", password_again="red hat two moons", pin=PIN, pin_again=PIN)
        assert (quiet.person, quiet.page) == ("N-11", "ward")
        assert [type(event) for event in quiet.happened()[-4:]] == [KeyMade, a.PasswordSet, a.PinSet, a.SignedIn]
        quiet.start()
        quiet.unlock("N-11", "red hat two moons")
        assert quiet.person == "N-11"

    def test_who_puts_the_question_away_is_not_signed_in(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("A-01", PASSWORD)
        quiet.running.desk.people.set_password("n1", "blue cup seven tree", "blue cup seven tree", ADMIN)
        quiet.lock()
        quiet.sign_in("n1", "blue cup seven tree")
        quiet.shown(SecretsQuestion).reject()
        assert (quiet.person, quiet.page) == (None, "sign_in")

    def test_ones_pin_alone_may_change(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("n1", OWN)
        quiet.settings_page().own_secrets.click()
        answer(quiet.shown(SecretsQuestion), pin="739152", pin_again="739152")
        assert isinstance(quiet.happened()[-1], a.PinSet)
        quiet.lock()
        quiet.sign_in("n1", OWN)
        assert quiet.person == "n1"

    def test_a_nurse_who_has_left_opens_nothing_any_more_and_an_administrator_is_always_left(self, quiet: House) -> None:
        quiet.start()
        quiet.unlock("A-01", PASSWORD)
        quiet.settings_page().change_account.click()
        question = quiet.shown(AccountQuestion)
        for person_id, why in (("A-01", "only administrator"), ("n1", "")):
            question.who.choose(person_id)
            question.what.choose("disable")
            answer(question, reason="has left the ward")
            assert why in quiet.texts()
        assert quiet.open_dialogs() == []
        assert unlocking.password_holders(quiet.store) == ["A-01", "i1"]
        quiet.lock()
        assert LI.name not in quiet.texts()


def test_a_half_written_note_waits_behind_the_lock_while_what_is_due_is_seen(busy: House) -> None:
    busy.start()
    busy.unlock("n1", OWN)
    (state,) = busy.running.desk.bedside.infusions
    busy.running.desk.show_page.emit("infusion", state.infusion_id)
    ask_add_note(busy.running.desk, state.infusion_id, busy.shell.window)
    note = busy.shown(FormQuestion)
    line = note.answers_by_key["text"]
    assert isinstance(line, TextAnswer)
    line.field.setText("the line was moved to the left arm")
    busy.lock()
    assert (busy.page, busy.open_dialogs()) == ("sign_in", [])
    assert "B-001 · Bed 12" in busy.texts().splitlines()
    assert "Running · " in busy.texts()
    assert "left arm" not in busy.texts()
    busy.sign_in("n1", OWN)
    assert (busy.page, busy.open_dialogs()) == ("infusion", [note])
    assert line.field.text() == "the line was moved to the left arm"
    note.reject()


def assert_whole(house: House, widget: QWidget | None = None) -> None:
    """In both languages."""
    for language in ("en", "zh_CN"):
        house.shell.words.set_language(language)
        house.shell.settle()
        assert_nothing_cut(widget or house.shell.window)


def test_nothing_is_cut_before_the_work(empty: House, furnished: Furnished) -> None:
    empty.start()
    assert_whole(empty)
    made(empty)
    assert_whole(empty)
    empty.stop()
    shutil.rmtree(empty.folder)
    shutil.copytree(furnished.busy, empty.folder)
    empty.start()
    assert_whole(empty)
    empty.unlock("A-01", PASSWORD)
    page = empty.settings_page()
    for asking in (page.add_person, page.change_account, page.own_secrets, empty.running.sign_in.emergency):
        asking.click()
        (dialog,) = empty.open_dialogs()
        assert_whole(empty, dialog)
        dialog.reject()
    empty.lock()
    assert_whole(empty)
