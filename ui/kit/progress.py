"""Long work: what is being done, how far it is, and a way to cancel it."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.look.tokens import SPACE_8

from .labels_and_buttons import button, label
from .look_and_words import Kit


class ProgressState(msgspec.Struct, frozen=True):
    """`total` None while the length is unknown; `note` such as “120 of 400 records”."""

    text: Text | str
    done: int = 0
    total: int | None = None
    note: Text | str = ""
    can_cancel: bool = True


class Progress(QWidget):
    """Signal `cancelled`."""

    cancelled = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: ProgressState | None = None
        self.text = label(kit, "", "strong", wrap=True)
        self.note = label(kit, "", "body", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = button(kit, say("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        row.addWidget(self.cancel)
        column.addLayout(row)

    def set_state(self, state: ProgressState) -> None:
        if state == self._state:
            return
        self._state = state
        self.kit.words.bind(self.text, text=state.text)
        self.kit.words.bind(self.note, text=state.note)
        self.kit.words.bind(self.bar, accessibleName=state.text)
        self.bar.setRange(0, state.total or 0)
        self.bar.setValue(state.done)
        self.cancel.setEnabled(state.can_cancel)
