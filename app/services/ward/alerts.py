"""Which of the alarms that the look found a person has acknowledged, and whether sound is paused."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from app.domain.watch.conditions import ActiveAlarm
from app.domain.watch.priority import Priority

from .ward import Bedside

PAUSE = timedelta(minutes=2)


class Alerts:
    """An acknowledged condition is silent until it clears or grows; a new or higher one breaks through a pause."""

    def __init__(self, bedside: Bedside) -> None:
        self._bedside = bedside
        self._acknowledged: dict[tuple[str, str], Priority] = {}
        self._paused_until: datetime | None = None
        self._heard: dict[tuple[str, str], Priority] = {}
        self._since: dict[tuple[str, str], datetime] = {}

    def active(self) -> list[ActiveAlarm]:
        """All conditions now, the most pressing first, each since it began; what has cleared is forgotten."""
        found = [a for bed in self._bedside.look().values() for a in bed.alarms]
        present = {_key(a) for a in found}
        self._acknowledged = {k: v for k, v in self._acknowledged.items() if k in present}
        self._break_through(found)
        self._since = {_key(a): self._since.get(_key(a), a.since) for a in found}
        found = [replace(a, since=self._since[_key(a)]) for a in found]
        return sorted(found, key=lambda a: (self.is_acknowledged(a), -a.priority, a.since))

    def _break_through(self, found: Iterable[ActiveAlarm]) -> None:
        heard = {_key(a): a.priority for a in found}
        if any(priority > self._heard.get(key, 0) for key, priority in heard.items()):
            self._paused_until = None
        self._heard = heard

    def acknowledge(self, alarm: ActiveAlarm) -> None:
        self._acknowledged[_key(alarm)] = alarm.priority

    def is_acknowledged(self, alarm: ActiveAlarm) -> bool:
        return self._acknowledged.get(_key(alarm), 0) >= alarm.priority

    def pause_sound(self) -> None:
        """For two minutes; never for what may not be paused, such as a mismatch or a failing write."""
        self._paused_until = self._bedside.now() + PAUSE

    def resume_sound(self) -> None:
        self._paused_until = None

    def sound_paused_until(self) -> datetime | None:
        until = self._paused_until
        return until if until is not None and until > self._bedside.now() else None

    def to_sound(self, active: Iterable[ActiveAlarm]) -> Priority | None:
        """The priority that should be heard now, None for silence."""
        is_paused = self.sound_paused_until() is not None
        loud = [a for a in active if not self.is_acknowledged(a) and not (is_paused and a.can_pause)]
        return max((a.priority for a in loud), default=None)


def _key(alarm: ActiveAlarm) -> tuple[str, str]:
    return alarm.infusion_id, alarm.key
