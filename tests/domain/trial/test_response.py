"""The response engine: exact boundaries, reasons that name the clause, and what can never create a response."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.trial.counts import Count, Transfusion, in_order
from app.domain.trial.course import Course, course, episodes
from app.domain.trial.response import Assessment, ResponseAnswer, at_visit, ever, sensitivity
from app.domain.trial.rules import TrialRules
from app.domain.trial.sentences import span
from tests.domain.cast import TRIAL

from .cohort import rules
from .vectors import vectors

WARD = timezone(timedelta(hours=8))
INFUSED = datetime(2026, 3, 2, 9, 0, tzinfo=WARD)
RULES = rules()
LOW = ("68", "0.2", "12")
ANC = ("68", "0.9", "12")
PLT = ("68", "0.2", "40")
FULL = ("105", "2.0", "120")
HOUR = timedelta(hours=1)


def on(days: float, hour: int = 8, minute: int = 0) -> datetime:
    """Day 0 is the day of the infusion."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=WARD) + timedelta(days=days)


def count(at: datetime, values: Sequence[str | None] = LOW) -> Count:
    return Count(at, *(None if v is None else Decimal(v) for v in values))


BASELINE = count(on(-1))


def read(
    counts: Sequence[Count],
    transfusions: Sequence[Transfusion] = (),
    desk: TrialRules = RULES,
    last: datetime = INFUSED,
    **more: Any,
) -> Course:
    return course([BASELINE, *counts], transfusions, INFUSED, last, TRIAL, desk, **more)


def reason(answer: ResponseAnswer) -> str:
    assert answer.responded_at is None
    assert answer.reason is not None
    return str(answer.reason)


def two(values: Sequence[str | None] = ANC, first: datetime | None = None, apart: timedelta = 72 * HOUR) -> list[Count]:
    start = first or on(20)
    return [count(start, values), count(start + apart, values)]


def test_two_counts_far_enough_apart_are_a_response() -> None:
    found = ever(read(two())).found
    assert (found["anc"].responded_at, found["anc"].confirmed_at, found["anc"].reason) == (on(20), on(23), None)
    assert (found["anc"].lost_at, found["anc"].duration_days, found["anc"].censored) == (None, Decimal(3), True)
    assert found["pr"].responded_at == on(20)
    assert (ever(read(two())).best, ever(read(two(FULL))).best, ever(read([])).best) == ("PR", "CR", "none")


def test_a_complete_response_needs_all_three_at_once() -> None:
    found = ever(read([count(on(20), ("105", "2.0", "99")), count(on(23), FULL), count(on(26), ("99.9", "2.0", "120"))])).found
    assert found["plt"].responded_at == on(20)
    assert "it fell: haemoglobin 99.9 g/L on 2026-03-28 08:00, at least 100 wanted" in reason(found["cr"])


@pytest.mark.parametrize(("apart", "is_response"), [(48 * HOUR, True), (48 * HOUR - timedelta(minutes=1), False)])
def test_exactly_48_hours(apart: timedelta, is_response: bool) -> None:
    found = ever(read(two(apart=apart))).found["anc"]
    assert (found.responded_at is not None) is is_response
    if not is_response:
        assert reason(found) == (
            "no two consecutive tests at least 48 h apart: "
            "awaiting a second test until 2026-08-17 09:00, not before 2026-03-24 08:00"
        )


@pytest.mark.parametrize(("before", "is_response"), [(timedelta(days=7), True), (timedelta(days=7) - timedelta(minutes=1), False)])
def test_exactly_7_days_after_a_transfusion(before: timedelta, is_response: bool) -> None:
    found = ever(read(two(PLT), [Transfusion(on(20) - before, "platelets")])).found["plt"]
    assert (found.responded_at is not None) is is_response
    if not is_response:
        assert reason(found) == (
            "transfusion: platelets 2026-03-15 08:01, 6 d 23 h 59 min before the first test of 2026-03-22 08:00"
        )


