"""One port looked at closely: a plain verdict, its values, its raw bytes, how it is wired."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from devices.link import LinkStatus
from ui.devices import view
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.table import Table, TableState

_FACES = (say("Values"), say("Raw bytes"), say("Wiring"))


class DeviceDetail(Card):
    """`show_port` is called once a second; only the face on top is filled."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.kit = kit
        self.verdict = label(kit, "", "strong", wrap=True)
        self.values = Table(kit, say("Values"))
        self.raw = QLabel()
        self.raw.setTextFormat(Qt.TextFormat.PlainText)
        self.raw.setFont(kit.look.font("mono"))
        self.raw.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.choices = label(kit, "", "body", wrap=True)
        self.wiring, self.line = label(kit, "", "body", wrap=True), label(kit, "", "body", "quiet", wrap=True)
        self.faces = QStackedWidget()
        for face in (self.values, self._top(self.raw), self._top(self.wiring, self.line, self.choices)):
            self.faces.addWidget(face)
        head = QHBoxLayout()
        head.setSpacing(SPACE_8)
        head.addWidget(self.verdict, 1)
        self.let_in = button(kit, "", "primary")
        self.let_in.hide()
        head.addWidget(self.let_in)
        self._pills = QButtonGroup(self)
        for at, text in enumerate(_FACES):
            pill = button(kit, text, "pill")
            pill.setCheckable(True)
            pill.setChecked(at == 0)
            self._pills.addButton(pill, at)
            head.addWidget(pill)
        self._pills.idClicked.connect(self.faces.setCurrentIndex)
        self.body.addLayout(head)
        self.body.addWidget(self.faces, 1)

    def _top(self, *labels: QLabel) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        for one in labels:
            column.addWidget(one)
        column.addStretch(1)
        return made

    def turn(self, face: int) -> None:
        """Show the values (0), the raw bytes (1) or the wiring (2), as a press on its pill does."""
        self._pills.button(face).click()

    def offer(self, stranger: str) -> None:
        """To let in who knocks at a port of ours; "" nobody."""
        text = say("Let {address} in", address=stranger)
        self.kit.words.bind(self.let_in, text=text, accessibleName=text)
        self.let_in.setVisible(bool(stranger))

    def show_port(self, status: LinkStatus | None, heard: view.PortHeard, now: datetime, choices: Sequence[str] = ()) -> None:
        words = self.kit.words
        nothing: Text = say("Nothing is read from this port.")
        words.bind(self.verdict, text=view.verdict(status, heard) if status else nothing)
        self.values.set_state(TableState(view.VALUES, view.value_rows(heard, now, words.catalogue)))
        self.raw.setText(view.hex_lines(heard.tail))
        model = view.source_of(status.protocol) if status else None
        words.bind(self.wiring, text=model.wiring if model else "")
        words.bind(self.line, text=view.line_words(status.line or model.settings) if status and model else "")
        words.bind(self.choices, text=view.choice_words(model, choices) if model else "")
