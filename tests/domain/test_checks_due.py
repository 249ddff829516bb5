"""The checks of vital signs by the clock: when each is open, late, missed or made up for, to the second.

By this protocol every 15 min; open 5 min before, late from 5 min after, missed from 10 min after; an end within 5 min of a check
needs none of its own.
"""

from datetime import datetime, timedelta
from typing import Literal

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.checks import (
    Check,
    Counts,
    Status,
    baseline_at,
    baseline_fresh,
    check_name,
    checks,
    count,
    infusion_checks,
    is_late,
    missed_checks,
    missed_count,
    missed_unanswered,
    observation_checks,
    open_check,
)

from .cast import LI, TRIAL, clock
from .play import Play, prepared
from .seeing import plain

SECOND = timedelta(seconds=1)
Period = Literal["infusion", "observation", "extra"]


def looked(play: Play, at: str, slot: int | None, period: Period = "infusion", late_reason: str = "") -> Play:
    """Somebody recorded a check; a record from elsewhere may hold it at any moment."""
    play.now = clock(at)
    play.take(e.VitalsRecorded(period, slot, (), None, None, discomfort=False, late_reason=late_reason), LI.person_id)
    return play


def ended(at: str, *kept: tuple[str, int]) -> Play:
    """An infusion from 14:00 until `at` with its check of the start and these."""
    play = prepared("running")
    for recorded, slot in kept:
        looked(play, recorded, slot)
    play.now = clock(at)
    play.take(e.InfusionEnded(None), LI.person_id)
    return play


def rows(found: list[Check]) -> list[tuple[int | None, str, str]]:
    return [(c.slot_min, f"{c.due_at:%H:%M}", c.status.value) for c in found]


def second(at: str) -> Check:
    """The check of 14:15 as it stands at this moment, not taken."""
    return infusion_checks(prepared("running").state, clock(at))[1]


# --- one check


@pytest.mark.parametrize(
    ("at", "status", "late_s"),
    [
        ("14:09:59", Status.UPCOMING, 0), ("14:10", Status.OPEN, 0), ("14:15", Status.OPEN, 0), ("14:15:01", Status.OPEN, 1),
        ("14:25", Status.OPEN, 600), ("14:25:01", Status.MISSED, 601),
    ],
)  # fmt: skip
def test_a_check_that_nobody_took(at: str, status: Status, late_s: int) -> None:
    found = second(at)
    assert (found.period, found.slot_min, found.due_at, found.entry) == ("infusion", 15, clock("14:15"), None)
    assert (found.status, found.late_s) == (status, late_s)


@pytest.mark.parametrize(
    ("at", "status", "late_s"),
    [
        ("14:10", Status.ON_TIME, 0), ("14:20", Status.ON_TIME, 300), ("14:20:01", Status.LATE, 301),
        ("14:25", Status.LATE, 600), ("14:25:01", Status.MISSED, 601),
    ],
)  # fmt: skip
def test_a_check_that_was_taken_stays_as_it_was(at: str, status: Status, late_s: int) -> None:
    """However long it is ago."""
    play = looked(prepared("running"), at, 15)
    found = infusion_checks(play.state, clock("14:50"))[1]
    assert (found.status, found.late_s, found.entry) == (status, late_s, play.entries[-1])


def test_begun_seconds_count_as_late() -> None:
    assert infusion_checks(prepared("running").state, clock("14:15") + SECOND / 2)[1].late_s == 1


def test_the_first_record_of_a_check_counts() -> None:
    play = looked(looked(prepared("running"), "14:14", 15), "14:24", 15)
    assert infusion_checks(play.state, clock("14:25"))[1].status is Status.ON_TIME


def test_late_is_more_than_five_minutes() -> None:
    due_at = clock("14:15")
    assert not is_late(TRIAL.vitals, due_at, clock("14:20"))
    assert is_late(TRIAL.vitals, due_at, clock("14:20") + SECOND)


# --- while it runs


