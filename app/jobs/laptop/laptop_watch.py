"""Looks after the laptop itself: reads power, disk, sleep and updates, keeps it awake while somebody relies on it."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.texts import say
from app.domain.watch.laptop_seen import NOTHING_READ, LaptopSeen, SoundFault
from app.domain.watch.preflight import SHIFT, Looked
from app.services.ward.ports import Post

from . import sleep_settings, update_settings
from .awake import Awake
from .power import PowerRead, read_power

EVERY_S = 10.0
SETTINGS_EVERY = 6
_HELD_OFF = Looked(True, say("Held off; leave the lid open"))
#: From the hung bag on nobody wants to find it asleep.
_RELIED_ON = (Phase.HUNG, *INFUSING, Phase.OBSERVATION)


class LaptopRead(NamedTuple):
    """One look at the system. `free_bytes` None: unknown."""

    power: PowerRead
    free_bytes: int | None
    sleep: Looked
    updates: Looked


def read_laptop(folder: Path, hour: int, before: LaptopRead | None = None) -> LaptopRead:
    """Takes up to some seconds. `folder`: where the record lies; `hour`: of the day, local.

    `before`: of this one sleep and updates are taken, which other programs have to be started for.
    """
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        free = None
    if before is not None:
        return LaptopRead(read_power(), free, before.sleep, before.updates)
    return LaptopRead(read_power(), free, sleep_settings.read_sleep(), update_settings.read_updates(hour))


class LaptopReader:
    """Power and disk each time, sleep and updates every `SETTINGS_EVERY` times."""

    def __init__(self, folder: Path, hour: Callable[[], int]) -> None:
        self._folder, self._hour = folder, hour
        self._found: LaptopRead | None = None
        self._turn = 0

    def read(self) -> LaptopRead:
        before = self._found if self._turn % SETTINGS_EVERY else None
        self._turn += 1
        self._found = read_laptop(self._folder, self._hour(), before)
        return self._found


class LaptopWatch:
    """On the deciding thread; the system is asked on one `thread` of its own. `read` asks it, `seen` is told what it said.

    `heard_at`: when somebody heard the sound test.
    """

    def __init__(
        self, read: Callable[[], LaptopRead], awake: Awake, thread: Executor, post: Post, now: Callable[[], datetime],
        seen: Callable[[LaptopSeen], object],
    ) -> None:  # fmt: skip
        self._read, self._awake, self._post, self._now, self._tell = read, awake, post, now, seen
        self._thread = thread
        self._next_s: float | None = None
        self._wanted = self._is_held = self._is_looking = self._over = False
        self._found: LaptopRead | None = None
        self._sound: SoundFault | None = None
        self._not_heard = False
        self._tested_at: datetime | None = None
        self.heard_at: datetime | None = None
        self._clock: tuple[int, datetime] | None = None
        self._answers: dict[str, datetime] = {}
        self.seen = NOTHING_READ

    # --- what the system says

    def tick(self, steady_s: float, infusions: Sequence[Infusion]) -> None:
        """At each look at the ward. What was compared with the ward clock counts no more once the laptop's was moved."""
        if self._clock and any(s.clock_stepped and s.clock_stepped[0] > self._clock[1] for s in infusions):
            self._clock = None
        wanted = any(state.phase in _RELIED_ON for state in infusions)
        if wanted != self._wanted:
            self._wanted = wanted
            self._thread.submit(self._hold, wanted)
        if not self._is_looking and (self._next_s is None or steady_s >= self._next_s):
            self._next_s, self._is_looking = steady_s + EVERY_S, True
            self._thread.submit(self._look)

    def _hold(self, wanted: bool) -> None:
        held = wanted and self._awake.hold()
        if not wanted:
            self._awake.let_go()
        self._post(lambda: self._held(held))

    def _held(self, held: bool) -> None:
        self._is_held = held

    def _look(self) -> None:
        found = self._read()
        self._post(lambda: self._looked(found))

    def _looked(self, found: LaptopRead) -> None:
        self._found, self._is_looking = found, False
        self._changed()

    def _changed(self) -> None:
        found = self._found
        power, free = (found.power, found.free_bytes) if found else (PowerRead(None, None), None)
        self.seen = LaptopSeen(self._now(), *power, free, self.sound, self.heard_at)
        if not self._over:
            self._tell(self.seen)

    @property
    def sleep(self) -> Looked:
        """Held off, or what its settings say."""
        if self._is_held:
            return _HELD_OFF
        return self._found.sleep if self._found else sleep_settings.NOT_READ

    @property
    def updates(self) -> Looked:
        return self._found.updates if self._found else update_settings.NOT_READ

    # --- what people say

    def sound_is(self, fault: SoundFault | None) -> None:
        """What is wrong with the sound, as it is played. Once it is mended it is to be tried again."""
        if fault != self._sound:
            self._sound = fault
            if fault is None and self.heard_at is None:
                self._tested_at = None
            self._changed()

    @property
    def sound(self) -> SoundFault | None:
        return self._sound or (SoundFault.NOT_HEARD if self._not_heard else None)

    def is_test_due(self) -> bool:
        """Nobody tried the sound in this shift."""
        return self._tested_at is None or self._now() - self._tested_at > SHIFT

    def tested(self, heard: bool) -> None:
        """Somebody listened. With a fault in sight there is nothing to hear."""
        self._tested_at = self._now()
        self.heard_at = self._now() if heard else None
        self._not_heard = not heard and self._sound is None
        self._changed()

    def answer(self, keys: Iterable[str], clock_off_min: int | None) -> None:
        """What was said before a start holds for this shift, at every bed."""
        self._answers |= dict.fromkeys(keys, self._now())
        if clock_off_min is not None:
            self._clock = clock_off_min, self._now()

    def answered(self) -> frozenset[str]:
        return frozenset(key for key, at in self._answers.items() if self._now() - at <= SHIFT)

    def clock_off_min(self) -> int | None:
        """As it was compared in this shift."""
        return self._clock[0] if self._clock and self._now() - self._clock[1] <= SHIFT else None

    def close(self) -> None:
        self._over = True
        self._thread.submit(self._awake.let_go)
        self._thread.shutdown()
