"""A picture of the trial on the screen: the drawing that the report prints, in the theme's colours."""

import re

from PySide6.QtCore import QByteArray, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.record.blocks import PlotBlock, PlotLabel
from ui.kit.canvas import CENTRE, LEFT, RIGHT, Canvas
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

_GREY = re.compile(r"#([0-9a-f]{2})\1\1\b|#(0)00\b|#(f)ff\b")
_HEIGHT = 6
_ALIGN = {"left": LEFT, "right": RIGHT, "center": CENTRE}


#: Texts keep their size on the screen: a drawing is made for the room there is, at so many px a mm.
_PX_A_MM = 4


class FigureView(Painted[PlotBlock]):
    """As large as there is room, in its own proportions. Signal `resized`: a drawing for another room is wanted."""

    resized = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def room_mm(self) -> tuple[float, float]:
        """Width and height that a drawing may have."""
        return max(120.0, (self.width() - 2 * SPACE_8) / _PX_A_MM), max(40.0, (self.height() - 2 * SPACE_8) / _PX_A_MM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 120)

    def sizeHint(self) -> QSize:
        return QSize(900, 260)

    def spoken(self, state: PlotBlock) -> str:
        return state.alt

    def draw(self, canvas: Canvas, state: PlotBlock) -> None:
        box = QRectF(0, 0, self.width(), self.height())
        canvas.block(box, canvas.theme.card, canvas.theme.line)
        inner = box.adjusted(SPACE_8, SPACE_8, -SPACE_8, -SPACE_8)
        px = min(inner.width() / state.width, inner.height() / state.height)
        wide, high = state.width * px, state.height * px
        place = QRectF(inner.center().x() - wide / 2, inner.center().y() - high / 2, wide, high)
        QSvgRenderer(QByteArray(self.coloured(state.svg).encode())).render(canvas, place)
        for label in state.labels:
            self._label(canvas, label, place, px)

    def coloured(self, svg: str) -> str:
        """Black becomes the theme's text, white its card, greys what lies between."""
        text, card = QColor(self.kit.look.theme.text), QColor(self.kit.look.theme.card)

        def ink(found: re.Match[str]) -> str:
            level = int((found[1] or found[2] or found[3]) * (1 if found[1] else 2), 16) / 255
            pairs = ((text.red(), card.red()), (text.green(), card.green()), (text.blue(), card.blue()))
            return QColor(*(round(a + (b - a) * level) for a, b in pairs)).name()

        return _GREY.sub(ink, svg)

    def _label(self, canvas: Canvas, label: PlotLabel, place: QRectF, px: float) -> None:
        x, y = place.left() + label.x * px, place.top() + label.y * px
        wide = place.width()
        left = {"left": x, "right": x - wide, "center": x - wide / 2}[label.anchor]
        role = "strong" if label.strong else "hint"
        box = QRectF(left, y - _HEIGHT, wide, 2 * _HEIGHT)
        canvas.text(box, label.text, role, canvas.theme.text if label.strong else canvas.theme.quiet, _ALIGN[label.anchor])
