"""A simulated monitor in this process, at the end of a cable that tells when it was pulled and what went through it."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from app.practice.rehearsed_monitor import RehearsedMonitor
from devices.models import MODELS
from devices.protocols import SimulatedDevice
from devices.simulators.pty_line import PtyLine


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
        self._pulled_at: datetime | None = None
        self._is_cut = False
        super().__init__(name, baud)

    @property
    def is_out(self) -> bool:
        return self._ends is None

    def unplug(self) -> None:
        super().unplug()
        self._pulled_at = self.now()

    def plug(self) -> None:
        if self._pulled_at is not None:
            self.spans.append((self._pulled_at, self.now()))
            self._is_cut = True
        super().plug()

    def write(self, data: bytes) -> int:
        if data and self._is_cut:
            data, self._is_cut = data[len(data) // 2 :], False
        return super().write(data)


class CabledMonitor(RehearsedMonitor):
    """Stands where a rehearsal has its monitor."""

    def __init__(self, protocol: str, seed: int, tell: Callable[[str], None]) -> None:
        model = MODELS[protocol]
        self.frames: list[bytes] = []
        self.cable = Cable(protocol, model.settings.baud)
        played = msgspec.structs.replace(model, simulator=lambda *made_of: Overheard(model.simulator(*made_of), self.frames))
        super().__init__(protocol, seed, tell, self.cable, played)

    def fault(self, name: str, now_s: float) -> None:
        self._played.break_by(name, now_s)
