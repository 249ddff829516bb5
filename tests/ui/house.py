"""A ward's laptop for tests: its encrypted record on a disk of its own, and the program started on it again and again."""

import shutil
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app import settings
from app.domain.log import Event
from app.domain.people.roles import Person, Role
from app.jobs.first_record import FirstAdministrator, make_first_record
from app.main import ProgramStart
from app.program.window_program import WindowProgram
from app.services.access import keyfile, recovery_key
from app.services.access.keyfile import Stretching
from tests.domain.cast import LI, ZHAO
from tests.whole.ward_life import Life
from ui.ask.question import Question
from ui.entrance.entrance_page import EntranceKey
from ui.entrance.unlock import UnlockPage
from ui.frame.pages import PageKey
from ui.frame.shell import Shell
from ui.settings.page import SettingsPage

D = TypeVar("D", bound=QDialog)
ADMIN = Person("A-01", "Zhao Admin 赵", Role.ADMINISTRATOR)
PASSWORD, OWN, PIN = "horse battery staple", "green lamp nine", "482915"
STORE = "bedside.db"
_QUICK = Stretching(1, 8, 1)


def furnish(folder: Path) -> str:
    """A record with an administrator, a nurse and an investigator, and a running infusion; its printed recovery key."""
    store = folder / STORE
    made = make_first_record(store, FirstAdministrator(ADMIN.person_id, ADMIN.name, PASSWORD, PASSWORD), _QUICK)
    life = Life(store, made.key)
    people = life.record.people
    people.keys.cost = _QUICK
    assert people.take_key(ADMIN.person_id, PASSWORD)
    for person in (LI, ZHAO):
        people.add(person.person_id, person.name, person.role, PASSWORD, PASSWORD, ADMIN)
        assert people.take_key(person.person_id, PASSWORD)
        people.set_password(person.person_id, OWN, OWN, person)
        people.set_pin(person, PIN, PIN)
    people.set_pin(ADMIN, PIN, PIN)
    life.close()
    _quickened(store, made.key)
    shutil.copytree(folder, folder.with_name("quiet"))
    life = Life(store, made.key)
    life.order()
    life.start()
    life.close()
    return recovery_key.written(made.secret)


def _quickened(store: Path, key: bytes) -> None:
    """Passwords that cost little to try."""
    keys = keyfile.load(keyfile.beside(store))
    for person, password in ((ADMIN, PASSWORD), (LI, OWN), (ZHAO, OWN)):
        keys = keys.with_password(person.person_id, password, key, _QUICK)
    keyfile.save(keyfile.beside(store), keys)


def started(shell: Shell, options: settings.Options, path: Path) -> WindowProgram:
    """The program past its entrance, on a record that is made with it."""
    start = ProgramStart(shell, options, settings.Preferences(), path)
    assert start.run() is None
    assert start.program is not None
    return start.program


class House:
    """`start` as after switching on; the folder stays."""

    def __init__(self, qtbot: QtBot, folder: Path, recovery: str = "") -> None:
        self._qtbot, self.folder, self.recovery = qtbot, folder, recovery
        self.opening: ProgramStart | None = None

    @property
    def store(self) -> Path:
        return self.folder / STORE

    def start(self, language: str = "en") -> None:
        self.stop()
        shell = Shell(language, "light", practice=False, ward="Ward 3")
        self.opening = ProgramStart(shell, settings.Options(), settings.Preferences(language=language), self.store)
        self.opening.open()
        shell.window.show()

    def stop(self) -> None:
        if self.opening is None:
            return
        for timer in self.opening.shell._timers:
            timer.stop()
        self.opening.shell.window.may_close = lambda: True
        self.opening.close()
        self.opening.shell.window.close()
        self.opening.shell.window.deleteLater()
        self.opening = None

    # --- what is seen

    @property
    def shell(self) -> Shell:
        assert self.opening is not None
        return self.opening.shell

    @property
    def running(self) -> WindowProgram:
        assert self.opening is not None
        assert self.opening.program is not None
        return self.opening.program

    def settings_page(self) -> SettingsPage:
        """Turned to."""
        self.running._go(PageKey.SETTINGS)
        page = self.running.pages.page(PageKey.SETTINGS)
        assert isinstance(page, SettingsPage)
        return page

    @property
    def page(self) -> str:
        return self.shell.window.page

    @property
    def person(self) -> str | None:
        """Who is signed in."""
        running = self.opening.program if self.opening else None
        return running.desk.person.person_id if running and running.desk.person else None

    def shown(self, kind: type[D]) -> D:
        """The dialog of this kind that is open."""
        return next(one for one in self.shell.window.findChildren(kind) if one.isVisible())

    def open_dialogs(self) -> list[QDialog]:
        return [one for one in self.shell.window.findChildren(QDialog) if one.isVisible()]

    def texts(self) -> str:
        """Everything anybody could read in the window, and its title."""
        window = self.shell.window
        kinds: tuple[type[QLabel | QPushButton | QLineEdit], ...] = (QLabel, QPushButton, QLineEdit)
        found = [one.text() for kind in kinds for one in window.findChildren(kind) if one.isVisible()]
        return "\n".join((window.windowTitle(), *found))

    def happened(self) -> list[Event]:
        return [event for _by, event in self.trail()]

    def trail(self) -> list[tuple[str | None, Event]]:
        self.running.record.recorder.flush().result()
        return [(entry.by, entry.event) for entry in self.running.record.store.account_entries()]

    # --- what is done

    def unlock(self, person_id: str, password: str) -> None:
        """At the first page of a record that is there."""
        page = self.shell.window.pages[EntranceKey.UNLOCK]
        assert isinstance(page, UnlockPage)
        next(one for one in page._group.buttons() if one.text() == person_id).click()
        page.secret.setText(password)
        page.enter.click()

    def sign_in(self, person_id: str, password: str) -> None:
        """At the locked screen of an open record; until it was answered."""
        page = self.running.sign_in
        page.choose(person_id)
        page.secret.setText(password)
        page.enter.click()
        self._qtbot.waitUntil(page.enter.isEnabled, timeout=60_000)

    def lock(self) -> None:
        self.shell.window.lock_wanted.emit()


def answer(question: Question, **texts: str) -> None:
    """Type into the fields of these names and confirm."""
    for name, text in texts.items():
        field = getattr(question, name)
        (field if isinstance(field, QLineEdit) else field.field).setText(text)
    question.primary.click()
    QApplication.processEvents()
