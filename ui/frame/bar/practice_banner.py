"""The striped banner of practice mode and simulated data; it cannot be dismissed."""

import msgspec
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainterPath, QPolygonF
from PySide6.QtWidgets import QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import CENTRE, Canvas
from ui.kit.look.tokens import SPACE_16
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

HEIGHT = 24
_STRIPE = 14


class PracticeState(msgspec.Struct, frozen=True):
    text: Text | str = say("PRACTICE · simulated patient")


class PracticeBanner(Painted[PracticeState]):
    """24 px high."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setFixedHeight(HEIGHT)
        self.set_state(PracticeState())

    def spoken(self, state: PracticeState) -> str:
        return self.kit.words.shown(state.text)

    def draw(self, canvas: Canvas, state: PracticeState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(box, 6, 6)
        canvas.save()
        canvas.setClipPath(clip)
        canvas.fillRect(box, QColor(theme.sunken))
        canvas.setBrush(QColor(theme.line))
        canvas.setPen(QColor(theme.line))
        for left in range(-HEIGHT, self.width(), 2 * _STRIPE):
            corners = ((left, HEIGHT), (left + _STRIPE, HEIGHT), (left + _STRIPE + 24, 0), (left + 24, 0))
            canvas.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        canvas.restore()
        width = canvas.width_of(state.text, "strong") + 2 * SPACE_16
        plate = QRectF(box.center().x() - width / 2, 0, width, HEIGHT)
        canvas.fillRect(plate, QColor(theme.sunken))
        canvas.text(plate, state.text, "strong", theme.text, CENTRE)
