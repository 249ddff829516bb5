"""The subjects joined with the bedside: what the board counts, what is signed beside which data, whose counts are judged."""

import hashlib
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion.facts import NoteAdded
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.people.signatures import covered
from app.domain.safety.suggested import Measured, Suggested
from app.domain.texts import say
from app.domain.trial.decision_facts import AdviceGiven, DecisionSigned
from app.domain.trial.enrolled import Subject
from app.domain.trial.escalation import BoardAnswer, Decision, board
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
    suggested_for,
)
from tests.domain.cast import LI, ZHAO, protocol
from tests.domain.trial.cohort import day, subject
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


def test_everything_that_the_board_counts_of_a_subject() -> None:
    """Two doses of group C, the first of them started twice on its day, told out of order; a DLT; it left."""
    state = after(
        SubjectState("S-001", []), c.EnrolElsewhere("C", "expansion", "at the clinic"),
        c.MarkDlt(True, TODAY, "sepsis", "related"), c.LeaveTrial(TODAY - timedelta(days=1), "transferred"),
    )  # fmt: skip
    doses = (given(2, FIRST + timedelta(days=8)), given(1, FIRST), given(1, FIRST + timedelta(hours=2)))
    data = trial(state, S_001=doses)
    first, last = FIRST.date(), FIRST.date() + timedelta(days=8)
    assert dose_days(data, "S-001") == (first, last)
    assert on_board(data, PROTOCOL) == (
        Subject("S-001", "C", first, last, 4, 2, TODAY - timedelta(days=1), TODAY, "expansion"),
    )  # fmt: skip
    assert on_board(trial(state), PROTOCOL)[0] == Subject(
        "S-001", "C", None, None, 4, 0, TODAY - timedelta(days=1), TODAY, "expansion"
    )


def test_strangers_stand_in_order_and_are_infused_here_without_being_enrolled() -> None:
    data = trial(enrolled("S-001"), screened("S-002"), S_003=(given(1, NOW),), S_002=(given(1, NOW),), S_001=(given(1, NOW),))
    assert data.strangers == ("S-002", "S-003")
    assert [s.code for s in data.enrolled] == ["S-001"]
    assert trial(enrolled("S-001"), S_001=()).infused == ()
    found = data.subject("S-002")
    assert found is not None
    assert found.code == "S-002"


def test_a_later_protocol_changes_nothing_for_who_was_infused_by_an_earlier_one() -> None:
    """The amended file gives group A two doses two weeks apart, and asks for 72 h between two tests."""
    changes = {"groups[0].doses": 2, "dosing.interval_days": 14, "response.min_hours_between_tests": 72}
    amended = protocol("msc-icaht", changes)
    by_the_first, by_the_amended = enrolled("S-001"), enrolled("S-002")
    doses = {s.code: (given(1, FIRST),) for s in (by_the_first, by_the_amended)}
    data = TrialData((by_the_first, by_the_amended), doses, {}, (), TODAY, {"S-001": PROTOCOL})
    assert [s.planned_doses for s in on_board(data, amended)] == [1, 2]
    calendars = [calendar_of(data, s, amended, RULES) for s in data.subjects]
    assert [len(x.doses) for x in calendars if x] == [1, 2]
    courses = [course_of(data, s, amended, RULES) for s in data.subjects]
    assert [x.apart for x in courses if x] == [timedelta(hours=48), timedelta(hours=72)]


def test_the_calendar_follows_each_dose_as_it_was_given_and_no_further_than_the_group() -> None:
    state = after(SubjectState("S-001", []), c.EnrolElsewhere("B", "escalation", "at the clinic"))
    for days, expected in (((0,), (0, 7)), ((0, 8), (0, 8)), ((0, 7, 14), None)):
        data = trial(state, S_001=tuple(given(n, FIRST + timedelta(days=n)) for n in days))
        found = calendar_of(data, state, PROTOCOL, RULES)
        assert (found and tuple((day - FIRST.date()).days for day in found.doses)) == expected


def test_a_course_runs_from_the_first_dose_to_the_last_whatever_their_order_by_the_clock_of_the_ward() -> None:
    """The second dose was told in another time zone."""
    hb, unit = f.LabValue("hb", Decimal(66), "g/L"), f.TransfusionGiven(FIRST, "platelets", Decimal(1))
    counted = c.RecordLab(FIRST + timedelta(days=1), (hb,), (hb,))
    state = after(enrolled("S-001"), counted, c.RecordCourse(unit))
    second = (FIRST + timedelta(days=7)).astimezone(timezone(timedelta(hours=-5)))
    found = course_of(trial(state, S_001=(given(2, second), given(1, FIRST))), state, PROTOCOL, RULES)
    assert found is not None
    assert (found.first_infusion, found.last_infusion) == (FIRST, FIRST + timedelta(days=7))
    assert found.last_infusion.utcoffset() == timedelta(hours=8)
    assert [(x.at, x.hb_g_l) for x in found.counts] == [(FIRST + timedelta(days=1), Decimal(66))]
    assert [(t.at, t.product) for t in found.transfusions] == [(FIRST, "platelets")]


