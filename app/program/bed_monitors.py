"""What is read: every port with its reader, whatever stands on it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from app.domain.infusion.phases import CLOSED
from app.domain.texts import say
from app.domain.vitals.vital_signs import Reading
from app.services.clock import ScaledClock, SteppedClock
from app.services.placements import AS_DELIVERED, PlacedHow, is_another
from app.services.ward.ports import Post
from app.services.ward.ward import Bedside
from devices.byte_ring import ByteRing
from devices.device_rows import as_chosen, as_set
from devices.discovery import ports
from devices.link import LinkError, LinkStatus, PortSettings
from devices.protocols.scanner.row import scanner
from devices.reader import PortReader
from devices.transport import PortLink, open_link

from .crossing import Crossing


class PortReaders:
    """One reader a port; what they read comes to `bedside`, on the deciding thread."""

    def __init__(self, bedside: Bedside, ring: ByteRing, clock: ScaledClock | SteppedClock, post: Post) -> None:
        self.ring = ring
        self._bedside, self._clock, self._post = bedside, clock, Crossing(post).put
        self._readers: dict[str, PortReader] = {}

    def listen(self, url: str, protocol: str, simulated: bool, how: PlacedHow = AS_DELIVERED) -> None:
        """Read a monitor from now on; one that was never heard here is looked for at every setting of its model."""
        if url in self._readers:
            return
        from devices.models import MODELS

        bedside, post = self._bedside, self._post
        self._begin(
            url,
            PortReader(
                as_set(as_chosen(MODELS[protocol], how.choices), how.line, not (simulated or how.has_lived)),
                url,
                simulated=simulated,
                now=bedside.clock.now,
                on_heard=lambda told, readings: post(partial(self._hear, told, readings)),
                speed=lambda: self._clock.speed,
                on_bytes=partial(self.ring.take, url, protocol),
                opened=partial(open_known, how),
            ),
        )

    def read_in_turn(self, url: str, protocol: str, opened: Callable[[str, PortSettings], PortLink]) -> PortReader:
        """The reader of a simulated monitor, to be played by the deciding thread itself: what it reads is taken at once."""
        from devices.models import MODELS

        bedside = self._bedside
        reader = self._readers[url] = PortReader(
            MODELS[protocol],
            url,
            simulated=True,
            now=bedside.clock.now,
            on_heard=self._hear,
            on_bytes=partial(self.ring.take, url, protocol),
            opened=opened,
        )
        return reader

    def _hear(self, told: LinkStatus | None, readings: list[Reading]) -> None:
        """What one read brought. The link first: no value stands before its monitor was found."""
        if told is not None:
            self._bedside.take_link(told)
        if readings:
            self._bedside.take_readings(readings)

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
                now=bedside.clock.now,
                on_heard=lambda told, readings: post(partial(self._hear, told, readings)),
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

    def let_go(self, url: str) -> Callable[[], None]:
        """Nobody reads there any more, and nothing of it stays; what is given back ends the thread, and may do so on another."""
        reader = self._readers.pop(url, None)
        self._bedside.forget_link(url)

        def end() -> None:
            if reader is not None:
                reader.stop()
            self.ring.let_go(url)
            self._post(lambda: self._forget(url))

        return end

    def _forget(self, url: str) -> None:
        """After the last that it still had to say, unless somebody reads there again."""
        if url not in self._readers:
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


def open_known(how: PlacedHow, url: str, settings: PortSettings) -> PortLink:
    """Another adapter may have got the name: what stands on it is not the monitor of this bed. Raises `LinkError`."""
    if is_another(url, how, ports()):
        raise LinkError(
            say("Another adapter is at {port} now than when its monitor was connected. Plug the right one in, or "
                "disconnect the monitor and connect it again.", port=url)
        )  # fmt: skip
    return open_link(url, settings)


class Monitors(Protocol):
    """Where the beds' values come from: a ward's own monitors, or simulated ones."""

    def attend(self, infusion_id: str, /) -> None:
        """See that this infusion has its monitors."""

    def beds(self) -> Mapping[str, str]:
        """Port → bed."""

    def tick(self, steady_s: float, /) -> None:
        """After each look at the ward."""

    def close(self) -> None: ...


def needs_monitor(bedside: Bedside, infusion_id: str) -> bool:
    """An open infusion that takes its values from nowhere yet."""
    is_open = bedside.knows(infusion_id) and bedside.phase(infusion_id) not in CLOSED
    return is_open and not bedside.ports_of(infusion_id)
