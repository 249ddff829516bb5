"""A drip rate from taps along with the drops, or from counting them."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median

import msgspec

LEAST_TAPS = 5
#: for how long drops are counted
COUNT_S = 15
_STEADY_PCT = Decimal(10)


class Tapped(msgspec.Struct, frozen=True):
    """Drops/min from the median interval; `spread_pct` is the mean deviation of the intervals from it."""

    rate_gtt_min: Decimal
    drops: int
    spread_pct: Decimal

    @property
    def steady(self) -> bool:
        return self.spread_pct <= _STEADY_PCT


def tapped(times_s: Sequence[float]) -> Tapped | None:
    """The rate of taps at these seconds; None before five drops or where time stood still."""
    if len(times_s) < LEAST_TAPS:
        return None
    intervals = [Decimal(repr(b - a)) for a, b in pairwise(times_s)]
    middle = median(intervals)
    if middle <= 0:
        return None
    spread = sum((abs(i - middle) for i in intervals), Decimal(0)) / len(intervals) / middle * 100
    return Tapped(_whole(60 / middle), len(times_s), _whole(spread))


def counted(drops: int, seconds: int) -> Decimal:
    """Drops/min from drops in so many seconds."""
    return Decimal(drops * 60) / seconds


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
