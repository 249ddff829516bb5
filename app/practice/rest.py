"""Seconds of a rehearsal in which nobody need look: nothing happened, nothing was heard, and nothing becomes due.

The record is the same as if each of them had been looked at: a look tells what changed, and in these nothing can have.
"""

from datetime import datetime, timedelta

from app.services.ward.ward import ASLEEP_S, Bedside

_STEP = timedelta(seconds=1)
_LONGEST = timedelta(seconds=ASLEEP_S) - _STEP
"""Whoever does not look for longer has slept."""


class Rest:
    """From one look at the ward to the next; time moves on in steps of a second."""

    def __init__(self, bedside: Bedside) -> None:
        self._bedside = bedside
        self._looks_made = -1
        self._until: datetime | None = None

    def begin(self) -> None:
        """The ward was looked at just now."""
        self._looks_made, self._until = self._bedside.watch.looks_made, None

    def is_over(self) -> bool:
        """Whether the ward is to be looked at in this step."""
        watch, now = self._bedside.watch, self._bedside.now()
        if watch.looks_made != self._looks_made or not watch.still_holds():
            return True
        if self._until is None:
            self._until = self._due_at(now - _STEP + _LONGEST)
        return self._until < now + _STEP

    def _due_at(self, latest: datetime) -> datetime:
        """When the next look is due, within the step before at the earliest."""
        bedside = self._bedside
        due = (bedside.due_at(latest), bedside.seals.due_at(), *(bed.over_at for bed in bedside.alarms.beds.values()))
        return min(at for at in (*due, latest) if at is not None)
