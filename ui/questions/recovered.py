"""The record was opened with the printed recovery key: somebody gets a new password."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import say
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import label


class RecoveredQuestion(Question):
    """`done(Person)` once the password is kept."""

    keeps_draft = False

    def __init__(self, desk: Desk, done: Callable[[Person], object], parent: QWidget) -> None:
        super().__init__(desk, say("Whose password is set again?"), say("Set the password"), parent)
        self._done = done
        how = say("The record was opened with the recovery key. That is recorded.")
        self.body.addWidget(label(self.kit, how, "body", wrap=True))
        people = tuple((p.person_id, say("{role} {name}", role=ROLE_NAMES[p.role], name=p.name)) for p in desk.people.all)
        self.who = ChoiceAnswer(self.kit, say("Person"), people, None, columns=2, above=True)
        self.password = TextAnswer(self.kit, say("New password"), None, True)
        self.again = TextAnswer(self.kit, say("Password again"), None, True)
        for secret in (self.password, self.again):
            secret.field.setEchoMode(QLineEdit.EchoMode.Password)
        for answer in (self.who, self.password, self.again):
            self.body.addWidget(answer)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            person = self.desk.people.recover(self.who.value(), self.password.field.text(), self.again.field.text())
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()
        self._done(person)


def ask(desk: Desk, done: Callable[[Person], object], parent: QWidget) -> None:
    RecoveredQuestion(desk, done, parent).open()
