"""What has flowed, when each thing is due, and which rates would be in time: each at its edge.

70 kg at 20 drops/ml: 140 ml in two bags of 100 ml, from 14:00 on 15 min at 20 drops/min (1 ml/min), then 40–60, within 30–60 min.
A set rate is known to 20 %, a measured one to 5 %, and an unwatched one up to 20 % above.
"""

from datetime import datetime, timedelta
from decimal import Decimal as D

from app.domain.infusion.chapters.drip import MeasureRate, SetRate
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.drip_volume import (
    NOTHING,
    Delivered,
    Outlook,
    after_minutes,
    bag_empty_at,
    delivered,
    dose_reached,
    dose_reached_at,
    earliest_end_at,
    limit_at,
    minutes,
    needed_rate,
    offered_rates,
    outlook,
    running_min,
    stage_due_at,
)
from app.domain.infusion.state import Flow, Infusion, Pin, Span

from .cast import LI, clock, protocol
from .play import Play, prepared

SECOND = timedelta(seconds=1)
ONE_BAG = "50.0"
FROM_SECOND_STAGE = protocol("msc-icaht", {"infusion.duration_counts_from_stage": 2})


def ml(least: object, likely: object, most: object) -> Delivered:
    return Delivered(D(str(least)), D(str(likely)), D(str(most)))


def measured(at: str = "14:10", rate: int = 20) -> Play:
    play = prepared("running")
    play.do(MeasureRate(D(rate), "taps", 10), LI, clock(at))
    return play


def dripping(*flows: Flow, pins: tuple[Pin, ...] = (), weight: str = "70.0") -> Infusion:
    """It dripped like this, and was known at these moments."""
    state = prepared("running", weight=weight).state
    state.flows = list(flows)
    state.pins = list(pins) or state.pins
    return state


def to_second(at: datetime | None) -> str:
    assert at is not None
    return f"{at:%H:%M:%S}"


def test_minutes_are_exact() -> None:
    assert minutes(timedelta(minutes=1, microseconds=6)) == D("1.0000001")
    assert after_minutes(clock("14:00"), D("1.5")) == clock("14:01:30")


# --- what has flowed


def test_a_rate_is_known_as_well_as_it_was_found_out() -> None:
    assert delivered(prepared("running").state, clock("14:10")) == ml(8, 10, 12)
    assert delivered(measured().state, clock("14:20")) == ml("17.5", 20, "22.5")
    unwatched = dripping(Flow(clock("14:00"), D(20), "lost"))
    assert delivered(unwatched, clock("14:10")) == ml(0, 6, 12)


def test_before_the_start_and_without_a_set_nothing_has_flowed() -> None:
    state = prepared("running").state
    assert delivered(state, clock("13:57")) == delivered(state, clock("14:00")) == NOTHING == ml(0, 0, 0)
    state.drop_factor = None
    assert delivered(state, clock("14:10")) == NOTHING


def test_a_reading_counts_from_its_moment_on() -> None:
    """Read at 14:10 to be 20 to 30 ml: what dripped before it is in it."""
    state = dripping(Flow(clock("14:00"), D(20), "set"), pins=(Pin(clock("14:00"), D(0), D(0)), Pin(clock("14:10"), D(20), D(30))))
    assert delivered(state, clock("14:10") - SECOND).most_ml < 12
    assert delivered(state, clock("14:10")) == ml(20, 25, 30)
    assert delivered(state, clock("14:20")) == ml(28, 35, 42)


def test_a_drip_counts_from_its_begin_to_its_end() -> None:
    state = dripping(Flow(clock("14:02"), D(20), "set", clock("14:04")), Flow(clock("14:06"), D(40), "set"))
    assert delivered(state, clock("14:01")) == NOTHING
    assert delivered(state, clock("14:03")).likely_ml == 1
    assert delivered(state, clock("14:05")).likely_ml == 2
    assert delivered(state, clock("14:07")).likely_ml == 4


def test_no_more_flows_than_hung() -> None:
    """One bag of 100 ml hangs, after 250 ml by the drops; the second one hangs from 14:45:20 on."""
    first = prepared("stepped up").state
    assert delivered(first, clock("18:00")) == ml(100, 100, 100)
    second = prepared("second bag").state
    assert delivered(second, clock("14:45:20") - SECOND).most_ml == 100
    assert delivered(second, clock("14:45:20") + SECOND).most_ml > 100
    assert delivered(second, clock("18:00")) == ml(200, 200, 200)


