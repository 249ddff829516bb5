"""The 3 + 3 board: every path of the trial, partial cohorts, late and withdrawn DLTs, replacements, both rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from msgspec.structs import replace

from app.domain.trial.enrolled import DltStatus, EscalationRule, Mtd, Subject, judged, rule_of
from app.domain.trial.escalation import BoardAnswer, Decision, board, decision_table, expansion
from app.services.words.words import Words
from tests.domain.cast import TRIAL

from .cohort import day, rules, subject
from .vectors import vectors

STORER = rule_of(TRIAL, rules())
KORN = rule_of(TRIAL, rules(), mtd="korn")


def told(answer: BoardAnswer) -> tuple[str, str | None, str | None]:
    return answer.decision.value, answer.group, answer.mtd


def group(code: str, at: int, *dlts: bool) -> list[Subject]:
    return [subject(f"{code}{n + 1}", at + n, at + n + 5 if dlt else None) for n, dlt in enumerate(dlts)]


Path_ = tuple[tuple[str, int, int], ...]
"""Cohorts in order: group, subjects, DLTs among them."""


def paths() -> Iterator[tuple[Path_, str | None]]:
    """Every way through A, B and C by whole cohorts, with its maximum tolerated group; derived apart from the board."""

    def through(code: str) -> Iterator[tuple[Path_, bool]]:
        for first in range(4):
            if first != 1:
                yield ((code, 3, first),), first == 0
            else:
                for second in range(4):
                    yield ((code, 3, 1), (code, 3, second)), second == 0

    def onward(codes: str, so_far: Path_, tolerated: str | None) -> Iterator[tuple[Path_, str | None]]:
        for cohorts, passed in through(codes[0]):
            whole = so_far + cohorts
            if passed and len(codes) > 1:
                yield from onward(codes[1:], whole, codes[0])
            else:
                yield whole, codes[0] if passed else tolerated

    yield from onward("ABC", (), None)


PATHS = list(paths())


def test_there_are_forty_three_complete_paths() -> None:
    assert len(PATHS) == len(set(PATHS)) == 43
    assert Counter(mtd for _, mtd in PATHS) == {"A": 10, "B": 20, "C": 8, None: 5}
    assert {sum(n for _, n, _ in path) for path, _ in PATHS} == set(range(3, 19, 3))


@pytest.mark.parametrize("mtd", [None, "A", "B", "C"])
def test_every_path_under_storer(mtd: str | None) -> None:
    """By the maximum tolerated group that it ends with."""
    for path, ends_with in PATHS:
        if ends_with == mtd:
            walked(path, mtd)


def walked(path: Path_, mtd: str | None) -> None:
    """The board is asked before every subject and after every window; the second DLT ends a group at once."""
    treated: list[Subject] = []
    now, previous = 0, ""
    for code, size, dlts in path:
        asked = board(treated, day(now), STORER)
        if code != previous:
            assert told(asked) == (("enrol" if code == "A" else "escalate"), code, None)
        else:
            assert told(asked) == ("expand_cohort", code, None)
        previous = code
        for n in range(size):
            number = sum(s.group == code for s in treated) + 1
            treated.append(subject(f"{code}{number}", now, now + 1 if n < dlts else None))
            answer = board(treated, day(now + 2), STORER)
            having = sum(s.group == code and s.dlt_on is not None for s in treated)
            if having >= 2:
                assert told(answer) == ("stop", None, below(code))
            elif n < size - 1:
                assert told(answer) == ("enrol", code, None)
            elif any(s.group == code and s.dlt_on is None and s.first_infusion == day(now) for s in treated):
                assert told(answer) == ("wait", code, None)
                assert answer.earliest == day(now + 28)
        now += 28
    final = board(treated, day(now), STORER)
    last, _, _ = path[-1]
    assert told(final) == (("complete" if mtd == last else "stop"), None, mtd)


def below(code: str) -> str | None:
    return {"A": None, "B": "A", "C": "B"}[code]


@pytest.mark.uncounted
def test_every_path_under_korn_ends_with_a_group_treated_to_six() -> None:
    """Depth first through every outcome of every subject: what stops the trial names a group with six, or none."""
    ends: Counter[str | None] = Counter()

    def walk(treated: Sequence[Subject], now: int) -> None:
        answer = board(treated, day(now), KORN)
        if answer.decision in {Decision.STOP, Decision.COMPLETE}:
            ends[answer.mtd] += 1
            at_mtd = [s for s in treated if s.group == answer.mtd]
            if answer.decision is Decision.STOP:
                assert len(at_mtd) == (6 if answer.mtd else 0)
            assert sum(s.dlt_on is not None for s in at_mtd) <= 1
            return
        assert answer.decision is not Decision.WAIT
        assert answer.group is not None
        number = sum(s.group == answer.group for s in treated) + 1
        for dlt in (None, now + 1):
            walk([*treated, subject(f"{answer.group}{number}", now, dlt)], now + 60)

    walk([], 0)
    assert set(ends) == {None, "A", "B", "C"}


def test_under_korn_the_group_below_is_treated_to_six_first() -> None:
    a, b = group("A", 0, False, False, False), group("B", 40, True, True)
    assert told(board([*a, *b], day(50), STORER)) == ("stop", None, "A")
    asked = board([*a, *b], day(50), KORN)
    assert told(asked) == ("expand_cohort", "A", None)
    assert "Group B has already begun: it is held." in str(asked.reason)
    more = [subject("A4", 51), subject("A5", 52)]
    assert told(board([*a, *b, *more], day(53), KORN)) == ("enrol", "A", None)
    six = [*a, *b, *more, subject("A6", 53)]
    waits = board(six, day(60), KORN)
    assert (told(waits), waits.pending, waits.earliest) == (("wait", "A", None), ("A4", "A5", "A6"), day(81))
    assert told(board(six, day(81), KORN)) == ("stop", None, "A")
    two = [*a, *b, subject("A4", 51, 55), subject("A5", 52, 56)]
    assert told(board(two, day(57), KORN)) == ("stop", None, None)


@pytest.mark.parametrize("others", [0, 1, 2, 3, 4])
def test_a_partial_cohort_with_two_dlts_stops(others: int) -> None:
    """At whatever number, without waiting for those still in their window."""
    treated = [*group("A", 0, True, True), *(subject(f"A{n + 3}", 3 + n) for n in range(others))]
    answer = board(treated, day(10), STORER)
    assert (told(answer), answer.pending, answer.earliest) == (("stop", None, None), (), None)
    assert "A1 (2026-06-06), A2 (2026-06-07)" in str(answer.reason)


def test_none_of_six_escalates() -> None:
    assert told(board(group("A", 0, *[False] * 6), day(40), STORER)) == ("escalate", "B", None)


def test_two_dlts_in_one_subject_are_one() -> None:
    """A subject has one mark: what counts are subjects, not events."""
    assert told(board(group("A", 0, True, False, False), day(40), STORER)) == ("expand_cohort", "A", None)


def test_the_window_is_exact() -> None:
    a = group("A", 0, False, False, False)
    early = board(a, day(29), STORER)
    assert (told(early), early.pending, early.earliest) == (("wait", "A", None), ("A3",), day(30))
    assert "A3 (until 2026-07-01)" in str(early.reason)
    assert told(board(a, day(30), STORER)) == ("escalate", "B", None)


@pytest.mark.parametrize(("on", "counts"), [(0, True), (27, True), (28, False), (40, False)])
def test_a_dlt_counts_from_day_0_to_day_27(on: int, counts: bool) -> None:
    a = [subject("A1", 0, on), *group("A", 0, False, False, False)[1:]]
    answer = board(a, day(50), STORER)
    assert told(answer) == (("expand_cohort", "A", None) if counts else ("escalate", "B", None))
    assert ("does not count" in str(answer.reason)) is not counts


def test_the_first_cohort_with_a_dlt_waits_for_all_three() -> None:
    assert told(board(group("A", 0, True, False, False), day(10), STORER)) == ("wait", "A", None)
    assert told(board(group("A", 0, True), day(10), STORER)) == ("enrol", "A", None)


def test_while_places_are_free_who_is_pending_is_named() -> None:
    answer = board(group("A", 0, False, False), day(10), STORER)
    assert (told(answer), answer.pending, answer.earliest) == (("enrol", "A", None), ("A1", "A2"), day(29))
    assert "1 of 3 places in group A are free. Still in their window: A1 (until 2026-06-29)" in str(answer.reason)


def test_who_is_enrolled_and_not_infused_holds_a_place() -> None:
    to_start = subject("A3", 0, first_infusion=None, last_infusion=None, given_doses=0)
    a = [*group("A", 0, False, False), to_start]
    answer = board(a, day(10), STORER)
    assert (told(answer), answer.pending, answer.earliest) == (("wait", "A", None), ("A1", "A2"), None)
    assert "A3 (not yet infused)" in str(answer.reason)
    planned = replace(to_start, first_infusion=day(12), last_infusion=day(12))
    assert board([*a[:2], planned], day(10), STORER).earliest == day(40)
    withdrawn = board([*a[:2], replace(to_start, left_on=day(9))], day(10), STORER)
    assert told(withdrawn) == ("enrol", "A", None)
    assert "A3 left on 2026-06-10 and is replaced." in str(withdrawn.reason)


@pytest.mark.parametrize(("left", "decision"), [(27, "enrol"), (28, "escalate")])
def test_who_leaves_before_day_28_is_replaced(left: int, decision: str) -> None:
    a = [subject("A1", 0, left_on=day(left)), *group("A", 0, False, False, False)[1:]]
    assert board(a, day(40), STORER).decision == decision


def test_who_leaves_with_a_dlt_stays_evaluable() -> None:
    a = [subject("A1", 0, 5, left_on=day(6)), *group("A", 0, False, False, False)[1:]]
    assert told(board(a, day(40), STORER)) == ("expand_cohort", "A", None)


def test_a_stopped_group_names_the_one_below() -> None:
    a, b = group("A", 0, False, False, False), group("B", 40, True, True)
    assert str(board([*a, *b], day(50), STORER).reason) == (
        "DLT number 2 stops group B: B1 (2026-07-16), B2 (2026-07-17). The maximum tolerated group is A."
    )
    assert str(board(group("A", 0, True, True), day(50), STORER).reason) == (
        "DLT number 2 stops group A: A1 (2026-06-06), A2 (2026-06-07). No group is tolerated."
    )


def test_after_one_dlt_in_three_three_more_are_treated() -> None:
    answer = board(group("A", 0, True, False, False), day(40), STORER)
    assert str(answer.reason) == "Group A: 1 DLT in 3 evaluable subjects. 3 more subjects are treated in group A."


def test_who_is_infused_today_is_in_the_window_and_who_is_to_be_tomorrow_is_not() -> None:
    assert standing(subject("A1", 10), 10) == (DltStatus.PENDING, day(38))
    assert standing(subject("A1", 11), 10) == (DltStatus.TO_START, day(39))
    assert standing(subject("A1", 10, 10), 10) == (DltStatus.DLT, day(38))
    assert standing(subject("A1", 10, left_on=day(10)), 10) == (DltStatus.REPLACED, day(38))


def standing(s: Subject, on: int, rule: EscalationRule = STORER) -> tuple[DltStatus, date | None]:
    found = judged(s, day(on), rule)
    return found.standing, found.evaluable_on


def test_a_dose_still_to_come_is_pending_and_a_missed_one_replaced() -> None:
    one_of_two = subject("B1", 0, last_infusion=day(0), given_doses=1)
    assert standing(one_of_two, 7) == (DltStatus.PENDING, day(28))
    assert standing(one_of_two, 8) == (DltStatus.PENDING, day(28))
    assert standing(one_of_two, 9) == (DltStatus.REPLACED, day(28))
    assert standing(replace(one_of_two, dlt_on=day(3)), 9)[0] is DltStatus.DLT
    late = subject("C1", 0, last_infusion=day(26), given_doses=3)
    assert standing(late, 28) == (DltStatus.PENDING, day(33))
    a, b = group("A", 0, False, False, False), [one_of_two]
    answer = board([*a, *b], day(40), STORER)
    assert told(answer) == ("enrol", "B", None)
    assert "B1 did not get a planned dose and is replaced." in str(answer.reason)


def test_the_window_may_run_from_the_last_infusion() -> None:
    last = rule_of(TRIAL, rules(), anchor="last")
    assert [standing(subject(f"{g}1", 0), 60, last)[1] for g in "ABC"] == [day(28), day(35), day(49)]
    assert standing(subject("B1", 0, last_infusion=day(0), given_doses=1), 5, last) == (DltStatus.PENDING, day(35))
    assert standing(subject("C1", 0, 40), 60, last)[0] is DltStatus.DLT
    assert standing(subject("C1", 0, 40), 60, STORER)[0] is DltStatus.CLEAR


def test_a_late_dlt_below_holds_what_has_begun_above() -> None:
    a, b = group("A", 0, False, True, False, False, False, False), group("B", 40, False)
    assert told(board([*a, *b], day(50), STORER)) == ("enrol", "B", None)
    a[5] = replace(a[5], dlt_on=day(20))
    answer = board([*a, *b], day(50), STORER)
    assert told(answer) == ("stop", None, None)
    assert "Group B has already begun: it is held." in str(answer.reason)


def test_a_dlt_marked_anew_or_withdrawn_is_counted_anew() -> None:
    a, b = group("A", 0, False, False, False), group("B", 40, False)
    marked = [replace(a[0], dlt_on=day(20)), *a[1:], *b]
    answer = board(marked, day(50), STORER)
    assert told(answer) == ("expand_cohort", "A", None)
    assert "held" in str(answer.reason)
    assert told(board([*a, *b], day(51), STORER)) == ("enrol", "B", None)


def test_who_is_expansion_is_no_escalation_data() -> None:
    a = group("A", 0, False, False, False)
    extra = [replace(s, subject=f"X{n}", cohort="expansion") for n, s in enumerate(group("A", 0, True, True, False))]
    assert told(board([*a, *extra], day(40), STORER)) == ("escalate", "B", None)
    found = expansion([*a, *extra, subject("A9", 38, cohort="expansion")], day(40), STORER)
    assert (found.subjects, found.free, found.evaluable, found.dlts, found.pending) == (4, 2, 3, 2, ("A9",))
    assert found.dlt_pct is not None
    assert (found.dlt_pct.quantize(Decimal("0.1")), found.alert) == (Decimal("66.7"), True)
    assert (expansion(a, day(40), STORER).dlt_pct, expansion(a, day(40), STORER).alert) == (None, False)


def test_nobody_is_enrolled_beyond_the_ceiling() -> None:
    a = group("A", 0, False, False)
    gone = [subject(f"A{n + 3}", 0, left_on=day(3)) for n in range(22)]
    answer = board([*a, *gone], day(10), STORER)
    assert (told(answer), answer.pending) == (("wait", "A", None), ())
    assert "24 subjects are in the trial" in str(answer.reason)
    assert told(board([*a, *gone[1:]], day(10), STORER)) == ("enrol", "A", None)


def test_the_first_of_a_group_may_be_watched_alone() -> None:
    rule = rule_of(TRIAL, rules({"board.sentinel_gap_days": 14}))
    answer = board(group("A", 0, False), day(13), rule)
    assert (told(answer), answer.pending, answer.earliest) == (("wait", "A", None), ("A1",), day(14))
    assert told(board(group("A", 0, False), day(14), rule)) == ("enrol", "A", None)
    assert told(board(group("A", 0, False, False), day(3), rule)) == ("enrol", "A", None)
    one_day = rule_of(TRIAL, rules({"board.sentinel_gap_days": 1}))
    assert [board(group("A", 0, False), day(n), one_day).decision for n in (0, 1)] == [Decision.WAIT, Decision.ENROL]


def test_where_the_site_asks_for_no_gap_nobody_waits_for_the_first_to_be_infused() -> None:
    assert told(board([subject("A1", 5)], day(3), STORER)) == ("enrol", "A", None)


@pytest.mark.parametrize(("above", "alert"), [(50, False), (49, True)])
def test_the_expansion_alerts_above_the_sites_share_and_not_at_it(above: int, alert: bool) -> None:
    two = [subject("A1", 0, 5, cohort="expansion"), subject("A2", 0, cohort="expansion")]
    found = expansion(two, day(40), rule_of(TRIAL, rules({"board.expansion_alert_above_pct": above})))
    assert (found.dlt_pct, found.alert) == (Decimal(50), alert)


@pytest.mark.parametrize(("left_open", "what"), [
    (["mtd"], "which rule gives the maximum tolerated group"),
    (["anchor"], "from which infusion the DLT window runs"),
    (["mtd", "anchor"], "which rule gives the maximum tolerated group, from which infusion the DLT window runs"),
])  # fmt: skip
def test_what_the_site_leaves_open_blocks_the_board(left_open: list[str], what: str) -> None:
    settings = rules({"board.undecided": left_open})
    answer = board(group("A", 0, False, False, False), day(40), rule_of(TRIAL, settings))
    assert told(answer) == ("wait", None, None)
    assert str(answer.reason) == f"The site has not yet decided {what}; until then nothing is decided here."
    assert told(board([], day(0), rule_of(TRIAL, settings, "storer", "first"))) == ("enrol", "A", None)


def test_the_decision_table_of_a_group() -> None:
    def cells(group: str, rule: EscalationRule = STORER) -> dict[tuple[int, int], str]:
        return {(r.evaluable, r.dlts): r.decision.value for r in decision_table(group, day(0), rule)}

    b = cells("B")
    assert {key: b[key] for key in [(0, 0), (2, 1), (3, 0), (3, 1), (5, 1), (6, 1)]} == {
        (0, 0): "escalate", (2, 1): "enrol", (3, 0): "escalate", (3, 1): "expand_cohort", (5, 1): "enrol", (6, 1): "escalate",
    }  # fmt: skip
    assert {word for (_, dlts), word in b.items() if dlts == 2} == {"stop"}
    assert list(b) == [(n, dlts) for n in range(7) for dlts in range(3) if dlts <= n]
    goes_to = {(r.evaluable, r.dlts): r.group for r in decision_table("B", day(0), STORER)}
    assert [goes_to[key] for key in [(2, 0), (3, 0), (3, 1), (4, 1), (6, 1), (2, 2)]] == ["B", "C", "B", "B", "C", None]
    assert (cells("A")[0, 0], cells("C")[6, 1], cells("C")[3, 0]) == ("enrol", "complete", "complete")


THROUGH = group("A", 0, False, False, False)
B_THROUGH = group("B", 40, False, False, False)
SAID: list[tuple[list[Subject], int, str]] = [
    ([], 0, "Group A: 0 DLT in 0 evaluable subjects. 3 of 3 places in group A are free."),
    (THROUGH[:2], 10, "Group A: 0 DLT in 0 evaluable subjects. 1 of 3 places in group A are free. "
     "Still in their window: A1 (until 2026-06-29), A2 (until 2026-06-30)."),
    (THROUGH[:2], 40, "Group A: 0 DLT in 2 evaluable subjects. 1 of 3 places in group A are free."),
    (THROUGH, 10, "Group A: 0 DLT in 0 evaluable subjects. "
     "The decision waits for A1 (until 2026-06-29), A2 (until 2026-06-30), A3 (until 2026-07-01)."),
    (THROUGH, 40, "Group A: 0 DLT in 3 evaluable subjects. Group B may begin."),
    (group("A", 0, True, False, False), 40, "Group A: 1 DLT in 3 evaluable subjects. 3 more subjects are treated in group A."),
    ([*group("A", 0, True, False, False), *B_THROUGH], 80, "Group A: 1 DLT in 3 evaluable subjects. "
     "3 more subjects are treated in group A. Group B has already begun: it is held."),
    ([*THROUGH, *B_THROUGH, *group("C", 90, False, False, False)], 130, "Group C: 0 DLT in 3 evaluable subjects. "
     "Group C is the highest and is tolerated: it is the maximum."),
    ([subject("A1", 0, 28), *THROUGH[1:]], 40, "Group A: 0 DLT in 3 evaluable subjects. Group B may begin. "
     "The DLT of A1 on 2026-06-29 is outside the window and does not count."),
    ([*THROUGH, *B_THROUGH, *group("C", 90, False, False), subject("C3", 92, 120)], 130, "Group C: 0 DLT in 3 evaluable subjects. "
     "Group C is the highest and is tolerated: it is the maximum. "
     "The DLT of C3 on 2026-09-29 is outside the window and does not count."),
    ([subject("A1", 0, left_on=day(5)), *THROUGH[1:]], 10, "Group A: 0 DLT in 0 evaluable subjects. "
     "1 of 3 places in group A are free. Still in their window: A2 (until 2026-06-30), A3 (until 2026-07-01). "
     "A1 left on 2026-06-06 and is replaced."),
    ([*THROUGH, *group("B", 40, True, True), subject("C1", 90)], 100,
     "DLT number 2 stops group B: B1 (2026-07-16), B2 (2026-07-17). "
     "The maximum tolerated group is A. Group C has already begun: it is held."),
    ([subject(f"A{n}", 0, left_on=day(3)) for n in range(24)], 10,
     "24 subjects are in the trial, as many as the protocol allows: nobody more is enrolled."),
]  # fmt: skip


def test_what_the_board_says() -> None:
    assert [str(board(people, day(on), STORER).reason) for people, on, _ in SAID] == [said for _, _, said in SAID]


def test_what_the_board_says_of_the_first_who_is_watched_alone() -> None:
    watched = rule_of(TRIAL, rules({"board.sentinel_gap_days": 14}))
    left = subject("A2", 1, left_on=day(2))
    assert str(board([subject("A1", 0)], day(13), watched).reason) == (
        "A1, the first of the group, is watched alone for 14 days, until 2026-06-15."
    )
    assert board([subject("A1", 0), left], day(13), watched).decision is Decision.ENROL


def test_under_korn_the_group_below_a_stopped_one_is_filled_aloud() -> None:
    people = [*THROUGH, *group("B", 40, True, True)]
    assert str(board(people, day(100), KORN).reason) == (
        "Group A: 0 DLT in 3 evaluable subjects. 3 more subjects are treated in group A. Group B has already begun: it is held."
    )


def test_a_reason_in_both_languages() -> None:
    reason = board(group("A", 0, False, False, False), day(29), STORER).reason
    assert Words("en").tr(reason) == "Group A: 0 DLT in 2 evaluable subjects. The decision waits for A3 (until 2026-07-01)."
    assert Words("zh_CN").tr(reason) == "A 组：2 名可评价受试者中 0 例 DLT。判定须等待 A3（至 2026-07-01）。"


VECTOR_FIELDS = ("decision", "group", "mtd", "pending", "earliest")


def test_the_vectors() -> None:
    for case in vectors("escalation_tables.json"):
        found = [
            Subject(
                row["subject"], row["group"], dated(row["first_infusion"]), dated(row["last_infusion"]), row["planned_doses"],
                row["given_doses"], dated(row["left_on"]), dated(row["dlt_on"]), row["cohort"],
            )
            for row in case["rows"]
        ]  # fmt: skip
        mtd: Mtd | None = case["options"].get("mtd")
        answer = board(found, date.fromisoformat(case["today"]), rule_of(TRIAL, rules(), mtd, case["options"].get("anchor")))
        got = (*told(answer), list(answer.pending), answer.earliest and answer.earliest.isoformat())
        assert dict(zip(VECTOR_FIELDS, got, strict=True)) == case["expect"], case["title"]


def dated(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def test_all_outcomes_of_six_are_decided() -> None:
    """No outcome of up to six subjects leaves the board without an answer."""
    for n in range(7):
        for dlts in product((False, True), repeat=n):
            assert board(group("A", 0, *dlts), day(60), STORER).decision is not Decision.WAIT
