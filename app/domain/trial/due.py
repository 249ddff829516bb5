"""What is due for a subject: doses, visits, delayed reactions and samples, each with its window and what became of it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import msgspec

from app.domain.protocol import Protocol
from app.domain.texts import Text, say

from .rules import TrialRules
from .subject.subject_facts import SampleDrawn, VisitDone, VisitMissed
from .subject.subject_state import SubjectState
from .trial_data import TrialData, calendar_of, dose_days
from .visits import Window, around, contraception_until, sample_words

DueKind = Literal["dose", "visit", "delayed", "immunology", "contraception"]
DueStatus = Literal["done", "outside", "missed", "due", "late", "planned", "dropped"]


class DueItem(msgspec.Struct, frozen=True):
    """`week`: or the dose's number. `on`: when it was done. `hint`: what must be thought of."""

    subject: str
    kind: DueKind
    week: int
    day: date
    window: Window
    status: DueStatus
    on: date | None = None
    hint: Text | None = None


def due_items(data: TrialData, s: SubjectState, protocol: Protocol, rules: TrialRules) -> tuple[DueItem, ...]:
    """Everything of one subject's calendar in order of days; empty before its first dose."""
    found = calendar_of(data, s, protocol, rules)
    if found is None:
        return ()
    given = dose_days(data, s.code)
    items = [
        DueItem(s.code, "dose", n, day, _window_of(n, day, found.dose_windows), "done" if n <= len(given) else "planned")
        for n, day in enumerate(found.doses, 1)
    ]
    items = [msgspec.structs.replace(x, on=x.day) if x.status == "done" else _not_given(_standing(x, s, data.today)) for x in items]
    visits, samples = rules.visits.window_days, rules.visits.sample_window_days
    items += [_visit(s, "visit", week, day, visits, data.today) for week, day in found.visits.items()]
    items += [_visit(s, "delayed", week, day, visits, data.today) for week, day in found.delayed.items()]
    for week, day in found.immunology.items():
        hint = sample_words(day, found.doses) if day in found.doses else None
        days = 0 if week == 0 else samples
        items.append(msgspec.structs.replace(_visit(s, "immunology", week, day, days, data.today), hint=hint))
    until = contraception_until(found.followup_end, s.screened is None or s.screened.sex == "female", rules)
    over: DueStatus = "dropped" if until < data.today else "due" if until == data.today else "planned"
    items.append(DueItem(s.code, "contraception", 0, until, (until, until), over))
    return tuple(sorted(items, key=lambda x: (x.day, x.kind, x.week)))


def _not_given(item: DueItem) -> DueItem:
    """A dose whose window has passed is given no more."""
    return msgspec.structs.replace(item, status="missed") if item.status == "late" else item


def _window_of(number: int, day: date, windows: Iterable[Window]) -> Window:
    return (day, day) if number == 1 else tuple(windows)[number - 2]


def _visit(
    s: SubjectState, kind: Literal["visit", "delayed", "immunology"], week: int, day: date, days: int, today: date
) -> DueItem:
    window = around(day, days)
    planned = DueItem(s.code, kind, week, day, window, "planned")
    match s.samples.get(week) if kind == "immunology" else s.visits.get((kind, week)):
        case VisitDone(on=on):
            return _done(planned, on)
        case SampleDrawn(drawn_at=at):
            return _done(planned, at.date())
        case _:
            missed = isinstance(s.visits.get((kind, week)), VisitMissed)
            return msgspec.structs.replace(planned, status="missed") if missed else _standing(planned, s, today)


def _done(item: DueItem, on: date) -> DueItem:
    inside = item.window[0] <= on <= item.window[1]
    return msgspec.structs.replace(item, status="done" if inside else "outside", on=on)


def _standing(item: DueItem, s: SubjectState, today: date) -> DueItem:
    """Of what has not been recorded; who has left is expected no more."""
    if s.left is not None and item.window[1] >= s.left.on:
        return msgspec.structs.replace(item, status="dropped")
    status: DueStatus = "planned" if today < item.window[0] else "due" if today <= item.window[1] else "late"
    return msgspec.structs.replace(item, status=status)


#: How far ahead a week looks.
WEEK = timedelta(days=7)


def due_this_week(items: Iterable[DueItem], today: date) -> tuple[DueItem, ...]:
    """What is late or due, and what opens within seven days; the most urgent first."""
    near = [x for x in items if x.status in ("late", "due") or (x.status == "planned" and x.window[0] <= today + WEEK)]
    order = {"late": 0, "due": 1, "planned": 2}
    return tuple(sorted(near, key=lambda x: (order[x.status], x.window[1], x.subject)))


DUE_NAMES: dict[str, Text] = {
    "done": say("done"), "outside": say("done outside its window"), "missed": say("not done"), "due": say("due now"),
    "late": say("past its window"), "planned": say("planned"), "dropped": say("no longer expected"),
}  # fmt: skip


def due_name(item: DueItem) -> Text:
    match item.kind:
        case "dose":
            return say("Dose {n}", n=item.week)
        case "visit":
            return say("Visit, week {week}", week=item.week)
        case "delayed":
            return say("Delayed reactions, week {week}", week=item.week)
        case "immunology":
            return say("Immunology sample, baseline") if item.week == 0 else say("Immunology sample, week {week}", week=item.week)
        case _:
            return say("Contraception until this day")
