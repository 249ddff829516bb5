"""A simulated monitor for each infusion of a practice record; another protocol may be chosen at any time."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from app.domain.infusion.phases import CLOSED
from app.practice.simulated_monitor import SimulatedMonitor
from app.program.bed_monitors import needs_monitor
from app.program.open_record import OpenRecord
from app.settings import Recording


class Played(Protocol):
    """A simulated monitor that runs, wherever it does."""

    @property
    def url(self) -> str: ...
    def set_speed(self, speed: float, /) -> None: ...
    def fault(self, name: str, /) -> None: ...
    def mend(self) -> None: ...
    def close(self) -> None: ...


Play = Callable[[str, int, float, Recording | None], Played]
"""Begins one: protocol, seed, speed, and a recording that is played instead."""


def as_a_process(protocol: str, seed: int, speed: float, replay: Recording | None) -> SimulatedMonitor:
    return SimulatedMonitor(protocol, seed, speed, replay=replay)


class PracticeMonitors:
    """Each is started on another thread, then read, and ends with its infusion. `replay`: a recording is played instead."""

    def __init__(self, record: OpenRecord, protocol: str, replay: Recording | None = None, play: Play = as_a_process) -> None:
        self._record, self.protocol, self._replay, self._play = record, protocol, replay, play
        self._running: dict[str, Played | None] = {}
        self._seeds: dict[str, int] = {}

    def attend(self, infusion_id: str) -> None:
        """Whenever something changed there. What a correction opens again gets no second one: nobody is infused any more."""
        bedside = self._record.bedside
        if needs_monitor(bedside, infusion_id) and infusion_id not in self._seeds:
            self._seeds[infusion_id] = len(self._seeds) + 1
            self._simulate(infusion_id)
        elif self._running.get(infusion_id) is not None and bedside.phase(infusion_id) in CLOSED:
            self._end(infusion_id)

    def choose(self, infusion_id: str | None, protocol: str) -> None:
        """Put another monitor at the bed that is shown, and at every bed to come."""
        self.protocol, self._replay = protocol, None
        if infusion_id is not None and self._running.get(infusion_id) is not None:
            self._end(infusion_id)
            self._simulate(infusion_id)

    def _simulate(self, infusion_id: str) -> None:
        self._running[infusion_id] = None
        begin = partial(self._play, self.protocol, self._seeds[infusion_id], self._record.clock.speed, self._replay)
        protocol = self.protocol

        def start() -> None:
            monitor = begin()
            self._record.post(lambda: self._started(infusion_id, monitor, protocol))

        self._record.executor.submit(start)

    def _started(self, infusion_id: str, monitor: Played, protocol: str) -> None:
        self._running[infusion_id] = monitor
        if self._record.bedside.phase(infusion_id) in CLOSED:
            self._end(infusion_id)
            return
        monitor.set_speed(self._record.clock.speed)
        self._record.ports.listen(monitor.url, protocol, simulated=True)
        self._record.bedside.connect(infusion_id, monitor.url)

    def _end(self, infusion_id: str) -> None:
        """Its reader first, both on another thread."""
        monitor = self._running.pop(infusion_id)
        assert monitor is not None
        self._record.executor.submit(_ended, self._record.ports.let_go(monitor.url), monitor)

    def _all(self) -> list[Played]:
        return [m for m in self._running.values() if m is not None]

    def beds(self) -> dict[str, str]:
        bedside = self._record.bedside
        return {m.url: bedside.infusion(i).order.bed for i, m in self._running.items() if m is not None and bedside.knows(i)}

    def break_one(self, infusion_id: str | None, fault: str) -> None:
        """A fault at the bed that is shown, or at all of them where none is."""
        monitor = self._running.get(infusion_id or "")
        for one in [monitor] if monitor else self._all():
            one.fault(fault)

    def mend_one(self, infusion_id: str) -> None:
        monitor = self._running.get(infusion_id)
        if monitor is not None:
            monitor.mend()

    def set_speed(self, speed: float) -> None:
        for monitor in self._all():
            monitor.set_speed(speed)

    def close(self) -> None:
        for monitor in self._all():
            monitor.close()


def _ended(stop_reading: Callable[[], None], monitor: Played) -> None:
    stop_reading()
    monitor.close()
