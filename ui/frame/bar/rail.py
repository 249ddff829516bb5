"""The rail on the left: one icon and word a page."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.texts import Text
from ui.kit.canvas import CENTRE, Canvas
from ui.kit.look.tokens import SPACE_8, TARGET
from ui.kit.look_and_words import Kit
from ui.kit.painted import PaintedButton

WIDTH = 84
_TALL = 60


class RailItem(msgspec.Struct, frozen=True):
    """`icon` is a name in resources/icons; `count` > 0 shows a small number."""

    key: str
    icon: str
    text: Text | str
    count: int = 0


class RailState(msgspec.Struct, frozen=True):
    items: tuple[RailItem, ...]
    current: str = ""


class RailButton(PaintedButton[RailItem]):
    """One item; without its word where there is no room, which its tool tip then says."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_TALL)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, _TALL)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH, TARGET)

    def spoken(self, state: RailItem) -> str:
        return self.kit.words.shown(state.text)

    def fitted(self, state: RailItem) -> None:
        self.set_tip(self.kit.words.shown(state.text))

    def draw(self, canvas: Canvas, state: RailItem) -> None:
        theme, box, current = canvas.theme, QRectF(self.rect()), self.isChecked()
        ink = theme.accent_strong if current else theme.quiet
        if current:
            canvas.fillRect(box, theme.accent_soft)
            canvas.fillRect(QRectF(0, 0, 3, box.height()), theme.accent)
        elif self.underMouse():
            canvas.fillRect(box, theme.sunken)
        worded = box.height() >= 56
        top = 8 if worded else box.height() / 2 - 11
        canvas.icon(QRectF(0, top, WIDTH, 22), state.icon, ink)
        if worded:
            at = QRectF(2, 32, WIDTH - 4, box.height() - 34)
            canvas.text(at, state.text, "strong" if current else "body", ink, CENTRE)
        if state.count:
            self._count(canvas, state.count, top)
        if self.hasFocus():
            canvas.focus_ring(box.adjusted(2, 2, -2, -2))

    def _count(self, canvas: Canvas, count: int, top: float) -> None:
        box = QRectF(WIDTH / 2 + 8, top - 4, 22, 18)
        canvas.block(box, canvas.theme.accent, radius=9)
        canvas.text(box, str(min(count, 99)), "hint", canvas.theme.on_accent, CENTRE)


class Rail(QWidget):
    """Signal `chosen(key)`."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: RailState | None = None
        self._buttons: list[RailButton] = []
        self.setFixedWidth(WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, SPACE_8, 0, SPACE_8)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        kit.look.changed.connect(self.update)

    def set_state(self, state: RailState) -> None:
        if state == self._state:
            return
        self._state = state
        self._make(len(state.items))
        for button, item in zip(self._buttons, state.items, strict=True):
            button.set_state(item)
            button.setChecked(item.key == state.current)

    def _make(self, count: int) -> None:
        while len(self._buttons) < count:
            button = RailButton(self.kit, self)
            button.clicked.connect(self._chosen)
            self._column.insertWidget(len(self._buttons), button, 8)
            self._buttons.append(button)
        while len(self._buttons) > count:
            button = self._buttons.pop()
            button.hide()
            button.deleteLater()

    def _chosen(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton) and button.state:
            self.chosen.emit(button.state.key)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        theme = self.kit.look.theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.card)
            painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.line)
