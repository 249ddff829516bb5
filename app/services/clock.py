"""The only place that reads a clock. Everybody else is given the time."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.domain.recordtime import Moment

_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", None)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


#: Seconds since boot; counts sleep where the system can (CLOCK_BOOTTIME).
steady_s: Callable[[], float] = time.monotonic if _BOOTTIME is None else partial(time.clock_gettime, _BOOTTIME)


def wall_utc() -> datetime:
    return datetime.now(UTC)


def local_hour() -> int:
    return datetime.now().hour


def utc_offset_min() -> int:
    """Minutes that local time is ahead of UTC."""
    return time.localtime().tm_gmtoff // 60


@cache
def boot_id() -> str:
    """One boot's name, the same as long as this process lives. Where the system has none, the minute of the boot stands for it."""
    if _BOOT_ID.exists():
        return _BOOT_ID.read_text().strip()
    boot = wall_utc().timestamp() - steady_s()
    return f"boot-{round(boot / 60)}"


@cache
def _kind_of_moment() -> "type[Moment]":
    """Not imported before somebody asks."""
    from app.domain.recordtime import Moment

    return Moment


def moment() -> "Moment":
    return _kind_of_moment()(wall_utc(), steady_s(), boot_id())


class ScaledClock:
    """Seconds since it was made, running `speed` times as fast as the wall; the speed may change at any time."""

    def __init__(self, speed: float = 1.0) -> None:
        self._mark = (0.0, steady_s(), speed)

    @property
    def speed(self) -> float:
        return self._mark[2]

    @speed.setter
    def speed(self, speed: float) -> None:
        self._mark = (self.now_s(), steady_s(), speed)

    def now_s(self) -> float:
        scaled, real, speed = self._mark
        return scaled + (steady_s() - real) * speed

    def advance_to(self, scaled_s: float) -> None:
        """Re-synchronise with another scaled clock."""
        self._mark = (scaled_s, steady_s(), self.speed)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for an event for so many scaled seconds."""
        return event.wait(max(0.0, seconds) / self.speed)


class SteppedClock:
    """A scaled clock that moves only when its owner ticks it, by the same step each time, and waits for its owner for ever.

    What happens at a step is thus the same on every machine. `speed` is the most: a machine that is busy takes longer.
    """

    def __init__(self, speed: float, step_s: float = 1.0) -> None:
        self.speed = speed
        self._step_s, self._steps = step_s, 0
        self._began, self._wall = steady_s(), wall_utc()
        self._nothing = threading.Event()

    def tick(self) -> float:
        """The next step, once the wall has come so far."""
        self._steps += 1
        early_s = self.now_s() / self.speed - (steady_s() - self._began)
        if early_s > 0:
            self._nothing.wait(early_s)
        return self.now_s()

    def now_s(self) -> float:
        return self._steps * self._step_s

    def moment(self) -> "Moment":
        """What a laptop's clocks would show that runs by this one: it neither sleeps nor is set."""
        from app.domain.recordtime import Moment

        return Moment(self._wall + timedelta(seconds=self.now_s()), self.now_s(), boot_id())


class Seconds(Protocol):
    """Any steady count of seconds, scaled or not."""

    def now_s(self) -> float: ...


def _anchored(clock: Seconds) -> datetime:
    """When the count began by the wall: of a few readings the closest, as a busy machine may stop between two clocks."""
    readings = []
    for _ in range(5):
        before_s, wall, after_s = clock.now_s(), wall_utc(), clock.now_s()
        readings.append((after_s - before_s, wall - timedelta(seconds=before_s)))
    return min(readings)[1]


class RecordClock:
    """Record time (UTC) over any steady count of seconds. It never moves back."""

    def __init__(self, clock: Seconds, start: datetime | None = None) -> None:
        self._clock = clock
        self._anchor = start - timedelta(seconds=clock.now_s()) if start else _anchored(clock)

    def now(self) -> datetime:
        return self._anchor + timedelta(seconds=self._clock.now_s())

    def move_on(self, gap: timedelta) -> None:
        """A person says that record time lags behind by `gap`. It never moves back."""
        self._anchor += max(timedelta(0), gap)
