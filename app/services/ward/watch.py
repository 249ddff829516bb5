"""The one look at the ward a tick: of each bed its state, what is due, its alarms, its monitor and values.

Whoever shows or does something by what a bed is like now reads it here; nobody else works out what is due or alarms.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.found.urgency import place, standing
from app.domain.infusion.phases import CLOSED
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.infusion.tasks import most_pressing
from app.domain.protocol import Limits
from app.domain.vitals.vital_signs import VITALS, Reading
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.bed_seen import seen, side
from app.domain.watch.laptop_seen import NOTHING_READ, LaptopSeen
from app.domain.watch.priority import Priority
from devices.link import LinkStatus

from .bed_alarms import BedAlarms
from .bed_watch import BedWatch
from .infusion_writes import InfusionWrites

_NOTHING_DUE = 9


class BedNow(msgspec.Struct, frozen=True):
    """One infusion as it is now. `tasks`: all that are due, the soonest first; `next`: the one to do next.

    `alarms`: all that are not inactive, the most pressing first, none once it is closed. `link`: the worst of its monitors,
    None where none is connected. `values`: the newest chartable ones, however old. `drops`: what a drop sensor says now.
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

    def __init__(
        self, line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms, now: datetime, laptop: LaptopSeen,
        before: "_Look | None",
    ) -> None:  # fmt: skip
        self._state, self._unsaved_since = line.state, unsaved_since(line, alarms)
        self._monitors, self._heard, self._at = monitors, monitors.heard, now
        # several readings of one moment: what is to be done is the same
        is_same = before is not None and before._state is self._state and before._at == now
        tasks = before.bed.tasks if before is not None and is_same else None
        self.bed: BedNow = _bed(line, monitors, alarms, now, laptop, tasks)
        self._touched = alarms.touched
        self._stood = {code: monitors.stands(code) for code in VITALS}
        self._sides: dict[str, int] = {}

    def still_holds(self, line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms) -> bool:
        is_same = line.state is self._state and unsaved_since(line, alarms) == self._unsaved_since
        is_same = is_same and alarms.touched == self._touched
        return is_same and monitors is self._monitors and monitors.heard == self._heard

    def is_crossed(self, code: str) -> bool:
        """Whether a vital sign has come, has gone or lies on another side of a limit than when this was seen."""
        before, now = self._stood.get(code), self._monitors.stands(code)
        if before is None or now is None:
            return before is not now
        if before.sample.value == now.sample.value:
            return False
        if code not in self._sides:
            self._sides[code] = _side(self._state, before)
        return _side(self._state, now) != self._sides[code]


def unsaved_since(line: InfusionWrites, alarms: BedAlarms) -> datetime | None:
    return min((at for at in (line.unsaved_since, alarms.unsaved_since) if at is not None), default=None)


def _bed(
    line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms, now: datetime, laptop: LaptopSeen, tasks: tuple[Task, ...] | None
) -> BedNow:
    state, link = line.state, monitors.link
    tasks = tuple(standing(state, now)) if tasks is None else tasks
    newest, drops = monitors.good, monitors.drops.seen(state, now)
    if state.phase in CLOSED:
        alarms.close(now)
    else:
        silent = {} if link is None else monitors.silent
        alarms.look(seen(state, tasks, now, newest, monitors.gone, silent, unsaved_since(line, alarms), drops, laptop), now)
    found = tuple(ActiveAlarm(state.infusion_id, alarm) for alarm in alarms.standing)
    return BedNow(state, tasks, most_pressing(tasks, now), found, link, newest, drops)


class Watch:
    """`forget` begins a tick. Between two ticks each bed is looked at once, and again where something happened to it.

    `laptop`: what it said of itself last.
    """

    def __init__(
        self, lines: Mapping[str, InfusionWrites], monitors: Mapping[str, BedWatch], alarms: Mapping[str, BedAlarms]
    ) -> None:
        self._lines, self._monitors, self._alarms = lines, monitors, alarms
        self.laptop = NOTHING_READ
        self._looks: dict[str, _Look] = {}

    def take_laptop(self, laptop: LaptopSeen) -> None:
        self.laptop = laptop

    def forget(self) -> None:
        """Time has gone by: what was seen may be so no more."""
        self._looks.clear()

    def look(self, now: datetime) -> dict[str, BedNow]:
        """All infusions at hand, by id. A new event, reading or link is seen at once."""
        return {infusion_id: self.bed(infusion_id, now) for infusion_id in self._lines}

    def bed(self, infusion_id: str, now: datetime) -> BedNow:
        line, monitors, alarms = self._lines[infusion_id], self._monitors[infusion_id], self._alarms[infusion_id]
        look = self._looks.get(infusion_id)
        if look is None or not look.still_holds(line, monitors, alarms):
            look = self._looks[infusion_id] = _Look(line, monitors, alarms, now, self.laptop, look)
        return look.bed

    def heard(self, infusion_id: str, readings: Iterable[Reading], now: datetime) -> None:
        """Look at once where a value came to the other side of a limit, or went; what else changes is seen at the next tick."""
        look = self._looks.get(infusion_id)
        if look is None or any(look.is_crossed(reading.sample.vital) for reading in readings):
            self.bed(infusion_id, now)


def _side(state: Infusion, reading: Reading) -> int:
    """Where a chartable value lies."""
    code, value = reading.sample.vital, reading.sample.value
    assert value is not None
    limits = state.vitals.limits_of(code) or Limits(code)
    return side(limits, round(value, VITALS[code].decimals))


def urgency(bed: BedNow, now: datetime) -> tuple[int, datetime]:
    """The one order of beds: where an alarm of high priority stands that nobody took; then by the task that comes next."""
    if bed.alarms and not bed.alarms[0].is_acknowledged and bed.alarms[0].priority is Priority.HIGH:
        return -1, bed.alarms[0].since
    return place(bed.next, now) if bed.next is not None else (_NOTHING_DUE, now)


def most_urgent(beds: Iterable[BedNow], now: datetime) -> tuple[BedNow, Task] | None:
    """The bed that comes first, with what is to be done next there."""
    found = [(bed, bed.next) for bed in beds if bed.next is not None]
    return min(found, key=lambda pair: urgency(pair[0], now), default=None)


def due_now(beds: Iterable[BedNow], now: datetime) -> int:
    """How many tasks of all beds are due by now."""
    return sum(task.due_at <= now and task.is_open(now) for bed in beds if bed.is_open for task in bed.tasks)
