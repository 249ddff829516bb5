"""Who does this: a person of the right role, with the PIN or the password."""

from collections.abc import Collection

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, say
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label

from .question import Question
from .signer import MaySign, SignerAnswer, Then, witness

_WHY = say("Name and password of the person who does this")


class WhoQuestion(Question):
    """The signature alone; `notes` say what is signed."""

    keeps_draft = False

    def __init__(self, desk: Desk, may: MaySign, then: Then, parent: QWidget, notes: Collection[Text] = ()) -> None:
        super().__init__(desk, may.why, say("Sign"), parent)
        self._then = then
        for note in notes:
            self.body.addWidget(label(self.kit, note, "body", wrap=True))
        self.signer = SignerAnswer(desk, may)
        self.signer.label.hide()  # it is the title
        self.names, self.pin, self.note = self.signer.names, self.signer.pin, self.signer.note
        self.body.addWidget(self.signer)
        self.confirmed.connect(self._check)
        self.signer.take_focus()
        if not self.signer.people:
            self.say_no(say("Nobody else with this role is on the list."))
            self.primary.setEnabled(False)

    def enter(self) -> None:
        """From the name to the PIN, from there to the signature."""
        if self.signer.is_empty() and not self.pin.hasFocus():
            self.signer.take_focus()
        else:
            self.primary.click()

    def _check(self) -> None:
        try:
            self.signer.value()
        except Refused as refusal:
            self.signer.complain(refusal.text)
            self.signer.take_focus()
            return
        self.primary.setEnabled(False)
        self.signer.prove(self._proved, self.say_no)

    def _proved(self, person: Person) -> None:
        self.accept()
        self._then(person)


def ask_who(
    desk: Desk, parent: QWidget, roles: Collection[Role], then: Then, not_these: Collection[str] = (), why: Text = _WHY,
    notes: Collection[Text] = (), likely: Collection[str] = (),
) -> None:  # fmt: skip
    """Always asks for the PIN or the password: it is a signature. `notes` say what is signed."""
    WhoQuestion(desk, MaySign(roles, why, not_these, likely=likely), then, parent, notes).open()


def ask_witness(desk: Desk, parent: QWidget, by: Person, notes: Collection[Text], then: Then) -> None:
    """Another person than `by`, who signs for what stands there: the bag and its ml."""
    WhoQuestion(desk, witness(by), then, parent, notes).open()


def with_role(desk: Desk, parent: QWidget, roles: Collection[Role], then: Then) -> None:
    """The person signed in where the role fits, else somebody whose role does."""
    if desk.person is not None and desk.person.role in roles:
        then(desk.person)
    else:
        ask_who(desk, parent, roles, then)
