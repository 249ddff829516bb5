"""What is known of the volume when bags hang no more or are read by eye: at least and at most. A reading by eye is ± 5 ml."""

from decimal import Decimal as D

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion import flows
from app.domain.infusion.flows import flowed_ml, hung_ml
from app.domain.infusion.state import BagState, Flow, Infusion, Pin, Span

from .cast import LI, TRIAL, clock
from .play import Play, label, prepared

AT, LATER = clock("14:20"), clock("14:21")
Between = tuple[int, int]


def running() -> Infusion:
    return prepared("running").state


def of_50_ml(**more: object) -> BagState:
    """A bag of 60 ml of which 10 were drawn off at the bench; it hung from 14:00 on."""
    bag = BagState(label("B7", 60_000_000, 60), "p1", drawn_off_ml=D(10), hung_at=clock("14:00"))
    for name, value in more.items():
        setattr(bag, name, value)
    return bag


@pytest.mark.parametrize(
    ("bag", "flowed"),
    [
        (of_50_ml(), (50, 50)),
        (of_50_ml(emptied_at=AT), (50, 50)),
        (of_50_ml(taken_down_at=AT), (50, 50)),
        (of_50_ml(left_ml=D(20)), (50, 50)),
        (of_50_ml(taken_down_at=AT, left_ml=D(20)), (25, 35)),
        (of_50_ml(taken_down_at=AT, left_ml=D(5)), (40, 50)),
        (of_50_ml(taken_down_at=AT, left_ml=D(4)), (41, 50)),
        (of_50_ml(taken_down_at=AT, left_ml=D(45)), (0, 10)),
        (of_50_ml(taken_down_at=AT, left_ml=D(46)), (0, 9)),
        (of_50_ml(taken_down_at=AT, left_ml=D(20), nothing_given=True), (0, 0)),
    ],
)
def test_what_has_flowed_of_a_bag_that_hangs_no_more(bag: BagState, flowed: Between) -> None:
    assert flowed_ml(running(), bag) == tuple(map(D, flowed))


def test_a_protocol_that_says_nothing_of_readings_takes_them_as_exact() -> None:
    state = running()
    state.known_protocol = msgspec.structs.replace(TRIAL, ending=None)
    assert flowed_ml(state, of_50_ml(taken_down_at=AT, left_ml=D(20))) == (D(30), D(30))
    assert flowed_ml(state, of_50_ml(taken_down_at=AT, left_ml=D(50))) == (D(0), D(0))


def pinned(play: Play, left_ml: int | None = None) -> tuple[Pin, Pin | None]:
    """The last moment at which the volume is known, before and after a reading."""
    before = play.state.pins[-1]
    flows.pin(play.state, LATER, None if left_ml is None else D(left_ml))
    return before, play.state.pins[-1]


def test_a_reading_of_the_hanging_bag_counts_from_its_volume_and_the_emptied_ones_whole() -> None:
    second = prepared("second bag")
    assert hung_ml(second.state) == 200
    assert pinned(second, 60) == (Pin(clock("14:45:20"), D(100), D(100)), Pin(LATER, D(135), D(145)))
    assert pinned(prepared("second bag"), 99)[1] == Pin(LATER, D(100), D(106))
    assert pinned(prepared("running"), 90) == (Pin(clock("14:00"), D(0), D(0)), Pin(LATER, D(5), D(15)))
    assert pinned(prepared("running"))[1] == Pin(LATER, D(100), D(100)), "nothing said: it is empty"


def test_before_anything_hangs_nothing_has_flowed() -> None:
    play = prepared("thawed")
    assert hung_ml(play.state) == 0
    flows.pin(play.state, LATER)
    assert play.state.pins == [Pin(LATER, D(0), D(0))]
    assert all(isinstance(ml, D) for ml in (play.state.pins[0].least_ml, play.state.pins[0].most_ml))


def test_a_reading_ends_the_doubt_of_a_gap() -> None:
    play = prepared("running")
    play.now = AT
    play.take(e.WatchLost(clock("14:10"), "stopped"), LI.person_id)
    assert play.state.unconfirmed_gap is True
    flows.pin(play.state, LATER, D(80))
    assert play.state.unconfirmed_gap is False


def test_a_rate_without_a_bag_drips_nothing() -> None:
    state = prepared("ready").state
    state.bags["B1"].emptied_at = AT
    flows.run(state, AT, D(20))
    assert (state.rate_gtt_min, state.rate_set_at) == (D(20), AT)
    assert (state.flows, state.spans) == ([], [])
    flows.stop_drip(state, LATER)
    assert (state.flows, state.spans) == ([], [])


def test_a_drip_that_stops_ends_its_flow_and_its_stage_once() -> None:
    state = prepared("ready").state
    flows.run(state, AT, D(20))
    flows.flow(state, LATER, D(22), "measured")
    assert state.flows == [Flow(AT, D(20), "set", LATER), Flow(LATER, D(22), "measured")]
    assert state.spans == [Span(0, AT)]
    flows.stop_drip(state, clock("14:25"))
    flows.stop_drip(state, clock("14:26"))
    assert (state.flows[-1].end, state.spans) == (clock("14:25"), [Span(0, AT, clock("14:25"))])
    flows.drip(state, clock("14:30"), D(40))
    flows.stop_flow(state, AT)
    assert (state.flows[-1].end, state.spans[-1].end) == (clock("14:30"), None), "it never ends before it began"
