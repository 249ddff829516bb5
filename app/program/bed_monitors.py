"""What is read: every port with its reader; and in a ward which monitor stands at which bed, as the store remembers."""

from collections.abc import Callable, Mapping
from typing import Protocol

from app.domain.infusion.phases import CLOSED
from app.services.clock import ScaledClock, SteppedClock
from app.services.store_settings import PlacedMonitors, PreferredPorts, StoreSettings
from app.services.ward.ports import Post
from app.services.ward.ward import Bedside
from devices.byte_ring import ByteRing
from devices.link import LinkStatus, PortSettings
from devices.models import MODELS
from devices.protocols.scanner.row import SCANNER, scanner
from devices.reader import PortReader
from devices.transport import PortLink


class PortReaders:
    """One reader a port; what they read comes to `bedside`, on the deciding thread."""

    def __init__(self, bedside: Bedside, ring: ByteRing, clock: ScaledClock | SteppedClock, post: Post) -> None:
        self.ring = ring
        self._bedside, self._clock, self._post = bedside, clock, post
        self._readers: dict[str, PortReader] = {}

    def listen(self, url: str, protocol: str, simulated: bool) -> None:
        """Read a monitor from now on."""
        if url in self._readers:
            return
        bedside, post = self._bedside, self._post
        self._begin(
            url,
            PortReader(
                MODELS[protocol],
                url,
                simulated=simulated,
                now=bedside.now,
                on_readings=lambda readings: post(lambda: bedside.take_readings(readings)),
                on_link=lambda status: post(lambda: bedside.take_link(status)),
                speed=lambda: self._clock.speed,
                on_bytes=lambda data: self.ring.take(url, protocol, data),
            ),
        )

    def read_in_turn(self, url: str, protocol: str, opened: Callable[[str, PortSettings], PortLink]) -> PortReader:
        """The reader of a simulated monitor, to be played by the deciding thread itself: what it reads is taken at once."""
        bedside = self._bedside
        reader = self._readers[url] = PortReader(
            MODELS[protocol],
            url,
            simulated=True,
            now=bedside.now,
            on_readings=bedside.take_readings,
            on_link=bedside.take_link,
            on_bytes=lambda data: self.ring.take(url, protocol, data),
            opened=opened,
        )
        return reader

    def scan_with(self, url: str, on_scan: Callable[[str], None]) -> None:
        """Take codes from a scanner from now on. What it read is not kept as raw bytes."""
        if url in self._readers:
            return
        bedside, post = self._bedside, self._post
        self._begin(
            url,
            PortReader(
                scanner(lambda code: post(lambda: on_scan(code))),
                url,
                simulated=False,
                now=bedside.now,
                on_readings=lambda _readings: None,
                on_link=lambda status: post(lambda: bedside.take_link(status)),
            ),
        )

    def _begin(self, url: str, reader: PortReader) -> None:
        self._readers[url] = reader
        reader.start()

    def unlisten(self, url: str) -> None:
        reader = self._readers.pop(url, None)
        if reader is not None:
            reader.stop()
            self._bedside.forget_link(url)

    def is_read(self, url: str) -> bool:
        return url in self._readers

    def reader(self, url: str) -> PortReader | None:
        return self._readers.get(url)

    def links(self) -> list[LinkStatus]:
        """The newest status of every port that is read."""
        return [status for status in self._bedside.links if status.port in self._readers]

    def close(self) -> None:
        for url in list(self._readers):
            self.unlisten(url)
        self.ring.close()


class Monitors(Protocol):
    """Where the beds' values come from: a ward's own monitors, or simulated ones."""

    def attend(self, infusion_id: str, /) -> None:
        """See that this infusion has its monitors."""

    def beds(self) -> Mapping[str, str]:
        """Port → bed."""

    def tick(self) -> None:
        """Several times a second."""

    def close(self) -> None: ...


def needs_monitor(bedside: Bedside, infusion_id: str) -> bool:
    """An open infusion that takes its values from nowhere yet."""
    is_open = bedside.knows(infusion_id) and bedside.infusion(infusion_id).phase not in CLOSED
    return is_open and not bedside.ports_of(infusion_id)


class WardMonitors:
    """Which monitor stands at which bed is kept in the store; every one of them is read from the start."""

    def __init__(self, ports: PortReaders, settings: StoreSettings, bedside: Bedside, on_scan: Callable[[str], None]) -> None:
        self._ports, self._settings, self._bedside, self._on_scan = ports, settings, bedside, on_scan
        for url in self.scanners():
            ports.scan_with(url, on_scan)
        for url, protocol in {pair for there in self.placed().values() for pair in there}:
            ports.listen(url, protocol, simulated=False)

    def placed(self) -> PlacedMonitors:
        return self._settings.monitors()

    def scanners(self) -> list[str]:
        """The ports of barcode scanners; they belong to no bed."""
        return self._settings.scanners()

    def preferred(self) -> PreferredPorts:
        """Which port comes first for what, bed by bed."""
        return self._settings.preferred_ports()

    def attend(self, infusion_id: str) -> None:
        """Give a new infusion the monitors of its bed."""
        if needs_monitor(self._bedside, infusion_id):
            self._connect(infusion_id)

    def place(self, url: str, protocol: str, bed: str) -> None:
        """A monitor stands at a bed from now on, after those that stand there already; a scanner stands at none."""
        if protocol == SCANNER.protocol:
            self._keep_scanners({*self.scanners(), url})
            self._ports.scan_with(url, self._on_scan)
            return
        placed = self.placed()
        there = [pair for pair in placed.get(bed, []) if pair[0] != url]
        self._remember(placed | {bed: [*there, (url, protocol)]})
        self._ports.listen(url, protocol, simulated=False)

    def remove(self, url: str) -> None:
        """Let a monitor or scanner go, for good."""
        self._ports.unlisten(url)
        self._keep_scanners(set(self.scanners()) - {url})
        self._remember({bed: [pair for pair in there if pair[0] != url] for bed, there in self.placed().items()})

    def prefer(self, bed: str, key: str, url: str | None) -> None:
        """Put a port first for a vital sign of a bed; None: the bed's own order."""
        preferred = self.preferred()
        kept = {k: v for k, v in preferred.get(bed, {}).items() if k != key}
        chosen = kept | ({key: url} if url else {})
        self._settings.put_preferred_ports(preferred | {bed: chosen}).result()
        self._connect_all()

    def _remember(self, placed: PlacedMonitors) -> None:
        self._settings.put_monitors(placed).result()
        self._connect_all()

    def _keep_scanners(self, urls: set[str]) -> None:
        self._settings.put_scanners(urls).result()

    def _connect_all(self) -> None:
        for state in self._bedside.infusions:
            if state.phase not in CLOSED:
                self._connect(state.infusion_id)

    def _connect(self, infusion_id: str) -> None:
        bed = self._bedside.infusion(infusion_id).order.bed
        ports = [url for url, _protocol in self.placed().get(bed, [])]
        self._bedside.connect(infusion_id, *ports, preferred=self.preferred().get(bed))

    def beds(self) -> dict[str, str]:
        """Port → the bed whose infusions take values from it."""
        return {url: bed for bed, there in self.placed().items() for url, _protocol in there}

    def tick(self) -> None:
        """A ward's time runs as it does."""

    def close(self) -> None:
        """Readers are closed with the record that they read for."""
