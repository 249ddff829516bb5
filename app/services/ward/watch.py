"""The one look at the ward a second, sooner for what is due: of each bed its state, tasks, alarms, monitor and values.

Whoever shows or does something by what a bed is like now reads it here; nobody else works out what is due or alarms.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import msgspec

from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.found.urgency import place, standing
from app.domain.infusion.phases import CLOSED
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.infusion.tasks import most_pressing
from app.domain.protocol import Limits
from app.domain.vitals.news2 import Scale, scores
from app.domain.vitals.vital_signs import VITALS, Reading
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.bed_seen import BedSeen, seen, side
from app.domain.watch.laptop_seen import NOTHING_READ, LaptopSeen
from app.domain.watch.priority import Priority
from devices.link import LinkStatus

from .bed_alarms import BedAlarms, signals
from .bed_watch import BedWatch
from .infusion_writes import InfusionWrites

_NOTHING_DUE = 9
_FINE = timedelta(milliseconds=10)
#: NEWS2's scales for SpO₂, the second with and without oxygen.
_SCALES: tuple[tuple[Scale, bool | None], ...] = ((1, None), (2, True), (2, False))


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
        is_known = before is not None and before._state is self._state
        self._sides: dict[tuple[str, Decimal], tuple[int | None, ...]] = before._sides if before is not None and is_known else {}

    def changes_at(self, line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms, laptop: LaptopSeen,
                   until: datetime) -> datetime | None:  # fmt: skip
        """When time alone changes what is due or alarms, by `until`; within a hundredth of a second."""
        shown = _due(self.bed.tasks, self._at), signals(alarm.alarm for alarm in self.bed.alarms)

        def differs(then: datetime) -> bool:
            tasks = standing(line.state, then)
            found = _seen(line, monitors, alarms, then, laptop, tasks, monitors.drops.seen(line.state, then))
            return (_due(tasks, then), alarms.ahead(found, then)) != shown

        return first_time(differs, self._at, until) if self.bed.is_open and differs(until) else None

    def still_holds(self, line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms) -> bool:
        is_same = line.state is self._state and unsaved_since(line, alarms) == self._unsaved_since
        is_same = is_same and alarms.touched == self._touched
        return is_same and monitors is self._monitors and monitors.heard == self._heard

    def is_crossed(self, code: str) -> bool:
        """Whether a vital sign has come, has gone, or lies beyond another limit or in another band of NEWS2 than when seen."""
        before, now = self._stood.get(code), self._monitors.stands(code)
        if before is None or now is None:
            return before is not now
        was, value = before.sample.value, now.sample.value
        if was == value:
            return False
        assert was is not None
        assert value is not None
        return self._side(code, value) != self._side(code, was)

    def _side(self, code: str, value: Decimal) -> tuple[int | None, ...]:
        found = self._sides.get((code, value))
        if found is None:
            found = self._sides[code, value] = _side(self._state, code, value)
        return found


def unsaved_since(line: InfusionWrites, alarms: BedAlarms) -> datetime | None:
    return min((at for at in (line.unsaved_since, alarms.unsaved_since) if at is not None), default=None)


def _bed(
    line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms, now: datetime, laptop: LaptopSeen, tasks: tuple[Task, ...] | None
) -> BedNow:
    state = line.state
    tasks = tuple(standing(state, now)) if tasks is None else tasks
    drops = monitors.drops.seen(state, now)
    if state.phase in CLOSED:
        alarms.close(now)
    else:
        alarms.look(_seen(line, monitors, alarms, now, laptop, tasks, drops), now)
    found = tuple(ActiveAlarm(state.infusion_id, alarm) for alarm in alarms.standing)
    return BedNow(state, tasks, most_pressing(tasks, now), found, monitors.link, monitors.good, drops)


def _seen(
    line: InfusionWrites, monitors: BedWatch, alarms: BedAlarms, now: datetime, laptop: LaptopSeen, tasks: Sequence[Task],
    drops: DropsSeen | None,
) -> BedSeen:  # fmt: skip
    silent = {} if monitors.link is None else monitors.silent
    unsaved = unsaved_since(line, alarms)
    return seen(line.state, tasks, now, monitors.good, monitors.gone, silent, unsaved, drops, laptop)


def _due(tasks: Iterable[Task], now: datetime) -> set[tuple[object, ...]]:
    """What a person is told of each task that time alone changes; of their order a rounded microsecond decides."""
    return {(x.kind, x.bag_id, x.is_missed, x.is_open(now), x.due_at <= now, x.is_late(now)) for x in tasks}


class Watch:
    """`forget` begins a tick. Between two ticks each bed is looked at once, and again where something happened to it.

    `laptop`: what it said of itself last. `looks_made` counts them.
    """

    def __init__(
        self, lines: Mapping[str, InfusionWrites], monitors: Mapping[str, BedWatch], alarms: Mapping[str, BedAlarms]
    ) -> None:
        self._lines, self._monitors, self._alarms = lines, monitors, alarms
        self.laptop = NOTHING_READ
        self.looks_made = 0
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
            self.looks_made += 1
        return look.bed

    def still_holds(self) -> bool:
        """Whether nothing happened at a bed and nothing was heard there since it was looked at."""
        looks = {i: self._looks.get(i) for i in self._lines}
        return all(x is not None and x.still_holds(self._lines[i], self._monitors[i], self._alarms[i]) for i, x in looks.items())

    def changes_at(self, until: datetime) -> datetime | None:
        """When something becomes due at a bed or alarms there, by `until`, though nothing happens before; None: nothing does."""
        found = (
            look.changes_at(self._lines[i], self._monitors[i], self._alarms[i], self.laptop, until)
            for i, look in self._looks.items()
            if i in self._lines  # whoever left memory after the look has nothing to come
        )
        return min((at for at in found if at is not None), default=None)

    def heard(self, infusion_id: str, codes: Iterable[str], now: Callable[[], datetime]) -> bool:
        """Look at once where a value came, went, or lies on another side of a limit or of a band of NEWS2; what else changes is
        seen at the next look. Whether something alarms now that did not, or the other way round.
        """
        look = self._looks.get(infusion_id)
        if look is not None and not any(map(look.is_crossed, codes)):
            return False
        alarms = self._alarms[infusion_id]
        before = signals(alarms.standing)
        self.bed(infusion_id, now())
        return signals(alarms.standing) != before


def first_time(differs: Callable[[datetime], bool], before: datetime, after: datetime) -> datetime:
    """From when on something is otherwise that was not `before` and is `after`, or a hundredth of a second later."""
    while after - before > _FINE:
        middle = before + (after - before) / 2
        before, after = (before, middle) if differs(middle) else (middle, after)
    return after


def _side(state: Infusion, code: str, value: Decimal) -> tuple[int | None, ...]:
    """Where a chartable value lies: beyond which limit, and what it scores by either scale."""
    return _lies(state.vitals.limits_of(code) or Limits(code), code, value)


@lru_cache(maxsize=4096)
def _lies(limits: Limits, code: str, value: Decimal) -> tuple[int | None, ...]:
    """Of a few hundred numbers at beds with the same limits, again and again."""
    scored = (scores({code: value}, oxygen, None, scale).get(code) for scale, oxygen in _SCALES)
    return side(limits, round(value, VITALS[code].decimals)), *scored


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
