"""Who does this: a person of the right role and the PIN."""

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.people import ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from app.services.people import PRACTICE
from ui.desk import Desk
from ui.widgets.parts import label

from .question import Question

Then = Callable[[Person], object]
_PINS = {person.person_id: pin for person, pin in PRACTICE}
_WHY = say("Name and PIN of the person who does this")


class WhoQuestion(Question):
    def __init__(
        self, desk: Desk, roles: Collection[Role], then: Then, not_these: Collection[str], why: Text, parent: QWidget
    ) -> None:
        super().__init__(desk, why, say("Sign"), parent)
        self._then = then
        self._people = [p for p in desk.people.of(*roles) if p.person_id not in not_these]
        self.names, self.pin = QComboBox(), QLineEdit()
        for person in self._people:
            text = say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name)
            self.names.addItem(self.kit.words.tr(text), person.person_id)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.kit.words.bind(self.names, accessibleName=say("Person"))
        self.kit.words.bind(self.pin, accessibleName=say("PIN"), placeholderText=say("PIN"))
        self.note = label(self.kit, "", "body", "quiet", wrap=True)
        for widget in (self.names, self.pin, self.note):
            self.body.addWidget(widget)
        self.names.currentIndexChanged.connect(self._chosen)
        self.confirmed.connect(self._check)
        self._chosen()
        if not self._people:
            self.say_no(say("Nobody else with this role is on the list."))
            self.primary.setEnabled(False)

    def _chosen(self) -> None:
        person_id = self.names.currentData()
        shown = self.desk.practice and person_id in _PINS
        note = say("Practice: the PIN of {person} is {pin}.", person=person_id, pin=_PINS[person_id]) if shown else ""
        self.kit.words.bind(self.note, text=note)
        self.pin.clear()
        self.pin.setFocus()

    def _check(self) -> None:
        self.primary.setEnabled(False)
        self.desk.people.check(self.names.currentData(), self.pin.text(), self._answered)

    def _answered(self, person: Person | None) -> None:
        if person is None:
            self.pin.clear()
            self.say_no(say("The PIN is wrong. Type it again."))
            self.pin.setFocus()
            return
        self.accept()
        self._then(person)


def ask_who(
    desk: Desk, parent: QWidget, roles: Collection[Role], then: Then, not_these: Collection[str] = (), why: Text = _WHY
) -> None:
    """Always asks for the PIN: it is a signature."""
    WhoQuestion(desk, roles, then, not_these, why, parent).open()


def desk_as(desk: Desk, parent: QWidget, roles: Collection[Role], then: Then) -> None:
    """The person signed in where the role fits, else somebody whose role does."""
    if desk.person is not None and desk.person.role in roles:
        then(desk.person)
    else:
        ask_who(desk, parent, roles, then)
