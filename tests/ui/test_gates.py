"""Before the ward's own record: made at the first start, opened by a password or the recovery key, never by anything else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app import founding, settings
from app.domain import accounts as a
from app.domain.people import Person, Role
from app.main import _Program
from app.parts import stamp
from app.running import Running
from app.services import keyfile
from app.services.keyfile import Stretching
from db.batch import Batch
from db.recorder import Recorder
from tests.db.making import entry
from tests.ui.cut import assert_nothing_cut
from tests.whole.ward_life import Life
from ui.dialogs.account import AccountQuestion
from ui.dialogs.person import PersonQuestion
from ui.dialogs.question import Question
from ui.dialogs.recovered import RecoveredQuestion
from ui.dialogs.secrets import SecretsQuestion
from ui.pages.found import FoundPage, RecoveryPage
from ui.pages.unlock import UnlockPage
from ui.shell import Shell

Q = TypeVar("Q", bound=QDialog)
ADMIN, NURSE = Person("A-01", "Zhao", Role.ADMINISTRATOR), Person("N-11", "Li Na 李娜", Role.NURSE)
GOOD, FIRST, OWN = "horse battery staple", "blue cup seven tree", "green cup seven tree"
PIN = "482915"


class Laptop:
    """The program on one laptop, started as often as one likes."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.store, self._qtbot = folder / "bedside.db", qtbot
        self.program: _Program | None = None

    def start(self) -> "Laptop":
        self.stop()
        self.shell = Shell("en", "light", practice=False, ward="Ward 3")
        self.program = _Program(self.shell, settings.Options(), settings.Preferences(), self.store)
        self.program.open()
        self.shell.window.show()
        return self

    def stop(self) -> None:
        if self.program is not None:
            self.program.close()
            self.shell.window.close()
            self.shell.window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            self.program = None

    @property
    def window(self) -> object:
        return self.shell.window

    @property
    def page(self) -> str:
        return self.shell.window.page

    @property
    def running(self) -> Running:
        assert self.program is not None
        assert self.program.running is not None
        return self.program.running

    def is_open(self) -> bool:
        return self.program is not None and self.program.running is not None

    def who(self) -> Person | None:
        return self.running.desk.person

    @property
    def happened(self) -> list[a.Happened]:
        self.running.parts.recorder.flush().result()
        return [entry.event for entry in self.running.parts.store.account_entries()]

    def question(self, kind: type[Q]) -> Q:
        (found,) = (q for q in self.shell.window.findChildren(kind) if q.isVisible())
        return found

    def until(self, comes: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(comes, timeout=10_000)

    # --- what a person does

    @property
    def found_page(self) -> FoundPage:
        page = self.shell.window.pages["found"]
        assert isinstance(page, FoundPage)
        return page

    def makes_the_record(self, *texts: str) -> None:
        for field, text in zip(self.found_page.fields, texts, strict=True):
            field.setText(text)
        self.found_page.make.click()

    @property
    def recovery_page(self) -> RecoveryPage:
        page = self.shell.window.pages["recovery"]
        assert isinstance(page, RecoveryPage)
        return page

    def has_it_on_paper(self) -> str:
        """The key, as it was copied."""
        key = self.recovery_page._written
        self.recovery_page.last.setText(key[-4:])
        self.recovery_page._go_on()
        return key

    @property
    def unlock_page(self) -> UnlockPage:
        page = self.shell.window.pages["unlock"]
        assert isinstance(page, UnlockPage)
        return page

    def unlocks(self, person_id: str, password: str) -> None:
        page = self.unlock_page
        page._group.button(page._people.index(person_id)).setChecked(True)
        page.secret.setText(password)
        page._enter()

    def unlocks_by_key(self, key: str) -> None:
        self.unlock_page.other.click()
        self.unlock_page.secret.setText(key)
        self.unlock_page._enter()

    def signs_in(self, person_id: str, password: str) -> None:
        page = self.running.sign_in
        page.choose(person_id)
        page.secret.setText(password)
        page._enter()
        self.until(page.enter.isEnabled)

    def chooses_secrets(self, password: str = "", pin: str = PIN) -> None:
        question = self.question(SecretsQuestion)
        for field, text in (
            (question.password, password), (question.password_again, password), (question.pin, pin), (question.pin_again, pin),
        ):  # fmt: skip
            field.setText(text)
        question.primary.click()


def assert_whole(page: QWidget) -> None:
    """Once the layout has come to rest."""
    QApplication.processEvents()
    assert_nothing_cut(page)


def said(question: Question) -> str:
    """What stands in the dialog's strip."""
    state = question.strip._state
    return str(state.happened) if state else ""


@pytest.fixture
def laptop(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laptop]:
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    made = Laptop(tmp_path, qtbot)
    yield made
    made.stop()


@pytest.fixture
def founded(laptop: Laptop) -> tuple[Laptop, str]:
    """A record with its administrator, who has signed in once; and the recovery key."""
    laptop.start().makes_the_record(ADMIN.person_id, ADMIN.name, GOOD, GOOD)
    key = laptop.has_it_on_paper()
    laptop.chooses_secrets()
    return laptop, key


# --- the first start


def test_the_first_start_makes_an_encrypted_record_and_its_administrator(laptop: Laptop) -> None:
    laptop.start()
    assert laptop.page == "found"
    assert_nothing_cut(laptop.found_page)
    laptop.makes_the_record(ADMIN.person_id, ADMIN.name, GOOD, GOOD)
    assert laptop.page == "recovery"
    assert founding.kind_of(laptop.store) is founding.Kind.ENCRYPTED
    assert not laptop.is_open()
    assert_whole(laptop.recovery_page)
    laptop.has_it_on_paper()
    assert laptop.is_open()
    laptop.chooses_secrets()
    assert laptop.who() == ADMIN
    assert laptop.page == "settings"


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (("A-01", "Zhao", GOOD, "another one"), "The two passwords differ"),
        (("A-01", "Zhao", "short", "short"), "at least 8"),
        (("", "Zhao", GOOD, GOOD), "needed"),
    ],
)
def test_a_slip_at_the_first_start_is_told_and_nothing_is_made(laptop: Laptop, texts: tuple[str, ...], why: str) -> None:
    laptop.start().makes_the_record(*texts)
    assert why in laptop.found_page.note.text()
    assert laptop.page == "found"
    assert not laptop.store.exists()