@pytest.mark.parametrize(("given_at", "is_response"), [(on(23), False), (on(23, minute=1), True), (on(21), False), (on(20), False)])
def test_the_free_days_continue_through_the_second_test(given_at: datetime, is_response: bool) -> None:
    found = ever(read(two(PLT), [Transfusion(given_at, "red_cells")])).found["plt"]
    assert (found.responded_at is not None) is is_response
    if given_at == on(21):
        assert reason(found) == "transfusion: red cells 2026-03-23 08:00, after the first test of 2026-03-22 08:00"


@pytest.mark.parametrize("product", ["plasma", "albumin", "cryoprecipitate"])
def test_plasma_and_albumin_do_not_count(product: str) -> None:
    assert ever(read(two(PLT), [Transfusion(on(21), product)])).found["plt"].responded_at == on(20)


def test_a_product_that_only_the_site_names_is_told_as_it_stands() -> None:
    desk = rules({"response.counted_products": ["red_cells", "platelets", "buffy_coat"]})
    assert "buffy_coat" in reason(ever(read(two(PLT), [Transfusion(on(21), "buffy_coat")], desk)).found["plt"])


def test_where_a_transfusion_spoils_the_first_pair_a_later_one_counts() -> None:
    daily = [count(on(20 + n), PLT) for n in range(6)]
    found = ever(read(daily, [Transfusion(on(13.5), "platelets")])).found["plt"]
    assert (found.responded_at, found.confirmed_at) == (on(21), on(23))


def test_two_time_zones_are_one_moment() -> None:
    there = timezone(timedelta(hours=-5))
    counts = [replace(c, at=c.at.astimezone(there)) for c in two(apart=48 * HOUR)]
    assert ever(read([two()[0], counts[1]])).found["anc"].responded_at == on(20)
    found = ever(read(counts)).found["anc"]
    assert found.responded_at is not None
    assert (found.responded_at, found.responded_at.utcoffset()) == (on(20), timedelta(hours=-5))
    spoiled = [Transfusion((on(20) - timedelta(days=7)).astimezone(there), "platelets")]
    assert ever(read(two(PLT), spoiled)).found["plt"].responded_at == on(20)


def test_decimals_are_exact() -> None:
    """0.7 − 0.2 is 0.5; in binary it would be less."""
    found = ever(read(two(("83", "0.7", "22")))).found
    assert all(found[x].responded_at == on(20) for x in ("hb", "anc", "plt"))
    short = ever(read(two(("82.9", "0.69", "21.9")))).found
    assert all(short[x].responded_at is None for x in ("hb", "anc", "plt", "pr"))


def test_a_failing_test_between_breaks_the_run() -> None:
    counts = [count(on(20), ("84", "0.2", "12")), count(on(21), ("80", "0.2", "12")), count(on(23), ("84", "0.2", "12"))]
    assert reason(ever(read(counts)).found["hb"]).startswith("no two consecutive tests at least 48 h apart: awaiting")
    fell = ever(read(counts[:2])).found["hb"]
    assert reason(fell) == (
        "no two consecutive tests at least 48 h apart: it fell: haemoglobin 80 g/L on 2026-03-23 08:00, at least 83 wanted"
    )


def test_daily_tests_confirm_after_48_hours() -> None:
    found = ever(read([count(on(20 + n), ANC) for n in range(4)])).found["anc"]
    assert (found.responded_at, found.confirmed_at) == (on(20), on(22))


def test_a_missing_value_is_passed_over() -> None:
    counts = [count(on(20), ANC), count(on(21), ("68", None, "12")), count(on(23), ANC)]
    assert ever(read(counts)).found["anc"].responded_at == on(20)
    none = ever(read([count(on(20), ("68", None, "12"))])).found
    assert reason(none["anc"]) == "no test with all the values that are needed"


