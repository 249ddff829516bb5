"""What is worth an alarm: values beyond their limits, a silent monitor, overdue tasks, writes that fail.

One row a condition in `CONDITIONS`; those of tasks are the reminders of their kinds. The app reminds and alerts; it does
not replace the monitor's own alarms. A value equal to a limit is no alarm.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.infusion.task_rows import Reminder
from app.domain.protocol import Limits
from app.domain.texts import Text, number, say
from app.domain.vitals.vital_signs import VITALS, Level, Reading, level, usable

from .priority import Priority


class ActiveAlarm(msgspec.Struct, frozen=True):
    """One condition. `key` stays the same while it lasts; `value` and `limit` are said in `text`.

    `can_pause`: a pause of the sound silences it.
    """

    key: str
    priority: Priority
    text: Text
    since: datetime
    infusion_id: str
    can_pause: bool = True


class BedSeen(msgspec.Struct, frozen=True):
    """What the conditions are judged by: one bed at one moment.

    `tasks`: what is due. `newest`: the newest chartable values, however old. `silent_since`: since when its monitor is
    silent, None while it speaks or none is connected. `unsaved_since`: since when its writes fail, None while they do not.
    `drops`: what a drop sensor says now, None without one.
    """

    state: Infusion
    tasks: Sequence[Task] = ()
    newest: Mapping[str, Reading] = {}
    silent_since: datetime | None = None
    last_byte_at: datetime | None = None
    unsaved_since: datetime | None = None
    drops: DropsSeen | None = None

    @property
    def is_watched(self) -> bool:
        """Whether values and a silent monitor matter: while it infuses and while it is observed."""
        return self.state.phase in (*INFUSING, Phase.OBSERVATION)


class Finding(msgspec.Struct, frozen=True):
    """One time that a condition holds. `which` tells apart what one condition may find several times."""

    priority: Priority
    text: Text
    since: datetime
    which: str = ""
    can_pause: bool = True


class Condition(msgspec.Struct, frozen=True):
    key: str
    find: Callable[[BedSeen, datetime], Iterator[Finding]]


def alarms(bed: BedSeen, now: datetime) -> list[ActiveAlarm]:
    """All conditions of one infusion that hold, the most pressing first."""
    found = [_alarm(bed, one.key, x) for one in CONDITIONS for x in one.find(bed, now)]
    return sorted(found, key=lambda a: (-a.priority, a.since))


def _alarm(bed: BedSeen, key: str, x: Finding) -> ActiveAlarm:
    whole = f"{key}:{x.which}" if x.which else key
    return ActiveAlarm(whole, x.priority, x.text, x.since, bed.state.infusion_id, x.can_pause)


def _unsaved(bed: BedSeen, _now: datetime) -> Iterator[Finding]:
    if bed.unsaved_since is not None:
        text = say("Not yet saved: writing to the disk fails")
        yield Finding(Priority.HIGH, text, bed.unsaved_since, can_pause=False)


def _reminders(bed: BedSeen, now: datetime) -> Iterator[Finding]:
    for task in bed.tasks:
        reminder = task.reminder or task.kind.row.reminder
        if reminder and task.is_open(now) and task.due_at <= now and task.late_s(now) >= _told_after_s(bed, reminder):
            which = f"{task.kind.value}:{task.bag_id}" if task.reminder and task.bag_id else task.kind.value
            yield Finding(reminder.priority, reminder.text, task.due_at, which, reminder.can_pause)


def _told_after_s(bed: BedSeen, reminder: Reminder) -> float:
    after_min = bed.state.protocol.vitals.told_after_min
    return float(reminder.after_s if reminder.after_s is not None else (after_min or 0) * 60)


def _silence(bed: BedSeen, _now: datetime) -> Iterator[Finding]:
    if bed.silent_since is None or not bed.is_watched:
        return
    text = say("Monitor signal lost")
    if bed.last_byte_at is not None:
        text = say("Monitor signal lost; last data {at}", at=bed.last_byte_at)
    yield Finding(Priority.MEDIUM, text, bed.silent_since)


def _drip(bed: BedSeen, _now: datetime) -> Iterator[Finding]:
    """By the sensor alone; what somebody counted is told where it was counted."""
    drops, pct, target = bed.drops, bed.state.protocol.delivery.rate_off_pct, bed.state.rate_gtt_min
    if drops is None or drops.off_since is None or drops.rate_gtt_min is None or pct is None or target is None:
        return
    text = say("The drip is off by more than {pct} %: {rate} drops/min by the drop sensor, {target} set",
               pct=number(pct), rate=number(drops.rate_gtt_min.quantize(Decimal(1))), target=number(target))  # fmt: skip
    yield Finding(Priority.MEDIUM, text, drops.off_since)


def _values(bed: BedSeen, now: datetime) -> Iterator[Finding]:
    if not bed.is_watched:
        return
    rules = bed.state.protocol.vitals
    for code, reading in bed.newest.items():
        limit_s = rules.max_age_nibp_s if code.startswith("nibp") else rules.max_age_s
        if usable(reading, now, limit_s) and reading.sample.value is not None:
            yield from _value(rules.limits_of(code), reading.sample.value, reading)


def _value(limits: Limits | None, value: Decimal, reading: Reading) -> Iterator[Finding]:
    code = reading.sample.vital
    vital = VITALS[code]
    value = round(value, vital.decimals)
    how_far, limit = level(limits, value)
    if limit is None:
        return
    template = _LOW if value < limit else _HIGH
    text = Text(template.msgid, {"vital": vital.name, "value": value, "unit": vital.unit_words, "limit": limit})
    yield Finding(Priority.HIGH if how_far is Level.FAR_OUTSIDE else Priority.MEDIUM, text, reading.measured_at, code)


_LOW = say("{vital} low: {value} {unit} (limit {limit})")
_HIGH = say("{vital} high: {value} {unit} (limit {limit})")

CONDITIONS = (
    Condition("unsaved", _unsaved),
    Condition("task", _reminders),
    Condition("link", _silence),
    Condition("drip", _drip),
    Condition("value", _values),
)
