"""Which monitor stands at which bed, as the store remembers: placed, known again elsewhere, let go."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from app.domain.infusion.phases import CLOSED
from app.domain.texts import Text, say
from app.program.bed_monitors import PortReaders, needs_monitor
from app.services.placements import AS_DELIVERED, PlacedHow, whereabouts
from app.services.store_settings import PlacedMonitors, PreferredPorts, StoreSettings
from app.services.ward.ports import Tell
from app.services.ward.ward import Bedside
from devices.discovery import Port, ports
from devices.link import LinkState, LinkStatus, PortSettings
from devices.listening import with_peer
from devices.protocols.scanner.row import SCANNER

_LOOK_EVERY_S = 5.0
_GONE = (LinkState.ABSENT, LinkState.LOST)


def _nobody(_happened: Text, _safe: Text | str = "", _to_do: Text | str = "", /) -> None:
    """For whoever looks at the links alone."""


class WardMonitors:
    """Which monitor stands at which bed is kept in the store; every one of them is read from the start."""

    def __init__(
        self,
        readers: PortReaders,
        settings: StoreSettings,
        bedside: Bedside,
        on_scan: Callable[[str], None],
        tell: Tell = _nobody,
        listed: Callable[[], Sequence[Port]] = ports,
    ) -> None:
        self._ports, self._settings, self._bedside, self._on_scan = readers, settings, bedside, on_scan
        self._tell, self._listed = tell, listed
        self._asked: set[str] = set()
        self._strangers: set[tuple[str, str]] = set()
        self._untold: list[tuple[Text, Text | str]] = []
        self._next_s: float | None = None
        self._find_moved()
        for url in self.scanners():
            readers.scan_with(url, on_scan)
        for url, protocol in self._protocols().items():
            readers.listen(url, protocol, simulated=False, how=self.how(url))

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

    def how(self, url: str) -> PlacedHow:
        """How a placed monitor is read."""
        return self._settings.placed_how().get(url, AS_DELIVERED)

    def place(self, url: str, protocol: str, bed: str, line: PortSettings | None = None, choices: Sequence[str] = ()) -> None:
        """A monitor stands at a bed from now on, after those that stand there already; a scanner stands at none."""
        adapter = next((port.identity for port in self._listed() if port.name == url), "")
        how = PlacedHow(line, tuple(choices), adapter)
        self._keep_how(url, how)
        if protocol == SCANNER.protocol:
            self._keep_scanners({*self.scanners(), url})
            self._ports.scan_with(url, self._on_scan)
            return
        placed = self.placed()
        there = [pair for pair in placed.get(bed, []) if pair[0] != url]
        self._remember(placed | {bed: [*there, (url, protocol)]})
        self._listen_anew(url, protocol, how)

    def change(self, url: str, line: PortSettings | None, choices: Sequence[str]) -> None:
        """A placed monitor is read with another setting of its line, or by another choice of the site, from now on.

        That is its first use so: one that is silent is looked for at every setting of its model.
        """
        how = msgspec.structs.replace(self.how(url), line=line, choices=tuple(choices), has_lived=False)
        self._keep_how(url, how)
        self._listen_anew(url, self._protocols()[url], how)

    def let_in(self, url: str, address: str) -> None:
        """Whoever connects from this address to a port of ours is read from now on."""
        self._move({url: with_peer(url, address)})

    def remove(self, url: str) -> None:
        """Let a monitor or scanner go, for good."""
        self._ports.unlisten(url)
        self._keep_how(url, AS_DELIVERED)
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

    def tick(self, steady_s: float) -> None:
        """A ward's time runs as it does; now and then it is looked who was heard, and where an adapter has gone."""
        for happened, to_do in self._untold:  # what was found before there was a window, too
            self._tell(happened, "", to_do)
        self._untold.clear()
        if self._next_s is None:
            self._next_s = steady_s + _LOOK_EVERY_S
        if steady_s < self._next_s:
            return
        self._next_s = steady_s + _LOOK_EVERY_S
        links = self._ports.links()
        self._note_lived({status.port for status in links if status.state is LinkState.LIVE})
        self._ask_about(links)
        if any(status.state in _GONE for status in links):
            self._find_moved()

    def _note_lived(self, live: set[str]) -> None:
        known = self._settings.placed_how()
        new = {url: how for url in live & set(self._protocols()) if not (how := known.get(url, AS_DELIVERED)).has_lived}
        if new:
            lived = {url: msgspec.structs.replace(how, has_lived=True) for url, how in new.items()}
            self._settings.put_placed_how(known | lived).result()

    def _ask_about(self, links: Sequence[LinkStatus]) -> None:
        """Whoever knocks is asked about once."""
        for status in links:
            if status.knock is not None and (status.port, status.stranger) not in self._strangers:
                self._strangers.add((status.port, status.stranger))
                self._untold.append((status.knock, say("If it is the monitor of this bed, let it in on the Devices page.")))

    def _find_moved(self) -> None:
        """Adapters that were plugged in elsewhere are taken up there; of equal ones a person says which is which."""
        known = self._settings.placed_how()
        urls = [*self._protocols(), *self.scanners()]
        found = whereabouts({url: known.get(url, AS_DELIVERED) for url in urls}, self._listed())
        self._move(found.moved)
        for url, now_at in found.moved.items():
            happened = say("The adapter of {port} is plugged in at {now_at} now: it is read there.", port=url, now_at=now_at)
            self._untold.append((happened, ""))
        for url, candidates in found.unclear.items():
            if url not in self._asked:
                happened = say("The adapter of {port} is plugged in elsewhere, but equal ones are there: {ports}.",
                               port=url, ports=", ".join(candidates))  # fmt: skip
                self._untold.append((happened, say("On the Devices page, connect the monitor again at the port where it is.")))
        self._asked = set(found.unclear)

    def _move(self, moved: Mapping[str, str]) -> None:
        if not moved:
            return
        protocols, scanners, how = self._protocols(), self.scanners(), self._settings.placed_how()
        for url in moved:
            self._ports.unlisten(url)
        self._settings.put_placed_how({moved.get(url, url): one for url, one in how.items()}).result()
        self._keep_scanners({moved.get(url, url) for url in scanners})
        preferred = self.preferred()
        there = {bed: {key: moved.get(url, url) for key, url in first.items()} for bed, first in preferred.items()}
        self._settings.put_preferred_ports(there).result()
        placed = self.placed()
        self._remember({bed: [(moved.get(url, url), protocol) for url, protocol in pairs] for bed, pairs in placed.items()})
        for url, now_at in moved.items():
            if url in scanners:
                self._ports.scan_with(now_at, self._on_scan)
            else:
                self._ports.listen(now_at, protocols[url], simulated=False, how=how.get(url, AS_DELIVERED))

    def _protocols(self) -> dict[str, str]:
        return {url: protocol for there in self.placed().values() for url, protocol in there}

    def _keep_how(self, url: str, how: PlacedHow) -> None:
        self._settings.put_placed_how(self._settings.placed_how() | {url: how}).result()

    def _listen_anew(self, url: str, protocol: str, how: PlacedHow) -> None:
        self._ports.unlisten(url)
        self._ports.listen(url, protocol, simulated=False, how=how)

    def close(self) -> None:
        """Readers are closed with the record that they read for."""
