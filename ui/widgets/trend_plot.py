"""The plot of the trend: all lanes on one time axis, painted once into a picture and kept until data change."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.texts import say

from .kit import Kit
from .trend_data import Array, TrendData
from .trend_gutter import AXIS
from .trend_paint import Brush
from .trend_scale import LaneScale, Plane, ticks, window


class TrendPlot(QWidget):
    """Signal `pointed(t_s)` as the mouse moves: NaN when it has left. The cursor costs no redraw of the curves."""

    pointed = Signal(float)

    def __init__(self, kit: Kit, scales: Sequence[LaneScale], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.scales = scales
        self.range_s = (0.0, 1.0)
        self._data = TrendData(0.0)
        self._at_s = float("nan")
        self._picture: QPixmap | None = None
        self._behind: tuple[object, QPixmap] | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        kit.look.changed.connect(self.forget)
        kit.words.changed.connect(self.forget)

    def redraw(self, data: TrendData, span_s: float | None) -> None:
        """Show this; the arrays are read at the next painting."""
        self._data = data
        self.range_s = window(data, span_s)
        for scale in self.scales:
            scale.include(*self._values(scale))
        self.forget()

    def _values(self, scale: LaneScale) -> tuple[Array, ...]:
        data, kind = self._data, scale.lane.kind
        if kind == "bars":
            return data.pressure.sys, data.pressure.dia
        if kind == "drip":
            return data.drip.target.value, data.drip.measured.value
        curve = data.curves.get(scale.lane.code)
        return () if curve is None else (curve.value,)

    def forget(self) -> None:
        """Paint the curves anew at the next chance."""
        self._picture = None
        self.update()

    def point(self, t_s: float) -> None:
        """Stand the cursor at a time; NaN hides it."""
        self._at_s = t_s
        self.update()

    def plane(self) -> Plane:
        return Plane(*self.range_s, self.width(), max(1, self.height() - AXIS), len(self.scales))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        with QPainter(self) as painter:
            if self._picture is None:
                self._picture = self._painted()
            painter.drawPixmap(0, 0, self._picture)
            if not np.isnan(self._at_s):
                Brush(painter, self.plane(), self.kit.look.theme).upright(self._at_s, dashed=False)

    def _painted(self) -> QPixmap:
        picture = QPixmap(self._background())
        with QPainter(picture) as painter:
            brush = Brush(painter, self.plane(), self.kit.look.theme)
            for scale in self.scales:
                self._lane(brush, scale)
            brush.upright(self._data.now_s, dashed=True)
        return picture

    def _background(self) -> QPixmap:
        """What rarely changes, kept: bands, grid, limits, checks, axis."""
        data, theme, ratio = self._data, self.kit.look.theme, self.devicePixelRatioF()
        ends = tuple((scale.low, scale.high) for scale in self.scales)
        key = (self.plane(), ends, data.bands, data.checks, theme.name, self.kit.words.language, ratio)
        if self._behind is None or self._behind[0] != key:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(theme.card))
            with QPainter(picture) as painter:
                self._still(Brush(painter, self.plane(), theme))
            self._behind = (key, picture)
        return self._behind[1]

    def _still(self, brush: Brush) -> None:
        minutes = ticks(*self.range_s)
        brush.bands(self._data.bands)
        brush.grid(minutes)
        for scale in self.scales:
            brush.limits(scale)
        brush.checks(self._data.checks)
        self._axis(brush, minutes)

    def _lane(self, brush: Brush, scale: LaneScale) -> None:
        lane, data = scale.lane, self._data
        if lane.kind == "bars":
            brush.pressure(scale, data.pressure)
        elif lane.kind == "drip":
            brush.drip(lane, scale, data.drip, data.now_s)
        elif lane.code in data.curves:
            brush.curve(scale, data.curves[lane.code])

    def _axis(self, brush: Brush, minutes: list[int]) -> None:
        painter, plane = brush.painter, brush.plane
        painter.setFont(self.kit.look.font("hint"))
        painter.setPen(QColor(self.kit.look.theme.quiet))
        for minute in minutes:
            x = float(plane.x(minute * 60.0))
            words = self.kit.words.tr(say("{n} min", n=minute))
            if 20 < x < plane.width - 20:
                box = QRectF(x - 50, plane.height + 2, 100, AXIS - 4)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self.plane().time_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(float("nan"))
