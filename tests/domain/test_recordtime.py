"""Record time over restarts, reboots and moved clocks."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.recordtime import Moment, Resumption, Watched, heartbeat, is_believed, resume, wall_step_s

from .cast import clock

LAST = clock("14:05")
BEFORE = Moment(LAST, 1000.0, "boot 1")


def after(seconds: float, *, wall: float | None = None, boot: str = "boot 1", steady: float | None = None) -> Moment:
    """The laptop's clocks `seconds` later; `wall` where the wall clock says otherwise."""
    moved = timedelta(seconds=seconds if wall is None else wall)
    return Moment(LAST + moved, 1000.0 + seconds if steady is None else steady, boot)


@pytest.mark.parametrize(
    ("now", "at_s", "known"),
    [
        (after(0), 0, True),
        (after(0, wall=-3600), 0, True),
        (after(420), 420, True),
        (after(420, wall=-3600), 420, True),
        (after(420, wall=99999), 420, True),
        (after(420, boot="boot 2", steady=5.0), 420, True),
        (after(0, boot="boot 2", steady=5.0), 0, True),
        (after(420, wall=-1, boot="boot 2", steady=5.0), 0, False),
        (after(420, wall=-3180, boot="boot 2", steady=5.0), 0, False),
        (after(420, steady=900.0), 420, True),
        (after(420, wall=-1, steady=900.0), 0, False),
    ],
    ids=[
        "at once", "at once, wall back an hour", "same boot", "same boot, wall back an hour",
        "same boot, wall far ahead", "reboot, honest wall",
        "reboot, not a second later", "reboot, wall a second behind", "reboot, wall an hour behind",
        "a boot that says the same name with less time", "the same, wall behind",
    ],
)  # fmt: skip
def test_after_a_restart(now: Moment, at_s: float, known: bool) -> None:
    assert resume(LAST, BEFORE, now) == Resumption(LAST + timedelta(seconds=at_s), known)


@pytest.mark.parametrize(("lead_s", "known"), [(2.0, True), (-2.0, True), (2.1, False), (-2.1, False), (3600, False)])
def test_a_wall_clock_that_was_moved_is_not_believed_over_a_reboot(lead_s: float, known: bool) -> None:
    before = Moment(LAST - timedelta(seconds=lead_s), 1000.0, "boot 1")
    assert resume(LAST, before, after(420, boot="boot 2", steady=5.0)).known is known


@pytest.mark.parametrize(("seconds", "known"), [(43_200, True), (43_201, False), (86_400 * 3, False)])
def test_a_long_gap_over_a_reboot_is_asked_about_also_when_the_wall_clock_is_ahead(seconds: float, known: bool) -> None:
    found = resume(LAST, BEFORE, after(seconds, boot="boot 2", steady=5.0), timedelta(hours=12))
    assert found == Resumption(LAST + timedelta(seconds=seconds if known else 0), known)


def test_within_one_boot_a_long_gap_is_known() -> None:
    assert resume(LAST, BEFORE, after(90_000), timedelta(hours=12)) == Resumption(LAST + timedelta(seconds=90_000), True)


SECONDS = st.floats(-1e6, 1e6)


@given(SECONDS, SECONDS, st.floats(0, 1e6), st.booleans())
def test_the_record_never_runs_backwards(lead_s: float, wall_s: float, steady_s: float, same_boot: bool) -> None:
    before = Moment(LAST - timedelta(seconds=lead_s), 1000.0, "boot 1")
    now = Moment(LAST + timedelta(seconds=wall_s), steady_s, "boot 1" if same_boot else "boot 2")
    assert resume(LAST, before, now).at >= LAST


@pytest.mark.parametrize(
    ("wall", "step"), [(60.0, 0.0), (62.0, 0.0), (58.0, 0.0), (62.1, 2.1), (-3540.0, -3600.0), (3660.0, 3600.0)]
)
def test_a_step_of_the_wall_clock_beyond_two_seconds_is_seen(wall: float, step: float) -> None:
    assert wall_step_s(BEFORE, after(60, wall=wall)) == pytest.approx(step)


