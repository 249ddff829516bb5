"""Somebody who cannot sign in stands at the bed: the name as typed, recorded, to be explained later."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.people.roles import Person
from app.domain.texts import say
from ui.ask.answers import TextAnswer
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import label


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


def ask(desk: Desk, opened: Callable[[Person], object], parent: QWidget) -> None:
    EmergencyQuestion(desk, opened, parent).open()


def ask_why(desk: Desk, opened: str, name: str, parent: QWidget) -> None:
    JustifyQuestion(desk, opened, name, parent).open()
