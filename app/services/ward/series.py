"""What the plot pulls: one growing series a vital sign. A gap in time is a gap in the series."""

from array import array
from collections.abc import Sequence
from itertools import repeat
from operator import sub, truediv
from typing import cast

_GAP_S = 30.0
_GAP_MS = 30_000
_NAN = float("nan")


class Series:
    """Times (Unix seconds of record time) and values of equal length; NaN marks a gap."""

    def __init__(self) -> None:
        self.t_s = array("d")
        self.values = array("d")

    def add(self, t_s: float, value: float) -> None:
        if self.t_s and t_s <= self.t_s[-1]:
            return
        if self.t_s and t_s - self.t_s[-1] > _GAP_S:
            self._append(self.t_s[-1] + 1.0, _NAN)
        self._append(t_s, value)

    def restore(self, times_ms: Sequence[int], values: Sequence[float | None], breaks: bool) -> None:
        """A saved curve as if it came again, in order of time: what lies between two gaps at once. `breaks`: no value is one."""
        far = {at for at, step in enumerate(map(sub, times_ms[1:], times_ms), 1) if step > _GAP_MS}
        first = 0
        for at in (*sorted(far | {at for at, value in enumerate(values) if value is None}), len(values)):
            self._run(times_ms[first:at], values[first:at])
            if at < len(values):
                self._one(times_ms[at] / 1000, values[at], breaks)
            first = at + 1

    def _one(self, t_s: float, value: float | None, breaks: bool) -> None:
        if value is not None:
            self.add(t_s, value)
        elif breaks:
            self.break_off(t_s)

    def _run(self, times_ms: Sequence[int], values: Sequence[float | None]) -> None:
        """Values of which none is missing, and no two are far apart."""
        if values:
            self._one(times_ms[0] / 1000, values[0], breaks=False)
            self.t_s.extend(map(truediv, times_ms[1:], repeat(1000)))
            self.values.extend(cast(Sequence[float], values[1:]))

    def break_off(self, t_s: float) -> None:
        """No value from here on: the line went dead or the sensor fell off."""
        if self.values and self.values[-1] == self.values[-1]:
            self._append(max(t_s, self.t_s[-1] + 0.001), _NAN)

    def _append(self, t_s: float, value: float) -> None:
        self.t_s.append(t_s)
        self.values.append(value)


class Trend:
    """All series of one infusion. `version` grows with every change, so that a plot can skip a redraw.

    `t_s`: Unix seconds of record time.
    """

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.version = 0

    def add(self, vital: str, t_s: float, value: float) -> None:
        series = self.series.get(vital)
        if series is None:
            series = self.series[vital] = Series()
        series.add(t_s, value)
        self.version += 1

    def restore(self, vital: str, times_ms: Sequence[int], values: Sequence[float | None], breaks: bool) -> None:
        self.series.setdefault(vital, Series()).restore(times_ms, values, breaks)
        self.version += 1

    def break_off(self, vital: str, t_s: float) -> None:
        if vital in self.series:
            self.series[vital].break_off(t_s)
            self.version += 1
