"""The plot of the trend: all lanes in one pyqtgraph view. Imported after the first paint only."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QVBoxLayout, QWidget

from ui.look.tokens import Theme

from .kit import Kit
from .trend_data import Band, TrendData
from .trend_gutter import AXIS
from .trend_scale import FOOT, LaneScale, steps, window

pg: Any = pyqtgraph


def _pen(colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine, alpha: int = 255, width: int = 1) -> QPen:
    ink = QColor(colour)
    ink.setAlpha(alpha)
    pen = QPen(ink, width, style)
    pen.setCosmetic(True)
    return pen


def _crossed() -> QPainterPath:
    """A diamond with a cross through it, for a missed check."""
    path = QPainterPath()
    path.moveTo(0, -0.5)
    for x, y in ((0.5, 0), (0, 0.5), (-0.5, 0), (0, -0.5)):
        path.lineTo(x, y)
    for x in (-0.5, 0.5):
        path.moveTo(x, -0.5)
        path.lineTo(-x, 0.5)
    return path


class TrendPlot(QWidget):
    """Signal `pointed(t_s)`: NaN when the mouse has left."""

    pointed = Signal(float)

    def __init__(self, kit: Kit, scales: Sequence[LaneScale], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.scales = scales
        self.range_s = (0.0, 1.0)
        self._bands: tuple[Band, ...] = ()
        self._band_items: list[QGraphicsRectItem] = []
        self.view = pg.PlotWidget(self)
        self._set_up()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._curves = {s.lane.code: self._curve() for s in scales if s.lane.kind == "line"}
        self._bars = self._add(pg.PlotCurveItem(connect="pairs"))
        self._means = self._add(pg.ScatterPlotItem(size=6))
        self._target = self._curve()
        self._measured = self._add(pg.ScatterPlotItem(size=8))
        self._checks = self._add(pg.ScatterPlotItem(size=13))
        self._frame = self._add(pg.PlotCurveItem(connect="pairs"))
        self._limits = {s.lane.code: self._add(pg.PlotCurveItem(connect="pairs")) for s in scales}
        self._now = self._add(pg.InfiniteLine(angle=90))
        self._cursor = self._add(pg.InfiniteLine(angle=90))
        self._cursor.hide()
        self.dress()
        self.view.scene().sigMouseMoved.connect(self._moved)

    def _set_up(self) -> None:
        item = self.view.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.hideAxis("left")
        item.layout.setContentsMargins(0, 0, 0, 0)
        self.box = item.getViewBox()
        self.box.setMouseEnabled(False, False)
        self.box.setDefaultPadding(0)
        self.box.disableAutoRange()
        self.box.setYRange(-FOOT, len(self.scales), padding=0)
        self.axis = item.getAxis("bottom")
        self.axis.setHeight(AXIS)
        self.axis.setStyle(tickFont=self.kit.look.font("hint"), tickLength=4)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)

    def _add(self, item: Any) -> Any:
        self.box.addItem(item, ignoreBounds=True)
        return item

    def _curve(self) -> Any:
        made = pg.PlotDataItem(connect="finite", antialias=False)
        made.setDownsampling(auto=True, method="peak")
        self.view.addItem(made, ignoreBounds=True)
        made.setClipToView(True)
        return made

    def dress(self) -> None:
        """The colours of the theme."""
        theme = self.kit.look.theme
        self.view.setBackground(theme.card)
        self.axis.setPen(_pen(theme.edge))
        self.axis.setTextPen(theme.quiet)
        for scale in self.scales:
            ink = theme.curves[scale.lane.colour]
            self._limits[scale.lane.code].setPen(_pen(ink, alpha=110))
            if scale.lane.kind == "line":
                self._curves[scale.lane.code].setPen(_pen(ink))
        self._bars.setPen(_pen(theme.curves["pressure"], width=2))
        self._means.setPen(None)
        self._means.setBrush(theme.curves["pressure"])
        self._target.setPen(_pen(theme.curves["drip"]))
        self._measured.setPen(_pen(theme.curves["drip"], width=2))
        self._measured.setBrush(theme.card)
        self._frame.setPen(_pen(theme.line))
        self._now.setPen(_pen(theme.text, Qt.PenStyle.DashLine))
        self._cursor.setPen(_pen(theme.text))
        self._fill_bands(theme)

    def redraw(self, data: TrendData, span_s: float | None) -> None:
        """Put new data into the items that already stand."""
        self._range(*window(data, span_s))
        self._lines(data)
        self._pressure(data)
        self._drip(data)
        self._protocol(data)
        self._now.setValue(data.now_s)

    def _range(self, left_s: float, right_s: float) -> None:
        if (left_s, right_s) != self.range_s:
            self.range_s = (left_s, right_s)
            self.box.setXRange(left_s, right_s, padding=0)
            self._ticks(left_s, right_s)
        lines = [float(at) for at in range(len(self.scales) + 1)]
        y = np.repeat(np.array(lines), 2)
        self._frame.setData(np.tile([left_s, right_s], len(lines)), y)

    def _ticks(self, left_s: float, right_s: float) -> None:
        wanted = (right_s - left_s) / 60 / 6
        step = next((m for m in (1, 5, 15, 30, 60, 120, 240) if m >= wanted), 480)
        first = int(np.ceil(left_s / 60 / step)) * step
        minutes = range(first, int(right_s // 60) + 1, step)
        self.axis.setTicks([[(minute * 60, f"{minute} min") for minute in minutes]])

    def _lines(self, data: TrendData) -> None:
        for scale in self.scales:
            low, high = scale.lane.limits
            curve = data.curves.get(scale.lane.code)
            if curve is not None and scale.lane.kind == "line":
                scale.include(curve.value)
                self._curves[scale.lane.code].setData(curve.t_s, scale.place(curve.value))
            shown = [scale.place_one(limit) for limit in (low, high) if limit is not None]
            self._limits[scale.lane.code].setData(np.tile(self.range_s, len(shown)), np.repeat(shown, 2))

    def _lane(self, kind: str) -> LaneScale | None:
        return next((scale for scale in self.scales if scale.lane.kind == kind), None)

    def _pressure(self, data: TrendData) -> None:
        scale, cuff = self._lane("bars"), data.pressure
        if scale is None:
            return
        scale.include(cuff.sys, cuff.dia)
        ends = np.column_stack((scale.place(cuff.dia), scale.place(cuff.sys))).ravel()
        self._bars.setData(np.repeat(cuff.t_s, 2), ends)
        known = np.isfinite(cuff.mean)
        self._means.setData(cuff.t_s[known], scale.place(cuff.mean[known]))

    def _drip(self, data: TrendData) -> None:
        scale, drip = self._lane("drip"), data.drip
        if scale is None:
            return
        scale.include(drip.target.value, drip.measured.value)
        t_s, rate = steps(drip.target.t_s, drip.target.value, data.now_s)
        self._target.setData(t_s, scale.place(rate))
        self._measured.setData(drip.measured.t_s, scale.place(drip.measured.value))

    def _protocol(self, data: TrendData) -> None:
        if data.bands != self._bands:
            self._bands = data.bands
            for old in self._band_items:
                self.box.removeItem(old)
            self._band_items = [self._band(band) for band in data.bands]
            self._fill_bands(self.kit.look.theme)
        theme = self.kit.look.theme
        pen = _pen(theme.accent, width=2)
        filled, hollow = QColor(theme.accent), QColor(theme.card)
        self._checks.setData(
            [
                {
                    "pos": (check.t_s, -0.02),
                    "symbol": _crossed() if check.status == "missed" else "d",
                    "brush": filled if check.status == "done" else hollow,
                    "pen": pen,
                }
                for check in data.checks
            ]
        )

    def _band(self, band: Band) -> QGraphicsRectItem:
        item = QGraphicsRectItem(QRectF(band.from_s, 0, band.to_s - band.from_s, len(self.scales)))
        item.setPen(QPen(Qt.PenStyle.NoPen))
        item.setZValue(-10)
        self.box.addItem(item, ignoreBounds=True)
        return item

    def _fill_bands(self, theme: Theme) -> None:
        for band, item in zip(self._bands, self._band_items, strict=True):
            item.setBrush(QColor(theme.accent_soft if band.strong else theme.sunken))

    def point(self, t_s: float) -> None:
        """Stand the cursor at a time; NaN hides it."""
        self._cursor.setVisible(not np.isnan(t_s))
        if not np.isnan(t_s):
            self._cursor.setValue(t_s)

    def _moved(self, at: QPointF) -> None:
        if self.box.sceneBoundingRect().contains(at):
            self.pointed.emit(float(self.box.mapSceneToView(at).x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(float("nan"))
