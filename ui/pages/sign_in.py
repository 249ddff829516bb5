"""Who stands at the laptop: choose a name, type the PIN. What is due stays in sight."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.people import ROLE_NAMES, Person
from app.domain.texts import Text, say
from app.services.people import PRACTICE
from ui.desk import Desk
from ui.look.tokens import SPACE_8, SPACE_16, SPACE_24
from ui.widgets.parts import Card, button, label
from ui.widgets.toggle_grid import Toggle

_PINS = {person.person_id: pin for person, pin in PRACTICE}


class SignInPage(QWidget):
    """Signal `signed_in(Person)`. `add_person` asks to put the first people on an empty list."""

    signed_in = Signal(object)
    add_person = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self._chosen: str | None = None
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._choose)
        self._people: list[Person] = []
        self.names = QGridLayout()
        self.names.setSpacing(SPACE_8)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setFont(self.kit.look.font("vital"))
        self.pin.setFixedHeight(64)
        self.pin.setMaxLength(12)
        self.kit.words.bind(self.pin, accessibleName=say("PIN"), placeholderText=say("PIN"))
        self.note = label(self.kit, "", "body", "quiet", wrap=True)
        self.enter = button(self.kit, say("Sign in"), "primary")
        self.more = button(self.kit, say("Add a person"))
        self.enter.clicked.connect(self._enter)
        self.more.clicked.connect(self.add_person)
        self.pin.returnPressed.connect(self._enter)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        card = Card(self.kit, say("Who is working here?"), raised=True)
        card.setMaximumWidth(720)
        card.body.setSpacing(SPACE_16)
        card.body.setContentsMargins(SPACE_24, SPACE_16, SPACE_24, SPACE_24)
        card.body.addLayout(self.names)
        card.body.addWidget(self.pin)
        card.body.addWidget(self.note)
        row = QHBoxLayout()
        row.addWidget(self.more)
        row.addStretch(1)
        row.addWidget(self.enter)
        card.body.addLayout(row)
        safe = say("Bedside guides and records one infusion. It does not replace the patient monitor"
                   " or the physician's order.")  # fmt: skip
        purpose = label(self.kit, safe, "body", "quiet", wrap=True)
        purpose.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(purpose)
        column.addStretch(2)

    def refresh(self) -> None:
        """The list as it is now, nobody chosen, no PIN."""
        self._people = self.desk.people.all
        for old in self._group.buttons():
            self._group.removeButton(old)
            old.deleteLater()
        for at, person in enumerate(self._people):
            text = say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name)
            made = Toggle(self.kit)
            self.kit.words.bind(made, text=text, accessibleName=text)
            self._group.addButton(made, at)
            self.names.addWidget(made, at // 2, at % 2)
        self.pin.clear()
        empty = not self._people
        self.pin.setVisible(not empty)
        self.enter.setVisible(not empty)
        self.more.setVisible(not self.desk.practice)
        self._say(say("Nobody is on the list yet. Add a nurse, a second nurse, a pharmacist and an investigator.")
                  if empty else "")  # fmt: skip
        if self._people:
            self._group.buttons()[0].setChecked(True)
            self._choose(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pin.setFocus()

    def _choose(self, at: int) -> None:
        self._chosen = self._people[at].person_id
        self.pin.clear()
        self.pin.setFocus()
        shown = self.desk.practice and self._chosen in _PINS
        self._say(say("Practice: the PIN of {person} is {pin}.", person=self._chosen, pin=_PINS[self._chosen])
                  if shown else "")  # fmt: skip

    def _say(self, text: Text | str) -> None:
        self.kit.words.bind(self.note, text=text)

    def _enter(self) -> None:
        if self._chosen is None or not self.pin.text():
            self._say(say("Type the PIN."))
            return
        self.enter.setEnabled(False)
        self.desk.people.check(self._chosen, self.pin.text(), self._answered)

    def _answered(self, person: Person | None) -> None:
        self.enter.setEnabled(True)
        self.pin.clear()
        if person is None:
            self._say(say("The PIN is wrong. Type it again."))
            self.pin.setFocus()
            return
        self._say("")
        self.signed_in.emit(person)
