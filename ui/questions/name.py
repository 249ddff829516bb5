"""A patient's name: shown to a person who asked for it, gone when the screen is locked; typed, corrected, or erased."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.texts import say
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import button, label

Keep = Callable[[str], None]
"""Keep this name in place of what was kept; "" erases it. Raises `Refused`."""
_MOST_LETTERS = 100


class NameQuestion(Question):
    keeps_draft = False

    def __init__(self, desk: Desk, subject: str, name: str, keep: Keep, parent: QWidget) -> None:
        super().__init__(desk, say("Subject {subject}", subject=subject), say("Hide the name"), parent)
        self._subject, self._name, self._keep, self._parent = subject, name, keep, parent
        self.name = label(self.kit, name, "title", wrap=True)
        self.body.addWidget(self.name)
        self.body.addWidget(label(self.kit, say("That it was shown stands in the audit trail."), "body", "quiet", wrap=True))
        self.change = button(self.kit, say("Correct or erase it"))
        self.change.clicked.connect(self._change)
        self.body.addWidget(self.change)
        self.cancel.hide()
        self.confirmed.connect(self.accept)

    def _change(self) -> None:
        self.accept()
        give(self.desk, self._subject, self._name, self._keep, self._parent)


class GiveNameQuestion(Question):
    """Half typed it is not kept: whoever comes next must not read it."""

    keeps_draft = False

    def __init__(self, desk: Desk, subject: str, name: str, keep: Keep, parent: QWidget) -> None:
        super().__init__(desk, say("Name of subject {subject}", subject=subject), say("Keep it"), parent)
        self._keep = keep
        self.line = QLineEdit(name)
        self.line.setMaxLength(_MOST_LETTERS)
        self.line.setFont(self.kit.look.font("line"))
        self.kit.words.bind(self.line, accessibleName=say("Full name"), placeholderText=say("Full name"))
        how = say(
            "Optional. It lies encrypted in this record and goes into no file, export or printed record. An empty line erases it."
        )
        self.body.addWidget(label(self.kit, how, "body", wrap=True))
        self.body.addWidget(self.line)
        self.confirmed.connect(self._confirm)
        self.line.setFocus()

    def _confirm(self) -> None:
        try:
            self._keep(self.line.text().strip())
        except Refused as refusal:
            self.say_no(refusal.text)
        else:
            self.accept()


def show(desk: Desk, subject: str, name: str, keep: Keep, parent: QWidget) -> None:
    NameQuestion(desk, subject, name, keep, parent).open()


def give(desk: Desk, subject: str, name: str, keep: Keep, parent: QWidget) -> None:
    GiveNameQuestion(desk, subject, name, keep, parent).open()