def test_the_recovery_key_must_be_on_paper_before_anything_goes_on(laptop: Laptop) -> None:
    laptop.start().makes_the_record(ADMIN.person_id, ADMIN.name, GOOD, GOOD)
    page = laptop.recovery_page
    for wrong in ("", "WRON"):
        page.last.setText(wrong)
        page._go_on()
        assert "not the last group" in page.note.text()
        assert not laptop.is_open()
    page.last.setText(f" {page._written[-4:].lower()} ")
    page._go_on()
    assert laptop.is_open()


def test_a_plain_record_of_before_is_taken_over(laptop: Laptop) -> None:
    recorder = Recorder(laptop.store, stamp)
    recorder.put_person(Person("N-07", "Wang", Role.NURSE), "hash of a PIN")
    recorder.append(Batch((entry(1),))).result()
    recorder.close()
    laptop.start()
    assert "not encrypted yet" in laptop.found_page.card.findChildren(type(laptop.found_page.note))[1].text()
    laptop.makes_the_record(ADMIN.person_id, ADMIN.name, GOOD, GOOD)
    laptop.has_it_on_paper()
    assert founding.kind_of(laptop.store) is founding.Kind.ENCRYPTED
    assert [event.people for event in laptop.happened if isinstance(event, a.RecordTakenOver)] == [1]
    assert laptop.running.parts.people.account("N-07") is not None


# --- later starts


