"""From the last byte of a record on the wire to its value on a tile's model."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from statistics import quantiles
from subprocess import Popen

from app.services.clock import steady_s

from . import CannotRun, Pair
from .child import started
from .day import beds
from .pauses import pause
from .places import folder
from .timing import BOOT_CLOCK, pairs
from .wires import Wire, frames, wires

_BLOCKS, _EACH = 5, 200
_APART_S = 0.004

Waits = list[list[float]]
"""A block of seconds after another."""


def latency(ports: int, percent: int) -> Pair:
    """The medians of five blocks' percentiles, ours and that of epoll and `os.read` alone, record by record in turn."""
    ours, floor = _waits(ports)
    return pairs((_percentile(a, percent), _percentile(b, percent)) for a, b in zip(ours, floor, strict=True))


def _percentile(waits: list[float], percent: int) -> float:
    return quantiles(waits, n=100)[percent - 1]


@cache
def _waits(ports: int) -> tuple[Waits, Waits]:
    if not BOOT_CLOCK:
        raise CannotRun("two processes compare their times by CLOCK_BOOTTIME, which this system does not have")
    with folder() as place, wires(ports) as mine, wires(ports) as theirs, ExitStack() as stack:
        path = Path(place) / "ward.db"
        beds(path, ports)
        frame, count = frames(1)[0], _BLOCKS * _EACH
        names = [[wire.name for wire in ends] for ends in (mine, theirs)]
        ours = stack.enter_context(started(("port_ours", str(path), str(count), *names[0]), Path(place)))
        floor = stack.enter_context(started(("port_floor", str(len(frame)), str(count), *names[1]), Path(place)))
        _until_ready(ours)
        _until_ready(floor)
        sent = _send(frame, count, mine, theirs)
        return tuple(_blocks(process, times, ports) for process, times in zip((ours, floor), sent, strict=True))  # type: ignore[return-value]


def _until_ready(process: "Popen[bytes]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"


def _send(frame: bytes, count: int, *sides: list[Wire]) -> list[list[float]]:
    """One record after another to the ports in turn, to one side and then to the other; when each was on the wire."""
    sent: list[list[float]] = [[] for _ in sides]
    for number in range(count):
        for times, wires_ in zip(sent, sides, strict=True):
            pause(_APART_S)
            times.append(steady_s())
            wires_[number % len(wires_)].write(frame)
    return sent


def _blocks(process: "Popen[bytes]", sent: list[float], ports: int) -> Waits:
    """How long each record took: those of one port arrive in the order in which they were sent."""
    out, _ = process.communicate(timeout=60)
    arrived: dict[int, Iterator[float]] = {}
    lines = [line.split() for line in out.decode().splitlines()]
    for port in range(ports):
        arrived[port] = iter([float(at) for number, at in lines if int(number) == port])
    waits = [next(arrived[number % ports]) - at for number, at in enumerate(sent)]
    return [waits[at : at + _EACH] for at in range(0, len(waits), _EACH)]
