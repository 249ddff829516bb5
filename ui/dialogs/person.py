"""A new person for the short list."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people import ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from app.services.people import LEAST_DIGITS, hashed
from ui.desk import Desk
from ui.widgets.parts import label

from .question import Question

Added = Callable[[Person, str], None]


class PersonQuestion(Question):
    """Gives the person and the PIN's hash to `added`."""

    def __init__(self, desk: Desk, added: Added, parent: QWidget) -> None:
        super().__init__(desk, say("Who is new?"), say("Add"), parent)
        self._added = added
        self.person_id, self.name, self.pin, self.again = (QLineEdit() for _ in range(4))
        self.role = QComboBox()
        for role in Role:
            self.role.addItem(self.kit.words.tr(ROLE_NAMES[role]), role.value)
        for secret in (self.pin, self.again):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        rows: tuple[tuple[Text, QWidget], ...] = (
            (say("Staff number"), self.person_id),
            (say("Full name"), self.name),
            (say("Role"), self.role),
            (say("PIN, at least {digits} digits", digits=LEAST_DIGITS), self.pin),
            (say("PIN again"), self.again),
        )
        for text, field in rows:
            self.kit.words.bind(field, accessibleName=text)
            form.addRow(label(self.kit, text), field)
        self.body.addLayout(form)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            person, pin_hash = self._read()
            self._added(person, pin_hash)
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()

    def _read(self) -> tuple[Person, str]:
        person_id, name = self.person_id.text().strip(), self.name.text().strip()
        if not person_id or not name:
            raise Refused(say("Staff number and name are needed."))
        if self.pin.text() != self.again.text():
            raise Refused(say("The two PINs differ. Type them again."))
        return Person(person_id, name, Role(self.role.currentData())), hashed(self.pin.text())


def ask(desk: Desk, added: Added, parent: QWidget) -> None:
    PersonQuestion(desk, added, parent).open()
