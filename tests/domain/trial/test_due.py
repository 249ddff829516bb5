"""What is due for a subject, in which window, and the board's columns as they are drawn."""

from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from app.domain.trial.board_columns import BoardPlace, columns, open_subjects
from app.domain.trial.board_words import headline
from app.domain.trial.due import DUE_NAMES, DueItem, DueStatus, due_items, due_name, due_this_week
from app.domain.trial.enrolled import DltStatus, EscalationRule, Subject
from app.domain.trial.escalation import board
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import DoseGiven, TrialData
from tests.domain.cast import protocol
from tests.domain.trial.cohort import day, subject
from tests.domain.trial.subjects import NOW, PROTOCOL, RULE, RULES, SCREEN, SHANGHAI, after, enrolled, fitting, screened

FIRST = datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)
TODAY = date(2026, 5, 1)


def items(s: SubjectState, today: date = TODAY, *doses: datetime) -> dict[tuple[str, int], DueItem]:
    given = tuple(DoseGiven(f"i{n}", n, at) for n, at in enumerate(doses or (FIRST,), 1))
    data = TrialData((s,), {s.code: given}, {}, (), today)
    return {(x.kind, x.week): x for x in due_items(data, s, PROTOCOL, RULES)}


def test_nothing_is_due_before_the_first_dose() -> None:
    assert due_items(TrialData((), {}, {}, (), TODAY), screened(), PROTOCOL, RULES) == ()


def test_done_due_late_and_planned_by_their_windows() -> None:
    state = after(
        enrolled(),
        *(
            c.RecordCourse(x)
            for x in (
                f.VisitDone("visit", 1, date(2026, 4, 8)),
                f.VisitDone("visit", 2, date(2026, 4, 19)),
                f.VisitMissed("visit", 3, "holiday"),
                f.SampleDrawn(0, FIRST - timedelta(hours=2), 4, True),
                f.VisitMissed("immunology", 1, "no vein"),
            )
        ),
    )
    found = items(state)
    assert found["visit", 1].status == "done"
    assert (found["visit", 2].status, found["visit", 2].on) == ("outside", date(2026, 4, 19))
    assert found["visit", 3].status == found["immunology", 1].status == "missed"
    assert (found["visit", 4].day, found["visit", 4].status) == (date(2026, 4, 29), "due")
    assert found["visit", 5].status == "planned"
    assert found["immunology", 0].status == "done"
    assert found["immunology", 4].status == "late"
    assert found["dose", 1].status == "done"
    assert found["contraception", 0].status == "planned"
    assert items(state, date(2028, 1, 1))["contraception", 0].status == "dropped"
    last = items(state)["contraception", 0].day
    assert items(state, last)["contraception", 0].status == "due"


def group_b(state: SubjectState) -> SubjectState:
    made = next(x for x in state.entries if isinstance(x.event, f.SubjectEnrolled))
    assert isinstance(made.event, f.SubjectEnrolled)
    state.enrolment = replace(made, event=replace(made.event, group="B"))
    return state


#: A woman of group B, her doses on 1 and 8 April, on 15 May: the day, what it is, its window, what became of it, when it was done.
WHOLE_CALENDAR = """
2026-04-01 Dose 1                              04-01 04-01 done 04-01
2026-04-01 Immunology sample, baseline         04-01 04-01 done 04-01    before dexamethasone on 2026-04-01
2026-04-08 Dose 2                              04-07 04-09 done 04-08
2026-04-08 Immunology sample, week 1           04-07 04-09 missed -      before dexamethasone on 2026-04-08
2026-04-15 Visit, week 1                       04-12 04-18 done 04-18
2026-04-22 Visit, week 2                       04-19 04-25 outside 04-26
2026-04-29 Immunology sample, week 4           04-28 04-30 late -
2026-04-29 Visit, week 3                       04-26 05-02 missed -
2026-05-06 Delayed reactions, week 4           05-03 05-09 done 05-03
2026-05-06 Visit, week 4                       05-03 05-09 outside 05-02
2026-05-13 Visit, week 5                       05-10 05-16 due -
2026-05-20 Visit, week 6                       05-17 05-23 planned -
2026-05-27 Immunology sample, week 8           05-26 05-28 planned -
2026-05-27 Visit, week 7                       05-24 05-30 planned -
2026-06-03 Delayed reactions, week 8           05-31 06-06 planned -
2026-06-03 Visit, week 8                       05-31 06-06 planned -
2026-07-01 Delayed reactions, week 12          06-28 07-04 planned -
2026-07-01 Visit, week 12                      06-28 07-04 planned -
2026-07-29 Visit, week 16                      07-26 08-01 planned -
2026-08-26 Visit, week 20                      08-23 08-29 planned -
2026-09-23 Delayed reactions, week 24          09-20 09-26 planned -
2026-09-23 Visit, week 24                      09-20 09-26 planned -
2027-01-23 Contraception until this day        01-23 01-23 planned -
"""