def test_who_knows_a_password_opens_the_record_and_is_signed_in(founded: tuple[Laptop, str]) -> None:
    laptop, _key = founded
    laptop.start()
    assert laptop.page == "unlock"
    assert_nothing_cut(laptop.unlock_page)
    laptop.unlocks(ADMIN.person_id, "wrong one")
    assert "do not fit" in laptop.unlock_page.note.text()
    assert not laptop.is_open()
    laptop.unlocks(ADMIN.person_id, GOOD)
    assert laptop.who() == ADMIN
    assert a.SignInFailed(ADMIN.person_id, "password") in laptop.happened


def test_nothing_typed_opens_nothing(founded: tuple[Laptop, str]) -> None:
    laptop, _key = founded
    laptop.start().unlocks(ADMIN.person_id, "")
    assert laptop.unlock_page.note.text() == "Type the password."
    laptop.unlocks_by_key("ABCD")
    assert "nine groups" in laptop.unlock_page.note.text()
    laptop.unlock_page.other.click()
    assert not laptop.is_open()


def test_ten_wrong_passwords_close_the_gate_and_the_recovery_key_opens_it(founded: tuple[Laptop, str]) -> None:
    laptop, key = founded
    laptop.start()
    for _ in range(a.MOST_WRONG_PASSWORDS):
        laptop.unlocks(ADMIN.person_id, "wrong one")
    laptop.unlocks(ADMIN.person_id, GOOD)
    assert "Too many wrong passwords" in laptop.unlock_page.note.text()
    assert not laptop.is_open()
    laptop.unlocks_by_key(key)
    question = laptop.question(RecoveredQuestion)
    assert_nothing_cut(question)
    question.primary.click()
    assert question.isVisible()
    question.who.choose(ADMIN.person_id)
    question.password.field.setText(OWN)
    question.again.field.setText(OWN)
    question.primary.click()
    assert laptop.who() == ADMIN
    assert a.Unlocked(ADMIN.person_id) in laptop.happened
    laptop.start().unlocks(ADMIN.person_id, OWN)
    assert laptop.who() == ADMIN


def test_who_was_shut_out_at_the_gate_is_let_in_again_by_an_administrator(founded: tuple[Laptop, str]) -> None:
    laptop, _key = founded
    add(laptop, NURSE)
    laptop.start()
    for _ in range(a.MOST_WRONG_PASSWORDS):
        laptop.unlocks(NURSE.person_id, "wrong one")
    laptop.unlocks(NURSE.person_id, FIRST)
    assert "Too many wrong passwords" in laptop.unlock_page.note.text()
    laptop.unlocks(ADMIN.person_id, GOOD)
    assert a.SignInFailed(NURSE.person_id, "password", a.MOST_WRONG_PASSWORDS) in laptop.happened
    laptop.running.parts.people.unlock(NURSE.person_id, ADMIN)
    laptop.start().unlocks(NURSE.person_id, FIRST)
    laptop.chooses_secrets(OWN)
    assert laptop.who() == NURSE


def test_before_anybody_signs_in_it_is_seen_that_an_infusion_runs_and_what_is_due(tmp_path: Path, laptop: Laptop) -> None:
    made = founding.found(laptop.store, founding.Founder(ADMIN.person_id, ADMIN.name, GOOD, GOOD), Stretching(1, 8, 1))
    life = Life(laptop.store, made.key)
    life.order()
    life.start()
    life.parts.tick()
    life.close()
    laptop.start()
    told = str(laptop.unlock_page.standing._state)
    assert "B-001" in told
    assert "not watched" in told
    assert "'Li'" not in told
    assert (tmp_path / "bedside.db.status.json").exists()


