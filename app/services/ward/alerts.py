"""The alarms of all beds: which are heard, who acknowledges or resets them, the pause of the sound."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from app.domain.infusion.facts import SoundPaused
from app.domain.people.roles import Person
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.alarm_log import paused_until
from app.domain.watch.laptop_conditions import OF_THE_LAPTOP
from app.domain.watch.latch import LONGEST_PAUSE, heard, rank
from app.domain.watch.priority import Priority

from .ward import Bedside


class Elsewhere(Protocol):
    """Alarms at no bed. `news` counts what was raised or grew."""

    @property
    def news(self) -> int: ...

    def look(self) -> list[ActiveAlarm]: ...

    def acknowledge(self, alarm: ActiveAlarm, by: Person) -> None: ...

    def due_at(self) -> datetime | None: ...


class _Nowhere:
    """No alarm but those at the beds."""

    news = 0

    def look(self) -> list[ActiveAlarm]:
        return []

    def acknowledge(self, alarm: ActiveAlarm, by: Person) -> None:
        """There is none."""

    def due_at(self) -> datetime | None:
        return None


NOWHERE = _Nowhere()


def once_for_all(ranked: Iterable[ActiveAlarm]) -> list[ActiveAlarm]:
    """What is of the laptop and no bed's own stands in the record of each, and is shown once: at the bed where it ranks first."""
    shown: set[str] = set()
    found = []
    for alarm in ranked:
        if alarm.key not in shown:
            found.append(alarm)
        if alarm.key in OF_THE_LAPTOP:
            shown.add(alarm.key)
    return found


class Alerts:
    """What is acknowledged is silent until it clears or grows; a new or higher one, at any bed, breaks through a pause."""

    def __init__(self, bedside: Bedside, elsewhere: Elsewhere = NOWHERE) -> None:
        self._bedside, self._elsewhere = bedside, elsewhere
        self._news = self._all_news
        entries = sorted((x for state in bedside.infusions for x in state.entries), key=lambda x: x.at)
        self._paused_until = paused_until(entries)

    def active(self) -> list[ActiveAlarm]:
        """All that are not inactive, the most pressing first."""
        found = [a for bed in self._bedside.look().values() for a in bed.alarms] + self._elsewhere.look()
        if self._all_news != self._news:
            self._news = self._all_news
            self._paused_until = None
        return once_for_all(sorted(found, key=lambda a: rank(a.alarm)))

    @property
    def _all_news(self) -> int:
        return self._bedside.alarms.news + self._elsewhere.news

    def acknowledge(self, alarm: ActiveAlarm, by: Person) -> None:
        """What is of the laptop is taken for all beds at once."""
        if not self._bedside.knows(alarm.infusion_id):
            self._elsewhere.acknowledge(alarm, by)
            return
        beds = self._bedside.alarms.beds if alarm.key in OF_THE_LAPTOP else [alarm.infusion_id]
        for infusion_id in beds:
            self._bedside.alarms.acknowledge(infusion_id, alarm.key, by)

    def reset(self, alarm: ActiveAlarm, by: Person) -> None:
        """Ends an alarm whose value is gone; while the value is bad, nothing happens."""
        if self._bedside.knows(alarm.infusion_id):
            self._bedside.alarms.reset(alarm.infusion_id, alarm.key, by)

    def pause_sound(self, by: Person) -> None:
        """For two minutes; never for what may not be paused, such as a mismatch or a failing write."""
        self.active()
        self._paused_until = self._bedside.now() + LONGEST_PAUSE
        self._note(self._paused_until, by)

    def resume_sound(self, by: Person) -> None:
        self._paused_until = None
        self._note(self._bedside.now(), by)

    def _note(self, until: datetime, by: Person) -> None:
        """In the record of every infusion that has an alarm; where none stands there is nothing to tell."""
        for infusion_id in sorted({a.infusion_id for a in self.active() if self._bedside.knows(a.infusion_id)}):
            self._bedside.alarms.note(infusion_id, SoundPaused(until), by)

    def sound_paused_until(self) -> datetime | None:
        until = self._paused_until
        return until if until is not None and until > self._bedside.now() else None

    def due_at(self) -> datetime | None:
        """When the pause of the sound is over, or something alarms at no bed."""
        return min((at for at in (self.sound_paused_until(), self._elsewhere.due_at()) if at is not None), default=None)

    def to_sound(self, active: Iterable[ActiveAlarm]) -> Priority | None:
        """The priority that should be heard now, None for silence."""
        return heard((a.alarm for a in active), self.sound_paused_until() is not None)
