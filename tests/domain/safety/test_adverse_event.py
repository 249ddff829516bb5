"""Adverse events of a subject and the clock of the serious ones."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.facts import Corrected
from app.domain.log import Entry
from app.domain.safety.adverse_event import is_counted, possible_grades, refuse_grade, term_name
from app.domain.safety.sae_clock import SaeClock, running
from app.domain.safety.safety_facts import SaeReported
from app.domain.trial.subject.adverse_rules import clocks_of
from app.domain.trial.subject.subject_commands import CorrectSubject, NoteAdverseEvent, ReportSae
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.domain.trial.subject.subject_rules import DeskSetting
from app.domain.trial.subject.subject_state import SubjectState
from app.services.ctcae_file import ctcae
from tests.domain.trial.subjects import NOW, TODAY, after, screened, setting

HOURS = 24


def by_table() -> DeskSetting:
    return msgspec.structs.replace(setting(), ctcae=ctcae())


def noted(state: SubjectState | None = None, term: str = "Fever", grade: int = 1, **other: object) -> SubjectState:
    event = msgspec.structs.replace(AdverseEventNoted(term, grade, TODAY, True, False), **other)
    return after(state or screened(), NoteAdverseEvent(event), at=by_table())


def serious(aware_at: datetime | None = NOW) -> SubjectState:
    return noted(term="Sepsis", grade=4, is_serious=True, criteria=("life_threatening",), aware_at=aware_at)


def the_clock(state: SubjectState) -> SaeClock:
    (clock,) = clocks_of(state, HOURS)
    return clock


# --- terms and grades


def test_a_term_stands_as_ctcae_writes_it_with_its_version() -> None:
    event = noted(term=" febrile  NEUTROPENIA ", grade=3).adverse[-1]
    assert (event.term, event.ctcae_version) == ("Febrile neutropenia", "5.0")


@pytest.mark.parametrize(
    ("term", "grade"), [("Sinus tachycardia", 4), ("Anaphylaxis", 2), ("Hypoxia", 1), ("Platelet count decreased", 5)]
)
def test_a_grade_that_does_not_exist_is_refused(term: str, grade: int) -> None:
    with pytest.raises(Refused, match="has no grade"):
        noted(term=term, grade=grade)


def test_a_grade_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(Refused, match=r"^Sinus tachycardia has no grade 4, only 1, 2, 3\.$"):
        refuse_grade(ctcae(), "sinus  TACHYCARDIA", 4)


def test_in_a_person_s_own_words_every_grade_exists() -> None:
    assert possible_grades(ctcae(), "line infection") == (1, 2, 3, 4, 5)
    assert term_name(ctcae(), " line  infection ") == "line infection"
    assert noted(term="line infection", grade=5).adverse[-1].grade == 5


@pytest.mark.parametrize("grade", [0, 6])
def test_there_is_no_other_grade(grade: int) -> None:
    with pytest.raises(Refused, match="between 1 and 5"):
        noted(grade=grade)


def test_without_the_table_the_words_stand_as_typed() -> None:
    event = AdverseEventNoted(" Fever ", 1, TODAY, True, False)
    assert after(screened(), NoteAdverseEvent(event)).adverse[-1].term == "Fever"


@pytest.mark.parametrize(
    ("first", "second"), [("Infusion related reaction", "Allergic reaction"), ("Allergic reaction", "infusion related REACTION")]
)
def test_infusion_related_and_allergic_of_one_day_are_never_both(first: str, second: str) -> None:
    state = noted(term=first, grade=2)
    with pytest.raises(Refused, match="are one event"):
        noted(state, term=second, grade=2)
    assert len(noted(state, term=second, grade=2, onset_on=TODAY - timedelta(days=1)).adverse) == 2
    assert len(noted(state, term=first, grade=1).adverse) == 2


def test_what_meets_a_criterion_is_serious() -> None:
    with pytest.raises(Refused, match="is serious"):
        noted(criteria=("hospital",))


def test_it_needs_a_term_a_day_that_fits_and_nothing_of_the_future() -> None:
    cases: list[dict[str, Any]] = [{"term": " "}, {"over_on": TODAY - timedelta(days=1)}, {"aware_at": NOW + timedelta(hours=1)}]
    for wrong in cases:
        with pytest.raises(Refused):
            noted(**wrong)


@pytest.mark.parametrize(
    ("onset", "counts"),
    [(date(2026, 5, 27), False), (date(2026, 5, 28), True), (date(2026, 11, 24), True), (date(2026, 11, 25), False)],
)
def test_counted_from_consent_to_24_weeks_after_the_last_infusion(onset: date, counts: bool) -> None:
    assert is_counted(onset, date(2026, 5, 28), date(2026, 6, 9), 24) is counts


def test_before_any_infusion_everything_since_consent_counts() -> None:
    assert is_counted(date(2027, 1, 1), date(2026, 5, 28), None, 24)
    assert is_counted(date(2027, 1, 1), None, None, 24)


# --- the clock


def test_24_h_from_awareness_both_ends_included() -> None:
    clock = the_clock(serious())
    assert clock.until == NOW + timedelta(hours=24)
    assert not clock.is_overdue(clock.until)
    assert clock.is_overdue(clock.until + timedelta(seconds=1))


def test_where_nobody_said_when_the_site_knew_it_is_when_it_was_recorded() -> None:
    assert the_clock(serious(None)).aware_at == NOW


def test_what_is_not_serious_has_no_clock() -> None:
    assert clocks_of(noted(), HOURS) == []


def test_reported_in_time_the_clock_stands_still() -> None:
    state = serious(NOW - timedelta(hours=20))
    event_id = the_clock(state).event_id
    state = after(state, ReportSae(event_id, NOW, " sponsor ", "R-17"))
    clock = the_clock(state)
    assert (clock.reported_at, running([clock])) == (NOW, [])
    report = state.entries[-1].event
    assert isinstance(report, SaeReported)
    assert [str(x) for x in report.further()] == ["receipt: R-17"]
    assert [str(x) for x in msgspec.structs.replace(report, receipt="").further()] == ["no receipt yet"]
    assert not clock.is_overdue(NOW + timedelta(days=9))
    with pytest.raises(Refused, match="already"):
        after(state, ReportSae(event_id, NOW, "sponsor"))


def test_reported_too_late_it_stays_late() -> None:
    state = serious(NOW - timedelta(hours=25))
    state = after(state, ReportSae(the_clock(state).event_id, NOW, "sponsor"))
    assert the_clock(state).is_overdue(NOW)


def test_a_report_that_cannot_be_is_refused() -> None:
    state = serious(NOW - timedelta(hours=2))
    event_id = the_clock(state).event_id
    for wrong in (
        ReportSae("another", NOW, "sponsor"),
        ReportSae(event_id, NOW, " "),
        ReportSae(event_id, NOW - timedelta(hours=3), "sponsor"),
        ReportSae(event_id, NOW + timedelta(hours=3), "sponsor"),
    ):
        with pytest.raises(Refused):
            after(state, wrong)


def test_downgraded_with_a_reason_the_clock_is_gone_and_the_correction_stands() -> None:
    state = serious()
    event_id = the_clock(state).event_id
    with pytest.raises(Refused):
        after(state, CorrectSubject(event_id, "is_serious", "false", " "))
    state = after(state, CorrectSubject(event_id, "is_serious", "false", "no criterion was met"))
    assert clocks_of(state, HOURS) == []
    change = state.entries[-1].event
    assert isinstance(change, Corrected)
    assert (change.old, change.new, change.reason) == ("true", "false", "no criterion was met")


def test_the_soonest_stands_in_front() -> None:
    late = the_clock(serious(NOW - timedelta(hours=30)))
    soon = the_clock(serious(NOW))
    assert running([soon, late]) == [late, soon]


def test_an_entry_of_before_is_read_as_it_was() -> None:
    entry = Entry("e", "subject:S-001", NOW, None, AdverseEventNoted("Fever", 1, TODAY, True, False))
    assert isinstance(entry.event, AdverseEventNoted)
    assert (entry.event.criteria, entry.event.relatedness, entry.event.ctcae_version) == ((), "", "")