def test_the_whole_calendar_of_a_subject() -> None:
    kept = (
        f.SampleDrawn(0, FIRST - timedelta(hours=2), 4, True), f.VisitMissed("immunology", 1, "no vein"),
        f.VisitDone("visit", 1, date(2026, 4, 18)), f.VisitDone("visit", 2, date(2026, 4, 26)),
        f.VisitMissed("visit", 3, "holiday"), f.VisitDone("visit", 4, date(2026, 5, 2)),
        f.VisitDone("delayed", 4, date(2026, 5, 3)),
    )  # fmt: skip
    state = group_b(after(enrolled(), *(c.RecordCourse(x) for x in kept)))
    given = DoseGiven("i1", 1, FIRST), DoseGiven("i2", 2, FIRST + timedelta(days=7))
    data = TrialData((state,), {"S-001": given}, {}, (), date(2026, 5, 15))
    found = due_items(data, state, PROTOCOL, RULES)
    assert [x.subject for x in found] == ["S-001"] * 23
    lines = [
        f"{x.day} {due_name(x)!s:<36}{x.window[0]:%m-%d} {x.window[1]:%m-%d} {x.status} {f'{x.on:%m-%d}' if x.on else '-'}"
        + (f" {x.hint}" if x.hint else "")
        for x in found
    ]
    assert [line.split() for line in lines] == [line.split() for line in WHOLE_CALENDAR.strip().splitlines()]


def test_each_dose_of_group_c_has_the_window_from_the_dose_before_it() -> None:
    """The first on 1 April, the second a day late; the others are planned a week after the one before."""
    state = after(SubjectState("S-001", []), c.EnrolElsewhere("C", "escalation", "at the clinic"))
    found = items(state, date(2026, 4, 10), FIRST, FIRST + timedelta(days=8))
    assert [(x.day.day, x.window[0].day, x.window[1].day, x.status) for n in (1, 2, 3, 4) for x in [found["dose", n]]] == [
        (1, 1, 1, "done"), (9, 7, 9, "done"), (16, 15, 17, "planned"), (23, 22, 24, "planned"),
    ]  # fmt: skip


def test_the_baseline_is_drawn_before_dexamethasone_from_whichever_infusion_it_counts() -> None:
    amended = protocol("msc-icaht", {"followup.immunology_from": "last"})
    state = group_b(enrolled())
    data = TrialData((state,), {"S-001": (DoseGiven("i1", 1, FIRST),)}, {}, (), TODAY)
    hints = {x.week: str(x.hint) for x in due_items(data, state, amended, RULES) if x.kind == "immunology"}
    assert hints == {0: "before dexamethasone on 2026-04-08", 1: "None", 4: "None", 8: "None"}


def test_a_window_of_a_visit_is_open_on_both_its_last_days() -> None:
    def status(today: date) -> str:
        return items(enrolled(), today)["visit", 1].status

    days = [date(2026, 4, n) for n in (4, 5, 8, 11, 12)]
    assert [status(day) for day in days] == ["planned", "due", "due", "due", "late"]


def test_the_sample_of_an_infusion_day_is_drawn_before_dexamethasone() -> None:
    state = group_b(enrolled())
    found = items(state, date(2026, 4, 8))
    assert str(found["immunology", 1].hint) == "before dexamethasone on 2026-04-08"
    assert found["immunology", 4].hint is None
    assert (found["dose", 2].window, found["dose", 2].status) == ((date(2026, 4, 7), date(2026, 4, 9)), "due")
    assert items(state, date(2026, 4, 10))["dose", 2].status == "missed"
    assert items(state, date(2026, 4, 6))["dose", 2].status == "planned"


