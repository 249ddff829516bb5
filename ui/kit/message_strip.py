"""A message: what happened, what is safe, what to do; never in an alarm's colour."""

import msgspec
from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.look.tokens import SPACE_4, SPACE_8, SPACE_16

from .canvas import Canvas
from .labels_and_buttons import button, label
from .look_and_words import Kit

_MARK = 56


class MessageState(msgspec.Struct, frozen=True):
    """`action` names a button that offers the way out; `lasting` messages cannot be closed."""

    happened: Text | str
    safe: Text | str = ""
    to_do: Text | str = ""
    action: Text | str = ""
    lasting: bool = False
    icon: str = "warning"


class MessageStrip(QWidget):
    """Hidden while its state is None."""

    action_pressed = Signal()
    closed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: MessageState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lines = [label(kit, "", role, wrap=True) for role in ("strong", "body", "body")]
        self.action = button(kit, "")
        self.close_button = button(kit, say("Close"), "ghost")
        column = QVBoxLayout()
        column.setSpacing(SPACE_4)
        for line in self._lines:
            column.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARK, SPACE_8, SPACE_16, SPACE_8)
        row.setSpacing(SPACE_8)
        row.addLayout(column, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self.action.clicked.connect(self.action_pressed)
        self.close_button.clicked.connect(self._close)
        kit.look.changed.connect(self.update)
        self.hide()

    def set_state(self, state: MessageState | None) -> None:
        if state == self._state:
            return
        self._state = state
        self.setVisible(state is not None)
        if state is None:
            return
        texts = (state.happened, state.safe, state.to_do)
        for line, text in zip(self._lines, texts, strict=True):
            self.kit.words.bind(line, text=text)
            line.setVisible(bool(text))
        self.kit.words.bind(self.action, text=state.action, accessibleName=state.action)
        self.action.setVisible(bool(state.action))
        self.close_button.setVisible(not state.lasting)
        self.kit.words.bind(self, accessibleName=state.happened)
        self.update()

    def _close(self) -> None:
        self.set_state(None)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._state is None:
            return
        with Canvas(self, self.kit) as canvas:
            theme, box = canvas.theme, QRectF(self.rect())
            canvas.block(box, theme.card, theme.text, pen=2)
            canvas.icon(QRectF(SPACE_16, box.center().y() - 14, 28, 28), self._state.icon, theme.text)
