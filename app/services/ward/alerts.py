"""Which alarms are active over all beds, which a person has acknowledged, and whether sound is paused."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from app.domain.infusion.state import CLOSED
from app.domain.vitals.vital_signs import VITALS
from app.domain.watch.conditions import Alarm, Link, Priority, alarms

from .ward import Bedside

PAUSE = timedelta(minutes=2)


class Alerts:
    """An acknowledged condition is silent until it clears or grows; a new or higher one breaks through a pause."""

    def __init__(self, bedside: Bedside) -> None:
        self._bedside = bedside
        self._acknowledged: dict[tuple[str, str], Priority] = {}
        self._unsaved_since: dict[str, datetime] = {}
        self._paused_until: datetime | None = None
        self._heard: dict[tuple[str, str], Priority] = {}
        self._since: dict[tuple[str, str], datetime] = {}

    def active(self) -> list[Alarm]:
        """All conditions now, the most pressing first, each since it began; what has cleared is forgotten."""
        now = self._bedside.now()
        found = [a for s in self._bedside.infusions if s.phase not in CLOSED for a in self._of(s.infusion_id, now)]
        present = {_key(a) for a in found}
        self._acknowledged = {k: v for k, v in self._acknowledged.items() if k in present}
        self._break_through(found)
        self._since = {_key(a): self._since.get(_key(a), a.since) for a in found}
        found = [replace(a, since=self._since[_key(a)]) for a in found]
        return sorted(found, key=lambda a: (self.is_acknowledged(a), -a.priority, a.since))

    def _of(self, infusion_id: str, now: datetime) -> list[Alarm]:
        state, watched = self._bedside.infusion(infusion_id), self._bedside.watched(infusion_id)
        newest = {code: r for code in VITALS if (r := watched.newest(code)) is not None}
        link = None if watched.link is None else Link(watched.silent_since, watched.link.last_byte_at)
        return alarms(state, newest, link, self._unsaved(infusion_id, now), now)

    def _unsaved(self, infusion_id: str, now: datetime) -> datetime | None:
        line = self._bedside.line(infusion_id)
        if line.trouble is None:
            self._unsaved_since.pop(infusion_id, None)
            return None
        return self._unsaved_since.setdefault(infusion_id, now)

    def _break_through(self, found: list[Alarm]) -> None:
        heard = {_key(a): a.priority for a in found}
        if any(priority > self._heard.get(key, 0) for key, priority in heard.items()):
            self._paused_until = None
        self._heard = heard

    def acknowledge(self, alarm: Alarm) -> None:
        self._acknowledged[_key(alarm)] = alarm.priority

    def is_acknowledged(self, alarm: Alarm) -> bool:
        return self._acknowledged.get(_key(alarm), 0) >= alarm.priority

    def pause_sound(self) -> None:
        """For two minutes; never while a mismatch or a failing write stands."""
        self._paused_until = self._bedside.now() + PAUSE

    def resume_sound(self) -> None:
        self._paused_until = None

    def sound_paused_until(self) -> datetime | None:
        until = self._paused_until
        return until if until is not None and until > self._bedside.now() else None

    def to_sound(self, active: list[Alarm]) -> Priority | None:
        """The priority that should be heard now, None for silence."""
        loud = [a for a in active if not self.is_acknowledged(a)]
        unpausable = [a for a in loud if a.key in ("unsaved", "task:clear_mismatch")]
        if self.sound_paused_until() is not None:
            loud = unpausable
        return max((a.priority for a in loud), default=None)


def _key(alarm: Alarm) -> tuple[str, str]:
    return alarm.infusion_id, alarm.key
