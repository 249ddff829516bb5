"""What is written of alarms, and what is read from it again: which stand after a restart, and the list of the record.

Crossings less than a minute apart are one entry with a count and the worst value. The alarms themselves wait for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.task_kinds import TaskKind
from app.domain.log import Entry
from app.domain.texts import Text, revived
from app.domain.vitals.vital_signs import VITALS

from .alarm_words import what
from .conditions import CONDITIONS, of_row
from .latch import Alarm, AlarmChange, Alarms, Finding
from .priority import Priority

#: What comes back sooner than this is the same entry.
APART = timedelta(seconds=60)

AlarmEvent = e.AlarmRaised | e.AlarmAcknowledged | e.AlarmReset | e.AlarmCleared
Entered = tuple[AlarmEvent, str | None]
"""What is to be written, and by whom."""

_NAMES: dict[Priority, e.AlarmPriority] = {Priority.HIGH: "high", Priority.MEDIUM: "medium", Priority.LOW: "low"}
_PRIORITIES: dict[e.AlarmPriority, Priority] = {name: priority for priority, name in _NAMES.items()}


class OpenEntry(msgspec.Struct, frozen=True):
    """An alarm that was written as raised and not yet as ended. `worst`: the finding furthest off; `over_since`: it ended then,
    but may come back within a minute.
    """

    worst: Finding
    priority: Priority
    count: int = 1
    is_acknowledged: bool = False
    over_since: datetime | None = None


Book = Mapping[str, OpenEntry]
"""By key, what of one bed is written and not over."""


def entered(
    book: Book, alarms: Alarms, changes: Sequence[AlarmChange], now: datetime
) -> tuple[dict[str, OpenEntry], list[Entered]]:
    """The book after a look at the bed, and what is to be written."""
    after, events = dict(book), []
    for change in changes:
        events += _entered(after, change)
    for key, alarm in alarms.standing.items():
        after[key] = replace(after[key], worst=worse(after[key].worst, alarm.finding))
    over = [(key, x) for key, x in after.items() if x.over_since is not None and now - x.over_since >= APART]
    return {k: v for k, v in after.items() if (k, v) not in over}, [*events, *(_cleared(key, x) for key, x in over)]


def ended(book: Book, now: datetime) -> list[Entered]:
    """Nobody watches any more: what is not over is over now."""
    return [_cleared(key, replace(x, over_since=x.over_since or now)) for key, x in book.items()]


def _entered(book: dict[str, OpenEntry], change: AlarmChange) -> list[Entered]:
    key, alarm = change.alarm.key, change.alarm
    known = book.get(key)
    if change.is_news:
        book[key] = _again(known, alarm) if known else OpenEntry(alarm.finding, alarm.priority)
        is_told = known is not None and not known.is_acknowledged and alarm.priority <= known.priority
        return [] if is_told else [(_raised(alarm), None)]
    if change.became == "acknowledged":
        book[key] = replace(book[key], is_acknowledged=True)
        return [(e.AlarmAcknowledged(key, _NAMES[alarm.priority]), change.by)]
    if change.became == "reset":
        book.pop(key, None)
        return [(e.AlarmReset(key), change.by)]
    if change.became == "cleared":
        book[key] = replace(book[key], over_since=change.at)
    return []


def _again(known: OpenEntry, alarm: Alarm) -> OpenEntry:
    came_back = known.over_since is not None
    return OpenEntry(
        worse(known.worst, alarm.finding), max(known.priority, alarm.priority), known.count + came_back,
    )  # fmt: skip


def _raised(alarm: Alarm) -> AlarmEvent:
    x = alarm.finding
    return e.AlarmRaised(x.key, _NAMES[x.priority], alarm.since, x.value, x.limit, x.before, x.text)


def _cleared(key: str, x: OpenEntry) -> Entered:
    assert x.over_since is not None
    return e.AlarmCleared(key, _NAMES[x.priority], x.over_since, x.count, x.worst.value), None


def worse(one: Finding, other: Finding) -> Finding:
    """The one whose value lies further off its limit or baseline; of equals the first."""
    return other if _off(other) > _off(one) else one


def _off(x: Finding) -> tuple[int, Decimal]:
    mark = x.limit if x.limit is not None else x.before
    return x.priority, Decimal(0) if x.value is None or mark is None else abs(x.value - mark)


# --- read again


def finding_of(
    key: str,
    priority: Priority,
    since: datetime,
    value: Decimal | None,
    limit: Decimal | None,
    before: Decimal | None,
    text: Text | None = None,
) -> Finding:
    """What the log says of a finding, with what its condition says of it; nobody knows whether it still holds."""
    kind, _, _ = key.partition(":")
    reminder = _TASKS[kind].row.reminder if kind in _TASKS else None
    name = "value" if kind in VITALS else "check" if kind == TaskKind.VITALS else "task" if kind in _TASKS else kind
    found = Finding(
        key=key, priority=priority, since=since, value=value, limit=limit, before=before, text=text,
        can_pause=reminder is None or reminder.can_pause,
    )  # fmt: skip
    row = next(row for row in CONDITIONS if row.key == name)
    whole = of_row(row, found)
    assert isinstance(whole, Finding)
    return replace(whole, latches=row.latches or row.of_monitor)


_TASKS = {kind.value: kind for kind in TaskKind}


def restored(entries: Iterable[Entry]) -> tuple[Alarms, dict[str, OpenEntry]]:
    """What stood when the program ended: each as it was told last, its value unknown until the monitor speaks."""
    standing: dict[str, Alarm] = {}
    book: dict[str, OpenEntry] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, e.AlarmRaised):
            text = revived(event.text) if event.text else None
            found = finding_of(event.key, _PRIORITIES[event.priority], event.since, event.value, event.limit, event.before, text)
            standing[event.key] = Alarm(found, event.since, is_gone=found.latches)
            known = book.get(event.key)
            book[event.key] = _again(known, standing[event.key]) if known else OpenEntry(found, found.priority)
        elif isinstance(event, e.AlarmAcknowledged) and event.key in standing:
            standing[event.key] = replace(standing[event.key], acknowledged_by=entry.by)
            book[event.key] = replace(book[event.key], is_acknowledged=True)
        elif isinstance(event, e.AlarmReset | e.AlarmCleared):
            standing.pop(event.key, None)
            book.pop(event.key, None)
    return Alarms(standing), book


def paused_until(entries: Iterable[Entry]) -> datetime | None:
    """Until when the sound was paused last, unless something new was raised since."""
    until: datetime | None = None
    for entry in entries:
        if isinstance(entry.event, e.SoundPaused):
            until = entry.event.until
        elif isinstance(entry.event, e.AlarmRaised):
            until = None
    return until


class Acknowledged(msgspec.Struct, frozen=True):
    by: str | None
    at: datetime


class AlarmLine(msgspec.Struct):
    """One line of the alarm list: an alarm from its raising to its end. `ended`: how; None: it stands.

    `priority`: the highest it had. `value`: the worst; `limit`, `before`: what it passed, the baseline.
    """

    key: str
    priority: Priority
    raised_at: datetime
    value: Decimal | None
    limit: Decimal | None
    before: Decimal | None
    acknowledged: list[Acknowledged] = []
    ended: Literal["cleared", "reset"] | None = None
    ended_at: datetime | None = None
    reset_by: str | None = None
    count: int = 1
    text: Text | None = None

    @property
    def said(self) -> Text:
        """What it was, in words."""
        return self.text or what(self.key, self.priority, self.value, self.limit, self.before)


def alarm_list(entries: Iterable[Entry]) -> list[AlarmLine]:
    """Every alarm of an infusion in the order in which they were raised."""
    lines: list[AlarmLine] = []
    last: dict[str, AlarmLine] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, e.AlarmRaised):
            _tell_raised(lines, last, event)
        elif isinstance(event, e.AlarmAcknowledged) and event.key in last:
            last[event.key].acknowledged.append(Acknowledged(entry.by, entry.at))
        elif isinstance(event, e.AlarmReset) and event.key in last:
            line = last.pop(event.key)
            line.ended, line.ended_at, line.reset_by = "reset", entry.at, entry.by
        elif isinstance(event, e.AlarmCleared) and event.key in last:
            line = last.pop(event.key)
            line.ended, line.ended_at, line.count = "cleared", event.since, event.count
            line.value = event.worst
    return lines


def _tell_raised(lines: list[AlarmLine], last: dict[str, AlarmLine], event: e.AlarmRaised) -> None:
    priority, text = _PRIORITIES[event.priority], revived(event.text) if event.text else None
    line = last.get(event.key)
    if line is None:
        line = last[event.key] = AlarmLine(event.key, priority, event.since, event.value, event.limit, event.before, text=text)
        lines.append(line)
    elif priority > line.priority:
        line.priority, line.value, line.limit, line.before = priority, event.value, event.limit, event.before
        line.text = text