def test_of_two_tests_in_one_minute_the_lower_counts() -> None:
    twice = [count(on(20), ("68", "0.9", "12")), count(on(20) + timedelta(seconds=30), ("84", "0.3", None))]
    assert in_order(reversed(twice)) == (count(on(20), ("68", "0.3", "12")),)
    higher, lower = count(on(20), ("90", "0.9", "40")), count(on(20) + timedelta(seconds=59), ("89", "0.8", "39"))
    assert in_order([higher, lower]) == (count(on(20), ("89", "0.8", "39")),)
    half_a_second_later = replace(lower, at=on(20) + timedelta(milliseconds=500))
    assert in_order([higher, half_a_second_later]) == (count(on(20), ("89", "0.8", "39")),)
    next_minute = replace(lower, at=on(20) + timedelta(minutes=1))
    assert in_order([next_minute, higher]) == (higher, next_minute)
    unknown = [replace(higher, plt_1e9_l=None), replace(lower, plt_1e9_l=None)]
    assert in_order(unknown) == (count(on(20), ("89", "0.8", None)),)
    three = [*twice, count(on(20) + timedelta(seconds=40), ("60", "0.5", "11"))]
    assert in_order(three) == (count(on(20), ("60", "0.3", "11")),)


MEETS: list[tuple[str, Sequence[str | None], bool | None]] = [
    ("cr", ("100", "1.5", "100"), True), ("cr", ("99.9", "1.5", "100"), False), ("cr", ("100", "1.49", "100"), False),
    ("cr", ("100", "1.5", "99"), False), ("cr", ("100", "1.5", None), None), ("cr", ("99", None, "100"), None),
    ("pr", ("83", "0.2", "12"), True), ("pr", ("68", "0.7", "12"), True), ("pr", ("68", "0.2", "22"), True),
    ("pr", ("82.9", "0.69", "21.9"), False), ("pr", (None, "0.7", "12"), True), ("pr", (None, "0.69", "12"), None),
    ("hb", ("83", None, None), True), ("hb", ("82.9", "2.0", "120"), False), ("hb", (None, "2.0", "120"), None),
    ("anc", (None, "0.7", None), True), ("anc", ("105", "0.69", "120"), False),
    ("plt", (None, None, "22"), True), ("plt", ("105", "2.0", "21.9"), False),
]  # fmt: skip


def test_what_one_count_meets() -> None:
    """Over a baseline of haemoglobin 68, neutrophils 0.2 and platelets 12; None: a value that decides is missing."""
    found = read([]).criteria
    assert [(kind, values, found.met(kind, count(on(20), values))) for kind, values, _ in MEETS] == MEETS


def test_of_a_lineage_without_a_baseline_value_no_rise_can_be_told() -> None:
    base = count(on(-1), ("68", None, "12"))
    found = course([base], [], INFUSED, INFUSED, TRIAL, RULES).criteria
    assert found.risen == {"hb": 83, "anc": None, "plt": 22}
    assert found.complete == {"hb": 100, "anc": Decimal("1.5"), "plt": 100}
    assert found.met("anc", count(on(20), FULL)) is None
    assert list(found.short("pr", count(on(20), ("82", "0.1", None)))) == [("hb", Decimal(82), Decimal(83))]


def test_without_a_baseline_only_a_complete_response_can_be_told() -> None:
    found = ever(course(two(FULL), [], INFUSED, INFUSED, TRIAL, RULES)).found
    assert found["cr"].responded_at == on(20)
    assert reason(found["anc"]) == "no baseline value of neutrophils"
    assert reason(found["pr"]).startswith("haemoglobin: no baseline value of haemoglobin; neutrophils: no baseline")


def test_the_baseline_may_be_named() -> None:
    higher = count(on(-3), ("68", "0.6", "12"))
    assert ever(read([higher, *two()])).found["anc"].responded_at == on(20)
    assert ever(read([higher, *two()], baseline_at=on(-3))).found["anc"].responded_at is None
    with pytest.raises(Refused, match="No count was collected at 2026-03-01 08:01"):
        read(two(), baseline_at=on(-1, minute=1))


def test_infusions_in_order() -> None:
    with pytest.raises(Refused, match="The last infusion is before the first"):
        read([], last=on(-1))


