"""What is worth an alarm: values beyond their limits, a silent monitor, overdue tasks, writes that fail.

The app reminds and alerts; it does not replace the monitor's own alarms. A value equal to a limit is no alarm.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import IntEnum

import msgspec

from app.domain.infusion.state import INFUSING, Infusion, Phase
from app.domain.infusion.tasks import Kind, due
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS, Level, Reading, level, usable


class Priority(IntEnum):
    """As in IEC 60601-1-8: high is red, medium yellow, low cyan."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Alarm(msgspec.Struct, frozen=True):
    """One condition. `key` stays the same while it lasts; `value` and `limit` are said in `text`."""

    key: str
    priority: Priority
    text: Text
    since: datetime
    infusion_id: str


class Link(msgspec.Struct, frozen=True):
    """What the alarms need to know of a bed's monitor."""

    silent_since: datetime | None
    last_byte_at: datetime | None


OVERDUE_S = 120
_REMINDED = {Kind.VITALS: Priority.MEDIUM, Kind.STEP_UP: Priority.MEDIUM, Kind.CLOSE_OBSERVATION: Priority.LOW,
             Kind.END: Priority.HIGH, Kind.STOP_DOSE_REACHED: Priority.HIGH, Kind.CLEAR_MISMATCH: Priority.HIGH,
             Kind.CONFIRM_ELAPSED: Priority.HIGH, Kind.READ_REMAINING: Priority.MEDIUM}  # fmt: skip
_AT_ONCE = {Kind.END, Kind.STOP_DOSE_REACHED, Kind.CLEAR_MISMATCH, Kind.CONFIRM_ELAPSED, Kind.READ_REMAINING}

TASK_ALARMS: dict[Kind, Text] = {
    Kind.VITALS: say("Vital signs overdue"),
    Kind.STEP_UP: say("Step up overdue"),
    Kind.CLOSE_OBSERVATION: say("Observation to be closed"),
    Kind.END: say("The longest duration is reached"),
    Kind.STOP_DOSE_REACHED: say("Stop: dose reached"),
    Kind.CLEAR_MISMATCH: say("Patient or bag does not match: stop"),
    Kind.CONFIRM_ELAPSED: say("Elapsed time unknown: enter the time"),
    Kind.READ_REMAINING: say("Nobody watched: read what is left in the bag"),
}


def alarms(
    state: Infusion, newest: Mapping[str, Reading], link: Link | None, unsaved_since: datetime | None, now: datetime
) -> list[Alarm]:
    """All conditions of one infusion, the most pressing first."""
    found = [*_unsaved(state, unsaved_since), *_tasks(state, now), *_link(state, link), *_values(state, newest, now)]
    return sorted(found, key=lambda a: (-a.priority, a.since))


def _unsaved(state: Infusion, since: datetime | None) -> Iterator[Alarm]:
    if since is not None:
        text = say("Not yet saved: writing to the disk fails")
        yield Alarm("unsaved", Priority.HIGH, text, since, state.infusion_id)


def _tasks(state: Infusion, now: datetime) -> Iterator[Alarm]:
    for task in due(state, now):
        priority = _REMINDED.get(task.kind)
        wait_s = 0 if task.kind in _AT_ONCE else OVERDUE_S
        if priority is not None and task.is_open(now) and task.late_s(now) >= wait_s and task.due_at <= now:
            yield Alarm(f"task:{task.kind.value}", priority, TASK_ALARMS[task.kind], task.due_at, state.infusion_id)


def _link(state: Infusion, link: Link | None) -> Iterator[Alarm]:
    if link is None or link.silent_since is None or state.phase not in (*INFUSING, Phase.OBSERVATION):
        return
    text = say("Monitor signal lost")
    if link.last_byte_at is not None:
        text = say("Monitor signal lost; last data {at}", at=link.last_byte_at)
    yield Alarm("link", Priority.MEDIUM, text, link.silent_since, state.infusion_id)


def _values(state: Infusion, newest: Mapping[str, Reading], now: datetime) -> Iterator[Alarm]:
    if state.phase not in (*INFUSING, Phase.OBSERVATION):
        return
    rules = state.protocol.vitals
    for code, reading in newest.items():
        limit_s = rules.max_age_nibp_s if code.startswith("nibp") else rules.max_age_s
        if usable(reading, now, limit_s) and reading.sample.value is not None:
            yield from _value(state, code, reading.sample.value, reading)


def _value(state: Infusion, code: str, value: Decimal, reading: Reading) -> Iterator[Alarm]:
    vital = VITALS[code]
    value = round(value, vital.decimals)
    how_far, limit = level(vital, value)
    if limit is None:
        return
    template = _LOW if value < limit else _HIGH
    text = Text(template.msgid, {"vital": vital.name, "value": value, "unit": vital.unit_words, "limit": limit})
    priority = Priority.HIGH if how_far is Level.FAR_OUTSIDE else Priority.MEDIUM
    yield Alarm(f"value:{code}", priority, text, reading.measured_at, state.infusion_id)


_LOW = say("{vital} low: {value} {unit} (limit {limit})")
_HIGH = say("{vital} high: {value} {unit} (limit {limit})")
