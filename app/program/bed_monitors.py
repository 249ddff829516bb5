"""The monitors of the beds: a ward's own, as remembered, or in practice a simulated one for each infusion."""

from collections.abc import Callable

from app.domain.infusion.phases import CLOSED
from app.practice.simulated_monitor import Recording, SimulatedMonitor
from app.program.open_record import Parts
from devices.discovery import Port, ports
from devices.link import LinkStatus
from devices.protocols.scanner.row import SCANNER
from ui.devices.view import PortHeard

_MONITORS = "monitors"
_PREFERRED = "preferred monitors"
_SCANNERS = "scanners"

Placed = dict[str, list[tuple[str, str]]]
"""Bed → its monitors' ports and protocols, the first first."""


def _unheard(_code: str) -> None:
    pass


def _needs_monitor(parts: Parts, infusion_id: str) -> bool:
    bedside = parts.bedside
    open_now = bedside.knows(infusion_id) and bedside.infusion(infusion_id).phase not in CLOSED
    return open_now and not bedside.ports_of(infusion_id)


class WardMonitors:
    """Which monitor stands at which bed is kept in the store; every one of them is read from the start."""

    def __init__(self, parts: Parts, on_scan: Callable[[str], None] = _unheard) -> None:
        self._parts, self._on_scan = parts, on_scan
        for url in self.scanners():
            parts.scan_with(url, on_scan)
        for url, protocol in {pair for there in self.placed().values() for pair in there}:
            parts.listen(url, protocol, simulated=False)

    def placed(self) -> Placed:
        found = self._parts.store.setting(_MONITORS, {})
        return {bed: [(url, protocol) for url, protocol in there] for bed, there in found.items()}

    def scanners(self) -> list[str]:
        """The ports of barcode scanners; they belong to no bed."""
        found: list[str] = self._parts.store.setting(_SCANNERS, [])
        return found

    def preferred(self) -> dict[str, dict[str, str]]:
        """Bed → vital sign (or “nibp”) → the port that comes first for it."""
        found: dict[str, dict[str, str]] = self._parts.store.setting(_PREFERRED, {})
        return found

    def attend(self, infusion_id: str) -> None:
        """Give a new infusion the monitors of its bed."""
        if _needs_monitor(self._parts, infusion_id):
            self._connect(infusion_id)

    def place(self, url: str, protocol: str, bed: str) -> None:
        """A monitor stands at a bed from now on, after those that stand there already; a scanner stands at none."""
        if protocol == SCANNER.protocol:
            self._keep_scanners({*self.scanners(), url})
            self._parts.scan_with(url, self._on_scan)
            return
        placed = self.placed()
        there = [pair for pair in placed.get(bed, []) if pair[0] != url]
        self._remember(placed | {bed: [*there, (url, protocol)]})
        self._parts.listen(url, protocol, simulated=False)

    def remove(self, url: str) -> None:
        """Let a monitor or scanner go, for good."""
        self._parts.unlisten(url)
        self._keep_scanners(set(self.scanners()) - {url})
        self._remember({bed: [pair for pair in there if pair[0] != url] for bed, there in self.placed().items()})

    def prefer(self, bed: str, key: str, url: str | None) -> None:
        """Put a port first for a vital sign of a bed; None: the bed's own order."""
        preferred = self.preferred()
        kept = {k: v for k, v in preferred.get(bed, {}).items() if k != key}
        chosen = kept | ({key: url} if url else {})
        self._parts.recorder.put_setting(_PREFERRED, preferred | {bed: chosen}).result()
        self._connect_all()

    def _remember(self, placed: Placed) -> None:
        self._parts.recorder.put_setting(_MONITORS, {bed: there for bed, there in placed.items() if there}).result()
        self._connect_all()

    def _keep_scanners(self, urls: set[str]) -> None:
        self._parts.recorder.put_setting(_SCANNERS, sorted(urls)).result()

    def _connect_all(self) -> None:
        for state in self._parts.bedside.infusions:
            if state.phase not in CLOSED:
                self._connect(state.infusion_id)

    def _connect(self, infusion_id: str) -> None:
        bed = self._parts.bedside.infusion(infusion_id).order.bed
        ports = [url for url, _protocol in self.placed().get(bed, [])]
        self._parts.bedside.connect(infusion_id, *ports, preferred=self.preferred().get(bed))

    def beds(self) -> dict[str, str]:
        """Port → the bed whose infusions take values from it."""
        return {url: bed for bed, there in self.placed().items() for url, _protocol in there}

    def set_speed(self, speed: float) -> None:
        """A ward's time runs as it does."""

    def close(self) -> None:
        """Readers are closed with the parts."""