def test_nothing_before_the_infusion_is_a_response() -> None:
    assert reason(ever(read([count(on(-6), FULL), count(on(-3), FULL)])).found["cr"]) == "no test after the first infusion"


def test_a_count_in_the_minute_of_the_infusion_is_neither_baseline_nor_response() -> None:
    found = read([count(INFUSED, FULL), count(INFUSED + timedelta(minutes=1), ANC)])
    assert (found.baseline, [c.at for c in found.counts]) == (BASELINE, [INFUSED + timedelta(minutes=1)])


def test_a_response_begins_anew_only_after_the_one_before_is_lost() -> None:
    counts = [count(on(d), ANC if met else LOW) for d, met in [(20, 1), (23, 1), (26, 1), (30, 0), (40, 1), (43, 1), (50, 0)]]
    assert [(e.first.at, e.second.at, e.lost_at) for e in episodes(read(counts), "anc")] == [
        (on(20), on(23), on(30)), (on(40), on(43), on(50)),
    ]  # fmt: skip


def test_of_several_misses_the_one_with_the_fewest_clauses_open_is_named_then_the_nearest_then_the_latest() -> None:
    def missed(*counts: Count) -> str:
        told = reason(ever(read(counts)).found["cr"])
        return told.removeprefix("no two consecutive tests at least 48 h apart: ")

    one_open, two_open = count(on(20), ("60", "1.6", "120")), count(on(23), ("99", "1.6", "99"))
    assert missed(one_open, two_open) == "haemoglobin 60 g/L on 2026-03-22 08:00, at least 100 wanted"
    nearer = count(on(26), ("90", "1.6", "120"))
    assert missed(nearer, one_open) == missed(one_open, nearer) == "haemoglobin 90 g/L on 2026-03-28 08:00, at least 100 wanted"
    assert missed(nearer, replace(nearer, at=on(25))) == "haemoglobin 90 g/L on 2026-03-28 08:00, at least 100 wanted"
    by_a_tenth = count(on(20), ("105", "1.4", "120"))
    assert missed(by_a_tenth, nearer) == "neutrophils 1.4 ×10⁹/L on 2026-03-22 08:00, at least 1.5 wanted"
    assert missed(count(on(20), ("100", "1.5", "99"))) == "platelets 99 ×10⁹/L on 2026-03-22 08:00, at least 100 wanted"
    assert missed(by_a_tenth) == "neutrophils 1.4 ×10⁹/L on 2026-03-22 08:00, at least 1.5 wanted"


def test_a_response_that_a_transfusion_spoils_is_told_even_where_it_fell_later() -> None:
    """Two risen tests with platelets between them, then a fall: what spoiled the pair is the reason, in days, hours, minutes."""
    between = [Transfusion(on(21, 9, 30), "platelets")]
    fell = [*two(PLT), count(on(30), LOW)]
    assert reason(ever(read(fell, between)).found["plt"]) == (
        "transfusion: platelets 2026-03-23 09:30, after the first test of 2026-03-22 08:00"
    )
    before = [Transfusion(on(18, 5, 29), "whole_blood"), Transfusion(on(17), "red_cells")]
    assert reason(ever(read(two(PLT), before)).found["plt"]) == (
        "transfusion: whole blood 2026-03-20 05:29, 2 d 2 h 31 min before the first test of 2026-03-22 08:00"
    )
    at_the_first = [Transfusion(on(20), "platelets")]
    assert reason(ever(read(two(PLT), at_the_first)).found["plt"]) == (
        "transfusion: platelets 2026-03-22 08:00, 0 d 0 h 0 min before the first test of 2026-03-22 08:00"
    )


def test_how_long_before_is_never_rounded_up() -> None:
    lengths = (timedelta(days=1), timedelta(hours=23, minutes=59, seconds=59), timedelta(days=6, hours=23, minutes=59, seconds=59))
    assert [str(span(length)) for length in lengths] == ["1 d 0 h 0 min", "0 d 23 h 59 min", "6 d 23 h 59 min"]