def test_who_has_left_is_expected_no_more() -> None:
    state = after(enrolled(), c.LeaveTrial(date(2026, 4, 20), "moved"), now=NOW)
    found = items(state)
    assert found["visit", 1].status == "late"
    assert found["visit", 8].status == "dropped"


def test_a_week_looks_ahead_and_puts_the_late_first() -> None:
    found = due_this_week(items(enrolled()).values(), TODAY)
    assert {x.status for x in found} == {"late", "due", "planned"}
    assert [x.status for x in found] == sorted((x.status for x in found), key=["late", "due", "planned"].index)
    assert all(x.window[0] <= TODAY + timedelta(days=7) for x in found)
    assert ("visit", 8) not in {(x.kind, x.week) for x in found}


def test_the_week_shows_what_opens_within_seven_days_the_most_urgent_first_then_what_closes_first() -> None:
    def item(subject: str, status: DueStatus, opens: int, closes: int) -> DueItem:
        day_ = TODAY + timedelta(days=opens)
        return DueItem(subject, "visit", 1, day_, (day_, TODAY + timedelta(days=closes)), status)

    shown = [
        item("S-5", "late", -9, -3), item("S-4", "late", -8, -2), item("S-2", "due", -3, 2), item("S-3", "due", -3, 2),
        item("S-1", "due", -1, 3), item("S-1", "planned", 1, 2), item("S-1", "planned", 7, 8),
    ]  # fmt: skip
    others = [
        item("S-1", "planned", 8, 8), item("S-1", "done", -1, 1), item("S-1", "outside", -1, 1), item("S-1", "missed", -1, 1),
        item("S-1", "dropped", -1, 1),
    ]  # fmt: skip
    assert due_this_week([*others, *reversed(shown)], TODAY) == tuple(shown)


def test_contraception_of_a_man_is_followed_for_six_months_and_of_who_is_not_screened_here_for_four() -> None:
    """One dose on 1 April: the follow-up ends on 16 September."""
    man = after(SubjectState("S-001", []), replace(SCREEN, sex="male"), *fitting(), c.SignVerdict(), c.Enrol())
    until = items(man)["contraception", 0]
    assert (until.day, until.window) == (date(2027, 3, 16), (date(2027, 3, 16), date(2027, 3, 16)))
    assert items(enrolled())["contraception", 0].day == date(2027, 1, 16)
    elsewhere = after(SubjectState("S-001", []), c.EnrolElsewhere("A", "escalation", "at the clinic"))
    assert items(elsewhere)["contraception", 0].day == date(2027, 1, 16)
    days = [date(2027, 1, n) for n in (15, 16, 17)]
    assert [items(enrolled(), day_)["contraception", 0].status for day_ in days] == ["planned", "due", "dropped"]


def test_who_has_left_is_expected_no_more_from_the_day_of_leaving() -> None:
    """The window of week 1 closes on 11 April: who leaves on that day is expected no more, who leaves the day after was."""
    for left, status in ((10, "dropped"), (11, "dropped"), (12, "late")):
        state = after(enrolled(), c.LeaveTrial(date(2026, 4, left), "moved"))
        assert items(state)["visit", 1].status == status


def test_a_sample_is_of_its_week_and_a_visit_of_its_kind() -> None:
    kept = (f.SampleDrawn(4, datetime(2026, 4, 30, 23, tzinfo=SHANGHAI), 4), f.VisitDone("delayed", 8, date(2026, 5, 31)))
    found = items(after(enrolled(), *(c.RecordCourse(x) for x in kept), now=datetime(2026, 6, 1, 10, tzinfo=SHANGHAI)))
    assert (found["immunology", 4].status, found["immunology", 4].on) == ("done", date(2026, 4, 30))
    assert (found["delayed", 8].status, found["delayed", 8].on) == ("outside", date(2026, 5, 31))
    assert found["visit", 8].on is None
    assert found["visit", 4].on is None


def test_everything_has_a_name() -> None:
    names = {str(due_name(x)) for x in items(enrolled()).values()}
    assert {
        "Dose 1", "Visit, week 24", "Delayed reactions, week 4", "Immunology sample, baseline", "Immunology sample, week 8",
        "Contraception until this day",
    } <= names  # fmt: skip
    assert all(x.status in DUE_NAMES for x in items(enrolled()).values())


# --- the board as it is drawn


def drawn(on: date, *subjects: Subject) -> dict[str, Any]:
    answer = board(subjects, on, RULE)
    return {x.group: x for x in columns(subjects, on, RULE, answer, (1, 2, 4))}


