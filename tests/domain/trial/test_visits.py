"""The calendar of a subject: doses, windows, visits, samples, and what moves with a dose."""

from datetime import date, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.trial.visits import Calendar, Move, around, calendar, contraception_until, moved, sample_words
from tests.domain.cast import TRIAL, protocol

from .cohort import START, day, rules
from .vectors import vectors


def planned(group: str, *later: date) -> Calendar:
    return calendar(group, START, later, TRIAL, rules())


def offsets(days: dict[int, date]) -> list[int]:
    return [(d - START).days for d in days.values()]


@pytest.mark.parametrize(
    ("group", "doses", "weeks_4_8", "end", "evaluable"),
    [
        ("A", [0], [28, 56], 168, (28, 28)),
        ("B", [0, 7], [35, 63], 175, (28, 35)),
        ("C", [0, 7, 14, 21], [49, 77], 189, (28, 49)),
    ],
)
def test_the_trial_s_own_offsets(group: str, doses: list[int], weeks_4_8: list[int], end: int, evaluable: tuple[int, int]) -> None:
    found = planned(group)
    assert [(d - START).days for d in found.doses] == doses
    assert offsets(dict(found.response)) == weeks_4_8
    assert offsets(dict(found.response_from_first)) == [28, 56]
    assert (found.followup_end, found.dor_end) == (day(end), day(168))
    assert (found.dlt_evaluable_on, found.dlt_evaluable_on_from_last) == tuple(map(day, evaluable))
    assert offsets(dict(found.immunology)) == [0, 7, 28, 56]
    assert list(found.visits) == [*range(1, 9), 12, 16, 20, 24]
    assert offsets(dict(found.visits)) == [doses[-1] + 7 * week for week in found.visits]
    assert offsets(dict(found.delayed)) == [doses[-1] + 7 * week for week in (4, 8, 12, 24)]
    assert found.week1_sample_on_infusion_day is (group != "A")


def test_a_dose_given_a_day_late_moves_what_hangs_on_it() -> None:
    found = planned("B", day(8))
    assert found.doses == (day(0), day(8))
    assert found.dose_windows == ((day(6), day(8)),)
    assert found.week1_sample_on_infusion_day is False
    assert found.response[4] == day(36)
    moves = moved(planned("B"), found)
    assert moves[0] == Move("visits", 1, day(14), day(15))
    assert {m.kind for m in moves} == {"visits", "delayed", "response", "followup_end"}
    assert all(m.after - m.before == timedelta(days=1) for m in moves)
    assert moved(found, found) == ()


def test_the_doses_not_yet_given_follow_the_last_one_given() -> None:
    found = planned("C", day(8))
    assert found.doses == (day(0), day(8), day(15), day(22))
    assert found.dose_windows == ((day(6), day(8)), (day(14), day(16)), (day(21), day(23)))


def test_doses_that_cannot_be_are_refused() -> None:
    with pytest.raises(Refused, match="Group A has 1 doses; 2 are given here"):
        planned("A", day(7))
    with pytest.raises(Refused, match="The dose on 2026-06-01 must be later than the one on 2026-06-01"):
        planned("B", day(0))
    with pytest.raises(Refused, match="The dose on 2026-06-07 must be later than the one on 2026-06-08"):
        planned("C", day(7), day(6))
    with pytest.raises(Refused, match="Group D is not in the protocol"):
        planned("D")


def test_the_anchors_are_settings() -> None:
    settings = {"clocks.dlt_window_from": "last", "response.assessed_from": "first", "followup.immunology_from": "last"}
    found = calendar("B", START, [], protocol("msc-icaht", settings), rules())
    assert (found.dlt_evaluable_on, found.response[4], found.immunology[1]) == (day(35), day(28), day(14))


def test_a_sample_on_an_infusion_day_is_drawn_before_dexamethasone() -> None:
    found = planned("B")
    assert str(sample_words(day(0), found.doses)) == "before dexamethasone on 2026-06-01"
    assert str(sample_words(day(7), found.doses)) == "before dexamethasone on 2026-06-08"
    assert str(sample_words(day(28), found.doses)) == "on 2026-06-29"


def test_windows_include_both_ends() -> None:
    assert around(day(28), 3) == (day(25), day(31))


@pytest.mark.parametrize(
    ("end", "woman", "until"),
    [
        (date(2026, 11, 16), True, date(2027, 3, 16)),
        (date(2026, 11, 16), False, date(2027, 5, 16)),
        (date(2026, 10, 31), True, date(2027, 2, 28)),
        (date(2026, 6, 30), False, date(2026, 12, 30)),
    ],
)
def test_contraception_is_followed_for_months_after_the_end(end: date, woman: bool, until: date) -> None:
    assert contraception_until(end, woman, rules()) == until


def test_the_vectors() -> None:
    for case in vectors("calendar.json"):
        first = date.fromisoformat(case["first_infusion"])
        later = [date.fromisoformat(d) for d in (case["actual_doses"] or [])[1:]]
        found = calendar(case["group"], first, later, TRIAL, rules())
        for key, expected in case["expect"].items():
            days = {week: text.split()[-1] for week, text in expected.items()} if key == "immunology" else expected
            assert plain(getattr(found, key)) == days, (case["group"], key)


def plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(week): plain(on) for week, on in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
