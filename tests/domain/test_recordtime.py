"""Record time over restarts, reboots and moved clocks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.recordtime import Moment, Resumption, resume, wall_step_s

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
        "at once", "same boot", "same boot, wall back an hour", "same boot, wall far ahead", "reboot, honest wall",
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
