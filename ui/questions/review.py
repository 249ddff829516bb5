"""Signing off a review of the trail: what was looked at, a remark, and who has read it."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.people.accounts import Reviewed, Scope
from app.domain.people.roles import Person, Role
from app.domain.texts import say
from app.services.words.trail_scope import scope_words
from ui.ask.question import Question
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.kit.parts import label

REVIEWERS = (Role.INVESTIGATOR, Role.MONITOR)
Signed = Callable[[Reviewed, Person], object]


class ReviewQuestion(Question):
    """`signed` is called once somebody has given the password."""

    def __init__(self, desk: Desk, up_to: int, scope: Scope, signed: Signed, parent: QWidget) -> None:
        super().__init__(desk, say("Sign off a review"), say("Go on"), parent)
        self._up_to, self._scope, self._signed, self._over = up_to, scope, signed, parent
        names = {key: person.name for key, person in desk.people.by_id.items()}
        self._notes = (say("Read up to event {n}. Looked at: {scope}", n=up_to, scope=scope_words(scope, names)),)
        self.remark = QLineEdit()
        self.kit.words.bind(self.remark, accessibleName=say("Remark"), placeholderText=say("Remark"))
        self.body.addWidget(label(self.kit, self._notes[0], "body", wrap=True))
        self.body.addWidget(self.remark)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        event = Reviewed(self._up_to, self._scope, self.remark.text().strip())
        self.accept()
        why = say("Name and password of the person who has read the trail")
        ask_who(self.desk, self._over, REVIEWERS, lambda person: self._signed(event, person), why=why, notes=self._notes)


def ask(desk: Desk, up_to: int, scope: Scope, signed: Signed, parent: QWidget) -> None:
    ReviewQuestion(desk, up_to, scope, signed, parent).open()
