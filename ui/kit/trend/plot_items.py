"""The light items that stand in the trend's view boxes: each draws plain arrays in pixels of the plot."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from ui.kit.look_and_words import Kit

from .chart_data import Array, CheckMark, Curve, DripCurve, Indices, Lane, PressureCurve, TrendData
from .ink import CROSS, DIAMOND, hairline, mark, marks, path, stroke, uprights
from .lane_scale import LanePixels
from .thinned_line import alike, changed, columns, known, lone, newest, visible, widened

#: px about a changed stretch that are painted anew: half the width of a symbol, and a column
_ABOUT = 10
_NONE = Curve()
#: of a lane's height, where no curve comes
_EDGE = 0.06
#: more samples a px than this are drawn as their lowest and highest, fewer than that with a symbol each
_DENSE, _SPARSE = 2.0, 1 / 16


class PlotItem(QGraphicsObject):
    """Fills the visible part of its view box; draws in px of the plot, and only what is to be painted anew."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.part, self.s_per_px = QRectF(), 1.0

    def stand(self, part: QRectF, width: int) -> None:
        """The seconds and values that the view box shows, and how wide it is in px."""
        if part != self.part:
            self.prepareGeometryChange()
            self.part = part
        self.s_per_px = part.width() / max(1, width)
        self.update()

    def boundingRect(self) -> QRectF:
        return self.part

    def renew(self, from_s: float, to_s: float) -> None:
        """Have a stretch of time painted anew, without the edges of the lane, that the next one may stay as it is."""
        about, edge = _ABOUT * self.s_per_px, self.part.height() * _EDGE
        left, right = from_s - about, to_s + about
        self.update(QRectF(left, self.part.top() + edge, right - left, self.part.height() - 2 * edge))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        at, part = painter.worldTransform(), option.exposedRect
        about = _ABOUT * self.s_per_px
        painter.resetTransform()
        self.draw(painter, LanePixels(at.m11(), at.dx(), at.m22(), at.dy()), part.left() - about, part.right() + about)

    def set_data(self, data: TrendData) -> None:
        """Show this at the next painting."""
        raise NotImplementedError

    def draw(self, painter: QPainter, px: LanePixels, left_s: float, right_s: float) -> None:
        """Paint a stretch of time; the painter is clipped to it."""
        raise NotImplementedError


class CurveItem(PlotItem):
    """A line through all samples, broken at gaps, and the symbol at its newest value and at each that stands alone."""

    def __init__(self, kit: Kit, lane: Lane, code: str) -> None:
        super().__init__(kit)
        self.lane, self.code, self.style = lane, code, lane.styles[code]
        self._curve, self._looks = _NONE, (False, False)
        self._head: int | None = None

    def set_data(self, data: TrendData) -> None:
        old, looks, head = self._curve, self._looks, self._head_s()
        self._curve = data.curves.get(self.code, _NONE)
        self._looks = self._look()
        self._head = newest(self._curve, data.now_s, self.lane.hold_s)
        self.setVisible(self._curve.t_s.size > 0)
        stretch = None if self._curve is old else changed(old, self._curve)
        if looks != self._looks:
            self.update()
        elif stretch is not None or head != self._head_s():
            touched = [*(stretch or ()), *head, *self._head_s()]
            self.renew(min(touched), max(touched))

    def stand(self, part: QRectF, width: int) -> None:
        super().stand(part, width)
        self._looks = self._look()

    def _head_s(self) -> tuple[float, ...]:
        return () if self._head is None else (float(self._curve.t_s[self._head]),)

    def _look(self) -> tuple[bool, bool]:
        """Whether each sample has its symbol, and whether there are more samples than can be told apart."""
        first, last = self._curve.t_s.searchsorted((self.part.left(), self.part.right()))
        per_px = float(last - first) / max(1.0, self.part.width() / self.s_per_px)
        return per_px < _SPARSE, per_px > _DENSE

    def draw(self, painter: QPainter, px: LanePixels, left_s: float, right_s: float) -> None:
        curve, colour = self._curve, self.kit.look.curve(self.lane.colour)
        t_s, value, breaks = known(*visible(curve.t_s, curve.value, left_s, right_s), self.lane.hold_s, curve.whole_s)
        if not t_s.size:
            return
        sparse, dense = self._looks
        stroke(painter, self._line(px, t_s, value, breaks, dense), colour, dash=self.style.dash)
        alone = slice(None) if sparse else lone(t_s.size, breaks)
        t_s, value = t_s[alone], value[alone]
        if self._head is not None:
            t_s, value = np.array([*t_s, curve.t_s[self._head]]), np.array([*value, curve.value[self._head]])
        marks(painter, self.style.symbol, px.x(t_s), px.y(value), 7, colour, colour)

    def _line(self, px: LanePixels, t_s: Array, value: Array, breaks: Indices, dense: bool) -> QPainterPath:
        if not dense:
            return path(px.x(t_s), px.y(value), breaks)
        t_s, value, breaks = columns(t_s, value, breaks, self.s_per_px)
        return path(widened(px.x(t_s), breaks), px.y(value), breaks)


