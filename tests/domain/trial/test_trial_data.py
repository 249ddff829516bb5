"""The subjects joined with the bedside: what the board counts, what is signed beside which data, whose counts are judged."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.infusion.facts import NoteAdded
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.trial.escalation import Decision, board
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.subject_rules import setting_of
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import (
    DoseGiven,
    TrialData,
    board_of,
    calendar_of,
    course_of,
    decisions,
    dose_days,
    give_advice,
    on_board,
    sign_decision,
    snapshot,
)
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.cohort import subject
from tests.domain.trial.subjects import NOW, PROTOCOL, RULE, RULES, TODAY, after, enrolled, screened, setting

FIRST = NOW - timedelta(days=60)


def given(number: int, at: datetime) -> DoseGiven:
    return DoseGiven(f"inf-{number}", number, at, at + timedelta(minutes=45))


def trial(*subjects: SubjectState, decided: tuple[Entry, ...] = (), **doses: Any) -> TrialData:
    return TrialData(subjects, {code.replace("_", "-"): days for code, days in doses.items()}, {}, decided, TODAY)


def test_the_board_counts_who_is_enrolled_by_the_doses_of_the_bedside() -> None:
    data = trial(enrolled("S-001"), screened("S-002"), S_001=(given(1, FIRST),), S_009=(given(1, NOW),))
    (one,) = on_board(data, PROTOCOL)
    assert (one.subject, one.group, one.planned_doses, one.given_doses) == ("S-001", "A", 1, 1)
    assert one.first_infusion == one.last_infusion == FIRST.date()
    assert data.strangers == ("S-009",)
    assert [s.code for s in data.infused] == ["S-001"]
    assert board_of(data, PROTOCOL, RULE).decision is Decision.ENROL
    assert dose_days(data, "S-002") == ()
    assert data.subject("S-002") is not None
    assert data.subject("S-003") is None


def test_a_mark_and_a_leaving_reach_the_board() -> None:
    marked = after(enrolled("S-001"), c.MarkDlt(True, TODAY, "sepsis", "related"), c.LeaveTrial(TODAY, "transferred"))
    (one,) = on_board(trial(marked, S_001=(given(1, NOW),)), PROTOCOL)
    assert (one.dlt_on, one.left_on) == (TODAY, TODAY)
    judged = after(marked, c.MarkDlt(False, TODAY, "sepsis", "another cause"))
    assert on_board(trial(judged, S_001=(given(1, NOW),)), PROTOCOL)[0].dlt_on is None


def test_a_calendar_from_the_actual_doses() -> None:
    state = after(screened("S-001"), at=setting())
    data = trial(enrolled("S-001"), state, S_001=(given(1, FIRST),))
    found = calendar_of(data, data.subjects[0], PROTOCOL, RULES)
    assert found is not None
    assert found.visits[1] == FIRST.date() + timedelta(weeks=1)
    assert calendar_of(trial(enrolled("S-001")), enrolled("S-001"), PROTOCOL, RULES) is None
    assert calendar_of(data, screened("S-001"), PROTOCOL, RULES) is None
    twice = trial(enrolled("S-001"), S_001=(given(1, FIRST), given(2, NOW)))
    assert calendar_of(twice, twice.subjects[0], PROTOCOL, RULES) is None


def test_the_course_of_the_counts() -> None:
    hb = f.LabValue("hb", Decimal(66), "g/L")
    state = after(enrolled("S-001"), c.RecordLab(FIRST - timedelta(days=1), (hb,), (hb,)))
    assert course_of(trial(state), state, PROTOCOL, RULES) is None
    found = course_of(trial(state, S_001=(given(1, FIRST),)), state, PROTOCOL, RULES)
    assert found is not None
    assert found.baseline is not None
    assert found.baseline.hb_g_l == 66


def signing(data: TrialData, by: Person = ZHAO) -> Entry:
    subjects = on_board(data, PROTOCOL)
    event = sign_decision(data, subjects, board_of(data, PROTOCOL, RULE), by, data.decided)
    return Entry("d1", "trial", NOW, by.person_id, event)


def test_a_decision_is_signed_beside_its_data_and_says_when_they_change() -> None:
    before = trial(enrolled("S-001"), S_001=(given(1, FIRST),))
    with pytest.raises(Refused):
        signing(before, LI)
    signed = signing(before)
    advice = give_advice("go on", TODAY, on_board(before, PROTOCOL), before, ZHAO)
    both = (signed, Entry("d2", "trial", NOW, "i1", advice), Entry("d3", "trial", NOW, "i1", NoteAdded("x")))
    same = trial(enrolled("S-001"), decided=both, S_001=(given(1, FIRST),))
    assert [d.on_these_data for d in decisions(same, on_board(same, PROTOCOL))] == [True, True]
    moved = trial(enrolled("S-001"), decided=both, S_001=(given(1, NOW),))
    assert [d.on_these_data for d in decisions(moved, on_board(moved, PROTOCOL))] == [False, False]


def test_nothing_is_signed_while_the_rule_waits() -> None:
    three = tuple(enrolled(f"S-00{n}") for n in (1, 2, 3))
    data = trial(*three, S_001=(given(1, NOW),), S_002=(given(1, NOW),), S_003=(given(1, NOW),))
    with pytest.raises(Refused, match="nothing to sign"):
        signing(data)


def test_an_advice_is_written_and_not_of_tomorrow() -> None:
    data = trial()
    for text, on in (("", TODAY), ("go on", TODAY + timedelta(days=1))):
        with pytest.raises(Refused):
            give_advice(text, on, (), data, ZHAO)


def test_the_snapshot_does_not_depend_on_the_order() -> None:
    data = trial(enrolled("S-001"), enrolled("S-002"))
    found = on_board(data, PROTOCOL)
    assert snapshot(found) == snapshot(found[::-1]) != snapshot(found[:1])


def test_the_expansion_ends_with_its_places_and_with_the_trials() -> None:
    def free(n: int) -> int:
        people = tuple(subject(f"A{k}", 0, cohort="expansion") for k in range(n))
        return setting_of(people, board(people, TODAY, RULE), PROTOCOL, RULES, RULE, TODAY).free_in_expansion

    assert [free(n) for n in (0, 5, 6, 7)] == [6, 1, 0, 0]
    escalated = tuple(subject(f"C{k}", 0) for k in range(22))
    assert setting_of(escalated, board(escalated, TODAY, RULE), PROTOCOL, RULES, RULE, TODAY).free_in_expansion == 2
