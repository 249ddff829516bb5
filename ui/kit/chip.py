"""A chip of the top bar: an icon or a dot and a word; 44 px to press, 40 px to look at."""

from typing import Literal

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text
from ui.kit.look.tokens import SPACE_8, TARGET

from .canvas import Canvas
from .look_and_words import Kit
from .painted import PaintedButton

Dot = Literal["", "live", "lost", "none"]
_MARK = 16


class ChipState(msgspec.Struct, frozen=True):
    """`icon` is a name in resources/icons; `dot`: filled = live, crossed = lost, hollow = none."""

    text: Text | str
    icon: str = ""
    dot: Dot = ""
    more: Text | str = ""


class Chip(PaintedButton[ChipState]):
    """Signal `clicked`. `set_bare(True)` leaves only the mark, the word moves to the tool tip."""

    ground = "card"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._bare = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def is_bare(self) -> bool:
        return self._bare

    def set_bare(self, bare: bool) -> None:
        if bare != self._bare:
            self._bare = bare
            self._again()

    def full_width(self) -> int:
        """The width with its word, px."""
        if self.state is None:
            return 0
        marked = bool(self.state.icon or self.state.dot)
        words = self.kit.look.metrics("body").horizontalAdvance(self.kit.words.shown(self.state.text))
        return int(words + 0.99) + 2 * SPACE_8 + (marked * (_MARK + 6))

    def sizeHint(self) -> QSize:
        marked = self.state is not None and bool(self.state.icon or self.state.dot)
        return QSize(TARGET if self._bare and marked else max(TARGET, self.full_width()), TARGET)

    def spoken(self, state: ChipState) -> str:
        return self.kit.words.shown(state.text)

    def fitted(self, state: ChipState) -> None:
        shown = self.kit.words.shown
        self.set_tip(shown(state.more) or (shown(state.text) if self._bare else ""))

    def draw(self, canvas: Canvas, state: ChipState) -> None:
        theme = canvas.theme
        box = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        canvas.block(box, theme.accent_soft if self.underMouse() else theme.sunken, theme.line)
        if self.hasFocus():
            canvas.focus_ring(box)
        inner = box.adjusted(SPACE_8, 0, -SPACE_8, 0)
        if state.icon or state.dot:
            left = box.center().x() - _MARK / 2 if self._bare else inner.left()
            self._mark(canvas, QRectF(left, box.center().y() - _MARK / 2, _MARK, _MARK), state)
            inner.setLeft(inner.left() + _MARK + 6)
        if not (self._bare and (state.icon or state.dot)):
            canvas.text(inner, state.text, "body", theme.text)

    def _mark(self, canvas: Canvas, box: QRectF, state: ChipState) -> None:
        if state.icon:
            canvas.icon(box, state.icon, canvas.theme.text)
            return
        live = state.dot == "live"
        colour = QColor(canvas.theme.accent if live else canvas.theme.quiet)
        canvas.setPen(QPen(colour, 2))
        canvas.setBrush(colour if live else Qt.BrushStyle.NoBrush)
        canvas.drawEllipse(box.center(), 5, 5)
        if state.dot == "lost":
            reach = QPointF(5.5, -5.5)
            canvas.drawLine(box.center() - reach, box.center() + reach)
