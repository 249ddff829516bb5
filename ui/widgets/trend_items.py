"""The light items that stand in the trend's view boxes: each draws plain arrays in pixels of the plot."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from .kit import Kit
from .trend_data import Array, Check, Curve, Drip, Lane, Pressure, TrendData
from .trend_ink import CROSS, DIAMOND, mark, marks, path, pen, stroke, uprights
from .trend_line import columns, known, lone, visible, widened
from .trend_scale import Pixels

_DENSE = 2


class Item(QGraphicsObject):
    """Fills the visible part of its view box; `draw` is given a painter in px of the plot."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self.part = QRectF()

    def stand(self, part: QRectF) -> None:
        """The seconds and values that the view box shows."""
        if part != self.part:
            self.prepareGeometryChange()
            self.part = part

    def boundingRect(self) -> QRectF:
        return self.part

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        at = painter.worldTransform()
        painter.resetTransform()
        self.draw(painter, Pixels(at.m11(), at.dx(), at.m22(), at.dy()))

    def set_data(self, data: TrendData) -> None:
        """Show this at the next painting."""
        raise NotImplementedError

    def draw(self, painter: QPainter, px: Pixels) -> None:
        raise NotImplementedError


class CurveItem(Item):
    """A line through all samples, broken at gaps, and the symbol at its newest value and at each that stands alone."""

    def __init__(self, kit: Kit, lane: Lane, code: str) -> None:
        super().__init__(kit)
        self.lane, self.code, self.style = lane, code, lane.styles[code]
        self._curve, self._now_s = Curve(), 0.0
        self._kept: tuple[Pixels, QPainterPath, Array, Array] | None = None

    def set_data(self, data: TrendData) -> None:
        self._curve, self._now_s, self._kept = data.curves.get(self.code, Curve()), data.now_s, None
        self.update()

    def stand(self, part: QRectF) -> None:
        super().stand(part)
        self._kept = None

    def draw(self, painter: QPainter, px: Pixels) -> None:
        if self._kept is None or self._kept[0] != px:
            self._kept = (px, *self._shape(px))
        _, line, x, y = self._kept
        theme = self.kit.look.theme
        colour = theme.curves[self.lane.colour]
        stroke(painter, line, colour, dash=self.style.dash)
        marks(painter, self.style.symbol, x, y, 7, colour, colour)

    def _shape(self, px: Pixels) -> tuple[QPainterPath, Array, Array]:
        """The line, and where symbols stand."""
        left, right = self.part.left(), self.part.right()
        t_s, value, breaks = known(*visible(self._curve.t_s, self._curve.value, left, right), self.lane.hold_s)
        if not t_s.size:
            return QPainterPath(), t_s, value
        width = (right - left) * px.per_s
        at = np.arange(t_s.size) if t_s.size < width / 16 else lone(t_s.size, breaks)
        if self._now_s - t_s[-1] <= self.lane.hold_s:
            at = np.append(at, t_s.size - 1)
        x, y = px.x(t_s[at]), px.y(value[at])
        if t_s.size > _DENSE * width:
            t_s, value, breaks = columns(t_s, value, breaks, 1 / px.per_s)
            return path(widened(px.x(t_s), breaks), px.y(value), breaks), x, y
        return path(px.x(t_s), px.y(value), breaks), x, y


class PressureItem(Item):
    """A bar from diastolic to systolic, a mark at the mean."""

    def __init__(self, kit: Kit, lane: Lane) -> None:
        super().__init__(kit)
        self.lane, self.style = lane, lane.styles[lane.code]
        self._cuff = Pressure()

    def set_data(self, data: TrendData) -> None:
        self._cuff = data.pressure
        self.update()

    def draw(self, painter: QPainter, px: Pixels) -> None:
        colour = self.kit.look.curve(self.lane.colour)
        x = np.round(px.x(self._cuff.t_s))
        ends = np.column_stack((px.y(self._cuff.sys), px.y(self._cuff.dia))).ravel()
        uprights(painter, path(np.repeat(x, 2), np.round(ends), np.arange(2, ends.size, 2)), colour)
        marks(painter, self.style.symbol, x, px.y(self._cuff.mean), 6, colour, colour)


class DripItem(Item):
    """The commanded rate as a staircase up to now, the measured points as rings."""

    def __init__(self, kit: Kit, lane: Lane) -> None:
        super().__init__(kit)
        self.lane, self.style = lane, lane.styles[lane.code]
        self._drip, self._now_s = Drip(), 0.0

    def set_data(self, data: TrendData) -> None:
        self._drip, self._now_s = data.drip, data.now_s
        self.update()

    def draw(self, painter: QPainter, px: Pixels) -> None:
        theme, target, measured = self.kit.look.theme, self._drip.target, self._drip.measured
        colour = theme.curves[self.lane.colour]
        if target.t_s.size:
            x = px.x(np.repeat(np.append(target.t_s, self._now_s), 2)[1:-1])
            y = px.y(np.repeat(target.value, 2))
            stroke(painter, path(np.round(x), np.round(y), np.empty(0, int)), colour)
        marks(painter, self.style.symbol, px.x(measured.t_s), px.y(measured.value), 8, colour, theme.card)


class ChecksItem(Item):
    """A diamond a check: hollow = due, filled = done, crossed = missed."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._checks: tuple[Check, ...] = ()

    def set_data(self, data: TrendData) -> None:
        if data.checks != self._checks:
            self._checks = data.checks
            self.update()

    def draw(self, painter: QPainter, px: Pixels) -> None:
        theme = self.kit.look.theme
        for status, fill in (("due", theme.card), ("missed", theme.card), ("done", theme.accent)):
            x = px.x(np.array([check.t_s for check in self._checks if check.status == status]))
            y = np.full(x.size, px.top)
            marks(painter, DIAMOND, x, y, 15, theme.accent, fill)
            if status == "missed":
                marks(painter, CROSS, x, y, 15, theme.accent, fill)


class Upright(QGraphicsObject):
    """A line over the whole height of the plot: now (dashed), or the cursor with a mark at each value it reads."""

    _REACH = 6

    def __init__(self, kit: Kit, dash: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.kit, self._dash = kit, dash
        self._height = 0.0
        self._marks: Sequence[tuple[str, str, float]] = ()

    def stand(self, height: float, marks: Sequence[tuple[str, str, float]] = ()) -> None:
        """Px; each mark is its symbol, the key of its colour, and its height from the top."""
        self.prepareGeometryChange()
        self._height, self._marks = height, marks
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-self._REACH, 0, 2 * self._REACH, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        theme = self.kit.look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen(theme.text, self._dash, 1))
        painter.drawLine(QPointF(0, 0), QPointF(0, self._height))
        for symbol, colour, y in self._marks:
            mark(painter, symbol, QPointF(0, y), 10, theme.card, theme.curves[colour])


def lane_items(kit: Kit, lane: Lane) -> list[Item]:
    """What stands in the view box of a lane."""
    if lane.kind == "bars":
        return [PressureItem(kit, lane)]
    if lane.kind == "drip":
        return [DripItem(kit, lane)]
    return [CurveItem(kit, lane, code) for code in lane.styles]