def test_an_empty_board_has_three_free_places_in_a() -> None:
    found = drawn(day(0))
    assert [str(x.words) for x in found["A"].slots] == ["free"] * 3
    assert [str(x.words) for x in found["B"].slots] == ["not open"] * 3
    assert str(found["B"].said) == "waits for A"
    assert str(found["A"].said) == "Group A: 0 DLT in 0 evaluable subjects."
    assert drawn(day(0), subject("B1", 0))["A"].is_open


def test_each_standing_has_its_words_and_its_share_of_the_window() -> None:
    people = (
        subject("A1", 0), subject("A2", 20), subject("A3", 0, dlt=9),
        subject("A4", 0, left_on=day(5)), subject("A5", 0, first_infusion=None, last_infusion=None, given_doses=0),
    )  # fmt: skip
    slots = {x.subject: x for x in drawn(day(34), *people)["A"].slots}
    assert (str(slots["A1"].words), slots["A1"].share) == ("28 d · no DLT", 1)
    assert (str(slots["A2"].words), slots["A2"].share * 28) == ("day 14 of 28", 14)
    assert str(slots["A3"].words) == "■ DLT day 9"
    assert (str(slots["A4"].words), slots["A4"].standing) == ("replaced", DltStatus.REPLACED)
    assert str(slots["A5"].words) == "not yet infused"
    last = replace(RULE, anchor="last")
    answer = board(people, day(34), last)
    assert columns(people, day(34), last, answer, (1, 2, 4))[0].slots[1].share == slots["A2"].share


def lines(on: date, *subjects: Subject, rule: EscalationRule = RULE) -> list[tuple[str, int, bool, str, list[str]]]:
    """Each column: group, doses, open or not, what is said, and its places: who, as what, in words, days of the window."""
    answer = board(subjects, on, rule)
    return [
        (x.group, x.doses, x.is_open, str(x.said), [told_place(place) for place in x.slots])
        for x in columns(subjects, on, rule, answer, (1, 2, 4))
    ]


def told_place(place: BoardPlace) -> str:
    return f"{place.subject} · {place.standing or '-'} · {place.words} · {float(place.share) * 28:g}"


def test_the_whole_board_in_the_middle_of_a_trial() -> None:
    """Three of A are through, one of B had a DLT on its ninth day, the second is in its window, the third is yet to come."""
    to_come = subject("B3", 0, first_infusion=None, last_infusion=None, given_doses=0)
    people = (*(subject(f"A{n}", 0) for n in (1, 2, 3)), subject("B1", 30, dlt=39), subject("B2", 36), to_come)
    assert lines(day(50), *people) == [
        ("A", 1, True, "Group A: 0 DLT in 3 evaluable subjects.", [f"A{n} · clear · 28 d · no DLT · 28" for n in (1, 2, 3)]),
        ("B", 2, True, "Group B: 1 DLT in 1 evaluable subjects.",
         ["B1 · dlt · ■ DLT day 9 · 28", "B2 · pending · day 14 of 28 · 14", "B3 · to_start · not yet infused · 0"]),
        ("C", 4, False, "waits for B", ["None · - · not open · 0"] * 3),
    ]  # fmt: skip


def test_whoever_is_replaced_leaves_a_place_free_and_one_dlt_in_three_opens_three_more() -> None:
    left = (subject("A1", 0, left_on=day(5)), subject("A2", 20), subject("A3", 0, dlt=9))
    assert lines(day(34), *left)[0][4] == [
        "A1 · replaced · replaced · 0", "A2 · pending · day 14 of 28 · 14", "A3 · dlt · ■ DLT day 9 · 28", "None · - · free · 0",
    ]  # fmt: skip
    one_dlt = (subject("A1", 0, dlt=3), subject("A2", 0), subject("A3", 0))
    assert lines(day(28), *one_dlt)[0][4][3:] == ["None · - · free · 0"] * 3


def test_the_share_of_the_window_stays_between_nothing_and_all_of_it() -> None:
    """On the day of the infusion none; a subject of C whose last dose is late is pending beyond its 28 days."""
    assert lines(day(0), subject("A1", 0))[0][4][0] == "A1 · pending · day 0 of 28 · 0"
    late = subject("C1", 0, last_infusion=day(26), given_doses=3)
    assert lines(day(30), late)[2][4][0] == "C1 · pending · day 30 of 28 · 28"


