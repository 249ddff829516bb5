"""One's own password and PIN: at the first sign-in, or later."""

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people.accounts import LEAST_PASSWORD, LEAST_PIN, new_pin
from app.domain.people.roles import Person
from app.domain.texts import Text, say
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import label


class SecretsQuestion(Question):
    """Only what is missing is asked for; where nothing is, what is left empty stays. `done` comes after it is kept."""

    keeps_draft = False

    def __init__(self, desk: Desk, person: Person, done: Callable[[], object], parent: QWidget) -> None:
        super().__init__(desk, say("Your own password and PIN"), say("Keep them"), parent)
        self._person, self._done = person, done
        account = desk.people.account(person.person_id)
        self._needs_password = account is None or account.first_password
        self._needs_pin = account is None or not account.has_pin
        self.password, self.password_again, self.pin, self.pin_again = (QLineEdit() for _ in range(4))
        why = say("The password opens your account. The PIN signs while you are signed in. Nobody else may know them.")
        self.body.addWidget(label(self.kit, why, "body", wrap=True))
        form = QFormLayout()
        rows: tuple[tuple[Text, QLineEdit], ...] = (
            (say("Password, at least {letters} letters", letters=LEAST_PASSWORD), self.password),
            (say("Password again"), self.password_again),
            (say("PIN, at least {digits} digits", digits=LEAST_PIN), self.pin),
            (say("PIN again"), self.pin_again),
        )
        pin_alone = self._needs_pin and not self._needs_password
        for text, field in rows[2:] if pin_alone else rows:
            field.setEchoMode(QLineEdit.EchoMode.Password)
            self.kit.words.bind(field, accessibleName=text)
            form.addRow(label(self.kit, text), field)
        self.body.addLayout(form)
        if not self._needs_password and not self._needs_pin:
            self.body.addWidget(label(self.kit, say("What you leave empty stays as it is."), "body", "quiet", wrap=True))
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            self._keep()
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()
        self._done()

    def _keep(self) -> None:
        """Both or neither. Raises `Refused`."""
        people, person = self.desk.people, self._person
        pin = (self.pin.text(), self.pin_again.text()) if self._needs_pin or self.pin.text() else None
        if pin is not None:
            new_pin(*pin)
        if self._needs_password or self.password.text():
            people.set_password(person.person_id, self.password.text(), self.password_again.text(), person)
        if pin is not None:
            people.set_pin(person, *pin)


def ask(desk: Desk, person: Person, done: Callable[[], object], parent: QWidget) -> None:
    SecretsQuestion(desk, person, done, parent).open()
