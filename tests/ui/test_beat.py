"""The window's one timer: set anew after each look, sooner when something happened, and never left standing."""

import pytest

from ui.frame.shell import Beat

pytestmark = pytest.mark.usefixtures("qapp")


class Watched:
    """What a beat looks at: `wait_s` as told, `happens` during a look."""

    def __init__(self) -> None:
        self.looks = 0
        self.wait_s = 1.0
        self.happens = self.fails = False
        self.beat = Beat(self.look, lambda: self.wait_s)

    def look(self) -> None:
        self.looks += 1
        if self.happens:
            self.beat.soon()
        if self.fails:
            raise ValueError("a fault")


@pytest.mark.parametrize(("wait_s", "interval_ms"), [(1.0, 1000), (0.3701, 371), (0.25, 250), (0.0, 1), (-0.2, 1)])
def test_it_waits_as_long_as_it_is_told_and_never_less(wait_s: float, interval_ms: int) -> None:
    watched = Watched()
    watched.wait_s = wait_s
    watched.beat.look()
    assert (watched.looks, watched.beat.timer.interval(), watched.beat.timer.isActive()) == (1, interval_ms, True)
    watched.beat.stop()
    assert not watched.beat.timer.isActive()


def test_what_happens_is_looked_at_soon_also_what_happens_during_a_look() -> None:
    watched = Watched()
    watched.beat.look()
    watched.beat.soon()
    assert watched.beat.timer.interval() <= 100
    watched.happens = True
    watched.beat.look()
    assert watched.beat.timer.interval() <= 100
    watched.happens = False
    watched.beat.look()
    assert watched.beat.timer.interval() == 1000


def test_a_look_that_fails_is_not_the_last_one() -> None:
    watched = Watched()
    watched.fails = True
    with pytest.raises(ValueError, match="a fault"):
        watched.beat.look()
    assert watched.beat.timer.isActive()


def test_nothing_wakes_a_beat_that_was_stopped() -> None:
    watched = Watched()
    watched.beat.look()
    watched.beat.stop()
    watched.beat.soon()
    assert not watched.beat.timer.isActive()
