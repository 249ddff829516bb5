"""From the last byte of a record on the wire to its value on a tile's model."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from subprocess import Popen

from app.services.clock import steady_s

from .beds import beds
from .child import all_said, said, started
from .pauses import pause
from .places import folder
from .timing import BOOT_CLOCK, CannotRun, Found
from .wires import Wire, of_one_moment, wires

_RATES = range(60, 90)
_BLOCKS, _EACH = 7, 200
_APART_S = 0.004
_LIMIT_S = 60.0


def latency(ports: int) -> dict[str, Found]:
    """The medians of blocks of records, ours and that of epoll, `os.read` and the same decoder alone, record by record in turn."""
    if not BOOT_CLOCK:
        raise CannotRun("two processes compare their times by CLOCK_BOOTTIME, which this system does not have")
    with folder() as place, wires(ports) as mine, wires(ports) as theirs, ExitStack() as stack:
        path = Path(place) / "ward.db"
        beds(path, ports)
        count = _BLOCKS * _EACH
        names = [[wire.name for wire in ends] for ends in (mine, theirs)]
        processes = [
            stack.enter_context(started(("port_ours", str(path), str(count), *names[0]), Path(place))),
            stack.enter_context(started(("port_floor", str(count), *names[1]), Path(place))),
        ]
        for process in processes:
            said(process)
        sent = _send(of_one_moment(_RATES), count, mine, theirs)
        ours, floor = (_blocks(process, times, ports) for process, times in zip(processes, sent, strict=True))
        return {f"latency_{ports}": list(zip(ours, floor, strict=True))}


def _send(records: Sequence[bytes], count: int, *sides: list[Wire]) -> list[list[float]]:
    """One record after another to the ports in turn, to one side and then to the other; when each was on the wire.

    Each shows another heart rate than the one before: a value that stands is less work.
    """
    sent: list[list[float]] = [[] for _ in sides]
    for number in range(count):
        for times, wires_ in zip(sent, sides, strict=True):
            pause(_APART_S)
            times.append(steady_s())
            wires_[number % len(wires_)].write(records[number // len(wires_) % len(records)])
    return sent


def _blocks(process: "Popen[bytes]", sent: Sequence[float], ports: int) -> list[float]:
    """The median of each block."""
    waits = waited([line.split() for line in all_said(process, _LIMIT_S)], sent, ports)
    return [quantiles(waits[at : at + _EACH], n=100)[49] for at in range(0, len(waits), _EACH)]


def waited(lines: list[list[str]], sent: Sequence[float], ports: int) -> list[float]:
    """How long each record took: those of one port arrive in the order in which they were sent."""
    arrived: dict[int, Iterator[float]] = {
        port: iter([float(at) for number, at in lines if int(number) == port]) for port in range(ports)
    }
    return [next(arrived[number % ports]) - at for number, at in enumerate(sent)]
