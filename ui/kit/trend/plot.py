"""The plot of the trend: one pyqtgraph view box a lane, all on one time axis. Import it after the first paint only."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QLineF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QResizeEvent, QTouchEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsItem

from app.domain.texts import say
from ui.kit.look_and_words import Kit

from .chart_data import ProtocolBand, TrendData
from .cursor_reading import CursorReading
from .ink import hairline
from .lane_scale import AXIS, LanePlace, LaneScale, lane_rows, ticks, window
from .plot_items import ChecksItem, PlotItem, UprightLine, lane_items

pg: Any = pyqtgraph
_TOUCHES = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate)
#: px from either edge, within which no minute is written
_EDGE = 22
#: behind the view boxes, which pyqtgraph puts at -100
_BELOW = -200
#: of 255, how much ink: the limits' lines
_FAINT = 110


class PlotParts:
    """What of a plot takes longest to make, before it stands in one: the axis, and a box for each lane and for the checks."""

    def __init__(self, lanes: int) -> None:
        self.axis: Any = None
        self.boxes: list[Any] = []
        self._boxes = lanes + 1

    def make_some(self) -> bool:
        """False: they are all there."""
        if self.axis is None:
            self.axis = pg.AxisItem("bottom", pen=QPen(Qt.PenStyle.NoPen), tickLength=0)
        elif not self.boxes:
            self.boxes = [_empty_box() for _ in range(self._boxes)]
        else:
            return False
        return True


def _empty_box() -> Any:
    box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
    box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
    box.borderRect.hide()
    return box


class TrendPlot(pyqtgraph.GraphicsView):
    """Signal `pointed(t_s)` as the mouse or a finger moves: NaN when the mouse has left. `parts`: made before, if any were.

    What rarely changes (bands, grid, limits) is the view's background, which Qt keeps as a picture.
    """

    pointed = Signal(float)

    def __init__(self, kit: Kit, scales: Sequence[LaneScale], parts: PlotParts | None = None) -> None:
        super().__init__(background=None)  # type: ignore[no-untyped-call]
        self.setOptimizationFlag(self.OptimizationFlag.DontAdjustForAntialiasing)
        self.kit, self.scales = kit, scales
        self.range_s = (0.0, 1.0)
        self._data = TrendData(0.0)
        self._behind: object = None
        self._written = (0.0, 0.0)
        self._stood: list[object] = [None] * (len(scales) + 1)
        self.checks = ChecksItem(kit)
        self.lanes: list[list[PlotItem]] = [*(lane_items(kit, scale.lane) for scale in scales), [self.checks]]
        parts = parts or PlotParts(len(scales))
        while parts.make_some():
            pass
        self.boxes = [self._put_in(box, items) for box, items in zip(parts.boxes, self.lanes, strict=True)]
        self.axis = self._put_under(parts.axis)
        self.now_line, self.cursor_line = UprightLine(kit, (4, 3)), UprightLine(kit)
        for line in (self.now_line, self.cursor_line):
            self.scene().addItem(line)
        self.now_line.setZValue(_BELOW)
        self.cursor_line.hide()
        self._dress()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # its background is all painted
        kit.look.changed.connect(self._dress)
        kit.words.changed.connect(self._write)

    def _put_in(self, box: Any, items: list[PlotItem]) -> Any:
        self.scene().addItem(box)
        for item in items:
            box.addItem(item, ignoreBounds=True)
        return box

    def _put_under(self, axis: Any) -> Any:
        """The minutes; the other boxes are linked to the first one's time."""
        first, *others = self.boxes
        for box in others:
            box.setXLink(first)
        axis.setStyle(tickFont=self.kit.look.font("hint"), tickTextOffset=4)
        self.scene().addItem(axis)
        axis.linkToView(first)
        return axis

    def _dress(self) -> None:
        self.axis.setTextPen(self.kit.look.theme.quiet)
        self._paint_behind()
        self.viewport().update()

    def redraw(self, data: TrendData, span_s: float | None) -> None:
        """Show this; the arrays are read at the next painting."""
        self._data = data
        for scale in self.scales:
            scale.take(data)
        self.range_s = window(data, span_s)
        self._stand()
        for items in self.lanes:
            for item in items:
                item.set_data(data)
        self.now_line.setX(round(self.x_of(data.now_s)))
        self._paint_behind()

    def _stand(self) -> None:
        """Give each view box its seconds and values where they changed."""
        shown = [scale.shown for scale in self.scales] + [(-1.0, 1.0)]
        for at, (values, box, items) in enumerate(zip(shown, self.boxes, self.lanes, strict=True)):
            stood = (self.range_s, values, self.width())
            if stood != self._stood[at]:
                self._stood[at] = stood
                box.setRange(xRange=self.range_s, yRange=values, padding=0)
                for item in items:
                    item.stand(box.viewRect(), self.width())
        if self._written != self.range_s:
            self._write()

    def _write(self) -> None:
        """The minutes under the plot, in the language in use."""
        self._written = self.range_s
        shown = [m for m in ticks(*self.range_s) if _EDGE < self.x_of(m * 60.0) < self.width() - _EDGE]
        self.axis.setTicks([[(m * 60.0, self.kit.words.tr(say("{n} min", n=m))) for m in shown]])

    def x_of(self, t_s: float) -> float:
        """Px from the left edge."""
        left, right = self.range_s
        return (t_s - left) / (right - left) * self.width()

    def time_at(self, x: float) -> float:
        """Seconds since start at px from the left edge."""
        left, right = self.range_s
        return left + x / max(1, self.width()) * (right - left)

    def point(self, t_s: float, readings: Sequence[CursorReading]) -> None:
        """Stand the cursor at a time and mark what it reads; NaN hides it."""
        self.cursor_line.setVisible(not np.isnan(t_s))
        if not np.isnan(t_s):
            seen = zip(readings, self.scales, self.rows(), strict=False)
            marks = [(one.symbol, one.colour, scale.y(one.value, row)) for one, scale, row in seen if np.isfinite(one.value)]
            self.cursor_line.setX(round(self.x_of(t_s)))
            self.cursor_line.stand(self._floor(), marks)

    def rows(self) -> list[LanePlace]:
        """Where the lanes stand, the checks last."""
        return lane_rows(self.height(), len(self.scales))

    def _floor(self) -> float:
        """The line of the checks, px from the top."""
        foot = self.rows()[-1]
        return foot.top + foot.height / 2

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        if event is not None:
            self._place()

    def _place(self) -> None:
        for row, box in zip(self.rows(), self.boxes, strict=True):
            box.setGeometry(QRectF(0, row.top, self.width(), row.height))
        self._stand()
        self.axis.setGeometry(QRectF(0, self.height() - AXIS, self.width(), AXIS))
        self.now_line.setX(round(self.x_of(self._data.now_s)))
        self.now_line.stand(self._floor())
        self._write()
        self._paint_behind()

    # --- what rarely changes

    def _paint_behind(self) -> None:
        """Have the background painted anew if anything in it changed."""
        ends = tuple((scale.shown, scale.limits) for scale in self.scales)
        bands = [(*self._px(band), band.strong) for band in self._data.bands]
        key = (self.range_s, ends, bands, self.kit.look.theme.name, self.size())
        if key != self._behind:
            self._behind = key
            self.resetCachedContent()
            self.viewport().update()

    def _px(self, band: ProtocolBand) -> tuple[int, int]:
        return round(self.x_of(band.from_s)), round(self.x_of(band.to_s))

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        theme, floor, width = self.kit.look.theme, self._floor(), self.width()
        painter.fillRect(rect, QColor(theme.card))
        for band in self._data.bands:
            left, right = self._px(band)
            painter.fillRect(QRectF(left, 0, right - left, floor), QColor(theme.accent_soft if band.strong else theme.sunken))
        hairline(painter, QColor(theme.line))
        painter.drawLines([QLineF(0, row.top, width, row.top) for row in self.rows()])
        painter.drawLines([QLineF(x, 0, x, floor) for x in (round(self.x_of(m * 60.0)) for m in ticks(*self.range_s))])
        painter.drawLine(QLineF(0, floor, width, floor))
        self._limits(painter)

    def _limits(self, painter: QPainter) -> None:
        for scale, row in zip(self.scales, self.rows(), strict=False):
            ink = QColor(self.kit.look.curve(scale.lane.colour))
            ink.setAlpha(_FAINT)
            hairline(painter, ink)
            heights = [round(scale.y(limit, row)) for limit in scale.limits if limit is not None]
            painter.drawLines([QLineF(0, y, self.width(), y) for y in heights])

    # --- pointing

    def viewportEvent(self, event: QEvent) -> bool:
        """A finger points where it is, and the cursor stays when it is lifted; it goes when the mouse leaves."""
        if isinstance(event, QTouchEvent) and event.type() in _TOUCHES:
            self.pointed.emit(self.time_at(event.points()[0].position().x()))
            return True
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(float("nan"))
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self.time_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
