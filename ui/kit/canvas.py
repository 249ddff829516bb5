"""A painter with the kit's fonts and colours; it elides what does not fit and remembers what it cut."""

from typing import NamedTuple, Self

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.domain.texts import Text
from ui.kit.look.tokens import FOCUS, RADIUS, Theme

from .look_and_words import Kit

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter


class Written(NamedTuple):
    """One text as it was painted: where, and in which colour."""

    text: str
    box: QRectF
    ink: str


class Canvas(QPainter):
    """Use as `with Canvas(widget, kit) as canvas:`. Lengths in px; colours `#RRGGBB`."""

    def __init__(self, widget: QWidget, kit: Kit) -> None:
        super().__init__(widget)
        self.kit = kit
        self.cut: list[str] = []
        self.written: list[Written] = []
        self.setRenderHint(QPainter.RenderHint.Antialiasing)

    def __enter__(self) -> Self:
        return self

    @property
    def theme(self) -> Theme:
        return self.kit.look.theme

    def width_of(self, text: Text | str, role: str) -> float:
        return self.kit.look.width(role, self.kit.words.shown(text))

    def text(
        self,
        box: QRectF,
        text: Text | str,
        role: str,
        colour: str,
        align: Qt.AlignmentFlag = LEFT,
        may_elide: bool = False,
    ) -> float:
        """One line, centred in height by its capitals. Returns the width it took."""
        shown, metrics = self.kit.words.shown(text), self.kit.look.metrics(role)
        width = self.kit.look.width(role, shown)
        if width > box.width() + 0.5:
            if not may_elide:
                self.cut.append(shown)
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, box.width())
            width = min(box.width(), metrics.horizontalAdvance(shown))
        left = box.left()
        if align == RIGHT:
            left = box.right() - width
        elif align == CENTRE:
            left = box.center().x() - width / 2
        self.written.append(Written(shown, QRectF(left, box.top(), width, box.height()), colour))
        self.setFont(self.kit.look.font(role))
        self.setPen(QColor(colour))
        self.drawText(QPointF(left, box.center().y() + metrics.capHeight() / 2), shown)
        return width

    def lines(self, box: QRectF, text: Text | str, role: str, colour: str) -> None:
        """Several lines, wrapped, from the top of `box`."""
        shown = self.kit.words.shown(text)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = self.kit.look.metrics(role).boundingRect(box, flags, shown)
        if needed.height() > box.height() + 1 or needed.width() > box.width() + 1:
            self.cut.append(shown)
        self.written.append(Written(shown, needed & box, colour))
        self.setFont(self.kit.look.font(role))
        self.setPen(QColor(colour))
        self.drawText(box, flags, shown)

    def note(self, box: QRectF, text: Text | str, role: str, colour: str) -> None:
        """One or two lines, centred in height."""
        lines = 2 if self.width_of(text, role) > box.width() else 1
        height = lines * self.kit.look.metrics(role).lineSpacing()
        self.lines(QRectF(box.left(), box.center().y() - height / 2, box.width(), height + 2), text, role, colour)

    def block(self, box: QRectF, fill: str, edge: str | None = None, radius: float = RADIUS, pen: float = 1) -> None:
        """A rounded block; `edge` is drawn wholly inside `box`, `pen` px wide."""
        self.setBrush(QColor(fill))
        self.setPen(QPen(QColor(edge), pen) if edge else Qt.PenStyle.NoPen)
        half = pen / 2 if edge else 0
        self.drawRoundedRect(box.adjusted(half, half, -half, -half), radius - half, radius - half)

    def focus_ring(self, box: QRectF, colour: str | None = None, radius: float = RADIUS) -> None:
        self.setBrush(Qt.BrushStyle.NoBrush)
        self.setPen(QPen(QColor(colour or self.theme.accent), FOCUS))
        half = FOCUS / 2
        self.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)

    def triangle(self, box: QRectF, colour: str, up: bool = True) -> None:
        base, tip = (box.bottom(), box.top()) if up else (box.top(), box.bottom())
        self.setBrush(QColor(colour))
        self.setPen(Qt.PenStyle.NoPen)
        self.drawPolygon(QPolygonF([QPointF(box.left(), base), QPointF(box.right(), base), QPointF(box.center().x(), tip)]))

    def icon(self, box: QRectF, name: str, colour: str) -> None:
        size = round(min(box.width(), box.height()))
        pixmap = self.kit.look.icon(name, colour, size, self.device().devicePixelRatioF())
        centre = box.center()
        self.drawPixmap(QPointF(round(centre.x() - size / 2), round(centre.y() - size / 2)), pixmap)
