"""A ring that empties with the time left."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from .canvas import CENTRE, Canvas
from .look_and_words import Kit
from .painted import Painted

SIZE = 72
_WIDTH = 6


class RingState(msgspec.Struct, frozen=True):
    """`share` of the time that has gone, 0..1; `text` in the middle (“16:30”); `done` shows a tick."""

    share: float = 0.0
    text: str = ""
    done: bool = False


def paint_ring(canvas: Canvas, box: QRectF, state: RingState) -> None:
    """Into a square `box`."""
    theme = canvas.theme
    inner = box.adjusted(_WIDTH / 2, _WIDTH / 2, -_WIDTH / 2, -_WIDTH / 2)
    canvas.setBrush(Qt.BrushStyle.NoBrush)
    canvas.setPen(QPen(QColor(theme.line), _WIDTH))
    canvas.drawEllipse(inner)
    share = 1.0 if state.done else min(1.0, max(0.0, state.share))
    line, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
    canvas.setPen(QPen(QColor(theme.accent), _WIDTH, line, cap))
    if share > 0:
        canvas.drawArc(inner, 90 * 16, -round(share * 360 * 16))
    if state.done:
        canvas.icon(QRectF(box.center().x() - 12, box.center().y() - 12, 24, 24), "check", theme.text)
    else:
        role = "strong" if canvas.width_of(state.text, "strong") <= inner.width() - _WIDTH else "hint"
        canvas.text(inner, state.text, role, theme.text, CENTRE)


class TimeRing(Painted[RingState]):
    """72 px square."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIZE, SIZE)

    def spoken(self, state: RingState) -> str:
        return state.text

    def draw(self, canvas: Canvas, state: RingState) -> None:
        paint_ring(canvas, QRectF(self.rect()), state)
