"""The grade that the numbers known here suggest for an adverse event: the laboratory's, and those at the infusions."""

from datetime import date, timedelta

import msgspec

from app.domain.safety.suggested import suggestion_words
from app.domain.safety.vital_grades import by_vitals, vitals_words
from app.domain.texts import Text
from app.domain.trial.trial_data import suggested_for

from .trial_desk import TrialDesk

#: So old may a neutrophil count be on the first day of a fever.
_COUNT_STANDS = timedelta(days=3)


class Suggestion(msgspec.Struct, frozen=True):
    """`grade`: None where the numbers suggest none. `words`: what they are; empty where there are none."""

    grade: int | None = None
    words: tuple[Text, ...] = ()


def suggestion(desk: TrialDesk, code: str, term: str, first_on: date, last_on: date | None) -> Suggestion:
    """For an event of these days; `last_on` None: it goes on."""
    data, until = desk.data(), last_on or desk.today
    laboratory = suggested_for(data, code, term)
    if laboratory is not None:
        return Suggestion(laboratory.grade, (suggestion_words(laboratory),))
    state = data.subject(code)
    counts = [] if state is None else state.counts
    days = ((x.at.astimezone(desk.zone).date(), x.anc_1e9_l) for x in counts)
    anc = min((n for on, n in days if n is not None and first_on - _COUNT_STANDS <= on <= until), default=None)
    found = by_vitals(term, desk.checks(code), first_on, until, anc)
    return Suggestion() if found is None else Suggestion(found.grade, (vitals_words(found),))
