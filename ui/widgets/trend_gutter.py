"""The painted edges of the trend: names and ranges at the left, the protocol's stretches above."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from .canvas import RIGHT, Canvas
from .kit import Kit
from .trend_data import Band
from .trend_scale import FOOT, LaneScale

WIDTH = 152
AXIS = 26


class Gutter(QWidget):
    """Beside the plot: each lane's name in its colour, and the ends of its range."""

    def __init__(self, kit: Kit, scales: Sequence[LaneScale], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._scales = scales
        self.cut_texts: tuple[str, ...] = ()
        self.setFixedWidth(WIDTH)
        kit.look.changed.connect(self.update)
        kit.words.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        count = len(self._scales)
        unit = (self.height() - AXIS) / (count + FOOT)
        with Canvas(self, self.kit) as canvas:
            theme = canvas.theme
            for at, scale in enumerate(self._scales):
                box = QRectF(4, at * unit, WIDTH - 12, unit)
                name = QRectF(box.left(), box.top() + 2, box.width(), 20)
                taken = canvas.text(name, scale.lane.name, "strong", theme.curves[scale.lane.colour])
                rest = box.adjusted(taken, 0, 0, 0)
                top = QRectF(rest.left(), rest.top() + 2, rest.width(), 18)
                low = QRectF(rest.left(), rest.bottom() - 19, rest.width(), 18)
                canvas.text(top, f"{scale.high:g}", "hint", theme.quiet, RIGHT)
                canvas.text(low, f"{scale.low:g}", "hint", theme.quiet, RIGHT)
            self.cut_texts = tuple(canvas.cut)


class BandHead(QWidget):
    """Above the plot: the name of each stretch, over its beginning."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._bands: tuple[Band, ...] = ()
        self._range = (0.0, 1.0)
        self.room = 0
        kit.look.changed.connect(self.update)
        kit.words.changed.connect(self.update)

    def show_bands(self, bands: tuple[Band, ...], left_s: float, right_s: float) -> None:
        if (bands, (left_s, right_s)) != (self._bands, self._range):
            self._bands, self._range = bands, (left_s, right_s)
            self.update()

    def _x(self, t_s: float) -> float:
        left, right = self._range
        return (t_s - left) / (right - left) * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        with Canvas(self, self.kit) as canvas:
            for band in self._bands:
                left, right = max(0.0, self._x(band.from_s)), min(self.width() - self.room, self._x(band.to_s))
                if right - left > 24:
                    box = QRectF(left + 4, self.height() - 24, right - left - 8, 22)
                    canvas.text(box, band.text, "body", canvas.theme.quiet, may_elide=True)
