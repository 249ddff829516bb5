"""How a monitor that stands already is read: its line, kept as it was found or set anew, and what the site chooses for it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.texts import say
from app.services.placements import PlacedHow
from devices.link import LinkStatus, PortSettings
from devices.settings_words import line_words
from ui.ask.question import Question
from ui.devices.how_read import HowRead
from ui.devices.view import source_of
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label

Change = Callable[[str, PortSettings | None, Sequence[str]], None]
"""Port, line, choices."""


class PlacedQuestion(Question):
    def __init__(self, desk: Desk, status: LinkStatus, how: PlacedHow, change: Change, parent: QWidget) -> None:
        super().__init__(desk, say("How is this monitor read?"), say("Save"), parent, width=960)
        self._url, self._change = status.port, change
        row = source_of(status.protocol)
        self.body.addWidget(label(self.kit, say("{port}: {monitor}", port=status.port, monitor=row.label), "body", wrap=True))
        if status.line is not None and status.is_line_found:
            told = say("It was found at {line}. Save to keep that.", line=line_words(status.line))
            self.body.addWidget(label(self.kit, told, "strong", wrap=True))
        self.how = HowRead(self.kit)
        self.how.show_model(row, how)
        if status.is_line_found:
            self.how.show_line(status.line)
        self.how.hide_line(status.port)
        self.body.addWidget(self.how)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            line = self.how.settings()
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self._change(self._url, line, self.how.choices())
        self.accept()


def ask_how_read(desk: Desk, status: LinkStatus, how: PlacedHow, change: Change, parent: QWidget) -> None:
    """Of one monitor that stands at a bed."""
    PlacedQuestion(desk, status, how, change, parent).open()
