"""Clocks that are scaled, stepped and never run backwards."""

import threading
from datetime import timedelta

from app.services import clock as clocks
from tests.fakes import BEGIN, HandClock


def test_record_time_moves_on_but_never_back() -> None:
    hand = HandClock()
    clock = hand.record()
    hand.move(minutes=3)
    assert clock.now() == BEGIN + timedelta(minutes=3)
    clock.move_on(timedelta(minutes=10))
    assert clock.now() == BEGIN + timedelta(minutes=13)
    clock.move_on(timedelta(minutes=-5))
    assert clock.now() == BEGIN + timedelta(minutes=13)


def test_a_change_of_speed_does_not_jump() -> None:
    clock = clocks.ScaledClock(60)
    before = clock.now_s()
    clock.speed = 1
    assert 0 <= clock.now_s() - before < 60
    clock.advance_to(5000)
    assert 5000 <= clock.now_s() < 5060


def test_a_stepped_clock_waits_for_its_owner_and_goes_by_steps() -> None:
    clock = clocks.SteppedClock(10**9, step_s=5.0)
    assert clock.now_s() == 0.0
    assert [clock.tick() for _ in range(3)] == [5.0, 10.0, 15.0]
    assert clock.now_s() == 15.0


def test_a_stepped_clock_is_never_faster_than_its_speed() -> None:
    clock, began = clocks.SteppedClock(1000.0), clocks.steady_s()
    for _ in range(50):
        clock.tick()
    assert clock.now_s() <= (clocks.steady_s() - began) * 1000.0


def test_a_stepped_clock_neither_sleeps_nor_is_set() -> None:
    clock = clocks.SteppedClock(10**9, step_s=3600.0)
    before = clock.moment()
    clock.tick()
    after = clock.moment()
    assert (after.wall - before.wall).total_seconds() == after.steady_s - before.steady_s == 3600.0
    assert after.boot_id == before.boot_id


def test_waiting_is_in_scaled_seconds() -> None:
    rung = threading.Event()
    assert clocks.ScaledClock(10**6).wait(rung, 60) is False
    rung.set()
    assert clocks.ScaledClock().wait(rung, 60) is True


def test_the_laptops_moment_says_which_boot_it_is() -> None:
    first, second = clocks.moment(), clocks.moment()
    assert first.boot_id == second.boot_id
    assert second.steady_s >= first.steady_s
    assert first.wall.utcoffset() == timedelta(0)
    assert -14 * 60 <= clocks.utc_offset_min() <= 14 * 60


class HeldUp:
    """A count that a busy machine holds up for 3 s between the first two readings of it."""

    def __init__(self) -> None:
        self._read = 0

    def now_s(self) -> float:
        self._read += 1
        return clocks.steady_s() + (3.0 if self._read > 1 else 0.0)


def test_a_machine_that_stops_between_two_clocks_sets_none_wrong() -> None:
    before, clock = clocks.wall_utc(), clocks.RecordClock(HeldUp())
    assert before <= clock.now() <= clocks.wall_utc()