# --- what was watched since the last event


SAVED: dict[str, Any] = {
    "at": "2026-03-02T14:06:00+00:00", "wall": "2026-03-02T14:05:30Z", "steady_s": 1060.5, "boot_id": "boot 1",
}  # fmt: skip


def test_a_heartbeat_says_until_when_somebody_watched() -> None:
    assert heartbeat(SAVED) == Watched(clock("14:06"), Moment(clock("14:05:30"), 1060.5, "boot 1"))


def test_just_booted_is_a_time_too() -> None:
    found = heartbeat({**SAVED, "steady_s": 0})
    assert found is not None
    assert found.moment.steady_s == 0


@pytest.mark.parametrize(
    "value",
    [
        None, 3, "14:06", [], {}, *({key: saved for key, saved in SAVED.items() if key != left_out} for left_out in SAVED),
        *({**SAVED, key: wrong} for key, wrong in (("at", "soon"), ("at", 7), ("at", "2026-03-02T14:06:00"), ("wall", "soon"),
          ("wall", "2026-03-02T14:05:30"), ("steady_s", -0.5), ("steady_s", "x"), ("boot_id", 1))),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_heartbeat_says_nothing(value: Any) -> None:
    assert heartbeat(value) is None


#: The last event was saved at 14:05, on a wall clock an hour slow.
LAST_SEEN = Watched(LAST, Moment(LAST - timedelta(hours=1), 1000.0, "boot 1"))


def believed(mark_s: float, wall_s: float = -3600, boots: tuple[str, ...] = ("1",) * 3, steady: tuple[float, ...] = (1.0, 1.0),
             practice: bool = False) -> bool:  # fmt: skip
    """`mark_s`, `wall_s`: heartbeat and wall clock, seconds after the last event; `steady`: seconds of the boot that passed until
    the heartbeat and until now; `boots`: of the heartbeat, the last event and now.
    """
    mark = Watched(LAST + timedelta(seconds=mark_s), Moment(LAST, 1000.0 + steady[0], boots[0]))
    last = LAST_SEEN._replace(moment=Moment(LAST_SEEN.moment.wall, 1000.0, boots[1]))
    return is_believed(mark, last, Moment(LAST + timedelta(seconds=wall_s), 1000.0 + steady[1], boots[2]), practice)


@pytest.mark.parametrize(
    ("mark_s", "wall_s", "expected"),
    [(-600, -3600, True), (2, -3600, True), (2.001, -3600, False), (422, 420, True), (422.001, 420, False), (2.001, 420, True)],
)
def test_a_heartbeat_behind_the_last_event_or_the_wall_clock_is_believed(mark_s: float, wall_s: float, expected: bool) -> None:
    assert believed(mark_s, wall_s, boots=("1", "2", "3")) is expected


@pytest.mark.parametrize(
    ("mark_s", "steady", "expected"),
    [
        (300, (300, 600), True), (302, (300, 600), True), (302.001, (300, 600), False), (602, (602, 600), True),
        (602, (602.001, 600), False), (600, (600, 600), True), (10, (-20, 600), False),
    ],
)  # fmt: skip
def test_beyond_both_the_steady_clock_of_the_boot_must_account_for_it(
    mark_s: float, steady: tuple[float, float], expected: bool
) -> None:
    assert believed(mark_s, steady=steady) is expected


@pytest.mark.parametrize("boots", [("2", "1", "1"), ("1", "2", "1"), ("1", "1", "2"), ("2", "1", "2"), ("2", "2", "1")])
def test_the_steady_clock_of_another_boot_accounts_for_nothing(boots: tuple[str, ...]) -> None:
    assert not believed(300, boots=boots, steady=(300, 600))


@pytest.mark.parametrize(("mark_s", "practice", "expected"), [(1202, True, True), (1202.001, True, False), (4, False, False)])
def test_only_a_practice_clock_runs_up_to_1200_times_faster(mark_s: float, practice: bool, expected: bool) -> None:
    assert believed(mark_s, practice=practice) is expected