def test_a_grade_is_suggested_by_the_laboratorys_own_limits_over_the_last_value_before_the_first_dose() -> None:
    """ALT 30, then 150 at an upper limit of 40: 3.75 times it is grade 2. The doses are told out of order."""
    alt = f.LabValue("alt", Decimal(30), "U/L", Decimal(5), Decimal(40))
    risen = replace(alt, value=Decimal(150))
    labs = (c.RecordLab(FIRST + timedelta(days=1), (risen,), (risen,)), c.RecordLab(FIRST - timedelta(days=1), (alt,), (alt,)))
    state = after(enrolled("S-001"), *labs)
    now = Measured(FIRST + timedelta(days=1), Decimal(150), Decimal(5), Decimal(40))
    data = trial(state, S_001=(given(2, FIRST + timedelta(days=7)), given(1, FIRST)))
    assert suggested_for(data, "S-001", "Alanine aminotransferase increased") == Suggested(
        Measured(FIRST - timedelta(days=1), Decimal(30), Decimal(5), Decimal(40)), 0, now, 2
    )
    assert suggested_for(trial(state), "S-001", "Alanine aminotransferase increased") == Suggested(None, None, now, 2)


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


def test_what_is_signed_of_a_decision_and_of_an_advice() -> None:
    """An escalation to B, all three of A through; the hash of all that was recorded of the trial before goes with it."""
    people = tuple(enrolled(f"S-00{n}") for n in (1, 2, 3))
    note = Entry("d0", "trial", NOW, "i1", NoteAdded("x"))
    data = trial(*people, decided=(note,), S_001=(given(1, FIRST),), S_002=(given(1, FIRST),), S_003=(given(1, FIRST),))
    subjects, answer = on_board(data, PROTOCOL), board_of(data, PROTOCOL, RULE)
    assert sign_decision(data, subjects, answer, ZHAO, data.decided) == DecisionSigned(
        decision="escalate", group="B", mtd=None, reason=answer.reason, freeze_on=TODAY, data_sha256=snapshot(subjects),
        printed_name="Zhao", signed_sha256=covered([note]).hex(),
    )  # fmt: skip
    stopped = BoardAnswer(Decision.STOP, None, "A", answer.reason)
    assert sign_decision(data, subjects, stopped, ZHAO, ()).mtd == "A"
    assert give_advice(" go on ", TODAY, subjects, data, ZHAO) == AdviceGiven(TODAY, "go on", snapshot(subjects))


def test_what_is_signed_is_refused_in_words() -> None:
    data = trial()
    waits = BoardAnswer(Decision.WAIT, "A", None, say("The decision waits for {names}.", names="S-009"))
    for call, told in (
        (
            lambda: sign_decision(data, (), waits, ZHAO, ()),
            "There is nothing to sign while the rule waits. The decision waits for S-009.",
        ),
        (lambda: give_advice(" ", TODAY, (), data, ZHAO), "Write what the committee advised."),
        (lambda: give_advice("x", TODAY + timedelta(days=1), (), data, ZHAO), "2026-06-02 lies in the future."),
        (lambda: give_advice("x", TODAY, (), data, LI), "This needs another role: Investigator."),
    ):
        with pytest.raises(Refused) as refusal:
            call()
        assert str(refusal.value) == told


def test_what_a_decision_rests_on_has_one_name_whatever_the_order_and_another_with_each_field() -> None:
    one = subject("A1", 0)
    names = {snapshot([one])} | {
        snapshot([replace(one, **change)])
        for change in ({"dlt_on": day(3)}, {"left_on": day(3)}, {"given_doses": 2}, {"group": "B"}, {"cohort": "expansion"})
    }
    assert len(names) == 6
    as_it_was_signed = (
        b'[{"cohort":"escalation","dlt_on":null,"first_infusion":"2026-06-01","given_doses":1,"group":"A",'
        b'"last_infusion":"2026-06-01","left_on":null,"planned_doses":1,"subject":"A1"}]'
    )
    assert snapshot([one]) == hashlib.sha256(as_it_was_signed).hexdigest()


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
    for n in (24, 25):
        full = tuple(subject(f"C{k}", 0) for k in range(n))
        assert setting_of(full, board(full, TODAY, RULE), PROTOCOL, RULES, RULE, TODAY).free_in_expansion == 0
