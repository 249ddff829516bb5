"""The clock of a serious adverse event: so many hours from when the site became aware of it, both ends included."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from app.domain.infusion.corrected import as_corrected
from app.domain.log import Entry, stream_of

from .safety_facts import SaeReported


class SaeClock(msgspec.Struct, frozen=True):
    """`event_id`: of the adverse event. `reported_at`: when the report went out; None: the clock runs."""

    event_id: str
    subject: str
    term: str
    grade: int
    aware_at: datetime
    until: datetime
    reported_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        return (self.reported_at or now) > self.until


#: From so long before its end a clock that runs is an alarm.
SAE_SOON = timedelta(hours=4)


class _Serious(Protocol):
    """An adverse event as this clock sees it."""

    @property
    def term(self) -> str: ...

    @property
    def grade(self) -> int: ...

    @property
    def aware_at(self) -> datetime | None: ...

    @property
    def is_serious(self) -> bool: ...


def sae_clocks(entries: Sequence[Entry], adverse: type[_Serious], hours: int) -> list[SaeClock]:
    """Of one subject's stream, as it was corrected: an event that is serious no more has no clock. The oldest first."""
    corrected = as_corrected(list(entries))
    reported = {x.event.event_id: x.event.reported_at for x in corrected if isinstance(x.event, SaeReported)}
    found: list[SaeClock] = []
    for x in corrected:
        if isinstance(x.event, adverse) and x.event.is_serious:
            aware_at = x.event.aware_at or x.at
            until = aware_at + timedelta(hours=hours)
            subject = stream_of(x.stream).id
            found.append(SaeClock(x.event_id, subject, x.event.term, x.event.grade, aware_at, until, reported.get(x.event_id)))
    return sorted(found, key=lambda clock: clock.until)


def running(clocks: Iterable[SaeClock]) -> list[SaeClock]:
    """Those that nobody has reported yet, the soonest first: what is overdue stands in front by itself."""
    return sorted((clock for clock in clocks if clock.reported_at is None), key=lambda clock: clock.until)
