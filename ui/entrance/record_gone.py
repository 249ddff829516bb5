"""The record's file is gone from under the program: what is safe, and where it shall be saved."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.domain.texts import Text, say
from app.jobs.rescuing import Rescue
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.frame.shell import choose_new_file
from ui.kit.labels_and_buttons import button, label

_PATTERN = "*.db"


class RecordGone(Question):
    """Over every page and over the sign-in; it needs no person, as nothing else is safe until it is answered."""

    keeps_draft = False

    def __init__(self, desk: Desk, rescue: Rescue, parent: QWidget, choose: Callable[..., Path | None] = choose_new_file) -> None:
        offered = rescue.path if rescue.can_return else rescue.beside(desk.now())
        super().__init__(desk, say("The record's file is gone"), say("Save the record there"), parent)
        self._rescue, self._choose, self._to = rescue, choose, offered
        assert rescue.health.gone is not None
        for text in (
            rescue.health.gone,
            say("Everything shown here is still in memory. Pause, stop, end and Reaction work as always."),
        ):
            self.body.addWidget(label(self.kit, text, "body", wrap=True))
        self.place = label(self.kit, str(offered), "strong", wrap=True)
        self.body.addWidget(self.place)
        self.elsewhere = button(self.kit, say("Another place, such as a stick…"))
        self.elsewhere.clicked.connect(self._choose_place)
        self.body.addWidget(self.elsewhere)
        self.confirmed.connect(self._save)

    def _choose_place(self) -> None:
        title = self.kit.words.tr(say("Where the record is to be saved"))
        chosen = self._choose(self, title, self._to.name, _PATTERN)
        if chosen is not None:
            self._to = chosen
            self.place.setText(str(chosen))

    def _save(self) -> None:
        self.primary.setEnabled(False)
        self._rescue.save(self._to, self._saved)

    def _saved(self, why_not: Text | None) -> None:
        if why_not is not None:
            self.say_no(why_not)
            return
        self.accept()
        self.desk.tell(say("The record is saved as {file}, and everything goes on there. Restart Bedside when no infusion runs, "
                           "and tell whoever looks after this laptop.", file=str(self._to)))  # fmt: skip
