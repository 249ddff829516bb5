"""An empty page: what is not there yet, and what to do next."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.texts import Text
from ui.kit.look.tokens import SPACE_8, SPACE_16

from .canvas import Canvas
from .labels_and_buttons import button, label
from .look_and_words import Kit


class EmptyState(msgspec.Struct, frozen=True):
    """`action` names the button to the next step, if there is one; `other` a second one beside it."""

    title: Text | str
    to_do: Text | str
    action: Text | str = ""
    icon: str = "records"
    other: Text | str = ""


class _EmptyPicture(QWidget):
    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit, self.icon = kit, "records"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        with Canvas(self, self.kit) as canvas:
            canvas.icon(QRectF(self.rect()), self.icon, canvas.theme.edge)


class EmptyPage(QWidget):
    """Signal `pressed`: the button to the next step."""

    pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: EmptyState | None = None
        self.picture = _EmptyPicture(kit)
        self.title = label(kit, "", "action", wrap=True)
        self.to_do = label(kit, "", "body", "quiet", wrap=True)
        self.action = button(kit, "", "primary")
        self.other = button(kit, "")
        self.action.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_16, SPACE_16, SPACE_16, SPACE_16)
        column.setSpacing(SPACE_8)
        column.addStretch(1)
        column.addWidget(self.picture)
        for part in (self.title, self.to_do):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        for made in (self.action, self.other):
            column.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def set_state(self, state: EmptyState) -> None:
        if state == self._state:
            return
        self._state = state
        self.picture.icon = state.icon
        self.picture.update()
        self.kit.words.bind(self.title, text=state.title)
        self.kit.words.bind(self.to_do, text=state.to_do)
        self.kit.words.bind(self.action, text=state.action, accessibleName=state.action)
        self.kit.words.bind(self.other, text=state.other, accessibleName=state.other)
        self.action.setVisible(bool(state.action))
        self.other.setVisible(bool(state.other))
