"""Who is signed in: the lock after a while without a key or a touch, and what was half filled in when it came."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QInputEvent
from PySide6.QtWidgets import QApplication, QDialog

from app.domain.people.roles import Person, Role
from app.domain.texts import Text
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.frame.drafts import Drafts
from ui.frame.window import Window

#: NIST SP 800-63B and 21 CFR 11.200: an open sign-in ends by itself.
IDLE_S, SECOND_SIGNER_IDLE_S = 300.0, 120.0
_ACTIVITY = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
)

Cause = Literal["person", "idle", "closed"]


class Session(QObject):
    """`locked(Person | None)` after nobody is signed in any more (and who was), `opened(Person)` after somebody is.

    A question that was open when the lock came belongs to whoever gave a password for it; it is hidden, and comes back
    as it was when that person signs in, on its own bed's page: `page_wanted(key, infusion_id)`.
    """

    locked = Signal(object)
    opened = Signal(object)
    page_wanted = Signal(str, str)

    def __init__(self, desk: Desk, window: Window, steady_s: Callable[[], float]) -> None:
        super().__init__(window)
        self.desk, self._window, self._steady_s = desk, window, steady_s
        self._active_s = steady_s()
        self._left_s: float | None = None
        self._looks = False
        self.drafts = Drafts()
        desk.left_here = self._left_by_others
        desk.half_filled = lambda infusion_id: [draft.words() for draft in self.drafts.of_bed(infusion_id)]

    def _look_for_hands(self) -> None:
        """Every event passes here from now on: not while the window is built, and not while nobody is signed in."""
        application = QApplication.instance()
        if application is not None and self.desk.person is not None:
            application.installEventFilter(self)
            self._looks = True

    def _look_away(self) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
            self._looks = False

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """While a page is made or turned to: no hand is among the thousands of events of that."""
        looked = self._looks
        self._look_away()
        try:
            yield
        finally:
            if looked:
                self._look_for_hands()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if isinstance(event, QInputEvent) and event.type() in _ACTIVITY:
            self._active_s = self._steady_s()
            self.desk.kit.attendance.touched()
        return False

    def close(self) -> None:
        self._look_away()
        if self.desk.person is not None:
            self.desk.people.signed_out(self.desk.person, "closed")

    def tick(self) -> None:
        """Each second, and when `due_at` says."""
        signed_in = self.desk.person is not None
        self._left_s = self.idle_limit_s - (self._steady_s() - self._active_s) if signed_in else None
        if self._left_s is not None and self._left_s <= 0:
            self.lock("idle")

    def due_at(self, now: datetime) -> datetime | None:
        """When the lock comes, if nobody touches anything."""
        return None if self._left_s is None or self._left_s <= 0 else now + timedelta(seconds=self._left_s)

    @property
    def idle_limit_s(self) -> float:
        """Shorter for a pharmacist, and while a question of a second person is open."""
        person = self.desk.person
        is_second = any(q.owner is not None and q.owner != person for q in self._questions())
        return SECOND_SIGNER_IDLE_S if is_second or self.desk.has_role(Role.PHARMACIST) else IDLE_S

    def let_in(self, person: Person) -> None:
        """By a password. One that somebody else gave is changed first, and a PIN chosen."""
        from ui.questions.staff import ask_own_secrets

        account = self.desk.people.account(person.person_id)
        if account is not None and (account.first_password or not account.has_pin):
            ask_own_secrets(self.desk, person, lambda: self.open(person), self._window)
        else:
            self.open(person)

    def open(self, person: Person) -> None:
        self._active_s = self._steady_s()
        if person.role is not Role.EMERGENCY:
            self.desk.people.signed_in(person)
        self.desk.sign_in(person)
        self.opened.emit(person)
        left = self.drafts.newest(person)
        if left is not None and left.about is not None:
            self.page_wanted.emit(left.page, left.about)
        self.drafts.bring_back(person, "", None)
        QTimer.singleShot(0, self, self._look_for_hands)

    def page_shown(self, page: str, infusion_id: str | None) -> None:
        """What this person left half filled here comes back."""
        if self.desk.person is not None:
            self.drafts.bring_back(self.desk.person, page, infusion_id)

    def _left_by_others(self, infusion_id: str) -> list[Text]:
        return [draft.words() for draft in self.drafts.of_others(infusion_id, self.desk.person)]

    def put_aside(self) -> None:
        """What is half filled in is hidden; a password that was begun is not kept."""
        for dialog in self._window.findChildren(QDialog):
            if not dialog.isVisible():
                continue
            if isinstance(dialog, Question) and dialog.keeps_draft and dialog.owner is not None:
                self.drafts.keep(dialog, self._window.page, self.desk.now())
            else:
                dialog.reject()

    def lock(self, cause: Cause) -> None:
        self.put_aside()
        person = self.desk.person
        if person is not None:
            self.desk.people.signed_out(person, cause)
            self.desk.sign_in(None)
        self._look_away()
        self.locked.emit(person)

    def _questions(self) -> list[Question]:
        return [q for q in self._window.findChildren(Question) if q.isVisible()]
