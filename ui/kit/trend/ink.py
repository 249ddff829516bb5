"""Strokes and marks of the trend. A stroke is the one-pixel line that Qt draws fast, laid down a few times side by side."""

from functools import cache
from math import ceil, floor

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from .chart_data import Array, Indices

DIAMOND, CROSS = "diamond", "cross"
#: more marks than this are drawn as plain points
_MANY = 120


def _lines(*lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    made = QPainterPath()
    for first, *others in lines:
        made.moveTo(*first)
        for corner in others:
            made.lineTo(*corner)
    return made


_OWN = {
    DIAMOND: _lines(((0, -0.5), (0.5, 0), (0, 0.5), (-0.5, 0), (0, -0.5))),
    CROSS: _lines(((-0.5, -0.5), (0.5, 0.5)), ((0.5, -0.5), (-0.5, 0.5))),
}
_SYMBOLS: dict[str, QPainterPath] = {**pyqtgraph.graphicsItems.ScatterPlotItem.Symbols, **_OWN}


def path(x: Array, y: Array, breaks: Indices) -> QPainterPath:
    """A line through all points but before those at `breaks`."""
    connect = "all"
    if breaks.size:
        x, y, connect = np.insert(x, breaks, np.nan), np.insert(y, breaks, np.nan), "finite"
    made: QPainterPath = pyqtgraph.arrayToQPath(x, y, connect, finiteCheck=False)  # type: ignore[no-untyped-call]
    return made


@cache
def pen(colour: str, dash: tuple[float, ...] = (), width: float = 0) -> QPen:
    """One device pixel wide unless told otherwise. The same one for all who ask: it is copied before it is changed."""
    made = QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    if dash:
        made.setDashPattern(dash)
    return made


def hairline(painter: QPainter, colour: QColor, dash: tuple[float, ...] = ()) -> None:
    """Take a pen one px wide, in whole pixels of the screen whatever its scale, so that all lines are alike."""
    made = QPen(pen("#000000", dash, max(1, floor(painter.device().devicePixelRatioF()))))
    made.setColor(colour)
    made.setCosmetic(True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(made)


def uprights(painter: QPainter, x: Array, tops: Array, floors: Array, colour: str) -> None:
    """Crisp upright lines two px wide; none where an end is missing."""
    ends = np.column_stack((tops, floors)).ravel()
    lines: QPainterPath = pyqtgraph.arrayToQPath(np.repeat(x, 2), ends, "pairs")  # type: ignore[no-untyped-call]
    ratio = painter.device().devicePixelRatioF()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen(colour))
    passes = round(2 * ratio)
    for number in range(passes):
        painter.drawPath(lines.translated(number / ratio - 1, 0))


def stroke(painter: QPainter, line: QPainterPath, colour: str, width: float = 1.8, dash: tuple[int, ...] = ()) -> None:
    """A smooth line about `width` px wide."""
    ratio = painter.device().devicePixelRatioF()
    extra = width - 1 / ratio
    passes = ceil(extra * ratio / 0.6) + 1
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(colour, tuple(ratio * length for length in dash)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(0, -extra / 2)
    for _ in range(passes):
        painter.drawPath(line)
        painter.translate(0, extra / (passes - 1))
    painter.translate(0, extra / 2 - passes * extra / (passes - 1))


def mark(painter: QPainter, symbol: str, at: QPointF, size: float, edge: str, fill: str, width: float = 1.6) -> None:
    """One symbol, by pyqtgraph's name, `size` px in width."""
    _mark(painter, QTransform(size, 0, 0, size, at.x(), at.y()).map(_SYMBOLS[symbol]), edge, fill, width)


def _mark(painter: QPainter, shape: QPainterPath, edge: str, fill: str, width: float = 1.6) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_edge(edge, width))
    painter.setBrush(_ink(fill))
    painter.drawPath(shape)


@cache
def _edge(colour: str, width: float) -> QPen:
    return QPen(QColor(colour), width)


@cache
def _ink(colour: str) -> QColor:
    return QColor(colour)


@cache
def _shape(symbol: str, size: float) -> QPainterPath:
    return QTransform.fromScale(size, size).map(_SYMBOLS[symbol])


def marks(painter: QPainter, symbol: str, x: Array, y: Array, size: float, edge: str, fill: str) -> None:
    """A symbol at each known point; plain points where they would hide each other."""
    known = np.isfinite(y)
    if not known.all():
        x, y = x[known], y[known]
    if x.size > _MANY:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(edge), 3))
        painter.drawPoints([QPointF(*at) for at in zip(x.tolist(), y.tolist(), strict=True)])
        return
    one, all_of_them = _shape(symbol, size), QPainterPath()
    all_of_them.setFillRule(Qt.FillRule.WindingFill)
    for at in zip(x.tolist(), y.tolist(), strict=True):
        all_of_them.addPath(one.translated(*at))
    _mark(painter, all_of_them, edge, fill)
