"""Who does this: a person of the right role, with the PIN or the password."""

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.people.roles import CLINICAL, ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from app.services.access.keeping import Checked
from app.services.access.practice_people import PRACTICE
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label

from .answers import ChoiceAnswer
from .question import Question

Then = Callable[[Person], object]
_SECRETS = {person.person_id: secret for person, secret in PRACTICE}
_WHY = say("Name and password of the person who does this")


class WhoQuestion(Question):
    """Names as large toggles; the first is chosen where there is only one.

    Whoever is signed in gives the PIN, everybody else the password.
    """

    keeps_draft = False

    def __init__(
        self, desk: Desk, roles: Collection[Role], then: Then, not_these: Collection[str], why: Text, parent: QWidget,
        notes: Collection[Text] = (),
    ) -> None:  # fmt: skip
        super().__init__(desk, why, say("Sign"), parent)
        self._then = then
        locked = desk.people.locked_out(*roles)
        people = [p for p in desk.people.of(*roles) if p.person_id not in not_these and p not in locked]
        choices = tuple((p.person_id, say("{role} {name}", role=ROLE_NAMES[p.role], name=p.name)) for p in people)
        only = people[0].person_id if len(people) == 1 else None
        self.names = ChoiceAnswer(self.kit, say("Person"), choices, only, columns=2, above=True)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setFont(self.kit.look.font("code"))
        self.pin.setFixedHeight(64)
        self.note = label(self.kit, "", "body", "quiet", wrap=True)
        if locked:
            names = ", ".join(p.name for p in locked)
            notes = (*notes, say("Locked out: {names}. An administrator lets them in again.", names=names))
        for note in notes:
            self.body.addWidget(label(self.kit, note, "body", wrap=True))
        for widget in (self.names, self.pin, self.note):
            self.body.addWidget(widget)
        self.names.changed.connect(self._chosen)
        self.confirmed.connect(self._check)
        self._chosen()
        if not people:
            self.say_no(say("Nobody else with this role is on the list."))
            self.primary.setEnabled(False)

    def _chosen(self) -> None:
        person_id = self.names.chosen()
        self.kind = self.desk.people.kind_of(person_id, self.desk.person)
        name = say("PIN") if self.kind == "pin" else say("Password")
        self.kit.words.bind(self.pin, accessibleName=name, placeholderText=name)
        self.kit.words.bind(self.note, text=self._practised(person_id))
        self.pin.clear()
        if person_id is None:
            self.names.take_focus()
        else:
            self.pin.setFocus()

    def _practised(self, person_id: str | None) -> Text | str:
        secret = _SECRETS.get(person_id or "")
        if secret is None or not self.desk.practice:
            return ""
        known = {"person": person_id, "secret": secret}
        if self.kind == "pin":
            return say("Practice: the PIN of {person} is {secret}.", **known)
        return say("Practice: the password of {person} is {secret}.", **known)

    def _check(self) -> None:
        person_id = self.names.chosen()
        if person_id is None:
            self.names.complain(say("Choose who it is."))
            self.names.take_focus()
            return
        self.primary.setEnabled(False)
        self.desk.people.check(person_id, self.pin.text(), self._answered, self.kind)

    def _answered(self, checked: Checked) -> None:
        if checked.person is None:
            self._chosen()
            self.say_no(checked.refused)
            return
        self.accept()
        with self.desk.acting(checked.person):
            self._then(checked.person)


def ask_who(
    desk: Desk, parent: QWidget, roles: Collection[Role], then: Then, not_these: Collection[str] = (), why: Text = _WHY,
    notes: Collection[Text] = (),
) -> None:  # fmt: skip
    """Always asks for the PIN or the password: it is a signature. `notes` say what is signed."""
    WhoQuestion(desk, roles, then, not_these, why, parent, notes).open()


def ask_witness(desk: Desk, parent: QWidget, by: Person, notes: Collection[Text], then: Then) -> None:
    """Another person than `by`, who signs for what stands there: the bag and its ml."""
    ask_who(desk, parent, CLINICAL, then, (by.person_id,), say("Who is the witness? They sign for what they saw:"), notes)


def with_role(desk: Desk, parent: QWidget, roles: Collection[Role], then: Then) -> None:
    """The person signed in where the role fits, else somebody whose role does."""
    if desk.person is not None and desk.person.role in roles:
        then(desk.person)
    else:
        ask_who(desk, parent, roles, then)
