"""A simulated monitor in this process, at the end of a cable that tells when it was pulled and what went through it."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import msgspec

from devices.models import MODELS
from devices.protocols import SimulatedDevice
from devices.simulators.pty_line import PtyLine
from tests.devices.stage import Stage


class Overheard:
    """A simulated monitor whose every frame is noted."""

    def __init__(self, monitor: SimulatedDevice, frames: list[bytes]) -> None:
        self.hear, self.next_s, self.thin = monitor.hear, monitor.next_s, monitor.thin
        self._monitor, self._frames = monitor, frames

    def due(self, now_s: float, /) -> list[bytes]:
        frames = self._monitor.due(now_s)
        self._frames += frames
        return frames


class Cable(PtyLine):
    """`spans`: when it was pulled and plugged in again, by `now`. What is sent first after that has lost its first half."""

    now: Callable[[], datetime]

    def __init__(self, name: str, baud: int) -> None:
        self.spans: list[tuple[datetime, datetime]] = []
        self.pulled = Event()
        self._pulled_at: datetime | None = None
        self._is_cut = False
        super().__init__(name, baud)

    @property
    def is_out(self) -> bool:
        return self._ends is None

    def unplug(self) -> None:
        pulled_at = None if self.pulled.is_set() else self.now()
        super().unplug()
        if pulled_at is not None:
            self._pulled_at = pulled_at
            self.pulled.set()

    def plug(self) -> None:
        if self._pulled_at is not None:
            self.spans.append((self._pulled_at, self.now()))
            self._is_cut = True
        super().plug()

    def write(self, data: bytes) -> None:
        if data and self._is_cut:
            data, self._is_cut = data[len(data) // 2 :], False
        super().write(data)

    def close(self) -> None:
        self.pulled.set()
        super().close()


class CabledMonitor:
    """Stands where a rehearsal has its simulator process."""

    def __init__(self, protocol: str, _seed: int, speed: float, _tell: Callable[[str], None]) -> None:
        model = MODELS[protocol]
        self.frames: list[bytes] = []
        self.cable = Cable(protocol, model.settings.baud)
        played = msgspec.structs.replace(model, simulator=lambda *made_of: Overheard(model.simulator(*made_of), self.frames))
        self._stage = Stage(self.cable, speed, played)
        self.url = self.cable.url

    def fault(self, name: str) -> None:
        """A pull is waited for: a machine that stalls for longer than it lasts would pass it over."""
        self.cable.pulled.clear()
        self._stage.command(f"fault {name}")
        while not self.cable.pulled.wait(1.0):
            self._stage.command(f"fault {name}")

    def set_clock(self, now_s: float) -> None:
        self._stage.command(f"clock {now_s:.3f}")

    def close(self) -> None:
        self._stage.end()