def test_the_last_pair_is_told_of_several_and_a_new_rise_waits_for_its_second_test() -> None:
    """Spoiled on day 20, fallen on day 30, risen again on day 40 with no second test yet."""
    spoiled = [Transfusion(on(13, 9), "platelets")]
    counts = [*two(PLT), count(on(30), LOW), count(on(40), PLT)]
    assert reason(ever(read(counts, spoiled)).found["plt"]) == (
        "no two consecutive tests at least 48 h apart: awaiting a second test until 2026-08-17 09:00, not before 2026-04-13 08:00"
    )
    again = [*counts, count(on(43), PLT)]
    twice = [*spoiled, Transfusion(on(41), "red_cells")]
    assert reason(ever(read(again, twice)).found["plt"]) == (
        "transfusion: red cells 2026-04-12 08:00, after the first test of 2026-04-11 08:00"
    )


def test_the_nearest_miss_is_named() -> None:
    found = ever(read([count(on(20), ("90", "1.6", "99")), count(on(23), ("68", "0.69", "12"))])).found
    assert reason(found["cr"]) == (
        "no two consecutive tests at least 48 h apart: haemoglobin 90 g/L on 2026-03-22 08:00, at least 100 wanted, "
        "platelets 99 ×10⁹/L on 2026-03-22 08:00, at least 100 wanted"
    )


def test_the_first_fall_ends_a_response() -> None:
    counts = [*two(), count(on(30), LOW), count(on(40), ANC)]
    found = ever(read(counts)).found["anc"]
    assert (found.lost_at, found.duration_days, found.censored) == (on(30), Decimal(10), False)
    assert ever(read([*two(), count(on(30, 20), LOW)])).found["anc"].duration_days == Decimal("10.5")


def test_a_partial_response_lasts_while_any_lineage_is_risen() -> None:
    both = ("68", "0.9", "40")
    counts = [*two(both), count(on(30), ANC), count(on(40), LOW)]
    found = ever(read(counts)).found
    assert [found[x].lost_at for x in ("plt", "anc", "pr")] == [on(30), on(40), on(40)]
    found = ever(read([*two(both), count(on(30), PLT), count(on(40), LOW)])).found
    assert [found[x].lost_at for x in ("plt", "anc", "pr")] == [on(40), on(30), on(40)]


def test_a_partial_response_is_followed_by_any_count_that_tells_of_one_risen_lineage() -> None:
    """The haemoglobin of day 30 is missing: risen neutrophils are a partial response all the same."""
    found = ever(read([*two(), count(on(30), (None, "0.9", "12"))])).found["pr"]
    assert (found.lost_at, found.duration_days, found.censored) == (None, Decimal(10), True)


