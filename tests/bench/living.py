"""What the whole program uses while one infusion is on the screen and its monitor speaks once a second."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from subprocess import Popen
from threading import Event, Thread
from typing import NamedTuple

from .child import Command, all_said, said, started
from .places import folder
from .stores import busy
from .timing import CannotRun, Found
from .ward_store import RUNNING
from .wires import Wire, frames, wires

_RUNS = 5
_STALL_S, _STALL_P99_S, _STALL_WORST_S = 20, 0.010, 0.050
_SETTLED, _WINDOWS, _WINDOW_MS = 2, 7, 4000


class Used(NamedTuple):
    """By the process's own account."""

    resident_kb: int
    cpu_s: float
    handles: int


def memory_idle() -> dict[str, Found]:
    """Resident kB with Ward and a live infusion open, against the same imports with one plot."""
    needs_proc()
    with folder() as place, wires(1) as (wire,), speaking(wire):
        busy("1000", Path(place), wire.name)
        live, plot = ("live", "1000", RUNNING), ("plot", "memory")
        return {
            "memory_idle": [(_after(live, place, 5).resident_kb, _after(plot, place, 1).resident_kb) for _ in range(_RUNS)],
        }


def gui_idle() -> dict[str, Found]:
    """Processor seconds a second against a whole core; and of a second program: wake-ups a second, screens a second.

    Two of them, for counting costs time of its own. The wake-ups are those of the window's thread from sleep.
    """
    needs_proc()
    with folder() as place, wires(2) as (one, other), speaking(one, other), ExitStack() as stack:
        homes = Path(place) / "one", Path(place) / "other"
        for home, wire in zip(homes, (one, other), strict=True):
            busy("1000", home, wire.name)
        live: Command = ("live", str(_WINDOW_MS), RUNNING)
        used, counted = (
            stack.enter_context(started(command, home)) for command, home in zip((live, (*live, "paint")), homes, strict=True)
        )
        cpu_s = [read(used).cpu_s for _ in range(_SETTLED + _WINDOWS)]
        told = [said(counted).split() for _ in range(_SETTLED + _WINDOWS)]
        return {
            "gui_idle": _a_second(cpu_s),
            "gui_idle_wakeups": _a_second([float(woken) for woken, _ in told]),
            "gui_idle_painted": _a_second([float(screens) for _, screens in told]),
        }


def _a_second(counts: list[float]) -> Found:
    return [((after - before) * 1000 / _WINDOW_MS, 1.0) for before, after in pairwise(counts[_SETTLED - 1 :])]


def _after(command: Command, place: str, lines: int) -> Used:
    """What the program tells last of so many lines."""
    with started(command, Path(place)) as process:
        return [read(process) for _ in range(lines)][-1]


def read(process: "Popen[bytes]") -> Used:
    resident_kb, cpu_s, handles = said(process).split()
    return Used(int(resident_kb), float(cpu_s), int(handles))


def needs_proc() -> None:
    if not Path("/proc/self/statm").exists():
        raise CannotRun("a process's memory is read in /proc, which this system does not have")


@contextmanager
def speaking(*ends: Wire) -> Iterator[None]:
    """A record a second on each wire."""
    over, records = Event(), frames(600)

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


def gui_stall() -> dict[str, Found]:
    """The longest blocks of the window's thread in a second, against the 10 ms and the 50 ms that are allowed.

    Painting apart, while an infusion is live, its record is made and the store backed up over and over, and one page after the
    other is opened. Each time the program is started anew, so that the first opening of each page is in it.
    """
    percentiles, worst = [], []
    with folder() as place, wires(1) as (wire,), speaking(wire):
        busy("1000", Path(place), wire.name)
        for _ in range(_RUNS):
            with started(("busy", str(_STALL_S), RUNNING), Path(place)) as process:
                longest = [float(line) for line in all_said(process, 15 * _STALL_S)]
            percentiles.append((quantiles(longest, n=100, method="inclusive")[98], _STALL_P99_S))
            worst.append((max(longest), _STALL_WORST_S))
    return {"gui_stall_p99": percentiles, "gui_stall_worst": worst}
