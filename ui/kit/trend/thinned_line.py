"""From many samples to a few points a pixel column, without losing a peak or closing a gap."""

from math import isfinite

import numpy as np
import numpy.typing as npt

from .chart_data import Array, Curve, Indices


def visible(t_s: Array, value: Array, left_s: float, right_s: float) -> tuple[Array, Array]:
    """The samples on screen and one beyond each side."""
    first = max(0, int(t_s.searchsorted(left_s)) - 1)
    last = int(t_s.searchsorted(right_s, side="right")) + 1
    return t_s[first:last], value[first:last]


def changed(old: Curve, new: Curve) -> tuple[float, float] | None:
    """From when until when two curves differ, the sample before it with it; None if they do not. NaN is the same as NaN."""
    least, most = sorted((old.t_s.size, new.t_s.size))
    at = least
    if not (alike(old.t_s[:least], new.t_s[:least]) and alike(old.value[:least], new.value[:least])):
        same = (_bits(old.t_s[:least]) == _bits(new.t_s[:least])) & (_bits(old.value[:least]) == _bits(new.value[:least]))
        at = int(same.argmin())
    elif least == most:
        return None
    some = [curve.t_s for curve in (old, new) if curve.t_s.size]
    return float(min(t_s[min(max(0, at - 1), t_s.size - 1)] for t_s in some)), float(max(t_s[-1] for t_s in some))


def alike(one: Array, other: Array) -> bool:
    """To the bit; NaN is the same as NaN."""
    return one.tobytes() == other.tobytes()


def _bits(values: Array) -> npt.NDArray[np.int64]:
    return np.ascontiguousarray(values).view(np.int64)


def newest(curve: Curve, now_s: float, hold_s: float) -> int | None:
    """The index of the last value, None if it does not hold any more."""
    first = int(curve.t_s.searchsorted(now_s - hold_s))
    if first < curve.value.size and isfinite(curve.value[-1]):
        return curve.value.size - 1
    there = np.flatnonzero(np.isfinite(curve.value[first:]))
    return first + int(there[-1]) if there.size else None


def known(t_s: Array, value: Array, hold_s: float, whole_s: float = float("-inf")) -> tuple[Array, Array, Indices]:
    """The samples with a value, and the indices before which the line is broken: by a NaN, or from `whole_s` on by more than
    `hold_s`.
    """
    missing = np.isnan(value)
    gone = missing.nonzero()[0]
    if gone.size:
        t_s, value = t_s[~missing], value[~missing]
    late = ((t_s[1:] - t_s[:-1] > hold_s) & (t_s[1:] >= whole_s)).nonzero()[0] + 1
    if not gone.size:
        return t_s, value, late
    breaks = np.sort(np.concatenate((gone - np.arange(gone.size), late)))
    return t_s, value, breaks[(np.diff(breaks, prepend=0) > 0) & (breaks < t_s.size)]


def columns(t_s: Array, value: Array, breaks: Indices, width_s: float) -> tuple[Array, Array, Indices]:
    """The same with at most two points a column `width_s` wide and a stretch: its lowest and its highest value.

    The columns stand at whole multiples of `width_s`, so that the same samples give the same line in any stretch of time.
    """
    column = np.floor(t_s / width_s)
    first = np.empty(t_s.size, dtype=bool)
    first[0] = True
    np.not_equal(column[1:], column[:-1], out=first[1:])
    first[breaks] = True
    starts = np.flatnonzero(first)
    ends = np.empty((starts.size, 2))
    ends[:, 0], ends[:, 1] = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
    turned = column[starts] % 2 == 1
    ends[turned] = ends[turned, ::-1]
    return np.repeat((column[starts] + 0.5) * width_s, 2), ends.ravel(), 2 * np.searchsorted(starts, breaks)


def lone(size: int, breaks: Indices) -> Indices:
    """The indices of samples that stand alone between two breaks."""
    if not breaks.size:
        return np.arange(int(size == 1))
    edges = np.concatenate(([0], breaks, [size]))
    return np.asarray(edges[:-1][np.diff(edges) == 1])


def widened(x: Array, breaks: Indices) -> Array:
    """A stretch that is one column wide drawn over the whole of it, so that it is seen: `x` in px, two points each."""
    if not breaks.size and x.size != 2:
        return x
    edges = np.concatenate(([0], breaks, [x.size]))
    narrow = edges[:-1][np.diff(edges) == 2]
    made = x.copy()
    made[narrow] -= 0.5
    made[narrow + 1] += 0.5
    return made
