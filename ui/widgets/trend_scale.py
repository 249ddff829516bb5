"""Where a value stands in the trend: its lane, its pixel, and which stretch of time is on screen."""

import msgspec
import numpy as np

from .trend_data import Array, Lane, TrendData

FOOT = 0.42
_LOW, _HIGH = 0.12, 0.88


class LaneScale:
    """Lane `at` of `count`, the first on top; a lane is one unit high, the checks stand `FOOT` below the last."""

    def __init__(self, lane: Lane, at: int, count: int) -> None:
        self.lane = lane
        self.bottom = float(count - at - 1)
        self.low, self.high = lane.low, lane.high

    def include(self, *values: Array) -> None:
        """Widen the range so that no value is cut; whole numbers at both ends."""
        self.low, self.high = self.lane.low, self.lane.high
        for array in values:
            low, high = np.fmin.reduce(array, initial=self.low), np.fmax.reduce(array, initial=self.high)
            self.low, self.high = float(np.floor(low)), float(np.ceil(high))

    def place(self, value: Array | float) -> Array:
        """Values in the lane's unit to lane heights."""
        slope = (_HIGH - _LOW) / (self.high - self.low)
        return np.asarray((np.asarray(value) - self.low) * slope + (self.bottom + _LOW))


class Plane(msgspec.Struct, frozen=True):
    """Seconds and lane heights to pixels of a plot `width` × `height` px."""

    left_s: float
    right_s: float
    width: float
    height: float
    lanes: int

    def x(self, t_s: Array | float) -> Array:
        return np.asarray((np.asarray(t_s) - self.left_s) * (self.width / (self.right_s - self.left_s)))

    def y(self, lane_height: Array | float) -> Array:
        return np.asarray((self.lanes - np.asarray(lane_height)) * (self.height / (self.lanes + FOOT)))

    def time_at(self, x: float) -> float:
        return self.left_s + x / self.width * (self.right_s - self.left_s)


def window(data: TrendData, span_s: float | None) -> tuple[float, float]:
    """The first and last second on screen; None for all. It moves in steps, so that most redraws keep it."""
    if span_s is None:
        starts = [float(c.t_s[0]) for c in data.curves.values() if c.t_s.size]
        first = min([0.0, *starts])
        last = max([data.now_s, 600.0, *(c.t_s for c in data.checks), *(b.to_s for b in data.bands)])
        pad = (last - first) * 0.04
        return first - pad, float(np.ceil((last + pad) / 60) * 60)
    step = span_s / 30
    left = max(-span_s * 0.08, data.now_s - span_s * 0.84)
    left = float(np.floor(left / step) * step)
    return left, left + span_s * 1.14


def ticks(left_s: float, right_s: float) -> list[int]:
    """Whole minutes to write under the plot: five to eight of them."""
    wanted = (right_s - left_s) / 60 / 6
    step = next((m for m in (1, 3, 5, 15, 30, 60, 120, 240) if m >= wanted), 480)
    first = int(np.ceil(left_s / 60 / step)) * step
    return list(range(first, int(right_s // 60) + 1, step))


def value_at(t_s: Array, value: Array, at_s: float, hold_s: float) -> float:
    """The value standing at a time, NaN if the last one before it is older than `hold_s`."""
    index = int(np.searchsorted(t_s, at_s, side="right")) - 1
    if index < 0 or at_s - t_s[index] > hold_s:
        return float("nan")
    return float(value[index])
