"""From many samples to a few points a pixel column, without losing a peak or closing a gap."""

from typing import Any

import numpy as np
from PySide6.QtGui import QPolygonF
from shiboken6 import VoidPtr

from .trend_data import Array


def visible(t_s: Array, value: Array, left_s: float, right_s: float) -> tuple[Array, Array]:
    """The samples on screen and one beyond each side."""
    first = max(0, int(np.searchsorted(t_s, left_s)) - 1)
    last = int(np.searchsorted(t_s, right_s, side="right")) + 1
    return t_s[first:last], value[first:last]


def broken(t_s: Array, value: Array, hold_s: float) -> tuple[Array, Array]:
    """With a NaN wherever two samples lie further apart than `hold_s`."""
    gaps = np.flatnonzero(np.diff(t_s) > hold_s) + 1
    if not gaps.size:
        return t_s, value
    return np.insert(t_s, gaps, t_s[gaps]), np.insert(value, gaps, np.nan)


def columns(t_s: Array, value: Array, width_s: float) -> tuple[Array, Array]:
    """Lowest and highest value of each column `width_s` wide; a column mostly NaN stays a gap."""
    edges = np.arange(t_s[0], t_s[-1] + width_s, width_s)
    starts = np.unique(np.searchsorted(t_s, edges[edges <= t_s[-1]]))
    counts = np.diff(np.append(starts, t_s.size))
    missing = np.add.reduceat(np.isnan(value), starts, dtype=np.int64)
    ends = np.empty(2 * starts.size)
    ends[0::2] = np.fmin.reduceat(value, starts)
    ends[1::2] = np.fmax.reduceat(value, starts)
    ends[np.repeat(2 * missing > counts, 2)] = np.nan
    return np.repeat(t_s[starts] + width_s / 2, 2), ends


def polyline(x: Array, y: Array) -> QPolygonF:
    """A polygon filled straight from memory."""
    made = QPolygonF()
    if not x.size:
        return made
    made.resize(x.size)
    pointer: Any = VoidPtr  # its stub knows neither length nor writing
    memory = np.frombuffer(pointer(made.data(), x.size * 16, True), dtype=np.float64).reshape(-1, 2)
    memory[:, 0] = x
    memory[:, 1] = y
    return made


def runs(x: Array, y: Array) -> list[tuple[Array, Array]]:
    """The stretches between the gaps."""
    edges = np.diff(np.concatenate(([0], np.isfinite(y).astype(np.int8), [0])))
    pairs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
    return [(x[first:last], y[first:last]) for first, last in pairs]
