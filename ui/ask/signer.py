"""Who signs, and the PIN or password: an answer of its own question or at the foot of what is signed."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.people.roles import CLINICAL, ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from app.services.access.held_keys import Secret
from app.services.access.keeping import Checked
from app.services.access.practice_people import PRACTICE
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8

from .answers import Answer, ChoiceAnswer

Then = Callable[[Person], object]
Refusal = Callable[[Text], object]
#: The key of this answer in a form.
SIGNER = "signer"
_SECRETS = {person.person_id: secret for person, secret in PRACTICE}
_HEIGHT = 56


def _nobody_waits(_person: Person) -> None:
    """Nothing depends on who it was."""


class MaySign(NamedTuple):
    """`why`: what the signature says; `not_these`: who has done the other half already, or may not; `proved` learns who it was;
    `likely`: who is chosen beforehand where whoever is signed in may not.
    """

    roles: Collection[Role]
    why: Text
    not_these: Collection[str] = ()
    proved: Then = _nobody_waits
    likely: Collection[str] = ()


def witness(by: Person, likely: Collection[str] = ()) -> MaySign:
    """Another person than `by`, who signs for what stands there."""
    return MaySign(CLINICAL, say("Who is the witness? They sign for what they saw:"), (by.person_id,), likely=likely)


class SignerAnswer(Answer):
    """Names as large toggles: whoever is signed in is chosen beforehand where they may sign, else the likely or the only one.

    Whoever is signed in gives the PIN, everybody else the password. What was begun of it goes when this is hidden.
    """

    def __init__(self, desk: Desk, may: MaySign) -> None:
        self.desk, self._learns, self._likely = desk, may.proved, may.likely
        locked = desk.people.locked_out(*may.roles)
        self.people = [p for p in desk.people.of(*may.roles) if p.person_id not in may.not_these and p not in locked]
        choices = tuple((p.person_id, say("{role} {name}", role=ROLE_NAMES[p.role], name=p.name)) for p in self.people)
        self.names = ChoiceAnswer(desk.kit, Text(""), choices, self._likeliest(), columns=2, above=True)
        desk.kit.words.bind(self.names.grid, accessibleName=say("Person"))
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setFont(desk.kit.look.font("code"))
        self.pin.setFixedHeight(_HEIGHT)
        self.note = label(desk.kit, "", "body", "quiet", wrap=True)
        out = say("Locked out: {names}. An administrator lets them in again.", names=", ".join(p.name for p in locked))
        self.locked = label(desk.kit, out if locked else "", "body", wrap=True)
        self.locked.setVisible(bool(locked))
        super().__init__(desk.kit, may.why, self._body(), self.pin, above=True)
        self.names.changed.connect(self._chosen)
        self.pin.textEdited.connect(self._typed)
        self._follow()

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        for widget in (self.locked, self.names, self.pin, self.note):
            column.addWidget(widget)
        return body

    def _likeliest(self) -> str | None:
        here = self.desk.person
        if here is not None and here in self.people:
            return here.person_id
        known = [person for person in self.people if person.person_id in self._likely] or self.people
        return known[0].person_id if len(known) == 1 else None

    @property
    def kind(self) -> Secret:
        return self.desk.people.kind_of(self.names.chosen(), self.desk.person)

    def choose(self, person_id: str | None) -> None:
        """Somebody else was named elsewhere in the form: it is their signature."""
        self.names.choose(person_id)
        self._follow()

    def _chosen(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        name = say("PIN") if self.kind == "pin" else say("Password")
        self.kit.words.bind(self.pin, accessibleName=name, placeholderText=name)
        practised = self._practised(self.names.chosen())
        self.kit.words.bind(self.note, text=practised)
        self.note.setVisible(bool(practised))
        self.complain(None)
        self.pin.clear()

    def _practised(self, person_id: str | None) -> Text | str:
        secret = _SECRETS.get(person_id or "")
        if secret is None or not self.desk.practice:
            return ""
        known = {"person": person_id, "secret": secret}
        if self.kind == "pin":
            return say("Practice: the PIN of {person} is {secret}.", **known)
        return say("Practice: the password of {person} is {secret}.", **known)

    def _typed(self) -> None:
        self.complain(None)
        self.changed.emit()

    def take_focus(self) -> None:
        if self.names.chosen() is None:
            self.names.take_focus()
        else:
            self.pin.setFocus()

    def is_empty(self) -> bool:
        return self.names.chosen() is None or not self.pin.text()

    def value(self) -> str:
        """Who it is to be; `prove` asks whether it is."""
        if not self.people:
            raise Refused(say("Nobody else with this role is on the list."))
        if self.names.chosen() is None:
            raise Refused(say("Choose who it is."))
        if not self.pin.text():
            raise Refused(say("Type the PIN.") if self.kind == "pin" else say("Type the password."))
        return str(self.names.chosen())

    def prove(self, then: Then, refused: Refusal) -> None:
        """Whether the PIN or password is theirs; what follows belongs to them."""

        def answered(checked: Checked) -> None:
            self.pin.clear()
            if checked.person is None:
                self.take_focus()
                refused(checked.refused)
                return
            self._learns(checked.person)
            with self.desk.acting(checked.person):
                then(checked.person)

        self.desk.people.check(self.value(), self.pin.text(), answered, self.kind)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pin.clear()
