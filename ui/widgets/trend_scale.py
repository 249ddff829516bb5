"""Where a value of a lane stands in the one plot, and which stretch of time is on screen."""

import numpy as np

from .trend_data import Array, Lane, TrendData

FOOT = 0.42
_LOW, _HIGH = 0.12, 0.88


class LaneScale:
    """Lane `at` of `count`, the first on top; each lane is one unit of the plot high."""

    def __init__(self, lane: Lane, at: int, count: int) -> None:
        self.lane = lane
        self.top = float(count - at)
        self.low, self.high = lane.low, lane.high

    def include(self, *values: Array) -> None:
        """Widen the range so that no value is cut; whole numbers at both ends."""
        self.low, self.high = self.lane.low, self.lane.high
        for array in values:
            finite = array[np.isfinite(array)]
            if finite.size:
                self.low = min(self.low, float(np.floor(finite.min())))
                self.high = max(self.high, float(np.ceil(finite.max())))

    def place(self, value: Array) -> Array:
        """Values of the lane's unit to heights in the plot."""
        slope = (_HIGH - _LOW) / (self.high - self.low)
        return (value - self.low) * slope + (self.top - 1 + _LOW)

    def place_one(self, value: float) -> float:
        return float(self.place(np.array([value]))[0])


def window(data: TrendData, span_s: float | None) -> tuple[float, float]:
    """The first and last second on screen; None for all. It moves in steps, so that most redraws keep it."""
    if span_s is None:
        starts = [float(c.t_s[0]) for c in data.curves.values() if c.t_s.size]
        first = min([0.0, *starts])
        last = max([data.now_s, 600.0, *(c.t_s for c in data.checks), *(b.to_s for b in data.bands)])
        pad = (last - first) * 0.04
        return first - pad, last + pad
    step = span_s / 30
    left = max(-span_s * 0.08, data.now_s - span_s * 0.72)
    left = np.floor(left / step) * step
    return float(left), float(left + span_s * 1.08)


def value_at(t_s: Array, value: Array, at_s: float, hold_s: float) -> float:
    """The value standing at a time, NaN if the last one before it is older than `hold_s`."""
    index = int(np.searchsorted(t_s, at_s, side="right")) - 1
    if index < 0 or at_s - t_s[index] > hold_s:
        return float("nan")
    return float(value[index])


def steps(t_s: Array, value: Array, until_s: float) -> tuple[Array, Array]:
    """A commanded rate as corners of a staircase up to now."""
    if not t_s.size:
        return t_s, value
    times = np.repeat(np.append(t_s, max(until_s, t_s[-1])), 2)[1:-1]
    return times, np.repeat(value, 2)