def test_while_the_time_is_unknown_all_that_hangs_may_have_flowed() -> None:
    state = dripping(Flow(clock("14:00"), D(20), "set", clock("14:05")), Flow(clock("14:05"), D(20), "unknown"))
    assert delivered(state, clock("14:05") - SECOND).most_ml < 6
    assert delivered(state, clock("14:05")).most_ml == 100
    assert delivered(state, clock("14:10")) == ml(4, 10, 100)
    for read_at, most in (("14:05", 100), ("14:06", 6)):
        state.pins = [Pin(clock(read_at), D(5), D(6))]
        assert delivered(state, clock(read_at)).most_ml == most
    state.pins, state.bags["B2"].hung_at = [Pin(clock("14:05"), D(5), D(6))], clock("14:10")
    assert [delivered(state, clock(at)).most_ml for at in ("14:09:59", "14:10")] == [100, 200]


def test_what_a_reading_makes_more_than_hung_stands() -> None:
    state = dripping(Flow(clock("14:00"), D(20), "set"), pins=(Pin(clock("14:10"), D(99), D(105)),))
    assert delivered(state, clock("14:20")) == ml(105, 105, 105)


# --- the stages


def test_the_running_time_leaves_pauses_out() -> None:
    state = prepared("running").state
    state.spans = [Span(0, clock("14:00"), clock("14:04")), Span(0, clock("14:10")), Span(1, clock("14:20"))]
    assert [running_min(state, 0, clock(at)) for at in ("14:09", "14:10", "14:12")] == [4, 4, 6]
    assert running_min(state, 1, clock("14:21")) == 1


def test_a_stage_is_due_when_it_has_run_its_minutes() -> None:
    play = prepared("running")
    assert stage_due_at(play.state, clock("14:04")) == stage_due_at(play.state, clock("14:20")) == clock("14:15")
    play.do(Pause("line"), LI, clock("14:05"))
    assert stage_due_at(play.state, clock("14:06")) is None
    bagless = prepared("running").state
    bagless.bags["B1"].emptied_at = clock("14:05")
    assert stage_due_at(bagless, clock("14:06")) is None


def test_the_limits_count_from_the_start_or_from_the_stage_that_counts() -> None:
    state = prepared("stepped up").state
    assert (earliest_end_at(state), limit_at(state)) == (clock("14:30"), clock("15:00"))
    early, late = (prepared(point, rules=FROM_SECOND_STAGE).state for point in ("running", "stepped up"))
    assert (earliest_end_at(early), limit_at(early)) == (None, None)
    assert (earliest_end_at(late), limit_at(late)) == (clock("14:45"), clock("15:15"))


# --- when it will be done


def test_when_the_dose_will_be_in() -> None:
    """At 14:10, at most 12 ml in: 128 ml at 24, then at 60 drops/min + 20 %; at least 8: 132 ml at 16, then at 40 − 20 %."""
    found = outlook(prepared("running").state, clock("14:10"))
    assert (to_second(found.earliest_at), to_second(found.latest_at)) == ("14:48:53", "15:35:00")
    found = outlook(measured().state, clock("14:10"))
    assert (to_second(found.earliest_at), to_second(found.latest_at)) == ("14:53:58", "15:21:58")
    assert found.needed_gtt_min == D(2500) / 45


def test_in_the_last_stage_the_present_rate_goes_on() -> None:
    """At 14:25, 56 drops/min since 14:15: 15 + 28 ml, each known to 20 %."""
    found = outlook(prepared("stepped up").state, clock("14:25"))
    assert (to_second(found.earliest_at), to_second(found.latest_at)) == ("14:51:18", "15:12:08")


def test_a_dose_that_is_in_before_the_stage_is_over_waits_for_no_other_rate() -> None:
    """2 ml at 24 or at 16 drops/min."""
    state = dripping(Flow(clock("14:00"), D(20), "set"), pins=(Pin(clock("14:05"), D(98), D(98)),), weight=ONE_BAG)
    found = outlook(state, clock("14:05"))
    assert (to_second(found.earliest_at), to_second(found.latest_at)) == ("14:06:40", "14:07:30")


