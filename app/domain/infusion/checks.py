"""The vital-sign checks that are due by the clock, and how each one stands."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec

from app.domain.log import Entry
from app.domain.protocol import VitalsRules
from app.domain.texts import Text, say

from . import facts as e
from .drip_volume import after_minutes, minutes
from .state import BagState, Infusion

_SECOND = timedelta(seconds=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
Period = Literal["infusion", "observation"]
_Recorded = dict[tuple[str, int | None], Entry]


class Status(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"


class Check(msgspec.Struct, frozen=True):
    """One scheduled check. `slot_min` counts from the start, or from the end for the observation; None: end check.

    `entry` is what was recorded for it. `late_s` is how far past its due time it was (or is) recorded, in begun seconds; 0 if not.
    """

    period: Period
    slot_min: int | None
    due_at: datetime
    status: Status
    entry: Entry | None
    late_s: int


class Counts(msgspec.Struct, frozen=True):
    """How many checks have come due, and how they were kept."""

    due: int
    on_time: int
    late: int
    missed: int


class _Asked(NamedTuple):
    """`until`: before then, and with the same events but for what is only kept, the answer is the same."""

    bags: dict[str, BagState]
    changes: int
    now: datetime
    until: datetime
    found: tuple[Check, ...]


#: The newest answer: a look at a bed asks three times, looks come each second, and a check changes a few times an hour.
_newest: list[_Asked] = []


def checks(state: Infusion, now: datetime) -> tuple[Check, ...]:
    """All checks of both periods up to the next one to come, in order of time."""
    for asked in _newest:
        is_same = asked.bags is state.bags and asked.changes == state.changes
        if is_same and (asked.now == now or asked.now < now < asked.until):
            return asked.found
    found = (*infusion_checks(state, now), *observation_checks(state, now))
    _newest[:] = [_Asked(state.bags, state.changes, now, _same_until(state, found, now), found)]
    return found


def _same_until(state: Infusion, found: tuple[Check, ...], now: datetime) -> datetime:
    """When the next one opens or comes due; `now` while one is late by another second each second."""
    if any(check.entry is None and check.due_at <= now for check in found):
        return now
    opening = (after_minutes(check.due_at, -state.protocol.vitals.early_min) for check in found if check.entry is None)
    return min((at for at in (*opening, *(check.due_at for check in found)) if at > now), default=_NEVER)


def infusion_checks(state: Infusion, now: datetime) -> list[Check]:
    if state.started_at is None:
        return []
    recorded = _recorded(state)
    return [_check(state, recorded, "infusion", slot, due_at, now) for slot, due_at in _infusion_slots(state, recorded, now)]


def _infusion_slots(state: Infusion, recorded: _Recorded, now: datetime) -> Iterator[tuple[int | None, datetime]]:
    rules = state.protocol.vitals
    assert state.started_at is not None
    until = state.ended_at or now
    slot = 0
    last = due_at = state.started_at
    while due_at <= until:
        yield slot, due_at
        slot += rules.interval_min
        last, due_at = due_at, after_minutes(state.started_at, Decimal(slot))
    if state.ended_at is None or _kept_ahead(state, recorded, slot, due_at, state.ended_at):
        yield slot, due_at
    elif minutes(state.ended_at - last) > rules.end_merges_min:
        yield None, state.ended_at


def _kept_ahead(state: Infusion, recorded: _Recorded, slot: int, due_at: datetime, ended_at: datetime) -> bool:
    """A check recorded just before the end for a time just after it is the end check."""
    near = minutes(due_at - ended_at) <= state.protocol.vitals.end_merges_min
    return near and ("infusion", slot) in recorded


def observation_checks(state: Infusion, now: datetime) -> list[Check]:
    """Due every so often after the end of the infusion, and at the end of the observation."""
    if state.ended_at is None:
        return []
    rules = state.protocol.observation
    closed_at, recorded = state.observation_closed_at, _recorded(state)
    slots = [*range(rules.interval_min, rules.length_min, rules.interval_min), rules.length_min]
    found = []
    for slot in slots:
        due_at = after_minutes(state.ended_at, Decimal(slot))
        check = _check(state, recorded, "observation", slot, due_at, now)
        if closed_at is None or due_at <= closed_at or check.entry is not None:
            found.append(check)
    return found


def _check(state: Infusion, recorded: _Recorded, period: Period, slot: int | None, due_at: datetime, now: datetime) -> Check:
    entry = recorded.get((period, slot))
    rules = state.protocol.vitals
    at = entry.at if entry else now
    late_s = max(0, -((due_at - at) // _SECOND))
    return Check(period, slot, due_at, _status(rules, due_at, entry, now), entry, late_s)


def _recorded(state: Infusion) -> _Recorded:
    """The first entry of each slot."""
    found: _Recorded = {}
    for entry in state.checks:
        event = entry.event
        assert isinstance(event, e.VitalsRecorded)
        if _counts(state, event, entry):
            found.setdefault((event.period, event.slot_min), entry)
    return found


def _counts(state: Infusion, event: e.VitalsRecorded, entry: Entry) -> bool:
    """A baseline taken too long before the start was for a start that did not happen."""
    if event.period != "infusion" or event.slot_min != 0 or state.started_at is None:
        return True
    return minutes(state.started_at - entry.at) <= state.protocol.vitals.early_min


def _status(rules: VitalsRules, due_at: datetime, entry: Entry | None, now: datetime) -> Status:
    past = minutes((entry.at if entry else now) - due_at)
    if past > rules.missed_from_min:
        return Status.MISSED
    if entry is None:
        return Status.OPEN if past >= -rules.early_min else Status.UPCOMING
    return Status.LATE if is_late(rules, due_at, entry.at) else Status.ON_TIME


def is_late(rules: VitalsRules, due_at: datetime, at: datetime) -> bool:
    """Whether a check recorded at `at` is late, by the protocol."""
    return minutes(at - due_at) > rules.late_from_min


def open_check(state: Infusion, now: datetime) -> Check | None:
    """The earliest check that may be recorded now and has not been."""
    return next((c for c in checks(state, now) if c.status is Status.OPEN), None)


def missed_checks(state: Infusion, now: datetime) -> list[Check]:
    """Those missed that no extra vital signs since have made up for: missed they stay, but somebody did look."""
    extra = (x.at for x in state.checks if isinstance(x.event, e.VitalsRecorded) and x.event.period == "extra")
    last = max(extra, default=None)
    missed = (check for check in checks(state, now) if check.status is Status.MISSED and check.entry is None)
    return [check for check in missed if last is None or last < check.due_at]


def missed_unanswered(state: Infusion, now: datetime) -> list[Check]:
    """Those missed that still stand, the oldest first: until a check is taken and why one was missed is written with it."""
    told = (x.at for x in state.checks if isinstance(x.event, e.VitalsRecorded) and x.event.late_reason)
    last = max(told, default=None)
    missed = (check for check in checks(state, now) if check.status is Status.MISSED and check.entry is None)
    return [check for check in missed if last is None or last < check.due_at]


def missed_count(state: Infusion, now: datetime) -> int:
    """How many checks were missed so far, answered for or not."""
    return count(checks(state, now), now).missed


def check_name(period: str, slot_min: int | None) -> Text:
    """What a check is called: by its minute from the start, or from the end of the infusion."""
    if period == "extra":
        return say("Extra vital signs")
    if period == "observation":
        return say("Observation vital signs {minute} min", minute=slot_min)
    if slot_min is None:
        return say("Vital signs at the end")
    return say("Vital signs {minute} min", minute=slot_min)


def count(found: Sequence[Check], now: datetime) -> Counts:
    """Count the checks that are due by now or were recorded already."""
    due = [c for c in found if c.due_at <= now or c.entry is not None]
    kept = [c.status for c in due]
    return Counts(len(due), kept.count(Status.ON_TIME), kept.count(Status.LATE), kept.count(Status.MISSED))


def baseline_at(state: Infusion) -> datetime | None:
    """When the newest baseline check was recorded, before or after the start."""
    for entry in reversed(state.checks):
        event = entry.event
        if isinstance(event, e.VitalsRecorded) and event.period == "infusion" and event.slot_min == 0:
            return entry.at
    return None


def baseline_fresh(state: Infusion, now: datetime) -> bool:
    """Whether a baseline stands that will count as the check at the start, if the start is now."""
    at = baseline_at(state)
    return at is not None and minutes(now - at) <= state.protocol.vitals.early_min
