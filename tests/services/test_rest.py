"""Seconds in which nobody looks: what is written is as if somebody had, and whoever comes, goes or acts ends the rest."""

from collections.abc import Callable

import pytest

from app.domain.infusion.chapters.pause import Pause
from app.practice.rest import Rest
from app.services.ward.ward import ASLEEP_S
from devices.link import LinkState
from tests.domain.cast import LI
from tests.services.ward import PORT, Ward, running

#: Frames come so far apart; at these seconds the heart races, the monitor says nothing, and its cable is out.
EVERY_S = 5
RACES, SILENT, OUT = range(100, 160), range(300, 460), range(600, 660)
LENGTH_S = 960


@pytest.fixture
def ward() -> Ward:
    made = running()
    made.bedside.connect(made.infusion_id, PORT)
    made.link(LinkState.LIVE)
    return made


@pytest.fixture
def rest(ward: Ward) -> Rest:
    """Begun by a look at a ward at which nothing is due soon."""
    ward.hear("hr", 84)
    ward.wait(seconds=1)
    ward.bedside.tick()
    made = Rest(ward.bedside)
    made.begin()
    return made


def at_second(ward: Ward, second: int) -> None:
    """What happens at the bed then."""
    if second in (OUT.start, OUT.stop):
        ward.link(LinkState.LOST if second == OUT.start else LinkState.LIVE)
    if second % EVERY_S == 0 and second not in SILENT and second not in OUT:
        ward.hear("hr", 140 if second in RACES else 84)


@pytest.mark.uncounted
def test_what_is_written_is_the_same_as_with_a_look_each_second() -> None:
    written, looks = [], []
    for rests in (True, False):
        ward = running()
        ward.bedside.connect(ward.infusion_id, PORT)
        ward.link(LinkState.LIVE)
        rest, looked = Rest(ward.bedside), 0
        for second in range(LENGTH_S):
            ward.clock.move(seconds=1)
            at_second(ward, second)
            if rest.is_over() or not rests:
                ward.bedside.tick()
                rest.begin()
                looked += 1
        written.append([(entry.at, entry.by, entry.event) for entry in ward.state.log])
        looks.append(looked)
    assert written[0] == written[1]
    told = {type(event).__name__ for _at, _by, event in written[0]}
    assert {"AlarmRaised", "AlarmCleared", "LinkLost", "LinkFound", "SamplesSealed"} <= told
    assert looks[1] == LENGTH_S
    assert looks[0] < LENGTH_S / 2


def test_it_is_never_so_long_that_it_would_count_as_sleep(ward: Ward, rest: Rest) -> None:
    rested = 0
    while not rest.is_over():
        ward.clock.move(seconds=1)
        rested += 1
    assert 1 < rested < ASLEEP_S


@pytest.mark.parametrize(
    "happens",
    [
        lambda ward: ward.hear("hr", 84),
        lambda ward: ward.link(LinkState.LOST),
        lambda ward: ward.do(Pause(), LI),
        lambda ward: ward.bedside.alarms.acknowledge(ward.infusion_id, "hr", LI),
    ],
    ids=["a value", "a link", "a command", "an answer to an alarm"],
)
def test_whatever_happens_ends_it(ward: Ward, rest: Rest, happens: Callable[[Ward], object]) -> None:
    ward.clock.move(seconds=1)
    assert not rest.is_over()
    happens(ward)
    assert rest.is_over()


def test_a_look_that_somebody_else_made_does_not_stand_for_it(ward: Ward, rest: Rest) -> None:
    """What was seen between two ticks is written by the next."""
    ward.clock.move(seconds=1)
    ward.hear("hr", 140)
    ward.bedside.bed(ward.infusion_id)
    assert rest.is_over()