def test_each_stage_to_come_runs_its_minutes_unless_the_dose_is_in_before() -> None:
    """Of three: 70 ml, 10 min at 10 drops/min, known to 50 %; then 20 min at 20–40, then 60–80."""
    state = prepared("running", rules=protocol("three-stage")).state
    found = outlook(state, clock("14:00"))
    assert (to_second(found.earliest_at), to_second(found.latest_at)) == ("14:30:25", "15:08:20")
    state.pins = [Pin(clock("14:00"), D(40), D(40))]
    found = outlook(state, clock("14:00"))
    assert (to_second(found.earliest_at), to_second(found.latest_at)) == ("14:17:30", "14:41:40")


def test_a_dose_that_may_be_in_is_done_now() -> None:
    state = dripping(Flow(clock("14:00"), D(60), "set"), pins=(Pin(clock("14:10"), D(98), D(100)),), weight=ONE_BAG)
    assert outlook(state, clock("14:10")).earliest_at == clock("14:10")


def test_after_a_while_unwatched_only_the_earliest_end_is_known() -> None:
    state = dripping(Flow(clock("14:00"), D(20), "lost"))
    found = outlook(state, clock("14:00"))
    assert found.latest_at is None
    assert found.earliest_at is not None


def test_while_nothing_drips_only_the_needed_rate_is_told() -> None:
    play = prepared("stepped up")
    play.do(Pause("line"), LI, clock("14:15"))
    assert outlook(play.state, clock("14:15")) == Outlook(None, None, D(2500) / 45)
    unknown = prepared("stepped up").state
    unknown.elapsed_unknown = True
    assert outlook(unknown, clock("14:15")) == Outlook(None, None, D(2500) / 45)


def test_before_the_start_and_after_the_end_nothing_is_told() -> None:
    nothing = Outlook(None, None, None)
    assert outlook(prepared("ready").state, clock("14:00")) == nothing
    play = prepared("second bag")
    play.do(End(D(90), "pain"), LI, clock("14:58"))
    assert outlook(play.state, clock("14:58")) == nothing


# --- which rate would be in time


def test_the_rate_that_is_needed() -> None:
    """From 14:15 on 125 ml are left in 45 min; the starting rate runs on until then whatever it is."""
    play = prepared("running")
    assert [needed_rate(play.state, clock(at)) for at in ("14:00", "14:10", "14:15")] == [D(2500) / 45] * 3
    play.do(SetRate(D(10), "slower"), LI, clock("14:10"))
    assert needed_rate(play.state, clock("14:10")) == D(2550) / 45
    paused = prepared("running")
    paused.do(Pause("line"), LI, clock("14:10"))
    assert needed_rate(paused.state, clock("14:20")) == D(2500) / 35


def test_what_drips_goes_on_as_it_was_measured_and_after_a_pause_as_it_was_set() -> None:
    """24 drops/min measured at 14:10, of 20 set: 5 more minutes of it until the step up."""
    play = measured(rate=24)
    assert needed_rate(play.state, clock("14:09")) == D(2500) / 45
    assert needed_rate(play.state, clock("14:10")) == D(2600 - 5 * 24) / 45
    play.do(Pause("line"), LI, clock("14:12"))
    assert needed_rate(play.state, clock("14:12")) == D(2600 - 2 * 24 - 3 * 20) / 45


def test_none_is_needed_where_no_time_or_nothing_is_left() -> None:
    state = prepared("stepped up").state
    assert needed_rate(state, clock("15:00") - SECOND) is not None
    assert needed_rate(state, clock("15:00")) is None
    for likely, needed in (("139.95", D(1) / 40), (140, None)):
        state.pins = [Pin(clock("14:20"), D(likely), D(likely))]
        state.bags["B2"].hung_at = clock("14:20")
        assert needed_rate(state, clock("14:20")) == needed


def test_the_rates_that_finish_in_time() -> None:
    """Those that can be counted in 15 s come first. 55.6 drops/min would end at 15:00."""
    state = prepared("running").state
    assert offered_rates(state, 0, clock("14:00")) == (20,)
    assert offered_rates(state, 1, clock("14:15")) == (56, 60, 57, 58, 59)


