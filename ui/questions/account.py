"""What an administrator does with an account: let in again, give a first password, disable."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import Text, say
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.question import Question
from ui.frame.desk import Desk

_UNLOCK, _PASSWORD, _DISABLE = "unlock", "password", "disable"
_WHAT: tuple[tuple[str, Text], ...] = (
    (_PASSWORD, say("give a first password")),
    (_UNLOCK, say("let in again")),
    (_DISABLE, say("disable")),
)


class AccountQuestion(Question):
    """`done` comes after it is kept. A disabled account stays in the record and never comes back."""

    keeps_draft = False

    def __init__(self, desk: Desk, done: Callable[[], object], parent: QWidget) -> None:
        super().__init__(desk, say("Change an account"), say("Do it"), parent)
        self._done = done
        people = tuple((p.person_id, _named(p)) for p in desk.people.all)
        self.who = ChoiceAnswer(self.kit, say("Person"), people, None, columns=2, above=True)
        self.what = ChoiceAnswer(self.kit, say("What is to be done?"), _WHAT, None, columns=3, above=True)
        self.password = TextAnswer(self.kit, say("First password"), None, True)
        self.again = TextAnswer(self.kit, say("Password again"), None, True)
        self.reason = TextAnswer(self.kit, say("Why is it disabled?"), None, True)
        for answer in (self.who, self.what, self.password, self.again, self.reason):
            self.body.addWidget(answer)
        for secret in (self.password, self.again):
            secret.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.what.changed.connect(self._chosen)
        self.confirmed.connect(self._confirm)
        self._chosen()

    def _chosen(self) -> None:
        what = self.what.chosen()
        self.password.setVisible(what == _PASSWORD)
        self.again.setVisible(what == _PASSWORD)
        self.reason.setVisible(what == _DISABLE)

    def _confirm(self) -> None:
        try:
            self._do(self.who.value(), self.what.value())
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()
        self._done()

    def _do(self, person_id: str, what: str) -> None:
        people, by = self.desk.people, self.desk.person
        if what == _UNLOCK:
            people.unlock(person_id, by)
        elif what == _DISABLE:
            people.disable(person_id, self.reason.value(), by)
        else:
            people.set_password(person_id, self.password.field.text(), self.again.field.text(), by)


def _named(person: Person) -> Text:
    return say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name)


def ask(desk: Desk, done: Callable[[], object], parent: QWidget) -> None:
    AccountQuestion(desk, done, parent).open()
