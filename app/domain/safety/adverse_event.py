"""One adverse event: its words, which grades it can have, what it must not be told beside, and whether it counts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from app.domain.errors import Refused
from app.domain.texts import Text, listed, say

from .ctcae_terms import Ctcae

Seriousness = Literal["death", "life_threatening", "hospital", "disability", "congenital", "important"]
Relatedness = Literal["certain", "probable", "possible", "unlikely", "unrelated", ""]
ActionTaken = Literal["none", "paused", "stopped", "dose_held", "no_more_doses", ""]
EventOutcome = Literal["recovered", "recovering", "not_recovered", "sequelae", "died", "unknown", ""]

SERIOUSNESS: dict[str, Text] = {
    "death": say("death"),
    "life_threatening": say("life-threatening"),
    "hospital": say("in hospital for it, or longer"),
    "disability": say("lasting disability"),
    "congenital": say("birth defect"),
    "important": say("medically important"),
}
RELATEDNESS: dict[str, Text] = {
    "certain": say("certainly related"),
    "probable": say("probably related"),
    "possible": say("possibly related"),
    "unlikely": say("unlikely to be related"),
    "unrelated": say("not related"),
}
ACTIONS_TAKEN: dict[str, Text] = {
    "none": say("nothing changed"),
    "paused": say("infusion paused"),
    "stopped": say("infusion stopped"),
    "dose_held": say("next dose put off"),
    "no_more_doses": say("no more doses"),
}
EVENT_OUTCOMES: dict[str, Text] = {
    "recovered": say("recovered"),
    "recovering": say("recovering"),
    "not_recovered": say("not recovered"),
    "sequelae": say("recovered with after-effects"),
    "died": say("died"),
    "unknown": say("not known"),
}
#: What counts as caused by the treatment.
RELATED = frozenset({"certain", "probable", "possible"})
#: A reaction at the bedside that was graded is one of these.
INFUSION_RELATED = "infusion related reaction"
_ALLERGIC = "allergic reaction"


def possible_grades(ctcae: Ctcae, term: str) -> tuple[int, ...]:
    """The grades that exist for a term; of one in a person's own words all five."""
    found = ctcae.term(term)
    return (1, 2, 3, 4, 5) if found is None else tuple(found.grades_that_exist)


def term_name(ctcae: Ctcae, term: str) -> str:
    """As CTCAE writes it; what is not of the table stands as it was typed."""
    found = ctcae.term(term)
    return " ".join(term.split()) if found is None else found.en


def refuse_grade(ctcae: Ctcae, term: str, grade: int) -> None:
    grades = possible_grades(ctcae, term)
    if grade not in grades:
        raise Refused(say("{term} has no grade {grade}, only {grades}.", term=term_name(ctcae, term), grade=grade,
                          grades=listed(map(str, grades))))  # fmt: skip


def refuse_both(term: str, onset_on: date, known: Iterable[tuple[str, date]]) -> None:
    """An infusion related and an allergic reaction are one event, told once. `known`: term and first day of the others."""
    name = " ".join(term.split()).casefold()
    other = {INFUSION_RELATED: _ALLERGIC, _ALLERGIC: INFUSION_RELATED}.get(name)
    if any(day == onset_on and " ".join(told.split()).casefold() == other for told, day in known):
        raise Refused(say("An infusion related reaction and an allergic reaction of one day are one event: if the infusion caused "
                          "it, it is an infusion related reaction."))  # fmt: skip


def is_counted(onset_on: date, consent_on: date | None, last_infusion_on: date | None, weeks: int) -> bool:
    """From the day of consent to so many weeks after the last infusion, both days included; others are kept, not counted."""
    if consent_on is not None and onset_on < consent_on:
        return False
    return last_infusion_on is None or onset_on <= last_infusion_on + timedelta(weeks=weeks)
