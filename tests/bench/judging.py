"""What a measure's repeats come to, whether that holds its goal, and how it is told."""

from datetime import datetime
from statistics import median, quantiles
from typing import NamedTuple

import msgspec

from .timing import Found

#: With fewer repeats there is no spread: the figure itself decides.
_LEAST_REPEATS = 5


class Goal(NamedTuple):
    """What the ratio may be at most, or must be at least: one of the two."""

    most: float | None = None
    least: float | None = None

    def holds(self, ratio: float) -> bool:
        return ratio <= self.most if self.most is not None else ratio >= (self.least or 0.0)

    def __str__(self) -> str:
        return f"≤{self.most:g}" if self.most is not None else f"≥{self.least:g}"


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the table as it is kept. `spread`: the quartiles of the repeats' ratios; `load`: of the minute before.

    `why_not`: it could not be measured, and counts as missed.
    """

    goal: str
    is_met: bool
    at: datetime
    load: float
    ours: float | None = None
    floor: float | None = None
    ratio: float | None = None
    repeats: int = 0
    spread: tuple[float, float] | None = None
    why_not: str = ""


def judged(found: Found, goal: Goal, at: datetime, load: float) -> Told:
    """Medians of both. It is missed where the whole spread misses: what one repeat in four holds may be the machine's doing."""
    ours, floor = (median(side) for side in zip(*found, strict=True))
    ratio, spread = ours / floor, _spread(found)
    edge = ratio if spread is None else spread[0 if goal.most is not None else 1]
    return Told(str(goal), goal.holds(ratio) or goal.holds(edge), at, load, ours, floor, ratio, len(found), spread)


def _spread(found: Found) -> tuple[float, float] | None:
    if len(found) < _LEAST_REPEATS:
        return None
    low, _, high = quantiles([ours / floor for ours, floor in found], n=4, method="inclusive")
    return low, high


def line(name: str, told: Told) -> str:
    """`name ours floor ratio goal met|missed`; what could not run has its reason behind that."""
    if told.ours is None or told.floor is None or told.ratio is None:
        return f"{name:<24} {'-':>12} {'-':>12} {'-':>9}  {told.goal:<7} missed  {' '.join(told.why_not.split())}"
    verdict = "met" if told.is_met else "missed"
    return f"{name:<24} {told.ours:>12.6g} {told.floor:>12.6g} {told.ratio:>9.3g}  {told.goal:<7} {verdict}"


def remark(name: str, told: Told) -> str:
    """How sure the line is."""
    spread = "no spread" if told.spread is None else f"spread {told.spread[0]:.3g}-{told.spread[1]:.3g}"
    return f"# {name}: {told.repeats} repeats, {spread}, load {told.load:.2f}"


def total(told: dict[str, Told]) -> str:
    return f"total {len(told)} met {sum(one.is_met for one in told.values())}"
