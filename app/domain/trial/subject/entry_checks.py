"""What every entry at the desk must be: said in words where words are asked for, and of the past."""

from datetime import date, datetime

from app.domain.errors import Refused
from app.domain.texts import say

from . import subject_facts as f

CourseEvent = f.TransfusionGiven | f.MedicationGiven | f.VisitDone | f.VisitMissed | f.SampleDrawn


def reason(text: str) -> str:
    if not text.strip():
        raise Refused(say("Give a reason."))
    return text.strip()


def past(at: datetime, now: datetime) -> datetime:
    if at.tzinfo is None or at > now:
        raise Refused(say("{at} lies in the future.", at=at))
    return at


def not_later(day: date, today: date) -> date:
    if day > today:
        raise Refused(say("{day} lies in the future.", day=day))
    return day


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
