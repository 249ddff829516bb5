"""From the start of the process to a painted frame, to a usable page, and to an infusion that is watched again."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import CannotRun, Pair, pairs
from .child import Command, until_ready_s
from .places import folder
from .stores import RUNNING, STORE, two_hours, year
from .timing import RUNS


def start_paint() -> Pair:
    """The frame with the program's name and clock, against a bare window."""
    with folder() as place:
        return _in_turn((("painted",), Path(place)), (("bare",), Path(place)))


def start_ready() -> Pair:
    """The Ward page of a store of 1,000 infusions, against a bare window, the slow imports and one plot."""
    with folder() as place:
        home = Path(place)
        year(home / STORE)
        return _in_turn((("opened", "ward"), home), (("plot",), home))


def resume() -> Pair:
    """An infusion that has run for two hours, on the screen and watched again, against `start_ready`."""
    with folder() as place, port() as url:
        calm, busy = Path(place) / "calm", Path(place) / "busy"
        year(calm / STORE)
        shutil.copytree(calm, busy)
        two_hours(busy / STORE, url)
        return _in_turn((("opened", RUNNING), busy), (("opened", "ward"), calm))


def _in_turn(ours: tuple[Command, Path], floor: tuple[Command, Path]) -> Pair:
    """Once unmeasured, so that every module is compiled and every file is in the cache."""
    until_ready_s(*ours)
    until_ready_s(*floor)
    return pairs((until_ready_s(*ours), until_ready_s(*floor)) for _ in range(RUNS))


@contextmanager
def port() -> Iterator[str]:
    """The name of a serial port that exists."""
    if os.name != "posix":
        raise CannotRun("a serial port is made of a pseudo-terminal, which this system does not have")
    master, slave = os.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)
