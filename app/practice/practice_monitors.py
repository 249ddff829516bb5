"""A simulated monitor for each infusion of a practice record; another protocol may be chosen at any time."""

from app.practice.simulated_monitor import SimulatedMonitor
from app.program.bed_monitors import needs_monitor
from app.program.open_record import OpenRecord
from app.settings import Recording


class PracticeMonitors:
    """Each is started on another thread, then read. `replay`: a recording that is played at the bed instead."""

    def __init__(self, record: OpenRecord, protocol: str, replay: Recording | None = None) -> None:
        self._record, self.protocol, self._replay = record, protocol, replay
        self._running: dict[str, SimulatedMonitor | None] = {}
        self._seeds: dict[str, int] = {}

    def attend(self, infusion_id: str) -> None:
        if needs_monitor(self._record.bedside, infusion_id) and infusion_id not in self._running:
            self._seeds[infusion_id] = len(self._seeds) + 1
            self._simulate(infusion_id)

    def choose(self, infusion_id: str | None, protocol: str) -> None:
        """Put another monitor at the bed that is shown, and at every bed to come."""
        self.protocol, self._replay = protocol, None
        monitor = self._running.get(infusion_id or "")
        if infusion_id is not None and monitor is not None:
            self._record.ports.unlisten(monitor.url)
            monitor.close()
            self._simulate(infusion_id)

    def _simulate(self, infusion_id: str) -> None:
        self._running[infusion_id] = None
        protocol, seed, speed = self.protocol, self._seeds[infusion_id], self._record.clock.speed
        replay = self._replay

        def start() -> None:
            monitor = SimulatedMonitor(protocol, seed, speed, replay=replay)
            self._record.post(lambda: self._started(infusion_id, monitor, protocol))

        self._record.executor.submit(start)

    def _started(self, infusion_id: str, monitor: SimulatedMonitor, protocol: str) -> None:
        self._running[infusion_id] = monitor
        monitor.set_speed(self._record.clock.speed)
        self._record.ports.listen(monitor.url, protocol, simulated=True)
        self._record.bedside.connect(infusion_id, monitor.url)

    def _all(self) -> list[SimulatedMonitor]:
        return [m for m in self._running.values() if m is not None]

    def beds(self) -> dict[str, str]:
        bedside = self._record.bedside
        infusions = {i: bedside.infusion(i) for i in self._running if bedside.knows(i)}
        return {m.url: infusions[i].order.bed for i, m in self._running.items() if m is not None and i in infusions}

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