def test_a_key_file_that_is_gone_or_torn_is_told_and_the_record_stays(founded: tuple[Laptop, str]) -> None:
    laptop, _key = founded
    laptop.stop()
    keys = keyfile.beside(laptop.store)
    whole, before = keys.read_bytes(), laptop.store.read_bytes()
    for wrong in (b"", whole[:20]):
        keys.write_bytes(wrong)
        laptop.start()
        assert not laptop.is_open()
        assert laptop.program is not None
        assert laptop.program.code == 2
        laptop.stop()
    assert laptop.store.read_bytes() == before
    keys.write_bytes(whole)
    laptop.start().unlocks(ADMIN.person_id, GOOD)
    assert laptop.who() == ADMIN


# --- people


def add(laptop: Laptop, person: Person) -> None:
    laptop.running._add_person()
    question = laptop.question(PersonQuestion)
    assert_nothing_cut(question)
    question.person_id.setText(person.person_id)
    question.name.setText(person.name)
    question.role.setCurrentIndex(question.role.findData(person.role.value))
    question.password.setText("1234")
    question.again.setText("1234")
    question.primary.click()
    assert "at least 8" in said(question)
    question.password.setText(FIRST)
    question.again.setText(FIRST)
    question.primary.click()


def test_a_nurse_is_added_and_chooses_a_password_and_a_pin_of_her_own(founded: tuple[Laptop, str]) -> None:
    laptop, _key = founded
    add(laptop, NURSE)
    laptop.running._lock()
    laptop.signs_in(NURSE.person_id, FIRST)
    assert laptop.who() is None
    question = laptop.question(SecretsQuestion)
    assert_nothing_cut(question)
    for password, pin, why in ((FIRST[:5], PIN, "at least 8"), (OWN, "123456", "too easy")):
        laptop.chooses_secrets(password, pin)
        assert why in said(question)
    laptop.chooses_secrets(OWN)
    assert laptop.who() == NURSE
    assert laptop.page == "ward"
    laptop.start().unlocks(NURSE.person_id, OWN)
    assert laptop.who() == NURSE


def test_an_account_that_was_disabled_opens_nothing_any_more(founded: tuple[Laptop, str]) -> None:
    laptop, _key = founded
    add(laptop, NURSE)
    laptop.running._change_account()
    question = laptop.question(AccountQuestion)
    assert_nothing_cut(question)
    question.who.choose(NURSE.person_id)
    question.what.choose("disable")
    question._chosen()
    question.reason.field.setText("has left")
    question.primary.click()
    assert a.PersonDisabled(NURSE.person_id, "has left") in laptop.happened
    assert NURSE not in laptop.running.sign_in.desk.people.all
    laptop.start()
    assert laptop.unlock_page._people == [ADMIN.person_id]


def test_an_account_locked_inside_may_open_the_record_but_signs_nobody_in(founded: tuple[Laptop, str]) -> None:
    """A ward is not shut out of its record by one person's slips: behind the gate stand names, and what is due."""
    laptop, _key = founded
    add(laptop, NURSE)
    people = laptop.running.parts.people
    for _ in range(a.MOST_WRONG_PASSWORDS):
        people.happened(a.SignInFailed(NURSE.person_id, "password"), None)
    laptop.start().unlocks(NURSE.person_id, FIRST)
    assert (laptop.is_open(), laptop.who(), laptop.page) == (True, None, "sign_in")
    laptop.signs_in(NURSE.person_id, FIRST)
    assert "Too many wrong passwords" in laptop.running.sign_in.note.text()
    laptop.signs_in(ADMIN.person_id, GOOD)
    assert laptop.who() == ADMIN


def test_a_new_recovery_key_takes_the_place_of_the_old_one(founded: tuple[Laptop, str]) -> None:
    laptop, old = founded
    laptop.running._new_recovery_key()
    new = laptop.has_it_on_paper()
    assert new != old
    laptop.start().unlocks_by_key(old)
    assert "does not belong" in laptop.unlock_page.note.text()
    laptop.unlock_page.other.click()
    laptop.unlocks_by_key(new)
    assert laptop.question(RecoveredQuestion).isVisible()
