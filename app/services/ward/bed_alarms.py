"""The alarms of one bed: shown and heard at once, written after; what cannot be written waits and is tried again."""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.infusion.facts import InfusionEvent
from app.domain.log import Entry
from app.domain.watch.alarm_log import APART, ended, entered, restored
from app.domain.watch.bed_seen import BedSeen
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Alarm, AlarmChange, Stepped, acknowledged, closed, looked, rank, reset
from app.domain.watch.priority import Priority

from .infusion_writes import RETRY_AFTER
from .ports import Done, Outcome

Signal = tuple[Priority, bool]


def signals(alarms: Iterable[Alarm]) -> dict[str, Signal]:
    return {alarm.key: (alarm.priority, alarm.is_gone) for alarm in alarms}


class AlarmStream(Protocol):
    """Where the alarms of one bed, or of one subject, are written."""

    def keep(self, events: list[InfusionEvent], by: str | None, done: Done, /) -> None: ...


class BedAlarms:
    """`news` counts what was raised or grew, `touched` what people did.

    `unsaved_since`: since when the log of it cannot be written.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.news = self.touched = 0
        self.unsaved_since: datetime | None = None
        self._alarms, self._book = restored(entries)
        self._unwritten: deque[tuple[InfusionEvent, str | None]] = deque()
        self._writing = 0
        self._failed_at: datetime | None = None

    @property
    def again_at(self) -> datetime | None:
        """When what could not be written is tried again."""
        return None if self._failed_at is None or not self._unwritten else self._failed_at + RETRY_AFTER

    @property
    def over_at(self) -> datetime | None:
        """When the log takes what is not found any more for over."""
        ends = (entry.over_since for entry in self._book.values())
        return min((at + APART for at in ends if at is not None), default=None)

    @property
    def standing(self) -> list[Alarm]:
        """All that are not inactive, as they are shown."""
        return sorted(self._alarms.standing.values(), key=rank)

    @property
    def is_idle(self) -> bool:
        """Whether none stands and all of it is written."""
        return not (self._alarms.standing or self._book or self._unwritten or self._writing)

    def look(self, bed: BedSeen, now: datetime) -> None:
        self._take(looked(self._alarms, verdicts(bed, now), now), now)

    def ahead(self, bed: BedSeen, then: datetime) -> dict[str, Signal]:
        """What would stand at another time, if nothing happened until then: by key its priority, and whether its value is gone."""
        alarms, _ = looked(self._alarms, verdicts(bed, then), then)
        return signals(alarms.standing.values())

    def acknowledge(self, key: str, by: str, now: datetime) -> None:
        self.touched += 1
        self._take(acknowledged(self._alarms, key, by, now), now)

    def reset(self, key: str, by: str, now: datetime) -> None:
        self.touched += 1
        self._take(reset(self._alarms, key, by, now), now)

    def close(self, now: datetime) -> None:
        """The infusion is over: nobody watches any more."""
        if self._book or self._alarms.standing:
            self._take(closed(self._alarms, now), now)
            self._unwritten += ended(self._book, now)
            self._book = {}

    def _take(self, stepped: Stepped, now: datetime) -> None:
        self._alarms, changes = stepped
        self._enter(changes, now)
        self.news += sum(change.is_news for change in changes)

    def _enter(self, changes: Sequence[AlarmChange], now: datetime) -> None:
        self._book, events = entered(self._book, self._alarms, changes, now)
        self._unwritten += events

    def note(self, event: InfusionEvent, by: str) -> None:
        """What a person did to the sound."""
        self._unwritten.append((event, by))

    # --- the log, after the alarm itself

    def write(self, line: AlarmStream, now: datetime) -> None:
        """Hand on what waits: one person's events at a time, in order; a failed write is tried again soon."""
        if not self._unwritten or self._writing or (self._failed_at is not None and now - self._failed_at < RETRY_AFTER):
            return
        by = self._unwritten[0][1]
        events = []
        for event, whose in self._unwritten:
            if whose != by:
                break
            events.append(event)
        self._writing = len(events)
        line.keep(events, by, lambda outcome: self._written(outcome, line, now))

    def _written(self, outcome: Outcome, line: AlarmStream, sent_at: datetime) -> None:
        count, self._writing = self._writing, 0
        if outcome.failed is None:
            self._failed_at = self.unsaved_since = None
            for _ in range(count):
                self._unwritten.popleft()
            self.write(line, sent_at)
        else:
            self._failed_at = sent_at
            self.unsaved_since = self.unsaved_since or sent_at
