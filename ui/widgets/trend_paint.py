"""Paints the parts of the trend, each from plain arrays."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.look.tokens import Theme

from .trend_data import Array, Band, Check, Curve, Drip, Lane, Pressure
from .trend_line import broken, columns, polyline, runs, visible
from .trend_scale import LaneScale, Plane


class Brush:
    """A painter, the plane it paints on, and the theme."""

    def __init__(self, painter: QPainter, plane: Plane, theme: Theme) -> None:
        self.painter, self.plane, self.theme = painter, plane, theme

    def pen(self, colour: str, width: float = 1, alpha: int = 255) -> None:
        ink = QColor(colour)
        ink.setAlpha(alpha)
        self.painter.setPen(QPen(ink, width))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def bands(self, bands: tuple[Band, ...]) -> None:
        """The protocol's stretches, behind everything."""
        floor = float(self.plane.y(0.0))
        for band in bands:
            left, right = float(self.plane.x(band.from_s)), float(self.plane.x(band.to_s))
            colour = self.theme.accent_soft if band.strong else self.theme.sunken
            self.painter.fillRect(QRectF(left, 0, right - left, floor), QColor(colour))

    def grid(self, minutes: list[int]) -> None:
        self.pen(self.theme.line)
        plane = self.plane
        rows = [float(plane.y(float(at))) for at in range(plane.lanes + 1)]
        lines = [QLineF(0, y, plane.width, y) for y in rows]
        lines += [QLineF(x, 0, x, rows[0]) for x in (float(plane.x(m * 60.0)) for m in minutes)]
        self.painter.drawLines(lines)

    def limits(self, scale: LaneScale) -> None:
        self.pen(self.theme.curves[scale.lane.colour], alpha=120)
        known = [float(self.plane.y(scale.place(limit))) for limit in scale.lane.limits if limit is not None]
        self.painter.drawLines([QLineF(0, round(y), self.plane.width, round(y)) for y in known])

    def curve(self, scale: LaneScale, curve: Curve) -> None:
        """A line through all samples, broken at gaps; a sample that stands alone is a dot."""
        colour = self.theme.curves[scale.lane.colour]
        t_s, value = visible(curve.t_s, curve.value, self.plane.left_s, self.plane.right_s)
        if not t_s.size:
            return
        t_s, value = broken(t_s, value, scale.lane.hold_s)
        sparse = t_s.size < self.plane.width / 16
        if t_s.size > 2 * self.plane.width:
            t_s, value = columns(t_s, value, (self.plane.right_s - self.plane.left_s) / self.plane.width)
        x, y = self.plane.x(t_s), self.plane.y(scale.place(value))
        self.pen(colour)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, sparse)
        for run_x, run_y in runs(x, y):
            if run_x.size > 1:
                self.painter.drawPolyline(polyline(run_x, run_y))
            if run_x.size == 1 or sparse:
                self.dots(run_x, run_y, 3, colour, colour)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def dots(self, x: Array, y: Array, radius: float, edge: str, fill: str) -> None:
        """Round dots in two strokes, however many they are."""
        known = np.isfinite(y)
        points = polyline(x[known], y[known])
        self.painter.save()
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, reach in ((edge, radius + 1), (fill, radius - 1)):
            ink, line, cap = QColor(colour), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
            self.painter.setPen(QPen(ink, 2 * reach, line, cap))
            self.painter.drawPoints(points)
            if edge == fill:
                break
        self.painter.restore()

    def pressure(self, scale: LaneScale, cuff: Pressure) -> None:
        """A bar from diastolic to systolic, a dot at the mean."""
        colour = self.theme.curves[scale.lane.colour]
        x = self.plane.x(cuff.t_s)
        tops, floors = self.plane.y(scale.place(cuff.sys)), self.plane.y(scale.place(cuff.dia))
        self.pen(colour, width=2)
        triples = zip(x.tolist(), tops.tolist(), floors.tolist(), strict=True)
        self.painter.drawLines([QLineF(at, top, at, low) for at, top, low in triples if top < low])
        self.dots(x, self.plane.y(scale.place(cuff.mean)), 2, colour, colour)

    def drip(self, lane: Lane, scale: LaneScale, drip: Drip, now_s: float) -> None:
        """The commanded rate as a staircase up to now, the measured points as circles."""
        colour = self.theme.curves[lane.colour]
        times = np.append(drip.target.t_s, now_s)
        self.pen(colour, width=1.5)
        if drip.target.t_s.size:
            x = self.plane.x(np.repeat(times, 2)[1:-1])
            self.painter.drawPolyline(polyline(x, self.plane.y(scale.place(np.repeat(drip.target.value, 2)))))
        measured = drip.measured
        self.dots(self.plane.x(measured.t_s), self.plane.y(scale.place(measured.value)), 3.5, colour, self.theme.card)

    def checks(self, checks: tuple[Check, ...]) -> None:
        """Hollow = due, filled = done, crossed = missed."""
        painter, floor = self.painter, float(self.plane.y(0.0))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for check in checks:
            middle = QPointF(float(self.plane.x(check.t_s)), floor)
            painter.setPen(QPen(QColor(self.theme.accent), 1.6))
            painter.setBrush(QColor(self.theme.accent if check.status == "done" else self.theme.card))
            painter.drawPolygon(_diamond(middle, 9 if check.status == "missed" else 7))
            if check.status == "missed":
                for slope in (-1, 1):
                    painter.drawLine(middle + QPointF(-3.5, -3.5 * slope), middle + QPointF(3.5, 3.5 * slope))
        painter.restore()

    def upright(self, t_s: float, dashed: bool) -> None:
        """A line over the whole height: now, or the cursor."""
        self.pen(self.theme.text)
        if dashed:
            pen = self.painter.pen()
            pen.setDashPattern([4, 3])
            self.painter.setPen(pen)
        x = round(float(self.plane.x(t_s))) + 0.5
        self.painter.drawLine(QLineF(x, 0, x, float(self.plane.y(0.0))))


def _diamond(middle: QPointF, reach: float) -> QPolygonF:
    ways = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
    return QPolygonF([middle + QPointF(*way) for way in ways])
