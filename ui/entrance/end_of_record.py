"""An end of the record that could not be proved when it was opened: asked until somebody has looked into it."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.people.proofs import HeadDoubted, HeadExplained
from app.domain.texts import say
from ui.ask.answers import TextAnswer
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label


class EndQuestion(Question):
    """It may wait: closed without an answer it comes again at the next sign-in."""

    keeps_draft = False

    def __init__(self, desk: Desk, doubted: str, event: HeadDoubted, parent: QWidget) -> None:
        super().__init__(desk, say("Is the end of the record whole?"), say("Record"), parent)
        self._doubted = doubted
        self.body.addWidget(label(self.kit, event.told_in_words, "body", wrap=True))
        what = say("Compare it with the newest printed record: “bedside verify --head” with the head printed there. Then say what"
                   " you found. If events are missing, keep the file and call whoever looks after this program.")  # fmt: skip
        self.body.addWidget(label(self.kit, what, "body", wrap=True))
        self.found = TextAnswer(self.kit, say("What you found"), None, True)
        self.body.addWidget(self.found)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            found = self.found.value()
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        if self.desk.person is not None:
            self.desk.people.happened(HeadExplained(self._doubted, found), self.desk.person)
        self.accept()


def ask_about_the_end(desk: Desk, doubted: str, event: HeadDoubted, parent: QWidget) -> None:
    EndQuestion(desk, doubted, event, parent).open()