def left(drops: int, at: str, weight: str = "70.0") -> tuple[int, ...]:
    """What is offered at this moment of the last stage while so many drops of the dose are left."""
    state = prepared("stepped up", weight=weight).state
    state.bags["B1"].emptied_at = state.bags["B1"].hung_at = clock("14:00")
    have = D(2) * D(weight) - D(drops) / 20
    state.pins = [Pin(clock(at), have, have)]
    state.flows = []
    return tuple(sorted(offered_rates(state, 1, clock(at))))


def test_a_rate_that_ends_exactly_at_the_longest_or_shortest_time_is_offered() -> None:
    """At 14:20 there are 40 min to the longest duration and 10 to the shortest."""
    assert left(2000, "14:20")[0] == 50
    assert left(2001, "14:20")[0] == 51
    assert left(500, "14:20")[-1] == 50
    assert left(499, "14:20")[-1] == 49
    assert (left(50, "14:59")[0], left(45, "14:29")[-1]) == (50, 45)


def test_any_rate_is_in_time_after_the_shortest_and_none_after_the_longest() -> None:
    every = tuple(range(40, 61))
    assert left(100, "14:30") == every
    assert left(100, "15:00") == ()
    assert left(1, "15:00") == ()
    assert left(0, "15:00") == every
    assert left(0, "14:20") == ()


def test_without_a_weight_or_a_begin_every_rate_of_the_stage_is_offered() -> None:
    every = tuple(range(40, 61))
    assert tuple(sorted(offered_rates(Play().state, 1, clock("13:00")))) == every
    assert tuple(sorted(offered_rates(prepared("ready").state, 1, clock("14:00")))) == every


# --- the dose, and the bag


def test_the_dose_is_reached_once_it_may_be() -> None:
    """50 kg: by the most that may have flowed, 100 ml."""
    state = prepared("running", weight=ONE_BAG).state
    for most, reached in (("99.9", False), ("100", True)):
        state.pins = [Pin(clock("14:10"), D(50), D(most))]
        assert dose_reached(state, clock("14:10")) is reached
        assert (dose_reached_at(state, clock("14:10")) is not None) is reached
    assert not dose_reached(prepared("ready", weight=ONE_BAG).state, clock("14:00"))


def test_since_when_the_dose_may_have_been_reached() -> None:
    """50 kg, 100 ml. 60 drops/min with 20 % are 3.6 ml/min."""
    first, then = Flow(clock("14:00"), D(60), "set", clock("14:10")), Flow(clock("14:20"), D(60), "set")
    state = dripping(first, then, pins=(Pin(clock("14:00"), D(0), D(64)),), weight=ONE_BAG)
    assert dose_reached_at(state, clock("14:09")) is None
    assert dose_reached_at(state, clock("15:00")) == clock("14:10")
    state.pins = [Pin(clock("14:00"), D(0), D("60.4"))]
    assert dose_reached_at(state, clock("15:00")) == clock("14:21")
    state.pins = [Pin(clock("14:30"), D(0), D("96.4"))]
    assert dose_reached_at(state, clock("15:00")) == clock("14:31")
    state.pins = [Pin(clock("14:30"), D(0), D(104))]
    assert dose_reached_at(state, clock("15:00")) == clock("14:30")


def test_when_the_hanging_bag_may_be_empty() -> None:
    """From 14:05 on, 6 of 100 ml at most gone: 10 min at 24 drops/min, then 72."""
    state = prepared("running").state
    assert to_second(bag_empty_at(state, clock("14:05"))) == "14:37:46"
    assert bag_empty_at(prepared("running", weight=ONE_BAG).state, clock("14:05")) is None
    assert bag_empty_at(prepared("running", weight="50.1").state, clock("14:05")) is not None
    paused = prepared("running")
    paused.do(Pause("line"), LI, clock("14:05"))
    assert bag_empty_at(paused.state, clock("14:05")) is None
    assert bag_empty_at(prepared("ready").state, clock("14:00")) is None
    assert bag_empty_at(measured().state, clock("14:10")) == after_minutes(
        clock("14:10"), D(5) + ((D(88) / D("1.05")) * 20 - 100) / 60
    )
