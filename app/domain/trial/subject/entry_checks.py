"""What every entry at the desk must be: said in words where words are asked for, and of the past."""

from datetime import date, datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.texts import say
from app.domain.trial.criteria import Criterion
from app.domain.trial.eligibility import allowed_unit, allowed_value

from . import subject_facts as f

CourseEvent = f.TransfusionGiven | f.MedicationGiven | f.VisitDone | f.VisitMissed | f.SampleDrawn


def reason(text: str) -> str:
    if not text.strip():
        raise Refused(say("Give a reason."))
    return text.strip()


def note_text(text: str) -> str:
    if not text.strip():
        raise Refused(say("The note is empty."))
    return text.strip()


def past(at: datetime, now: datetime) -> datetime:
    if at.tzinfo is None or at > now:
        raise Refused(say("{at} lies in the future.", at=at))
    return at


def not_later(day: date, today: date) -> date:
    if day > today:
        raise Refused(say("{day} lies in the future.", day=day))
    return day


def refuse_numbers(*values: Decimal | None) -> None:
    """What is no result of a laboratory, nor one of its limits of normal."""
    for value in values:
        if value is not None and (not value.is_finite() or value < 0):
            raise Refused(say("{value} is not a laboratory value.", value=value))


#: Nobody is older.
_OLDEST = 120


def refuse_screening(event: f.SubjectScreened) -> None:
    if not 0 <= event.age_years <= _OLDEST:
        raise Refused(say("{age} is not an age in years.", age=event.age_years))
    if event.icaht_grade is not None and not 1 <= event.icaht_grade <= 4:
        raise Refused(say("A grade is between 1 and 4."))


def refuse_entry(criterion: Criterion, value: str, unit: str, typed: str) -> None:
    """A number or a word that the row does not take, or a number in another unit. `typed`: as it is told."""
    for allowed in (allowed_value(criterion, value), allowed_unit(criterion, value, unit)):
        if allowed is not None:
            raise Refused(say("“{typed}” is not allowed here. Allowed: {allowed}.", typed=typed, allowed=allowed))


def course_event(event: CourseEvent, now: datetime, today: date) -> CourseEvent:
    match event:
        case f.TransfusionGiven():
            past(event.given_at, now)
            if not event.units.is_finite() or event.units <= 0 or event.units * 2 % 1:
                raise Refused(say("Units are given in halves."))
        case f.MedicationGiven():
            reason(event.what)
            not_later(event.from_on, today)
            if event.until_on is not None and event.until_on < event.from_on:
                raise Refused(say("It cannot be over before it began."))
        case f.VisitDone():
            not_later(event.on, today)
        case f.VisitMissed():
            reason(event.reason)
        case _:
            past(event.drawn_at, now)
    return event
