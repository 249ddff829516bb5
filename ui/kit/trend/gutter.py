"""The painted edges of the trend: names and ranges at the left, the protocol's stretches above."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import RIGHT, Canvas, Written
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

from .chart_data import ProtocolBand
from .ink import mark, pen
from .lane_scale import LanePlace, LaneScale, lane_rows

#: px, where no name needs more beside its numbers
_WIDTH, _DIGITS = 160, "000"
_LEFT, _LINE, _KEY = 4, 15, 28
#: px a lane is high: below it the look of its curve has no room under its name, nor have two numbers one above the other
_WITH_KEY, _WITH_NUMBERS = 38, 30


class Gutter(QWidget):
    """Beside the plot, and as high: each lane's name and the look of its curve, the values of its limits at their height.

    Low lanes have the name alone: the limits stand on the tiles.
    """

    def __init__(self, kit: Kit, scales: Sequence[LaneScale], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._scales = scales
        self.cut_texts: tuple[str, ...] = ()
        self.written: tuple[Written, ...] = ()
        kit.look.changed.connect(self.update)
        kit.words.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """So wide that a number has room beside the longest name, in this language and font."""
        look, shown = self.kit.look, self.kit.words.shown
        names = max(look.width("strong", shown(style.name)) for scale in self._scales for style in scale.lane.styles.values())
        self.setFixedWidth(max(_WIDTH, ceil(_LEFT + names + look.width("hint", _DIGITS) + SPACE_8)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        *rows, foot = lane_rows(self.height(), len(self._scales))
        with Canvas(self, self.kit) as canvas:
            for scale, row in zip(self._scales, rows, strict=True):
                taken = self._name(canvas, scale, row)
                if row.height >= _WITH_NUMBERS:
                    self._numbers(canvas, scale, row, taken)
            box = QRectF(_LEFT, foot.top, self.width() - _LEFT, foot.height)
            canvas.text(box, say("Checks"), "hint", canvas.theme.quiet)
            self.cut_texts, self.written = tuple(canvas.cut), tuple(canvas.written)

    def _name(self, canvas: Canvas, scale: LaneScale, row: LanePlace) -> float:
        """The right end of the name."""
        ink = canvas.theme.curves[scale.lane.colour]
        name = QRectF(_LEFT, row.top + 3, self.width() - 2 * _LEFT, 20)
        if row.height >= _WITH_KEY:
            draw_curve_key(canvas, scale, QPointF(_LEFT, row.top + 31), ink)
        else:
            name.moveTop(row.top + (row.height - name.height()) / 2)
        return _LEFT + canvas.text(name, scale.style.name, "strong", ink)

    def _numbers(self, canvas: Canvas, scale: LaneScale, row: LanePlace, taken: float) -> None:
        low, high = scale.marks()
        down, up = kept_apart(scale.y(low, row), scale.y(high, row), row)
        for value, y in ((low, down), (high, up)):
            box = QRectF(taken, y - _LINE / 2, self.width() - taken - SPACE_8, _LINE)
            canvas.text(box, f"{value:g}", "hint", canvas.theme.quiet, RIGHT)


def draw_curve_key(canvas: Canvas, scale: LaneScale, at: QPointF, ink: str) -> None:
    """What the lane's curve looks like, from `at` rightwards."""
    middle = at + QPointF(_KEY / 2, 0)
    if scale.lane.kind == "bars":
        canvas.setPen(pen(ink, width=2))
        canvas.drawLine(middle - QPointF(0, 7), middle + QPointF(0, 7))
    else:
        canvas.setPen(pen(ink, scale.style.dash, 1.5))
        canvas.drawLine(at, at + QPointF(_KEY, 0))
    mark(canvas, scale.style.symbol, middle, 8, ink, canvas.theme.card if scale.lane.kind == "drip" else ink)


def kept_apart(low: float, high: float, row: LanePlace) -> tuple[float, float]:
    """Heights of two numbers (px) moved so far that neither touches the other nor leaves its lane."""
    least, most = row.top + _LINE / 2, row.top + row.height - _LINE / 2
    middle = min(most - _LINE / 2, max(least + _LINE / 2, (low + high) / 2))
    return min(most, max(low, middle + _LINE / 2)), max(least, min(high, middle - _LINE / 2))


class BandHead(QWidget):
    """Above the plot: the name of each stretch, over its beginning, where it has room."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._bands: tuple[ProtocolBand, ...] = ()
        self._range = (0.0, 1.0)
        self.room = 0
        kit.look.changed.connect(self.update)
        kit.words.changed.connect(self.update)

    def show_bands(self, bands: tuple[ProtocolBand, ...], left_s: float, right_s: float) -> None:
        before = self._boxes()
        self._bands, self._range = bands, (left_s, right_s)
        if self._boxes() != before:
            self.update()

    def _boxes(self) -> list[tuple[Text | str, int, int]]:
        """Each stretch in whole px: what moves less is not seen."""
        return [(band.text, round(self._x(band.from_s)), round(self._x(band.to_s))) for band in self._bands]

    def _x(self, t_s: float) -> float:
        left, right = self._range
        return (t_s - left) / (right - left) * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        with Canvas(self, self.kit) as canvas:
            for band in self._bands:
                left, right = max(0.0, self._x(band.from_s)), min(self.width() - self.room, self._x(band.to_s))
                box = QRectF(left + 4, self.height() - 24, right - left - 8, 22)
                if canvas.width_of(band.text, "body") <= box.width():
                    canvas.text(box, band.text, "body", canvas.theme.quiet)
