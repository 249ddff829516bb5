"""A mistake on a subject's stream is mended: one field of an earlier entry, with a reason. The first value stays in the record."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion.corrected import current, patch
from app.domain.infusion.facts import Corrected, NoteAdded
from app.domain.log import Event
from app.domain.people.roles import Person
from app.domain.safety.adverse_event import RELATED
from app.domain.safety.ctcae_terms import Ctcae
from app.domain.safety.safety_facts import SaeReported
from app.domain.texts import say
from app.domain.trial.criteria import Criterion
from app.domain.typed_texts import all_typed

from . import subject_facts as f
from .adverse_rules import adverse, clocks_of, refuse_report
from .entry_checks import (
    CourseEvent,
    course_event,
    not_later,
    note_text,
    past,
    reason,
    refuse_entry,
    refuse_numbers,
    refuse_screening,
)
from .lab_rules import made_sure, refuse_values
from .subject_commands import CorrectSubject
from .subject_state import SubjectState


class Correcting(msgspec.Struct, frozen=True):
    """Who corrects, and what it is judged with. `reactions_on`: days with a reaction at an infusion that was graded.

    `criteria`: the rows of the trial, for an entry of one.
    """

    person: Person
    now: datetime
    today: date
    ctcae: Ctcae | None
    reactions_on: frozenset[date] = frozenset()
    criteria: tuple[Criterion, ...] = ()


def corrections(state: SubjectState, c: CorrectSubject, by: Correcting) -> list[Event]:
    """The field that is asked for last; before it what goes with it. Raises `Refused`."""
    target = next((x for x in state.entries if x.event_id == c.event_id), None)
    if target is None or c.field not in target.event.correctable:
        raise Refused(say("This entry cannot be corrected."))
    before = current(state.entries, target)
    try:
        patched = all_typed(patch(before, c.field, c.new, "subject"))
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError):
        raise Refused(say("“{new}” does not fit here.", new=c.new)) from None
    after = _fitting(_with_what_follows(patched, c, by.person), c, state, by)
    changed = {name: (_json(before, name), _json(after, name)) for name in _fields(after, c.field)}
    if changed[c.field][0] == changed[c.field][1]:
        raise Refused(say("Nothing has changed."))
    why = reason(c.reason)
    return [Corrected(c.event_id, name, old, new, why) for name, (old, new) in changed.items() if old != new]


def _with_what_follows(event: Event, c: CorrectSubject, person: Person) -> Event:
    """Serious is what meets a criterion; related what the judgement says; values are made sure of like the first ones."""
    field = c.field
    if isinstance(event, f.LabRecorded) and field == "values":
        return replace(event, how=made_sure(event.values, c.again, c.second, person))
    if not isinstance(event, f.AdverseEventNoted):
        return event
    if field == "criteria":
        return replace(event, is_serious=bool(event.criteria))
    if field == "is_serious" and not event.is_serious:
        return replace(event, criteria=())
    return replace(event, is_related=event.relatedness in RELATED) if field == "relatedness" else event


def _fields(event: Event, field: str) -> Iterator[str]:
    if isinstance(event, f.AdverseEventNoted):
        yield from {"criteria": ("is_serious",), "is_serious": ("criteria",), "relatedness": ("is_related",)}.get(field, ())
    if field == "values":
        yield "how"
    yield field


def _fitting(event: Event, c: CorrectSubject, state: SubjectState, by: Correcting) -> Event:
    """As it may be recorded."""
    value = getattr(event, c.field)
    if isinstance(value, datetime):
        past(value, by.now)
    elif isinstance(value, date):
        not_later(value, by.today)
    if isinstance(event, f.AdverseEventNoted):
        return adverse(state, event, by.now, by.ctcae, by.reactions_on, c.event_id)
    match event:
        case f.LabRecorded():
            refuse_values(event.values)
        case f.SubjectScreened():
            refuse_screening(event)
        case f.CriterionRecorded():
            _refuse_criterion(event, by.criteria)
        case f.SubjectLeft():
            reason(event.reason)
        case SaeReported():
            refuse_report(event, clocks_of(state, 0))
        case NoteAdded():
            note_text(event.text)
        case _:
            assert isinstance(event, CourseEvent)
            course_event(event, by.now, by.today)
    return event


def _refuse_criterion(event: f.CriterionRecorded, criteria: Iterable[Criterion]) -> None:
    """What the row would not have taken: nobody is judged on it."""
    refuse_numbers(event.lln, event.uln)
    number = None if event.number is None else f"{event.number:f}"
    criterion = next(k for k in criteria if k.code == event.criterion)
    for value in (number, event.word):
        if value is not None:
            refuse_entry(criterion, value, event.unit, f"{value} {event.unit}".strip())


def _json(event: Event, name: str) -> str:
    return msgspec.json.encode(getattr(event, name), order="sorted").decode()