class PressureItem(PlotItem):
    """A bar from diastolic to systolic, a mark at the mean."""

    def __init__(self, kit: Kit, lane: Lane) -> None:
        super().__init__(kit)
        self.lane, self.style = lane, lane.styles[lane.code]
        self._cuff = PressureCurve()

    def set_data(self, data: TrendData) -> None:
        new, old = data.pressure, self._cuff
        self._cuff = new
        pairs = ((new.t_s, old.t_s), (new.sys, old.sys), (new.dia, old.dia), (new.mean, old.mean))
        if not all(alike(one, other) for one, other in pairs):
            self.update()

    def draw(self, painter: QPainter, px: LanePixels, left_s: float, right_s: float) -> None:
        cuff, colour = self._cuff, self.kit.look.curve(self.lane.colour)
        part = slice(*np.searchsorted(cuff.t_s, (left_s, right_s)))
        x = np.round(px.x(cuff.t_s[part]))
        uprights(painter, x, np.round(px.y(cuff.sys[part])), np.round(px.y(cuff.dia[part])), colour)
        marks(painter, self.style.symbol, x, px.y(cuff.mean[part]), 6, colour, colour)


class DripItem(PlotItem):
    """The commanded rate as a staircase up to now, the measured points as rings."""

    def __init__(self, kit: Kit, lane: Lane) -> None:
        super().__init__(kit)
        self.lane, self.style = lane, lane.styles[lane.code]
        self._drip, self._now_s = DripCurve(), 0.0

    def set_data(self, data: TrendData) -> None:
        old, before_s = self._drip, self._now_s
        self._drip = data.drip
        if changed(old.target, data.drip.target) or changed(old.measured, data.drip.measured):
            self._now_s = data.now_s
            self.update()
        elif abs(data.now_s - before_s) >= self.s_per_px:
            self._now_s = data.now_s
            self.renew(min(before_s, data.now_s), max(before_s, data.now_s))

    def draw(self, painter: QPainter, px: LanePixels, left_s: float, right_s: float) -> None:
        theme, target, measured = self.kit.look.theme, self._drip.target, self._drip.measured
        colour = theme.curves[self.lane.colour]
        if target.t_s.size:
            x = px.x(np.repeat(np.append(target.t_s, self._now_s), 2)[1:-1])
            y = px.y(np.repeat(target.value, 2))
            stroke(painter, path(np.floor(x) + 0.5, np.round(y), np.empty(0, np.intp)), colour)
        part = slice(*np.searchsorted(measured.t_s, (left_s, right_s)))
        marks(painter, self.style.symbol, px.x(measured.t_s[part]), px.y(measured.value[part]), 8, colour, theme.card)


class ChecksItem(PlotItem):
    """A diamond a check: hollow = due, filled = done, crossed = missed."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._checks: tuple[CheckMark, ...] = ()

    def set_data(self, data: TrendData) -> None:
        if data.checks != self._checks:
            self._checks = data.checks
            self.update()

    def draw(self, painter: QPainter, px: LanePixels, left_s: float, right_s: float) -> None:
        theme = self.kit.look.theme
        shown = [check for check in self._checks if left_s <= check.t_s <= right_s]
        for status, fill in (("due", theme.card), ("missed", theme.card), ("done", theme.accent)):
            x = px.x(np.array([check.t_s for check in shown if check.status == status]))
            y = np.full(x.size, px.top)
            marks(painter, DIAMOND, x, y, 15, theme.accent, fill)
            if status == "missed":
                marks(painter, CROSS, x, y, 12, theme.text, fill)


class UprightLine(QGraphicsObject):
    """A line over the whole height of the plot: now (dashed), or the cursor with a mark at each value it reads."""

    _REACH = 8

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
        return QRectF(-self._REACH, 0, 2 * self._REACH, self._height + 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        theme = self.kit.look.theme
        hairline(painter, QColor(theme.text), self._dash)
        painter.drawLine(QPointF(0, 0), QPointF(0, self._height))
        for symbol, colour, y in self._marks:
            mark(painter, "o", QPointF(0, y), 13, theme.card, theme.card)
            mark(painter, symbol, QPointF(0, y), 9, theme.curves[colour], theme.curves[colour])


def lane_items(kit: Kit, lane: Lane) -> list[PlotItem]:
    """What stands in the view box of a lane."""
    if lane.kind == "bars":
        return [PressureItem(kit, lane)]
    if lane.kind == "drip":
        return [DripItem(kit, lane)]
    return [CurveItem(kit, lane, code) for code in lane.styles]
