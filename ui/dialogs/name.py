"""A patient's name, shown to a person who asked for it; it goes when the screen is locked."""

from PySide6.QtWidgets import QWidget

from app.domain.texts import say
from ui.desk import Desk
from ui.widgets.parts import label

from .question import Question


class NameQuestion(Question):
    keeps_draft = False

    def __init__(self, desk: Desk, subject: str, name: str, parent: QWidget) -> None:
        super().__init__(desk, say("Subject {subject}", subject=subject), say("Hide the name"), parent)
        self.name = label(self.kit, name, "title", wrap=True)
        self.body.addWidget(self.name)
        self.body.addWidget(label(self.kit, say("That it was shown stands in the audit trail."), "body", "quiet", wrap=True))
        self.cancel.hide()
        self.confirmed.connect(self.accept)


def show(desk: Desk, subject: str, name: str, parent: QWidget) -> None:
    NameQuestion(desk, subject, name, parent).open()
