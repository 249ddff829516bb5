"""Two calls timed in turn, so that a machine that slows down slows both."""

import time
from collections.abc import Callable

from app.services.clock import steady_s

RUNS = 7
#: Whether `steady_s` is the same clock in every process.
BOOT_CLOCK = hasattr(time, "CLOCK_BOOTTIME")

Pair = tuple[float, float]
"""Ours and the floor, in one unit."""
Found = list[Pair]
"""A pair a repeat, the two measured in turn. What is counted, and comes out the same each time, is one pair."""


class CannotRun(Exception):
    """This machine cannot measure this; the text says why."""


def timed(call: Callable[[], object], clock_s: Callable[[], float] = steady_s) -> float:
    """Seconds that a call takes."""
    began = clock_s()
    call()
    return clock_s() - began


def in_turn(ours: Callable[[], object], floor: Callable[[], object], clock_s: Callable[[], float] = steady_s) -> Found:
    """Seconds of both. What only computes is measured with `time.process_time`, what waits for a disk or a screen by the wall."""
    return [(timed(ours, clock_s), timed(floor, clock_s)) for _ in range(RUNS)]