def test_all_checks_up_to_the_next_one() -> None:
    """The next one stands there from the moment at which the one before is due."""
    state = prepared("running").state
    assert rows(infusion_checks(state, clock("14:14:59"))) == [(0, "14:00", "on_time"), (15, "14:15", "open")]
    assert rows(infusion_checks(state, clock("14:15"))) == [
        (0, "14:00", "on_time"), (15, "14:15", "open"), (30, "14:30", "upcoming"),
    ]  # fmt: skip
    assert infusion_checks(prepared("ready").state, clock("14:00")) == []
    assert observation_checks(state, clock("14:15")) == []


@pytest.mark.parametrize(("at", "counts"), [("13:54:59", False), ("13:55", True)])
def test_a_baseline_of_more_than_five_minutes_before_the_start_was_for_another(at: str, counts: bool) -> None:
    play = looked(prepared("hung"), at, 0)
    assert baseline_fresh(play.state, clock("14:00")) is counts
    play.now = clock("14:00")
    play.take(e.Started(TRIAL.infusion.stages[0].rate_gtt_min[0]), LI.person_id)
    assert (infusion_checks(play.state, clock("14:00"))[0].entry is not None) is counts


def test_the_newest_baseline_is_that_of_the_start() -> None:
    play = prepared("hung")
    assert (baseline_at(play.state), baseline_fresh(play.state, clock("14:00"))) == (None, False)
    looked(looked(play, "13:50", 0), "13:56", 0)
    assert baseline_at(play.state) == clock("13:56")
    others: tuple[tuple[Period, int | None], ...] = (("extra", None), ("infusion", 15), ("observation", 0))
    for period, slot in others:
        looked(play, "13:59", slot, period)
    assert baseline_at(play.state) == clock("13:56")


def test_the_earliest_open_check_is_asked_for() -> None:
    play = prepared("running")
    assert open_check(play.state, clock("14:09:59")) is None
    found = open_check(play.state, clock("14:25"))
    assert found is not None
    assert found.slot_min == 15
    looked(play, "14:25", 15)
    found = open_check(play.state, clock("14:25"))
    assert found is not None
    assert found.slot_min == 30


# --- at the end


KEPT = (("14:15", 15), ("14:30", 30), ("14:45", 45))


@pytest.mark.parametrize(
    ("at", "slots"),
    [
        ("14:45", [0, 15, 30, 45]), ("14:50", [0, 15, 30, 45]), ("14:50:01", [0, 15, 30, 45, None]),
        ("14:59:59", [0, 15, 30, 45, None]), ("15:00", [0, 15, 30, 45, 60]),
    ],
)  # fmt: skip
def test_an_end_more_than_five_minutes_after_a_check_has_one_of_its_own(at: str, slots: list[int | None]) -> None:
    found = infusion_checks(ended(at, *KEPT).state, clock("16:00"))
    assert [c.slot_min for c in found] == slots
    assert found[-1].due_at == (clock(at) if slots[-1] is None else clock("14:00") + timedelta(minutes=slots[-1]))


@pytest.mark.parametrize(("end", "last"), [("14:55", 60), ("14:54:59", None)])
def test_a_check_taken_ahead_is_that_of_an_end_within_five_minutes_before_it(end: str, last: int | None) -> None:
    found = infusion_checks(ended(end, *KEPT, ("14:54", 60)).state, clock("16:00"))
    assert [c.slot_min for c in found] == [0, 15, 30, 45, last]


def test_the_observation_is_checked_every_half_hour_and_at_its_end() -> None:
    play = ended("14:58", *KEPT)
    assert rows(observation_checks(play.state, clock("15:23"))) == [
        (30, "15:28", "open"), (60, "15:58", "upcoming"), (90, "16:28", "upcoming"), (120, "16:58", "upcoming"),
    ]  # fmt: skip
    assert [c.period for c in checks(play.state, clock("15:23"))] == ["infusion"] * 5 + ["observation"] * 4


