"""Serial cables made of pseudo-terminals: the bench writes at one end, a program reads at the other."""

import os
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.simulator import DatexS5Monitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from . import CannotRun


class Wire:
    """`name` is what a program opens."""

    def __init__(self) -> None:
        self._end, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.name = os.ttyname(self._theirs)

    def write(self, data: bytes) -> None:
        os.write(self._end, data)

    def close(self) -> None:
        os.close(self._end)
        os.close(self._theirs)


@contextmanager
def wires(count: int) -> Iterator[list[Wire]]:
    if os.name != "posix":
        raise CannotRun("a serial cable is made of a pseudo-terminal, which this system does not have")
    made = [Wire() for _ in range(count)]
    yield made
    for wire in made:
        wire.close()


def frames(count: int) -> list[bytes]:
    """So many records of an S/5, as it sends one after another."""
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    monitor.hear(dri.request(5), 0.0)
    return [b"".join(monitor.due(5.0 * number)) for number in range(count)]
