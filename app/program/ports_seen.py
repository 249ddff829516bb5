"""What the Devices page is told of the ports."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.program.bed_monitors import PortReaders
from devices.discovery import Port, ports
from devices.link import LinkStatus

if TYPE_CHECKING:
    from ui.devices.view import PortHeard


class PortsSeen:
    """`beds` gives the bed of each port that is read."""

    def __init__(self, readers: PortReaders, beds: Callable[[], Mapping[str, str]]) -> None:
        self._readers, self.beds = readers, beds

    def links(self) -> list[LinkStatus]:
        return self._readers.links()

    def heard(self, port: str) -> "PortHeard":
        from ui.devices.view import PortHeard

        reader = self._readers.reader(port)
        if reader is None:
            return PortHeard()
        return PortHeard(reader.newest, reader.unmapped, self._readers.ring.tails().get(port, b""))

    def listed(self) -> list[Port]:
        return ports()
