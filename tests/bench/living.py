"""What the whole program uses while one infusion is on the screen and its monitor speaks once a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from subprocess import Popen
from threading import Event, Thread
from typing import NamedTuple

from . import CannotRun, Pair, pairs
from .child import Command, started
from .places import folder
from .stores import RUNNING, STORE, two_hours, year
from .wires import Wire, frames, wires

_RUNS = 5
_STALL_S, _ALLOWED_S = 40, 0.010
_SETTLED, _WINDOWS, _WINDOW_MS = 2, 5, 4000


class Used(NamedTuple):
    """By the process's own account."""

    resident_kb: int
    cpu_s: float
    handles: int


def memory_idle() -> Pair:
    """Resident kB with Ward and a live infusion open, against the same imports with one plot."""
    needs_proc()
    with folder() as place, wires(1) as (wire,), speaking(wire):
        _prepared(Path(place), wire)
        return pairs(
            (_after(("live", "1000", RUNNING), place, 5).resident_kb, _after(("plot", "memory"), place, 1).resident_kb)
            for _ in range(_RUNS)
        )


def gui_idle() -> Pair:
    """Processor seconds a second of the program, against a bare event loop that reads the same bytes; both at once."""
    return _shares()


def gui_idle_core() -> Pair:
    """The same against a whole core."""
    return _shares()[0], 1.0


@cache
def _shares() -> Pair:
    needs_proc()
    with folder() as place, wires(2) as (mine, theirs), speaking(mine, theirs):
        _prepared(Path(place), mine)
        commands: tuple[Command, ...] = (("live", str(_WINDOW_MS), RUNNING), ("idle", str(_WINDOW_MS), theirs.name))
        processes = [started(command, Path(place)) for command in commands]
        told = [[read(process) for _ in range(_SETTLED + _WINDOWS)] for process in processes]
        for process in processes:
            stop(process)
        ours, floor = ([(b.cpu_s - a.cpu_s) * 1000 / _WINDOW_MS for a, b in pairwise(used[_SETTLED - 1 :])] for used in told)
        return median(ours), median(floor)


def _after(command: Command, place: str, lines: int) -> Used:
    """What the program tells last of so many lines."""
    process = started(command, Path(place))
    told = [read(process) for _ in range(lines)]
    stop(process)
    return told[-1]


def read(process: "Popen[bytes]") -> Used:
    assert process.stdout is not None
    resident_kb, cpu_s, handles = process.stdout.readline().split()
    return Used(int(resident_kb), float(cpu_s), int(handles))


def stop(process: "Popen[bytes]") -> None:
    process.kill()
    process.communicate()


def needs_proc() -> None:
    if not Path("/proc/self/statm").exists():
        raise CannotRun("a process's memory is read in /proc, which this system does not have")


def _prepared(home: Path, wire: Wire) -> None:
    year(home / STORE)
    two_hours(home / STORE, wire.name)


@contextmanager
def speaking(*ends: Wire) -> Iterator[None]:
    """A record a second on each wire."""
    over, records = Event(), frames(300)

    def speak() -> None:
        number = 0
        while not over.wait(1.0):
            for wire in ends:
                wire.write(records[number % len(records)])
            number += 1

    thread = Thread(target=speak, name="monitors")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def gui_stall() -> Pair:
    """The 99th percentile of the longest blocks of the window's thread in a second, against the 10 ms that are allowed.

    Painting apart, while an infusion is live and its record is exported over and over.
    """
    with folder() as place, wires(1) as (wire,), speaking(wire):
        _prepared(Path(place), wire)
        process = started(("busy", str(_STALL_S), RUNNING), Path(place))
        out, _ = process.communicate(timeout=10 * _STALL_S)
        return quantiles([float(line) for line in out.split()[2:]], n=100)[98], _ALLOWED_S
