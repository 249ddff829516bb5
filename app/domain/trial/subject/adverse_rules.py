"""What may be recorded of an adverse event, and of the report of a serious one."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.corrected import as_corrected
from app.domain.safety.adverse_event import INFUSION_RELATED, refuse_both, refuse_grade, term_name
from app.domain.safety.ctcae_terms import Ctcae
from app.domain.safety.sae_clock import SaeClock, sae_clocks
from app.domain.safety.safety_facts import SaeReported
from app.domain.texts import say

from . import subject_facts as f
from .entry_checks import past
from .subject_commands import ReportSae
from .subject_state import SubjectState


def adverse(
    s: SubjectState, event: f.AdverseEventNoted, now: datetime, ctcae: Ctcae | None,
    reactions_on: Iterable[date], event_id: str | None,
) -> f.AdverseEventNoted:  # fmt: skip
    """As it is kept: its term as CTCAE writes it, with the version it was graded by. Raises `Refused`.

    `reactions_on`: days of graded reactions at the bedside, which are infusion related. `event_id`: of what it corrects, or None.
    """
    if not event.term.strip():
        raise Refused(say("Give a reason."))
    if not 1 <= event.grade <= 5:
        raise Refused(say("A grade is between 1 and 5."))
    if event.over_on is not None and event.over_on < event.onset_on:
        raise Refused(say("It cannot be over before it began."))
    if event.aware_at is not None:
        past(event.aware_at, now)
    if event.criteria and not event.is_serious:
        raise Refused(say("What meets a criterion of seriousness is serious."))
    refuse_both(event.term, event.onset_on, [*_others(s, event_id), *((INFUSION_RELATED, on) for on in reactions_on)])
    if ctcae is None:
        return msgspec.structs.replace(event, term=event.term.strip())
    refuse_grade(ctcae, event.term, event.grade)
    return msgspec.structs.replace(event, term=term_name(ctcae, event.term), ctcae_version=ctcae.ctcae_version)


def _others(s: SubjectState, event_id: str | None) -> Iterator[tuple[str, date]]:
    for x in as_corrected(s.entries):
        if isinstance(x.event, f.AdverseEventNoted) and x.event_id != event_id:
            yield x.event.term, x.event.onset_on


def sae_report(s: SubjectState, c: ReportSae, now: datetime, hours: int) -> SaeReported:
    """Once for each; what is missing of it, such as the receipt, is corrected later. Raises `Refused`."""
    clock = next((x for x in clocks_of(s, hours) if x.event_id == c.event_id), None)
    if clock is None:
        raise Refused(say("This is no serious adverse event."))
    if clock.reported_at is not None:
        raise Refused(say("It was reported already: correct the entry."))
    past(c.reported_at, now)
    made = SaeReported(event_id=c.event_id, reported_at=c.reported_at, to=c.to.strip(), receipt=c.receipt.strip())
    refuse_report(made, [clock])
    return made


def refuse_report(report: SaeReported, clocks: Iterable[SaeClock]) -> None:
    """Of before anybody knew, or to nobody."""
    for clock in clocks:
        if clock.event_id == report.event_id and report.reported_at < clock.aware_at:
            raise Refused(say("It was not known before {at}.", at=clock.aware_at))
    if not report.to.strip():
        raise Refused(say("Say to whom it was reported."))


def clocks_of(s: SubjectState, hours: int) -> list[SaeClock]:
    """Of every serious adverse event of a subject, running or reported."""
    return sae_clocks(s.entries, f.AdverseEventNoted, hours)
