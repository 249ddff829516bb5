"""Which serious adverse events still wait for their report: kept at hand, so that every page can show how long is left."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from app.domain.log import Entry
from app.domain.safety.sae_clock import SaeClock, running, sae_clocks
from app.domain.trial.subject.subject_facts import AdverseEventNoted


class SubjectsLog(Protocol):
    """Where the streams of those subjects are read of whom something of this kind is known."""

    def subject_entries(self, kind: str, /) -> list[Entry]: ...


class SaeWatch:
    """Read once when it is made, and again when something was saved of a subject."""

    def __init__(self, log: SubjectsLog, hours: Callable[[], int], now: Callable[[], datetime]) -> None:
        self._log, self._hours, self._now = log, hours, now
        self._running: list[SaeClock] = []
        self.read()

    def read(self) -> None:
        streams: dict[str, list[Entry]] = {}
        for entry in self._log.subject_entries(AdverseEventNoted.__name__):
            streams.setdefault(entry.stream, []).append(entry)
        found = (clock for entries in streams.values() for clock in sae_clocks(entries, AdverseEventNoted, self._hours()))
        self._running = running(found)

    @property
    def running(self) -> list[SaeClock]:
        """The soonest first: what is overdue stands in front."""
        return self._running

    def overdue(self) -> list[SaeClock]:
        now = self._now()
        return [clock for clock in self._running if clock.is_overdue(now)]