def test_the_window_is_drawn_from_the_infusion_it_runs_from() -> None:
    people = (*(subject(f"A{n}", 0) for n in (1, 2, 3)), subject("B1", 40))
    from_last = replace(RULE, anchor="last")
    assert [lines(day(61), *people, rule=rule)[1][4][0] for rule in (RULE, from_last)] == [
        "B1 · pending · day 21 of 28 · 21", "B1 · pending · day 14 of 28 · 14",
    ]  # fmt: skip


def test_a_group_left_behind_shows_no_free_places_while_nobody_of_it_is_awaited() -> None:
    """The site has not decided its rule yet; two of A are through, or one is in its window still, and B has begun."""
    undecided, begun = replace(RULE, mtd=None), subject("B1", 60)
    behind = lines(day(70), subject("A1", 0), subject("A2", 0), begun, rule=undecided)[0][4]
    assert behind == ["A1 · clear · 28 d · no DLT · 28", "A2 · clear · 28 d · no DLT · 28"]
    awaited = lines(day(70), subject("A1", 0), subject("A2", 63), begun, rule=undecided)[0][4]
    assert awaited == ["A1 · clear · 28 d · no DLT · 28", "A2 · pending · day 7 of 28 · 7", "None · - · free · 0"]


def test_a_subject_of_the_expansion_has_no_place_on_the_board() -> None:
    extra = subject("A9", 0, cohort="expansion")
    assert lines(day(10), extra) == lines(day(10))
    assert open_subjects((extra, subject("A1", 0)), day(10), RULE, board((), day(10), RULE))[0].subject.subject == "A1"


def test_a_stopped_group_and_one_left_behind_have_no_places() -> None:
    stopped = drawn(day(40), subject("A1", 0, dlt=2), subject("A2", 0, dlt=3))
    assert [x.subject for x in stopped["A"].slots] == ["A1", "A2"]
    behind = drawn(day(60), *(subject(f"A{n}", 0) for n in (1, 2, 3)), subject("B1", 40))
    assert len(behind["A"].slots) == 3
    assert [str(x.words) for x in behind["B"].slots][1:] == ["free", "free"]
    first = tuple(columns((), day(0), RULE, board((subject("B1", 0),), day(0), RULE), (1, 2, 4)))
    assert str(first[0].said) == "Group A: 0 DLT in 0 evaluable subjects."


def test_nobody_is_waited_for_below_the_first_group() -> None:
    undecided = replace(RULE, mtd=None)
    found = columns((), day(0), undecided, board((), day(0), undecided), (1, 2, 4))
    assert str(found[0].said) == "nobody yet"


def said(on: date, *subjects: Subject) -> str:
    answer = board(subjects, on, RULE)
    awaited = open_subjects(subjects, on, RULE, answer)
    return str(headline(answer.decision, answer.group, answer.mtd, awaited, answer.earliest))


def test_the_answer_in_one_line() -> None:
    three = tuple(subject(f"A{n}", 0) for n in (1, 2, 3))
    assert said(day(0)) == "The next subject goes into group A"
    assert said(day(10), *three) == "Wait for A1, A2, A3 until 2026-06-29"
    assert said(day(28), *three) == "Group B may begin: the next subject goes there"
    one_dlt = (*three[:2], subject("A3", 0, dlt=3))
    assert said(day(28), *one_dlt) == "Three more in group A: the next subject goes there"
    assert said(day(28), subject("A1", 0, dlt=1), subject("A2", 0, dlt=2)) == "The escalation stops: no group is tolerated"
    stopped = (*three, subject("B1", 30, dlt=31), subject("B2", 30, dlt=32))
    assert said(day(70), *stopped) == "The escalation stops: A is the maximum tolerated group"
    unstarted = tuple(replace(s, first_infusion=None, last_infusion=None, given_doses=0) for s in three)
    assert said(day(0), *unstarted) == "Wait for A1, A2, A3"
    undecided = board((), day(0), replace(RULE, mtd=None))
    assert str(headline(undecided.decision, None, None, (), None)) == "Wait: nobody more is enrolled now"
    every = (*three, *(subject(f"B{n}", 30) for n in (1, 2, 3)), *(subject(f"C{n}", 70) for n in (1, 2, 3)))
    assert said(day(150), *every) == "The escalation is complete: C is the maximum tolerated group"
