"""The one look at the ward a tick: of each bed its state, what is due, what is worth an alarm, its monitor and values.

Whoever shows or does something by what a bed is like now reads it here; nobody else works out what is due or alarms.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.phases import CLOSED
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.infusion.tasks import due, most_pressing
from app.domain.vitals.vital_signs import VITALS, Reading
from app.domain.watch.conditions import ActiveAlarm, BedSeen, alarms
from devices.link import LinkStatus

from .bed_watch import BedWatch
from .infusion_writes import InfusionWrites


class BedNow(msgspec.Struct, frozen=True):
    """One infusion as it is now. `tasks`: all that are due, the soonest first; `next`: the one to do next.

    `alarms`: all conditions, the most pressing first, none once it is closed. `link`: the worst of its monitors, None where
    none is connected. `values`: the newest chartable ones, however old. `drops`: what a drop sensor says now.
    """

    state: Infusion
    tasks: tuple[Task, ...]
    next: Task | None
    alarms: tuple[ActiveAlarm, ...]
    link: LinkStatus | None
    values: Mapping[str, Reading]
    drops: DropsSeen | None = None

    @property
    def is_open(self) -> bool:
        return self.state.phase not in CLOSED


class _Look:
    """What was seen of one bed, and what it was seen of."""

    def __init__(self, line: InfusionWrites, monitors: BedWatch, now: datetime) -> None:
        self._state, self._unsaved_since = line.state, line.unsaved_since
        self._monitors, self._heard = monitors, monitors.heard
        self.bed = _bed(line, monitors, now)

    def still_holds(self, line: InfusionWrites, monitors: BedWatch) -> bool:
        is_same = line.state is self._state and line.unsaved_since == self._unsaved_since
        return is_same and monitors is self._monitors and monitors.heard == self._heard


def _bed(line: InfusionWrites, monitors: BedWatch, now: datetime) -> BedNow:
    state, link = line.state, monitors.link
    tasks = tuple(due(state, now))
    newest = {code: r for code in VITALS if (r := monitors.newest(code)) is not None}
    drops = monitors.drops.seen(state, now)
    seen = BedSeen(
        state,
        tasks,
        newest,
        None if link is None else monitors.silent_since,
        None if link is None else link.last_byte_at,
        line.unsaved_since,
        drops,
    )
    found = () if state.phase in CLOSED else tuple(alarms(seen, now))
    return BedNow(state, tasks, most_pressing(tasks, now), found, link, newest, drops)


class Watch:
    """`forget` begins a tick. Between two ticks each bed is looked at once, and again where something happened to it."""

    def __init__(self, lines: Mapping[str, InfusionWrites], monitors: Mapping[str, BedWatch]) -> None:
        self._lines, self._monitors = lines, monitors
        self._looks: dict[str, _Look] = {}

    def forget(self) -> None:
        """Time has gone by: what was seen may be so no more."""
        self._looks.clear()

    def look(self, now: datetime) -> dict[str, BedNow]:
        """All infusions at hand, by id. A new event, reading or link is seen at once."""
        return {infusion_id: self.bed(infusion_id, now) for infusion_id in self._lines}

    def bed(self, infusion_id: str, now: datetime) -> BedNow:
        line, monitors = self._lines[infusion_id], self._monitors[infusion_id]
        look = self._looks.get(infusion_id)
        if look is None or not look.still_holds(line, monitors):
            look = self._looks[infusion_id] = _Look(line, monitors, now)
        return look.bed


def soonest(beds: Iterable[BedNow]) -> tuple[BedNow, Task] | None:
    """The bed whose next task is due first, with that task."""
    found = [(bed, bed.next) for bed in beds if bed.next is not None]
    return min(found, key=lambda pair: pair[1].due_at, default=None)
