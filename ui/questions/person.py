"""A new account, which an administrator makes with a first password."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people.accounts import LEAST_PASSWORD
from app.domain.people.roles import GIVEN, ROLE_NAMES, Role
from app.domain.texts import Text, say
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import label

Added = Callable[[], object]


class PersonQuestion(Question):
    """`added` is called once the account is there."""

    keeps_draft = False

    def __init__(self, desk: Desk, added: Added, parent: QWidget) -> None:
        super().__init__(desk, say("Who is new?"), say("Add"), parent)
        self._added = added
        self.person_id, self.name, self.password, self.again = (QLineEdit() for _ in range(4))
        self.role = QComboBox()
        for role in GIVEN:
            self.role.addItem(self.kit.words.tr(ROLE_NAMES[role]), role.value)
        for secret in (self.password, self.again):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        first = say("The first password is yours to give: it is changed at the first sign-in. A number is never given twice.")
        self.body.addWidget(label(self.kit, first, "body", wrap=True))
        form = QFormLayout()
        rows: tuple[tuple[Text, QWidget], ...] = (
            (say("Staff number"), self.person_id),
            (say("Full name"), self.name),
            (say("Role"), self.role),
            (say("First password, at least {letters} letters", letters=LEAST_PASSWORD), self.password),
            (say("Password again"), self.again),
        )
        for text, field in rows:
            self.kit.words.bind(field, accessibleName=text)
            form.addRow(label(self.kit, text), field)
        self.body.addLayout(form)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        role = Role(self.role.currentData())
        texts = (self.person_id.text(), self.name.text(), role, self.password.text(), self.again.text())
        try:
            self.desk.people.add(*texts, self.desk.person)
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()
        self._added()


def ask(desk: Desk, added: Added, parent: QWidget) -> None:
    PersonQuestion(desk, added, parent).open()