@pytest.mark.parametrize(("closed", "slots"), [("16:28", [30, 60, 90]), ("16:27:59", [30, 60])])
def test_after_the_observation_is_closed_only_what_was_due_or_taken_stays(closed: str, slots: list[int]) -> None:
    play = ended("14:58", *KEPT)
    play.now = clock(closed)
    play.take(e.ObservationClosed("no_reaction", (), "moved"), LI.person_id)
    assert [c.slot_min for c in observation_checks(play.state, clock("17:00"))] == slots
    looked(play, "16:29", 120, "observation")
    assert [c.slot_min for c in observation_checks(play.state, clock("17:00"))] == [*slots, 120]


# --- missed


def due(found: list[Check]) -> list[str]:
    return [f"{c.due_at:%H:%M}" for c in found]


def test_what_was_missed_stands_until_somebody_looks_and_until_somebody_says_why() -> None:
    """Extra vital signs make up for it; a check with a reason answers for it; either only from then back."""
    play = prepared("running")
    assert missed_checks(play.state, clock("14:25")) == missed_unanswered(play.state, clock("14:25")) == []
    now = clock("14:41")
    assert due(missed_checks(play.state, now)) == due(missed_unanswered(play.state, now)) == ["14:15", "14:30"]
    assert missed_count(play.state, now) == 2
    looked(play, "14:29:59", None, "extra")
    assert due(missed_checks(play.state, now)) == ["14:30"]
    assert due(missed_unanswered(play.state, now)) == ["14:15", "14:30"]
    looked(play, "14:30", 45, late_reason="busy")
    assert due(missed_checks(play.state, now)) == ["14:30"]
    assert due(missed_unanswered(play.state, now)) == []
    looked(play, "14:30", None, "extra")
    assert due(missed_checks(play.state, now)) == []
    assert missed_count(play.state, now) == 2


def test_a_reason_from_before_a_check_was_due_is_none_for_it() -> None:
    play = looked(prepared("running"), "14:14:59", None, "extra", "busy")
    assert due(missed_unanswered(play.state, clock("14:26"))) == ["14:15"]


def test_a_check_taken_too_late_is_missed_and_nobody_owes_it() -> None:
    play = looked(prepared("running"), "14:26", 15, late_reason="")
    assert missed_checks(play.state, clock("14:27")) == missed_unanswered(play.state, clock("14:27")) == []
    assert missed_count(play.state, clock("14:27")) == 1


def test_how_many_came_due_and_how_they_were_kept() -> None:
    play = looked(looked(prepared("running"), "14:21", 15), "14:28", 30)
    at: dict[str, Counts] = {}
    for moment in ("14:28", "14:44:59", "14:45", "14:55:01"):
        now: datetime = clock(moment)
        at[moment] = count(infusion_checks(play.state, now), now)
    assert at == {
        "14:28": Counts(3, 2, 1, 0), "14:44:59": Counts(3, 2, 1, 0), "14:45": Counts(4, 2, 1, 0), "14:55:01": Counts(4, 2, 1, 1),
    }  # fmt: skip


def test_each_look_sees_the_record_as_it_is_then() -> None:
    """The newest answer is kept, for the same record at the same moment alone."""
    play, now = prepared("running"), clock("14:15")
    assert checks(play.state, now)[1].status is Status.OPEN
    assert checks(play.state, now) is checks(play.state, now)
    assert checks(play.state, clock("14:26"))[1].status is Status.MISSED
    assert checks(looked(play, "14:15", 15).state, now)[1].status is Status.ON_TIME
    assert checks(prepared("running").state, now)[1].status is Status.OPEN


@pytest.mark.parametrize(
    ("period", "slot", "name"),
    [
        ("extra", None, "Extra vital signs"), ("observation", 30, "Observation vital signs 30 min"),
        ("infusion", None, "Vital signs at the end"), ("infusion", 15, "Vital signs 15 min"),
    ],
)  # fmt: skip
def test_what_a_check_is_called(period: str, slot: int | None, name: str) -> None:
    assert plain(check_name(period, slot)) == name
