"""Practice runs as fast as chosen, but at real speed while somebody is asked or something is due."""

from app.practice.pace import PracticePace
from app.services.clock import ScaledClock
from tests.services.ward import running


def test_time_falls_to_real_speed_while_a_question_is_open() -> None:
    ward = running()
    clock = ScaledClock()
    pace = PracticePace(ward.bedside, clock)
    pace.chosen = 60.0
    assert pace.settle() == 60.0
    pace.asking = True
    assert pace.settle() == 1.0
    pace.asking = False
    assert pace.settle() == clock.speed == 60.0


def test_time_falls_to_real_speed_while_a_task_is_due() -> None:
    ward = running()
    pace = PracticePace(ward.bedside, ScaledClock())
    pace.chosen = 60.0
    assert pace.settle() == 60.0
    ward.wait(minutes=5)
    assert pace.settle() == 1.0
