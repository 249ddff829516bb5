"""Two calls timed in turn, so that a machine that slows down slows both."""

import time
from collections.abc import Callable, Iterable
from statistics import median

from app.services.clock import steady_s

RUNS = 7
#: Whether `steady_s` is the same clock in every process.
BOOT_CLOCK = hasattr(time, "CLOCK_BOOTTIME")

Pair = tuple[float, float]
"""Ours and the floor, in one unit."""


class CannotRun(Exception):
    """This machine cannot measure this; the text says why."""


def timed(call: Callable[[], object], clock_s: Callable[[], float] = steady_s) -> float:
    """Seconds that a call takes."""
    began = clock_s()
    call()
    return clock_s() - began


def in_turn(ours: Callable[[], object], floor: Callable[[], object], clock_s: Callable[[], float] = steady_s) -> Pair:
    """Median seconds of both."""
    return pairs((timed(ours, clock_s), timed(floor, clock_s)) for _ in range(RUNS))


def pairs(found: Iterable[Pair]) -> Pair:
    """The medians of pairs that were measured in turn."""
    ours, floor = zip(*found, strict=True)
    return median(ours), median(floor)
