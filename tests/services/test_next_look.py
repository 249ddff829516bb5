"""When the ward is looked at next: each full second, and exactly when something is due before it."""

from datetime import datetime, timedelta

import pytest

from app.domain.infusion.chapters.pause import Pause
from app.services.ward.next_look import full_second, wait_s
from app.services.ward.watch import first_time
from devices.link import LinkState
from tests.domain.cast import LI, clock
from tests.services.ward import PORT, Ward, running

NOON = clock("12:00:00")


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def ward() -> Ward:
    made = running()
    made.bedside.connect(made.infusion_id, PORT)
    made.link(LinkState.LIVE)
    made.bedside.tick()
    return made


@pytest.mark.parametrize(
    ("at_s", "due_s", "speed", "wait"),
    [
        (0.0, None, 1, 1.0),
        (0.4, None, 1, 0.6),
        (0.999, None, 1, 0.001),
        (0.0, 0.37, 1, 0.37),
        (0.0, 7.0, 1, 1.0),
        (0.5, 0.2, 1, 0.1),
        (0.95, 0.96, 1, 0.05),
        (0.0, None, 0.5, 2.0),
        (0.0, None, 2, 0.5),
        (0.0, 0.1, 60, 0.25),
        (0.0, None, 720, 0.25),
    ],
)
def test_it_comes_at_the_full_second_or_for_what_is_due(at_s: float, due_s: float | None, speed: float, wait: float) -> None:
    due = [None if due_s is None else later(due_s)]
    assert wait_s(later(at_s), due, speed) == pytest.approx(wait, abs=1e-6)


def test_the_first_moment_of_a_change_is_found_within_a_hundredth_of_a_second() -> None:
    asked: list[datetime] = []

    def differs(at: datetime) -> bool:
        asked.append(at)
        return at >= later(0.6)

    found = first_time(differs, NOON, later(1))
    assert 0 <= (found - later(0.6)).total_seconds() <= 0.01
    assert len(asked) == 7


def due_after_s(ward: Ward, within_s: float = 1.0) -> float | None:
    """From now on, as the window asks after each look."""
    now = ward.bedside.now()
    at = ward.bedside.due_at(now + timedelta(seconds=within_s))
    return None if at is None else (at - now).total_seconds()


def test_an_unchanged_ward_is_looked_at_sixty_times_a_minute(ward: Ward) -> None:
    ward.hear("hr", 84)
    ward.bedside.tick()
    looks, until = 0, ward.bedside.now() + timedelta(seconds=20)
    while ward.bedside.now() < until:
        now = ward.bedside.now()
        ward.clock.move(seconds=wait_s(now, [ward.bedside.due_at(full_second(now))], 1))
        ward.bedside.tick()
        looks += 1
    assert looks == 20


def test_a_check_is_told_when_it_is_due_and_not_at_the_second_after(ward: Ward) -> None:
    (check,) = (task for task in ward.bedside.bed(ward.infusion_id).tasks if task.check is not None)
    ward.wait(seconds=(check.due_at - ward.bedside.now()).total_seconds() - 0.6)
    assert due_after_s(ward) == pytest.approx(0.6, abs=0.011)
    ward.clock.move(seconds=0.61)
    before = ward.bedside.alarms.news
    ward.bedside.tick()
    assert ward.bedside.alarms.news == before + 1
    assert due_after_s(ward) is None


def test_a_value_that_comes_no_more_alarms_when_its_age_is_over(ward: Ward) -> None:
    ward.hear("hr", 84)
    ward.wait(seconds=ward.state.protocol.vitals.max_age_s - 0.4)
    assert due_after_s(ward) == pytest.approx(0.4, abs=0.02)
    ward.hear("hr", 84)
    assert due_after_s(ward) is None


def test_what_must_hold_for_a_while_alarms_when_it_has(ward: Ward) -> None:
    """A heart rate a fifth above the baseline, for the seconds that the protocol asks for."""
    triggers = ward.state.protocol.triggers
    assert triggers is not None
    ward.hear("hr", 84)
    ward.bedside.tick()
    news = ward.bedside.alarms.news
    left_s = 0.7
    for _ in range(10):
        ward.hear("hr", 110)
        ward.bedside.tick()
        ward.clock.move(seconds=(triggers.hold_s - left_s) / 10)
    ward.hear("hr", 110)
    ward.bedside.tick()
    assert ward.bedside.alarms.news == news
    assert due_after_s(ward) == pytest.approx(left_s, abs=0.011)
    ward.clock.move(seconds=left_s + 0.01)
    ward.bedside.tick()
    assert ward.bedside.alarms.news == news + 1


def test_a_failed_write_is_tried_again_when_its_time_has_come(ward: Ward) -> None:
    ward.store.broken = True
    ward.do(Pause(), LI)
    ward.bedside.tick()
    ward.clock.move(seconds=1.3)
    assert due_after_s(ward) == pytest.approx(0.7)


def test_the_window_is_woken_by_an_alarm_a_link_and_an_event_and_by_no_other_value(ward: Ward) -> None:
    woken: list[str] = []
    heard: list[str] = []
    ward.bedside.news.when_urgent(lambda: woken.append("now"))
    ward.bedside.news.when_heard(heard.append)
    ward.hear("hr", 84)
    ward.hear("hr", 84)
    ward.hear("hr", 85)
    assert (len(woken), len(heard)) == (0, 2)
    ward.hear("hr", 130)
    assert (len(woken), len(heard)) == (1, 2)
    ward.hear("hr", 131)
    assert (len(woken), len(heard)) == (1, 3)
    ward.link(LinkState.LOST)
    assert len(woken) == 3  # and an event of it, once it is saved
    ward.bedside.take_link(ward.bedside.links[0])
    assert len(woken) == 3
    ward.do(Pause(), LI)
    assert len(woken) > 3


def test_a_score_that_grows_by_values_inside_their_limits_alarms_at_once(ward: Ward) -> None:
    """No value crosses a limit of its own: NEWS2 alone finds them together."""
    woken: list[str] = []
    ward.bedside.news.when_urgent(lambda: woken.append("now"))
    for vital, value in {"spo2": 97, "nibp_sys": 118, "nibp_dia": 72, "temp": "36.7", "hr": 84, "rr": 16}.items():
        ward.hear(vital, value)
    ward.bedside.tick()
    woken.clear()
    before = ward.bedside.alarms.news
    for vital, value in {"rr": 24, "spo2": 92, "hr": 112}.items():
        ward.hear(vital, value)
    assert ward.bedside.alarms.news > before
    assert woken
