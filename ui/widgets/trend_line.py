"""From many samples to a few points a pixel column, without losing a peak or closing a gap."""

import numpy as np

from .trend_data import Array


def visible(t_s: Array, value: Array, left_s: float, right_s: float) -> tuple[Array, Array]:
    """The samples on screen and one beyond each side."""
    first = max(0, int(np.searchsorted(t_s, left_s)) - 1)
    last = int(np.searchsorted(t_s, right_s, side="right")) + 1
    return t_s[first:last], value[first:last]


def known(t_s: Array, value: Array, hold_s: float) -> tuple[Array, Array, Array]:
    """The samples with a value, and the indices before which the line is broken: by a NaN, or by more than `hold_s`."""
    missing = np.isnan(value)
    gone = np.flatnonzero(missing)
    if gone.size:
        t_s, value = t_s[~missing], value[~missing]
    breaks = np.unique(np.concatenate((gone - np.arange(gone.size), np.flatnonzero(t_s[1:] - t_s[:-1] > hold_s) + 1)))
    return t_s, value, breaks[(breaks > 0) & (breaks < t_s.size)]


def columns(t_s: Array, value: Array, breaks: Array, width_s: float) -> tuple[Array, Array, Array]:
    """The same with at most two points a column `width_s` wide and a stretch: its lowest and its highest value.

    The columns stand at whole multiples of `width_s`, so that the line does not shimmer as time goes by.
    """
    column = np.floor(t_s / width_s)
    first = np.empty(t_s.size, dtype=bool)
    first[0] = True
    np.not_equal(column[1:], column[:-1], out=first[1:])
    first[breaks] = True
    starts = np.flatnonzero(first)
    ends = np.empty((starts.size, 2))
    ends[:, 0], ends[:, 1] = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
    ends[1::2] = ends[1::2, ::-1].copy()
    return np.repeat((column[starts] + 0.5) * width_s, 2), ends.ravel(), 2 * np.searchsorted(starts, breaks)


def lone(size: int, breaks: Array) -> Array:
    """The indices of samples that stand alone between two breaks."""
    edges = np.concatenate(([0], breaks, [size]))
    return edges[:-1][np.diff(edges) == 1]


def widened(x: Array, breaks: Array) -> Array:
    """A stretch that is one column wide drawn over the whole of it, so that it is seen: `x` in px, two points each."""
    edges = np.concatenate(([0], breaks, [x.size]))
    narrow = edges[:-1][np.diff(edges) == 2]
    made = x.copy()
    made[narrow] -= 0.5
    made[narrow + 1] += 0.5
    return made
