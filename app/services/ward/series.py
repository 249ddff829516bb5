"""What the plot pulls: one growing series a vital sign, of the last two hours. A gap in time is a gap in the series."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import isnan
from operator import sub
from typing import Any, Protocol, cast

#: So long a curve stands in memory as it came; what is older is in the store, and is read there when it is looked at.
KEPT_S = 7200
_SLACK_MS = 600_000
_MINUTE_MS = 60_000
_GAP_MS = 30_000
_GAP = -(1 << 31)
_PER = 10_000
_REBASED_MS = 1 << 30
NAN = float("nan")

OldPart = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""What the store tells of before, by vital sign: Unix seconds and values of each minute's lowest and highest, NaN at a gap."""
NOTHING_OLD: OldPart = {}


class Series:
    """Times and values of equal length, 8 bytes a pair: ms after `zero_ms` (since 1970, record time), and ten-thousandths.

    `parts` are whole ten-thousandths, `_GAP` where the line breaks off; where a monitor is finer than that they are the values
    themselves, 12 bytes a pair, and NaN. What is told is exactly what came.
    """

    def __init__(self) -> None:
        self.zero_ms = 0
        self.ms = array("i")
        self.parts: array[Any] = array("i")

    @property
    def t_s(self) -> list[float]:
        """Unix seconds of record time."""
        return [(self.zero_ms + ms) / 1000 for ms in self.ms]

    @property
    def values(self) -> list[float]:
        """NaN marks a gap."""
        return [self._told(part) for part in self.parts]

    @property
    def newest(self) -> float | None:
        """What came last, NaN for a gap; None where nothing has come."""
        return self._told(self.parts[-1]) if self.parts else None

    @property
    def per(self) -> int:
        """How many `parts` are one of the vital sign's unit."""
        return _PER if self.parts.typecode == "i" else 1

    @property
    def gap(self) -> float:
        """What stands among the `parts` for none."""
        return _GAP if self.parts.typecode == "i" else NAN

    @property
    def bytes(self) -> int:
        """Of all pairs."""
        return len(self.ms) * (self.ms.itemsize + self.parts.itemsize)

    @staticmethod
    def _is_gap(part: float) -> bool:
        return part == _GAP or isnan(part)

    def _told(self, part: float) -> float:
        return NAN if self._is_gap(part) else part / self.per

    def add(self, t_s: float, value: float) -> None:
        t_ms = round(t_s * 1000)
        last_ms = self.zero_ms + self.ms[-1] if self.ms else t_ms - 1
        if t_ms <= last_ms:
            return
        if t_ms - last_ms > KEPT_S * 1000:
            del self.ms[:], self.parts[:]
        if not self.ms:
            self.zero_ms = t_ms
        elif t_ms - last_ms > _GAP_MS:
            self._append(last_ms + 1000, None)
        self._append(t_ms, value)
        if self.ms[-1] - self.ms[0] > KEPT_S * 1000 + _SLACK_MS:
            self._let_go()

    def restore(self, times_ms: Sequence[int], values: Sequence[float | None], breaks: bool) -> None:
        """The last two hours of a saved curve as if they came again, in order of time: what lies between two gaps at once.

        `breaks`: no value is one.
        """
        since = bisect_left(times_ms, times_ms[-1] - KEPT_S * 1000) if times_ms else 0
        times_ms, values = times_ms[since:], values[since:]
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
        known = cast(Sequence[float], values)
        parts = [] if self.per == 1 else _as_parts(known)
        if len(parts) < len(known):
            for t_ms, value in zip(times_ms, known, strict=True):
                self.add(t_ms / 1000, value)
        elif values:
            self.add(times_ms[0] / 1000, known[0])
            self.ms.extend([t_ms - self.zero_ms for t_ms in times_ms[1:]])
            self.parts.extend(parts[1:])

    def break_off(self, t_s: float) -> None:
        """No value from here on: the line went dead or the sensor fell off."""
        if self.ms and not self._is_gap(self.parts[-1]):
            last_ms = self.zero_ms + self.ms[-1]
            self._append(min(max(round(t_s * 1000), last_ms + 1), last_ms + _GAP_MS), None)

    def _append(self, t_ms: int, value: float | None) -> None:
        if value is not None and self.per != 1 and not _is_whole(value):
            self.parts = array("d", self.values)
        self.ms.append(t_ms - self.zero_ms)
        part = self.gap if value is None else value * self.per
        self.parts.append(part if self.per == 1 else round(part))

    def _let_go(self) -> None:
        """Of what is older than two hours, in whole minutes."""
        oldest_ms = self.zero_ms + self.ms[-1] - KEPT_S * 1000
        first = bisect_left(self.ms, oldest_ms - oldest_ms % _MINUTE_MS - self.zero_ms)
        del self.ms[:first]
        del self.parts[:first]
        if self.ms[-1] > _REBASED_MS:
            self.zero_ms, self.ms = self.zero_ms + self.ms[0], array("i", (ms - self.ms[0] for ms in self.ms))


def _as_parts(values: Sequence[float]) -> list[int]:
    """Whole ten-thousandths, or none where one of the values is not."""
    if not values or max(map(abs, values)) >= -_GAP / _PER:
        return []
    parts = [round(value * _PER) for value in values]
    return parts if [part / _PER for part in parts] == list(values) else []


def _is_whole(value: float) -> bool:
    """Whether it comes back from ten-thousandths as it was."""
    return abs(value) < -_GAP / _PER and round(value * _PER) / _PER == value


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


class CurvesOfBefore(Protocol):
    """Where the curves are that memory has let go of. `version` grows when more of them is there."""

    @property
    def version(self) -> int: ...

    def of(self, infusion_id: str, /) -> OldPart:
        """What is at hand of them; what is missing comes later."""
