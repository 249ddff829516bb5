"""A real line whose two ends are played in turn by one thread: nobody goes on before what was sent has arrived.

A terminal or a socket takes its time to hand bytes over, and longer on a busy machine. Here each end knows how many are
on their way and waits for them, so that what is read at a step depends on the step alone.
"""

import select
from collections.abc import Sequence

from app.domain.errors import Broken
from devices.link import PortSettings
from devices.transport import PortLink, open_link

from .tcp_line import PATIENCE_S, End, SimulatedLine

_LOOK_S = 0.25


class SteppedWire:
    """The line as the simulated monitor has it; `open` gives the port at its other end."""

    def __init__(self, line: SimulatedLine) -> None:
        self._line = line
        self.url = line.url
        self.unread = self.unheard = 0
        self.is_open = self.is_cut = False

    @property
    def has_news(self) -> bool:
        """Whether its reader has bytes to come, or the end of its port."""
        return self.is_open and (self.unread > 0 or self.is_cut)

    def open(self, url: str, settings: PortSettings) -> PortLink:
        """Raises `LinkError`."""
        link = open_link(url, settings)
        self.unread = self.unheard = 0
        self.is_open, self.is_cut = True, False
        return SteppedPort(link, self)

    def plug(self) -> None:
        self._line.plug()

    def unplug(self) -> None:
        self._line.unplug()
        self.unread = self.unheard = 0
        self.is_cut = True

    def part(self) -> None:
        """Nothing is under way between two steps."""
        self.unplug()

    def close(self) -> None:
        self._line.close()

    def readers(self) -> Sequence[End]:
        return self._line.readers()

    def writers(self) -> Sequence[End]:
        return self._line.writers()

    def read(self) -> bytes:
        heard = self._line.read()
        while self.is_open and len(heard) < self.unheard:
            if not select.select(self._line.readers(), [], [], PATIENCE_S)[0]:
                raise Broken("what was said to the simulated monitor did not arrive")
            heard += self._line.read()
        self.unheard = 0
        return heard

    def write(self, data: bytes) -> int:
        """Bytes sent while nobody has the port open are nobody's."""
        if not self.is_open or self.is_cut:
            return 0
        sent = self._line.write(data)
        self.unread += sent
        return sent

    def is_garbled(self) -> bool:
        return self._line.is_garbled()


class SteppedPort:
    """The port as its reader has it. `read` waits for all that is on its way, and for nothing else.

    A busy system hands over a part first; what a reader makes of a part and a rest is not what it makes of the whole.
    """

    def __init__(self, link: PortLink, wire: SteppedWire) -> None:
        self._link, self._wire = link, wire

    def read(self, _timeout_s: float) -> bytes:
        if not self._wire.has_news:
            return b""
        data = self._some()
        while self._wire.unread:
            data += self._some()
        return data

    def _some(self) -> bytes:
        """What has come, or the `LinkError` of a line that was cut."""
        for _ in range(int(PATIENCE_S / _LOOK_S)):
            data = self._link.read(_LOOK_S)
            if data:
                self._wire.unread = max(0, self._wire.unread - len(data))
                return data
        raise Broken("what the simulated monitor sent did not arrive")

    def write(self, data: bytes) -> None:
        self._link.write(data)
        self._wire.unheard += len(data)

    def wake(self) -> None:
        self._link.wake()

    def close(self) -> None:
        self._wire.is_open = False
        self._link.close()
