"""What a monitor costs while it is read, at its own pace, and how long a value takes until it is painted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread

from app.services.clock import steady_s
from devices.models import MODELS
from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.simulator import DatexS5Monitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient, PatientVitals

from .beds import beds
from .child import said, said_so_far, started
from .pauses import pause
from .places import folder
from .stores import busy
from .timing import BOOT_CLOCK, CannotRun, Found
from .ward_store import RUNNING
from .wires import Wire, frames, wires

_WINDOW_MS, _SETTLED, _WINDOWS = 3000, 2, 7
_A_FRAME_S = 500e-6


def frame_cost(protocol: str, a_second: int) -> dict[str, Found]:
    """Processor seconds of a frame on its whole way against 500 µs, and of a second against a core."""
    with folder() as place, wires(1) as (wire,), _paced(wire, _bytes(protocol, a_second), a_second) as sent:
        path = Path(place) / "ward.db"
        beds(path, 1)
        with started(("frames_read", str(path), str(_WINDOW_MS), protocol, wire.name), Path(place)) as process:
            said(process)
            told = [(float(said(process)), sent()) for _ in range(_SETTLED + _WINDOWS)][_SETTLED - 1 :]
    name = f"frame_cost_{protocol.replace('-', '_')}"
    spent = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(told)]
    return {
        name: [(cpu_s / max(1, count), _A_FRAME_S) for cpu_s, count in spent],
        f"{name}_core": [(cpu_s * 1000 / _WINDOW_MS, 1.0) for cpu_s, _ in spent],
    }


def _bytes(protocol: str, a_second: int) -> list[bytes]:
    """So much as it sends at each turn: an S/5 a record a second, an oximeter each of its frames."""
    seconds = _WINDOW_MS * (_SETTLED + _WINDOWS + 3) // 1000
    if protocol == "datex-s5":
        return frames(seconds)
    model = MODELS[protocol]
    monitor = model.simulator(Patient(), MonitorFaults())
    dialogue = model.dialogue(model.decoder())
    monitor.hear(dialogue.on_open(0.0), 0.0)
    made = []
    for number in range(seconds * a_second):
        made.append(b"".join(monitor.due(number / a_second)))
        monitor.hear(dialogue.tick(number / a_second), number / a_second)
    return made


@contextmanager
def _paced(wire: Wire, records: list[bytes], a_second: int) -> Iterator[Callable[[], int]]:
    """Writes at the device's own pace, over and over; hands out how many records were sent."""
    over, count = Event(), [0]

    def speak() -> None:
        began = steady_s()
        while not over.wait(max(0.0, began + count[0] / a_second - steady_s())):
            wire.write(records[count[0] % len(records)])
            wire.drain()
            count[0] += 1

    thread = Thread(target=speak, name="monitor")
    thread.start()
    try:
        yield lambda: count[0]
    finally:
        over.set()
        thread.join()


_BLOCKS, _EACH = 5, 40
_APART_S, _ALLOWED_S = 0.53, 0.1
_LOWEST = 60


class Counting(Patient):
    """Whose heart beats once more a minute each second, from 60 to 99 and again: every value is told from the one before."""

    def vitals(self, now_s: float) -> PatientVitals:
        return super().vitals(now_s)._replace(hr=_LOWEST + int(now_s) % _EACH)


def tile_shown() -> dict[str, Found]:
    """The 99th percentile from the last byte on the wire to the painted tile, of blocks of 40, against 100 ms.

    A record is being made and a backup runs meanwhile. One that is never painted before the next is has waited until then.
    """
    if not BOOT_CLOCK:
        raise CannotRun("two processes compare their times by CLOCK_BOOTTIME, which this system does not have")
    count = _BLOCKS * _EACH + 1
    with folder() as place, wires(1) as (wire,):
        busy("1000", Path(place), wire.name)
        with started(("shown", RUNNING), Path(place)) as process:
            said(process)
            pause(5.0)
            sent = []
            for record in _counted(count):
                pause(_APART_S)
                sent.append(steady_s())
                wire.write(record)
            pause(2.0)
            painted = [(int(value), float(at)) for value, at in map(str.split, said_so_far(process))]
    waits = until_painted(sent, painted, [_LOWEST + n % _EACH for n in range(count)])[1:]
    return {"tile_shown": [(_p99(waits[at : at + _EACH]), _ALLOWED_S) for at in range(0, len(waits), _EACH)]}


def _p99(waits: list[float]) -> float:
    return quantiles(waits, n=100, method="inclusive")[98]


def _counted(count: int) -> list[bytes]:
    monitors = [DatexS5Monitor(Counting(), MonitorFaults()) for _ in range(5)]
    for at_s, monitor in enumerate(monitors):
        monitor.hear(dri.request(5), float(at_s))
    return [b"".join(monitors[at_s % 5].due(float(at_s))) for at_s in range(count)]


def until_painted(sent: list[float], painted: list[tuple[int, float]], values: list[int]) -> list[float]:
    """From each sending to the first painting of its value or of a later one."""
    waits: list[float] = []
    number = 0
    for value, at in painted:
        ahead = next(
            (n for n in range(number, min(number + _EACH // 2, len(values))) if values[n] == value and sent[n] <= at), None
        )
        if ahead is None:
            continue
        waits += [at - sent[n] for n in range(number, ahead + 1)]
        number = ahead + 1
    if number < len(values):
        raise CannotRun(f"{len(values) - number} of {len(values)} values were never painted")
    return waits
