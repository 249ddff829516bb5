"""The colour mark of a bed: one colour and one shape, the same wherever the bed is named: told apart at a glance."""

from typing import Literal
from zlib import crc32

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.kit.look.tokens import Theme

from .canvas import Canvas
from .look_and_words import Kit

Shape = Literal["circle", "square", "diamond", "hexagon"]
_SHAPES: tuple[Shape, ...] = ("circle", "square", "diamond", "hexagon")
SIZE = 28


def place_of(bed: str) -> int:
    """A number that is always the same for a bed, and another one for its neighbours."""
    digits = "".join(char for char in bed if char.isdigit())
    return int(digits) if digits else crc32(bed.encode())


def colour_of(bed: str, theme: Theme) -> str:
    """Never the colour of an alarm."""
    colours = tuple(theme.curves.values())
    return colours[place_of(bed) % len(colours)]


def shape_of(bed: str, theme: Theme) -> Shape:
    return _SHAPES[place_of(bed) // len(theme.curves) % len(_SHAPES)]


def paint_bed_mark(canvas: Canvas, bed: str, box: QRectF) -> None:
    """Filled, in the middle of the box."""
    side = min(box.width(), box.height())
    centre, half = box.center(), side / 2
    canvas.setPen(Qt.PenStyle.NoPen)
    canvas.setBrush(QColor(colour_of(bed, canvas.theme)))
    shape = shape_of(bed, canvas.theme)
    if shape == "circle":
        canvas.drawEllipse(centre, half, half)
    elif shape == "square":
        canvas.drawRect(QRectF(centre.x() - half + 2, centre.y() - half + 2, side - 4, side - 4))
    else:
        corners = {"diamond": ((0, -1), (1, 0), (0, 1), (-1, 0)),
                   "hexagon": ((-0.5, -0.9), (0.5, -0.9), (1, 0), (0.5, 0.9), (-0.5, 0.9), (-1, 0))}[shape]  # fmt: skip
        canvas.drawPolygon(QPolygonF([QPointF(centre.x() + x * half, centre.y() + y * half) for x, y in corners]))


class BedMark(QWidget):
    """The mark by itself, beside the bed's name."""

    def __init__(self, kit: Kit, bed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self.bed = kit, bed
        self.setFixedSize(QSize(SIZE, SIZE))
        kit.look.changed.connect(self.update)

    def set_bed(self, bed: str) -> None:
        """Another bed's; none where it is ""."""
        self.bed = bed
        self.setVisible(bool(bed))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        with Canvas(self, self.kit) as canvas:
            paint_bed_mark(canvas, self.bed, QRectF(self.rect()))
