"""Where things stand in the trend: lanes and their ranges, pixels, and which stretch of time is on screen."""

from itertools import pairwise

import msgspec
import numpy as np

from .chart_data import Array, Ends, Lane, TrendData

#: px: the row of the checks below the last lane, and the axis below that
FOOT, AXIS = 24, 26
#: of a lane's range, left free above and below
_FREE = 0.14


class LaneScale:
    """The range of a lane: its least one, wider where a value would be cut; whole numbers at both ends."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.style = next(iter(lane.styles.values()))
        self.low, self.high = lane.low, lane.high
        self.limits: Ends = (None, None)

    def take(self, data: TrendData) -> None:
        """Fit the range and the name to what is there."""
        codes = [code for code in self.lane.styles if code in data.curves]
        self.style = self.lane.styles[(codes or [*self.lane.styles])[0]]
        self.low, self.high = self.lane.low, self.lane.high
        self.limits = data.limits.get(self.lane.limits_of, (None, None))
        for array in self._values(data):
            low, high = np.fmin.reduce(array, initial=self.low), np.fmax.reduce(array, initial=self.high)
            self.low, self.high = float(np.floor(low)), float(np.ceil(high))

    def _values(self, data: TrendData) -> tuple[Array, ...]:
        if self.lane.kind == "bars":
            return data.pressure.sys, data.pressure.dia
        if self.lane.kind == "drip":
            return data.drip.target.value, data.drip.measured.value
        return tuple(data.curves[code].value for code in self.lane.styles if code in data.curves)

    @property
    def shown(self) -> tuple[float, float]:
        """The values at the lane's lower and upper edge."""
        free = (self.high - self.low) * _FREE
        return self.low - free, self.high + free

    def y(self, value: float, row: "LanePlace") -> float:
        """The height of a value, px from the top of the plot."""
        bottom, top = self.shown
        return row.top + (top - value) / (top - bottom) * row.height

    def marks(self) -> tuple[float, float]:
        """The two values to write beside the lane: its limits, where it has none the end of its range."""
        low, high = self.limits
        return self.low if low is None else low, self.high if high is None else high


class LanePlace(msgspec.Struct, frozen=True):
    """A lane's place in the plot, whole px."""

    top: int
    height: int


def lane_rows(height: int, count: int) -> list[LanePlace]:
    """`count` lanes of whole pixels in a plot `height` px high, the row of the checks as the last one."""
    edges = [round(at * max(0, height - FOOT - AXIS) / count) for at in range(count + 1)]
    rows = [LanePlace(top, bottom - top) for top, bottom in pairwise(edges)]
    return [*rows, LanePlace(edges[-1], FOOT)]


class LanePixels(msgspec.Struct, frozen=True):
    """From a lane's seconds and values to px of the plot."""

    per_s: float
    left: float
    per_unit: float
    top: float

    def x(self, t_s: Array) -> Array:
        return np.asarray(t_s * self.per_s + self.left)

    def y(self, value: Array) -> Array:
        return np.asarray(value * self.per_unit + self.top)


def window(data: TrendData, span_s: float | None) -> tuple[float, float]:
    """The first and last second on screen; None for all. It moves in steps, so that most redraws keep it."""
    if span_s is None:
        starts = [float(c.t_s[0]) for c in data.curves.values() if c.t_s.size]
        first = min([0.0, *starts])
        last = max([data.now_s, 600.0, *(c.t_s for c in data.checks), *(b.to_s for b in data.bands)])
        step = max(60.0, (last - first) // 3600 * 60)
        pad = np.ceil((last - first) * 0.04 / step) * step
        return float(first - pad), float(np.ceil(last / step) * step + pad)
    step = span_s / 30
    left = max(-span_s * 0.08, data.now_s - span_s * 0.84)
    left = float(np.floor(left / step) * step)
    return left, left + span_s * 1.17


def ticks(left_s: float, right_s: float) -> list[int]:
    """Whole minutes to write under the plot: five to eight of them."""
    wanted = (right_s - left_s) / 60 / 6
    step = next((m for m in (1, 3, 5, 15, 30, 60, 120, 240) if m >= wanted), 480)
    first = int(np.ceil(left_s / 60 / step)) * step
    return list(range(first, int(right_s // 60) + 1, step))
