"""The alarms of all beds, for who acknowledges them, and for their way into the log."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from app.domain.infusion.facts import SoundPaused
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.texts import Text
from app.domain.watch.active_alarm import alarm_text
from app.domain.watch.priority import Priority

from .bed_alarms import AlarmStream, BedAlarms


class WardAlarms:
    """`beds`: those of each infusion at hand, by its id."""

    def __init__(self, lines: Mapping[str, AlarmStream], now: Callable[[], datetime]) -> None:
        self.beds: dict[str, BedAlarms] = {}
        self._lines, self._now = lines, now
        self._left = 0

    def adopt(self, infusion_id: str, entries: Iterable[Entry]) -> None:
        """As they stood when these were written."""
        self.beds[infusion_id] = BedAlarms(entries)

    def leave(self, infusion_id: str) -> None:
        """It is over, and at hand no more."""
        self._left += self.beds.pop(infusion_id).news

    @property
    def news(self) -> int:
        """How many alarms were raised or grew, at all beds, since the program began."""
        return self._left + sum(bed.news for bed in self.beds.values())

    def high(self, infusion_id: str) -> tuple[Text, ...]:
        """The high alarms of the patient that stand, active or latched: what start, step up and resume must answer for."""
        standing = self.beds[infusion_id].standing
        return tuple(alarm_text(a) for a in standing if a.priority is Priority.HIGH and a.finding.of_patient)

    def acknowledge(self, infusion_id: str, key: str, by: Person) -> None:
        self.beds[infusion_id].acknowledge(key, by.person_id, self._now())
        self._write(infusion_id)

    def reset(self, infusion_id: str, key: str, by: Person) -> None:
        self.beds[infusion_id].reset(key, by.person_id, self._now())
        self._write(infusion_id)

    def note(self, infusion_id: str, event: SoundPaused, by: Person) -> None:
        self.beds[infusion_id].note(event, by.person_id)
        self._write(infusion_id)

    def write(self, infusion_ids: Iterable[str]) -> None:
        """Hand on what waits, and what failed a while ago."""
        for infusion_id in infusion_ids:
            self._write(infusion_id)

    def _write(self, infusion_id: str) -> None:
        self.beds[infusion_id].write(self._lines[infusion_id], self._now())