class PracticeMonitors:
    """A simulated monitor for each infusion; another protocol may be chosen at any time."""

    def __init__(self, parts: Parts, protocol: str, replay: Recording | None = None) -> None:
        self._parts, self.protocol, self._replay = parts, protocol, replay
        self._running: dict[str, SimulatedMonitor | None] = {}
        self._seeds: dict[str, int] = {}

    def attend(self, infusion_id: str) -> None:
        if _needs_monitor(self._parts, infusion_id) and infusion_id not in self._running:
            self._seeds[infusion_id] = len(self._seeds) + 1
            self._simulate(infusion_id)

    def choose(self, infusion_id: str | None, protocol: str) -> None:
        """Put another monitor at the bed that is shown, and at every bed to come."""
        self.protocol, self._replay = protocol, None
        monitor = self._running.get(infusion_id or "")
        if infusion_id is not None and monitor is not None:
            self._parts.unlisten(monitor.url)
            monitor.close()
            self._simulate(infusion_id)

    def _simulate(self, infusion_id: str) -> None:
        """Start it on another thread, then read it."""
        self._running[infusion_id] = None
        protocol, seed, speed = self.protocol, self._seeds[infusion_id], self._parts.clock.speed
        replay = self._replay

        def start() -> None:
            monitor = SimulatedMonitor(protocol, seed, speed, replay=replay)
            self._parts.post(lambda: self._started(infusion_id, monitor, protocol))

        self._parts.executor.submit(start)

    def _started(self, infusion_id: str, monitor: SimulatedMonitor, protocol: str) -> None:
        self._running[infusion_id] = monitor
        monitor.set_speed(self._parts.clock.speed)
        self._parts.listen(monitor.url, protocol, simulated=True)
        self._parts.bedside.connect(infusion_id, monitor.url)

    def _all(self) -> list[SimulatedMonitor]:
        return [m for m in self._running.values() if m is not None]

    def beds(self) -> dict[str, str]:
        infusions = {i: self._parts.bedside.infusion(i) for i in self._running if self._parts.bedside.knows(i)}
        return {m.url: infusions[i].order.bed for i, m in self._running.items() if m is not None and i in infusions}

    def break_one(self, infusion_id: str | None, fault: str) -> None:
        """A fault at the bed that is shown, or at all of them where none is."""
        monitor = self._running.get(infusion_id or "")
        for one in [monitor] if monitor else self._all():
            one.fault(fault)

    def set_speed(self, speed: float) -> None:
        for monitor in self._all():
            monitor.set_speed(speed)

    def close(self) -> None:
        for monitor in self._all():
            monitor.close()


class PortsSeen:
    """What the Devices page is told of the ports."""

    def __init__(self, parts: Parts, monitors: WardMonitors | PracticeMonitors) -> None:
        self._parts, self.beds = parts, monitors.beds

    def links(self) -> list[LinkStatus]:
        return self._parts.links()

    def heard(self, port: str) -> PortHeard:
        reader = self._parts.readers.get(port)
        if reader is None:
            return PortHeard()
        return PortHeard(reader.newest, reader.unmapped, self._parts.ring.tails.get(port, b""))

    def listed(self) -> list[Port]:
        return ports()
