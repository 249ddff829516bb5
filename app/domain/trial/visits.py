"""The calendar of one subject, from the actual doses: what is due on which day, in which window, and what moves with a dose."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from app.domain.errors import Refused
from app.domain.protocol import Protocol
from app.domain.texts import Text, say

from .rules import TrialRules

Window = tuple[date, date]
"""First and last day, both included."""


class Calendar(msgspec.Struct, frozen=True):
    """Weeks as keys, days as values. `dose_windows` are those of the second dose on, each from the dose before it.

    Delayed reactions, visits and the end of the follow-up run from the last dose, immunology and the end of the duration
    of response from the first; `response` and `dlt_evaluable_on` from where the protocol file sets them.
    """

    doses: tuple[date, ...]
    dose_windows: tuple[Window, ...]
    visits: Mapping[int, date]
    delayed: Mapping[int, date]
    immunology: Mapping[int, date]
    week1_sample_on_infusion_day: bool
    response: Mapping[int, date]
    response_from_first: Mapping[int, date]
    dlt_evaluable_on: date
    dlt_evaluable_on_from_last: date
    followup_end: date
    dor_end: date


def calendar(group: str, first: date, later: Sequence[date], protocol: Protocol, rules: TrialRules) -> Calendar:
    """`later`: the actual doses after the first, in order; the rest is planned an interval after the one before.

    Raises `Refused` for more doses than the group has, or doses out of order.
    """
    doses = _doses(group, first, later, protocol)
    last = doses[-1]
    starts = {"first": first, "last": last}
    followup, response, clocks = protocol.followup, protocol.response, protocol.clocks
    immunology = weekly(starts[followup.immunology_from], followup.immunology_weeks)
    window = timedelta(days=clocks.dlt_window_days)
    return Calendar(
        doses=doses,
        dose_windows=tuple(dose_window(day, protocol) for day in doses[:-1]),
        visits=weekly(last, followup.visit_weeks),
        delayed=weekly(last, followup.delayed_reaction_weeks),
        immunology=immunology,
        week1_sample_on_infusion_day=immunology.get(1) in doses[1:],
        response=weekly(starts[response.assessed_from], response.assessed_weeks),
        response_from_first=weekly(first, response.assessed_weeks),
        dlt_evaluable_on=starts[clocks.dlt_window_from] + window,
        dlt_evaluable_on_from_last=last + window,
        followup_end=last + timedelta(weeks=rules.visits.followup_weeks),
        dor_end=first + timedelta(weeks=rules.response.duration_until_week),
    )


def _doses(group: str, first: date, later: Sequence[date], protocol: Protocol) -> tuple[date, ...]:
    planned = protocol.doses_in(group)
    if len(later) >= planned:
        raise Refused(
            say("Group {group} has {doses} doses; {given} are given here.", group=group, doses=planned, given=len(later) + 1)
        )
    doses = [first, *later]
    for before, after in zip(doses, later, strict=False):
        if after <= before:
            raise Refused(say("The dose on {after} must be later than the one on {before}.", after=after, before=before))
    while len(doses) < planned:
        doses.append(doses[-1] + timedelta(days=protocol.schedule.interval_days))
    return tuple(doses)


def dose_window(before: date, protocol: Protocol) -> Window:
    """The days on which the next dose may be given."""
    return around(before + timedelta(days=protocol.schedule.interval_days), protocol.schedule.window_days)


def around(day: date, days: int) -> Window:
    return day - timedelta(days=days), day + timedelta(days=days)


def weekly(start: date, weeks: Iterable[int]) -> dict[int, date]:
    return {week: start + timedelta(weeks=week) for week in weeks}


def sample_words(day: date, doses: Iterable[date]) -> Text:
    """When a sample is drawn: what falls on an infusion day, as the baseline does, before dexamethasone."""
    return say("before dexamethasone on {day}", day=day) if day in doses else say("on {day}", day=day)


class Move(msgspec.Struct, frozen=True):
    """One entry that a changed dose moves; `week` is None for an end or a DLT day."""

    kind: str
    week: int | None
    before: date
    after: date


def moved(before: Calendar, after: Calendar) -> tuple[Move, ...]:
    """What lies on another day once a dose has moved, in the calendar's own order."""
    found: list[Move] = []
    for kind in ("visits", "delayed", "immunology", "response"):
        old, new = getattr(before, kind), getattr(after, kind)
        found += [Move(kind, week, old[week], new[week]) for week in old if old[week] != new[week]]
    for kind in ("dlt_evaluable_on", "followup_end", "dor_end"):
        old_day, new_day = getattr(before, kind), getattr(after, kind)
        found += [Move(kind, None, old_day, new_day)] if old_day != new_day else []
    return tuple(found)


def contraception_until(followup_end: date, woman: bool, rules: TrialRules) -> date:
    """Months after the end of the follow-up; a day that the month does not have is its last."""
    months = rules.visits.contraception_months_women if woman else rules.visits.contraception_months_men
    year, month = divmod(followup_end.month - 1 + months, 12)
    year, month = followup_end.year + year, month + 1
    return date(year, month, min(followup_end.day, monthrange(year, month)[1]))
