"""Serial cables made of pseudo-terminals: the bench writes at one end, a program reads at the other."""

import os
import select
import tty
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.simulator import DatexS5Monitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient, PatientVitals

from . import CannotRun

_EVERY_S = 5
_PATIENCE_S = 1.0


class Wire:
    """`name` is what a program opens."""

    def __init__(self) -> None:
        self._end, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._end, False)
        self.name = os.ttyname(self._theirs)

    def write(self, data: bytes) -> None:
        """What nobody reads within a second is lost, as on a line."""
        while data and select.select([], [self._end], [], _PATIENCE_S)[1]:
            data = data[os.write(self._end, data) :]

    def drain(self) -> None:
        """What the program asks its monitor is not read by anybody else."""
        if select.select([self._end], [], [], 0)[0]:
            os.read(self._end, 4096)

    def close(self) -> None:
        os.close(self._end)
        os.close(self._theirs)


@contextmanager
def wires(count: int) -> Iterator[list[Wire]]:
    if os.name != "posix":
        raise CannotRun("a serial cable is made of a pseudo-terminal, which this system does not have")
    made = [Wire() for _ in range(count)]
    try:
        yield made
    finally:
        for wire in made:
            wire.close()


class Beating(Patient):
    """Whose heart beats so many times a minute."""

    def __init__(self, a_minute: int) -> None:
        super().__init__()
        self._a_minute = a_minute

    def vitals(self, now_s: float) -> PatientVitals:
        return super().vitals(now_s)._replace(hr=self._a_minute)


def of_one_moment(rates: Iterable[int]) -> list[bytes]:
    """A record of an S/5 for each heart rate, all of the same time by its own clock: sent fast they are no memory's print."""
    monitors = [DatexS5Monitor(Beating(rate), MonitorFaults()) for rate in rates]
    for monitor in monitors:
        monitor.hear(dri.request(_EVERY_S), 0.0)
    return [b"".join(monitor.due(0.0)) for monitor in monitors]


def frames(count: int) -> list[bytes]:
    """So many records of an S/5, one a second by its own clock: as of five that each send every five seconds."""
    monitors = [DatexS5Monitor(Patient(), MonitorFaults()) for _ in range(_EVERY_S)]
    for at_s, monitor in enumerate(monitors):
        monitor.hear(dri.request(_EVERY_S), float(at_s))
    return [b"".join(monitors[at_s % _EVERY_S].due(float(at_s))) for at_s in range(count)]
