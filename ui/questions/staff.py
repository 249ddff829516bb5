"""Who works here: accounts and their secrets, and who comes in without one."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people.new_secrets import LEAST_PASSWORD, LEAST_PIN, new_pin
from app.domain.people.roles import GIVEN, ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label

_UNLOCK, _PASSWORD, _DISABLE = "unlock", "password", "disable"
_WHAT_IS_DONE: tuple[tuple[str, Text], ...] = (
    (_PASSWORD, say("give a first password")),
    (_UNLOCK, say("let in again")),
    (_DISABLE, say("disable")),
)
Done = Callable[[], object]


class PersonQuestion(Question):
    """`added` is called once the account is there."""

    keeps_draft = False

    def __init__(self, desk: Desk, added: Done, parent: QWidget) -> None:
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


def ask_new_person(desk: Desk, added: Done, parent: QWidget) -> None:
    """A new account, which an administrator makes with a first password."""
    PersonQuestion(desk, added, parent).open()


class AccountQuestion(Question):
    """`done` comes after it is kept. A disabled account stays in the record and never comes back."""

    keeps_draft = False

    def __init__(self, desk: Desk, done: Callable[[], object], parent: QWidget) -> None:
        super().__init__(desk, say("Change an account"), say("Do it"), parent)
        self._done = done
        people = tuple((p.person_id, _named(p)) for p in desk.people.all)
        self.who = ChoiceAnswer(self.kit, say("Person"), people, None, columns=2, above=True)
        self.what = ChoiceAnswer(self.kit, say("What is to be done?"), _WHAT_IS_DONE, None, columns=3, above=True)
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


def ask_account_change(desk: Desk, done: Callable[[], object], parent: QWidget) -> None:
    """What an administrator does with an account: let in again, give a first password, disable."""
    AccountQuestion(desk, done, parent).open()


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


def ask_own_secrets(desk: Desk, person: Person, done: Callable[[], object], parent: QWidget) -> None:
    """One's own password and PIN: at the first sign-in, or later."""
    SecretsQuestion(desk, person, done, parent).open()


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


def ask_recovered_password(desk: Desk, done: Callable[[Person], object], parent: QWidget) -> None:
    """The record was opened with the printed recovery key: somebody gets a new password."""
    RecoveredQuestion(desk, done, parent).open()


class EmergencyQuestion(Question):
    keeps_draft = False

    def __init__(self, desk: Desk, opened: Callable[[Person], object], parent: QWidget) -> None:
        super().__init__(desk, say("Emergency access"), say("Go to the bed"), parent)
        self._opened = opened
        what = say("You can record vital signs, a reaction and notes, pause and stop. Everything carries your name, and somebody"
                   " of the trial must say later why it was needed.")  # fmt: skip
        self.body.addWidget(label(self.kit, what, "body", wrap=True))
        self.name = TextAnswer(self.kit, say("Your full name"), None, True)
        self.body.addWidget(self.name)
        self.name.take_focus()
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            person = self.desk.people.in_emergency(self.name.value())
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()
        self._opened(person)


class JustifyQuestion(Question):
    """Asked of a person of the trial who signs in, until it is answered."""

    def __init__(self, desk: Desk, opened: str, name: str, parent: QWidget) -> None:
        super().__init__(desk, say("Why was emergency access needed?"), say("Record"), parent)
        self._event = opened
        said = say("{name} used emergency access and nobody has said why.", name=name)
        self.body.addWidget(label(self.kit, said, "body", wrap=True))
        self.reason = TextAnswer(self.kit, say("Reason"), None, True)
        self.body.addWidget(self.reason)
        self.reason.take_focus()
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        person = self.desk.person
        try:
            if person is not None:
                self.desk.people.justify(self._event, self.reason.value(), person)
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()


def ask_emergency_access(desk: Desk, opened: Callable[[Person], object], parent: QWidget) -> None:
    """Somebody who cannot sign in stands at the bed: the name as typed, recorded, to be explained later."""
    EmergencyQuestion(desk, opened, parent).open()


def ask_why_emergency(desk: Desk, opened: str, name: str, parent: QWidget) -> None:
    JustifyQuestion(desk, opened, name, parent).open()