def test_a_response_is_followed_for_24_weeks_after_the_first_infusion() -> None:
    lasting = [*two(), count(on(100), ANC), count(on(170), ANC), count(on(175), LOW)]
    found = ever(read(lasting)).found["anc"]
    assert (found.lost_at, found.censored) == (None, True)
    assert found.duration_days == Decimal((INFUSED + timedelta(days=168) - on(20)) // timedelta(minutes=1)) / 1440


def test_ever_is_looked_for_until_week_8_after_the_last_infusion() -> None:
    """The calendar of the last infusion, with the days of the visit; the second test may come after."""
    last = INFUSED + timedelta(days=21)
    at_week_8 = on(21 + 56 + 3, 23)
    assert ever(read(two(first=at_week_8), last=last)).found["anc"].responded_at == at_week_8
    later = ever(read(two(first=at_week_8 + 2 * HOUR), last=last)).found["anc"]
    assert reason(later) == "met first on 2026-05-22 01:00, after week 8"


def test_at_midnight_the_last_day_looked_at_is_over() -> None:
    """The last day of week 8 is day 59: a minute before midnight is in time, midnight is not."""
    assert anc(ever(read(two(first=on(59, 23, 59))))).responded_at == on(59, 23, 59)
    assert reason(anc(ever(read(two(first=on(60, 0)))))) == "met first on 2026-05-01 00:00, after week 8"


def test_a_fall_at_the_last_moment_of_24_weeks_is_one() -> None:
    """24 weeks after the first infusion to the minute; a minute later it is no longer looked at."""
    end = INFUSED + timedelta(days=168)
    for at, lost in ((end, end), (end + timedelta(minutes=1), None)):
        found = anc(ever(read([*two(first=on(20, 9)), count(at, LOW)])))
        assert (found.lost_at, found.duration_days, found.censored) == (lost, Decimal(148), lost is None)


def anc(table: Assessment) -> ResponseAnswer:
    return table.found["anc"]


def test_at_a_visit_is_what_stands_there_and_not_what_once_was() -> None:
    """Responded on day 10, lost on day 40, and once more from day 52 on."""
    counts = [count(on(d), ANC if met else LOW) for d, met in [(10, 1), (14, 1), (28, 1), (40, 0), (52, 1), (56, 1), (70, 0)]]
    found = read(counts)
    assert (anc(at_visit(found, 4)).responded_at, anc(at_visit(found, 8)).responded_at) == (on(10), on(52))
    assert (anc(ever(found)).responded_at, anc(ever(found)).lost_at) == (on(10), on(40))
    assert anc(at_visit(found, 8)).lost_at == on(70)


def test_a_visit_counts_three_days_either_side() -> None:
    assert anc(at_visit(read([*two(first=on(10)), count(on(25), ANC)]), 4)).responded_at == on(10)
    assert anc(at_visit(read([*two(first=on(10)), count(on(31, 23), ANC)]), 4)).responded_at == on(10)
    missed = anc(at_visit(read([*two(first=on(10)), count(on(24), ANC), count(on(32), ANC)]), 4))
    assert reason(missed) == "no test from 2026-03-27 to 2026-04-02, the days of the visit"


def test_the_days_of_a_visit_are_those_of_the_ward() -> None:
    """Two in the morning on the first day is one of them; in London it is the evening before. One on the day after is none."""
    first = anc(at_visit(read([*two(first=on(10)), count(on(25, 2), ANC)]), 4))
    assert first.responded_at == on(10)
    after = anc(at_visit(read([*two(first=on(10)), count(on(32, 1), ANC)]), 4))
    assert reason(after) == "no test from 2026-03-27 to 2026-04-02, the days of the visit"


def test_what_is_drawn_when_the_visit_is_over_confirms_nothing_at_it() -> None:
    """The second test at midnight after the last day, exactly 48 h after the first."""
    counts = two(first=on(30, 0), apart=48 * HOUR)
    assert reason(anc(at_visit(read(counts), 4))) == (
        "no two consecutive tests at least 48 h apart: awaiting a second test until 2026-04-03 00:00, not before 2026-04-03 00:00"
    )
    assert anc(ever(read(counts))).responded_at == on(30, 0)


def test_unconfirmed_at_the_visit_is_no_response() -> None:
    counts = two(first=on(30), apart=50 * HOUR)
    found = anc(at_visit(read(counts), 4))
    assert reason(found) == ("no two consecutive tests at least 48 h apart: awaiting a second test, not before 2026-04-03 08:00")
    assert anc(ever(read(counts))).responded_at == on(30)


def test_lost_at_the_visit() -> None:
    found = anc(at_visit(read([*two(first=on(10)), count(on(28), LOW)]), 4))
    assert reason(found) == "neutrophils 0.2 ×10⁹/L on 2026-03-30 08:00, at least 0.7 wanted"


def test_weeks_count_from_the_last_infusion_or_the_first() -> None:
    found = read([*two(first=on(10)), count(on(28), ANC), count(on(49), LOW)], last=INFUSED + timedelta(days=21))
    assert anc(at_visit(found, 4)).responded_at is None
    assert anc(at_visit(found, 4, "first")).responded_at == on(10)
    assert "response.assessed_from" in sensitivity(found)


def test_a_second_fall_may_be_asked_for() -> None:
    desk = rules({"response.falls_to_end": 2})
    single = [*two(), count(on(30), LOW), count(on(35), ANC)]
    assert anc(ever(read(single, desk=desk))).lost_at is None
    assert anc(ever(read([*single[:3], count(on(35), LOW)], desk=desk))).lost_at == on(30)


def test_a_transfusion_may_end_a_response() -> None:
    desk = rules({"response.transfusion_ends": True})
    counts = [*two(first=on(10)), count(on(28), ANC)]
    given_later = [Transfusion(on(27), "platelets")]
    assert anc(ever(read(counts, given_later, desk))).lost_at == on(27)
    assert anc(ever(read(counts, given_later))).lost_at is None
    spoiled = reason(anc(at_visit(read(counts, given_later, desk), 4)))
    assert spoiled == "transfusion: platelets 2026-03-29 08:00, after the first test of 2026-03-15 08:00"
    close = read([*two(first=on(25)), count(on(29), ANC)], [Transfusion(on(28, 20), "red_cells")], desk)
    assert reason(anc(at_visit(close, 4))) == "transfusion: ended by red cells 2026-03-30 20:00"


def test_a_transfusion_in_the_minute_of_the_visits_count_has_ended_it() -> None:
    """Where the site reads it so."""
    counts = [*two(first=on(25)), count(on(29), ANC)]
    found = read(counts, [Transfusion(on(29), "red_cells")], rules({"response.transfusion_ends": True}))
    assert reason(anc(at_visit(found, 4))) == "transfusion: ended by red cells 2026-03-31 08:00"
    assert anc(ever(found)).lost_at == on(29)


def test_the_second_test_may_date_the_response() -> None:
    assert anc(ever(read(two(), desk=rules({"response.dated_by": "second"})))).responded_at == on(23)


def test_the_sensitivity_view_names_the_readings_that_change_an_answer() -> None:
    assert sensitivity(read([])) == ()
    assert sensitivity(read(two())) == ("response.dated_by",)
    spoiled = read(two(), [Transfusion(on(21), "platelets")])
    assert "response.transfusion_free_through" in sensitivity(spoiled)
    changed = replace(RULES.response, transfusion_free_through="first", dated_by="second", falls_to_end=2, transfusion_ends=True)
    assert "response.dated_by" in sensitivity(replace(read(two()), reading=changed, anchor="first"))


#: Of each decided reading: its key, its two values, and counts with transfusions whose answer it decides alone.
DECIDES: list[tuple[str, Sequence[object], list[Count], list[Transfusion]]] = [
    ("transfusion_free_through", ("first", "second"), two(apart=72 * HOUR), [Transfusion(on(21), "platelets")]),
    ("dated_by", ("first", "second"), two(), []),
    ("falls_to_end", (1, 2), [*two(), count(on(30), LOW), count(on(31), ANC)], []),
    ("transfusion_ends", (False, True), [*two(), count(on(30), ANC)], [Transfusion(on(29), "platelets")]),
]


@pytest.mark.parametrize(("reading", "values", "counts", "given_"), DECIDES, ids=[d[0] for d in DECIDES])
def test_a_reading_that_decides_is_named_whichever_the_site_has_chosen(
    reading: str, values: Sequence[object], counts: list[Count], given_: list[Transfusion]
) -> None:
    for value in values:
        assert f"response.{reading}" in sensitivity(read(counts, given_, rules({f"response.{reading}": value})))


def test_where_it_fell_twice_running_it_is_the_same_to_ask_for_one_fall_or_for_two() -> None:
    counts = [*two(), count(on(30), LOW), count(on(31), LOW), count(on(32), ANC)]
    assert sensitivity(read(counts)) == ("response.dated_by",)


def test_from_which_infusion_the_weeks_count_is_named_whichever_is_chosen() -> None:
    """Three weeks between the infusions: week 8 after the first has a count, week 8 after the last has none."""
    found = read([*two(first=on(10)), count(on(28), ANC), count(on(56), LOW)], last=INFUSED + timedelta(days=21))
    for anchor in ("first", "last"):
        assert "response.assessed_from" in sensitivity(replace(found, anchor=anchor))


VALUES = st.tuples(
    st.sampled_from(["60", "83", "105", None]),
    st.sampled_from(["0.2", "0.7", "2.0", None]),
    st.sampled_from(["12", "22", "120", None]),
)
HOURS = st.integers(1, 24 * 70)
COUNTS = st.lists(st.tuples(HOURS, VALUES), max_size=14)
GIVEN = st.lists(st.tuples(HOURS, st.sampled_from(["platelets", "red_cells", "plasma"])), max_size=4)
DESKS = [
    RULES,
    rules({"response.falls_to_end": 2}),
    rules({"response.transfusion_ends": True}),
    rules({"response.transfusion_free_through": "first", "response.dated_by": "second"}),
    rules({"response.transfusion_free_through": "first", "response.transfusion_ends": True, "response.falls_to_end": 2}),
]


def responses(counts: Sequence[tuple[int, Any]], transfusions: Sequence[tuple[int, str]], desk: TrialRules) -> set[tuple[str, str]]:
    """Which kinds are answered with a response in which table."""
    found = read(
        [count(INFUSED + h * HOUR, v) for h, v in counts],
        [Transfusion(INFUSED + h * HOUR, product) for h, product in transfusions],
        desk,
    )
    tables = {"ever": ever(found), "week 4": at_visit(found, 4), "week 8": at_visit(found, 8)}
    return {(name, kind) for name, table in tables.items() for kind, f in table.found.items() if f.responded_at is not None}


@given(COUNTS, GIVEN, st.tuples(HOURS, st.sampled_from(["platelets", "red_cells"])), st.sampled_from(DESKS))
@pytest.mark.uncounted
def test_a_transfusion_never_creates_a_response(
    counts: list[tuple[int, Any]], transfusions: list[tuple[int, str]], one_more: tuple[int, str], desk: TrialRules
) -> None:
    assert responses(counts, [*transfusions, one_more], desk) <= responses(counts, transfusions, desk)


@given(COUNTS, GIVEN, HOURS, st.sampled_from(DESKS))
@pytest.mark.uncounted
def test_a_failing_test_never_creates_a_response(
    counts: list[tuple[int, Any]], transfusions: list[tuple[int, str]], at: int, desk: TrialRules
) -> None:
    assert responses([*counts, (at, LOW)], transfusions, desk) <= responses(counts, transfusions, desk)


@given(COUNTS, GIVEN, st.sampled_from(DESKS))
def test_every_no_has_its_reason(counts: list[tuple[int, Any]], transfusions: list[tuple[int, str]], desk: TrialRules) -> None:
    found = read(
        [count(INFUSED + h * HOUR, v) for h, v in counts], [Transfusion(INFUSED + h * HOUR, p) for h, p in transfusions], desk
    )
    for table in (ever(found), at_visit(found, 4), at_visit(found, 8)):
        assert all((f.reason is None) is (f.responded_at is not None) for f in table.found.values())
        assert all(str(f.reason) for f in table.found.values())


def test_the_vectors() -> None:
    for case in vectors("response.json"):
        base, infused = case["baseline"], datetime(2026, 3, 2, 9, tzinfo=WARD)
        counts = [
            count(datetime.fromisoformat(t["at"]), (t["hb"], t["anc"], t["plt"]))
            for t in [{"at": "2026-03-01T08:00:00+08:00", **base}, *case["tests"]]
        ]
        given_ = [Transfusion(datetime.fromisoformat(t["at"]), t["product"]) for t in case["transfusions"]]
        table = ever(course(counts, given_, infused, infused, TRIAL, RULES))
        assert table.best == case["expect"]["best"], case["title"]
        for kind in ("cr", "hb", "anc", "plt"):
            answer, expected = table.found[kind], case["expect"][kind]
            assert moment(answer.responded_at) == expected["responded_at"], (case["title"], kind)
            assert moment(answer.confirmed_at) == expected["confirmed_at"], (case["title"], kind)
            told = None if answer.reason is None else str(answer.reason)
            assert (told or "").startswith(expected["reason"] or ""), (case["title"], kind, told)


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
