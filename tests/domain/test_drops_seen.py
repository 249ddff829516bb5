"""What a drop sensor says of the drip, and when it is worth an alarm."""

from datetime import timedelta
from decimal import Decimal
from itertools import accumulate, repeat

from msgspec.structs import replace

from app.domain.infusion.drops_seen import Dripped, DropsSeen, drops_seen
from app.domain.infusion.state import Infusion
from app.domain.watch import bed_seen
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Finding
from app.domain.watch.priority import Priority

from .cast import clock
from .play import prepared
from .seeing import plain

RATE = 20
LATER = "14:08:00"


def dripping(until: str, *, seconds: int, every_s: int = 3, rate: str | None = "20", drops: int = 1) -> list[Dripped]:
    """A line every `every_s` seconds, the last one at `until`."""
    count = seconds // every_s + 1
    begin, number = clock(until) - timedelta(seconds=every_s * (count - 1)), None if rate is None else Decimal(rate)
    fallen = accumulate(repeat(drops, count - 1), initial=0)
    return [Dripped(begin + timedelta(seconds=every_s * at), fell, number) for at, fell in enumerate(fallen)]


def running() -> Infusion:
    state = prepared("running").state
    assert state.rate_gtt_min == RATE
    return state


def seen_at(lines: list[Dripped], at: str = LATER) -> DropsSeen | None:
    return drops_seen(running(), lines, clock(at))


def off(lines: list[Dripped]) -> bool:
    seen = seen_at(lines)
    assert seen is not None
    return seen.off_since is not None


def test_rate_volume_and_the_drops_of_the_newest_minute() -> None:
    seen = seen_at(dripping(LATER, seconds=300))
    assert seen is not None
    assert (seen.rate_gtt_min, seen.counted, seen.counted_gtt_min) == (Decimal(20), 20, Decimal(20))
    assert seen.delivered_ml == Decimal(100) / (running().drop_factor or 1)
    assert seen.from_at == clock(LATER) - timedelta(seconds=300)


def test_the_drops_of_half_a_minute_are_counted_as_drops_a_minute() -> None:
    seen = seen_at(dripping(LATER, seconds=30))
    assert seen is not None
    assert (seen.counted, seen.counted_gtt_min) == (10, Decimal(20))


def test_what_fell_before_the_bag_hung_is_not_of_it() -> None:
    state = running()
    assert state.hanging is not None
    state.hanging.hung_at = clock("14:06:59")
    seen = drops_seen(state, dripping(LATER, seconds=300), clock(LATER))
    assert seen is not None
    assert seen.from_at == clock("14:06:57")
    assert seen.delivered_ml == Decimal(21) / (state.drop_factor or 1)


def test_one_line_counts_nothing_and_an_old_one_says_nothing() -> None:
    seen = seen_at(dripping(LATER, seconds=0, rate=None))
    assert seen is not None
    assert (seen.rate_gtt_min, seen.counted, seen.counted_gtt_min, seen.delivered_ml) == (None, 0, None, Decimal(0))
    assert seen_at(dripping(LATER, seconds=300), "14:09") is not None
    assert seen_at(dripping(LATER, seconds=300), "14:09:01") is None
    assert seen_at([]) is None


def test_without_a_bag_or_a_set_there_is_nothing_to_say() -> None:
    lines, state = dripping(LATER, seconds=300), running()
    state.drop_factor = None
    assert drops_seen(state, lines, clock(LATER)) is None
    assert drops_seen(prepared("ordered").state, lines, clock(LATER)) is None


def test_it_is_off_once_every_rate_of_a_minute_is_further_from_the_set_one_than_the_trial_allows() -> None:
    assert not off(dripping(LATER, seconds=300, rate="22"))
    assert not off(dripping(LATER, seconds=57, rate="22.1"))
    assert off(dripping(LATER, seconds=60, rate="22.1"))
    assert off(dripping(LATER, seconds=60, rate="17.9"))
    assert not off(dripping(LATER, seconds=300, rate=None))
    right_between = dripping("14:07:03", seconds=0, rate="20")
    assert not off([*dripping("14:07:00", seconds=60, rate="30"), *right_between, *dripping(LATER, seconds=54, rate="30")])


def test_a_rate_of_before_the_clamp_was_set_is_no_deviation_from_it() -> None:
    """One of the very moment is of the clamp as it is set."""
    state, lines = running(), dripping(LATER, seconds=300, rate="30")
    for set_at, since in (("14:07", "14:07"), ("14:07:01", None), ("14:07:30", None)):
        state.rate_set_at = clock(set_at)
        seen = drops_seen(state, lines, clock(LATER))
        assert seen is not None
        assert seen.off_since == (since and clock(since))


def test_a_protocol_of_before_knows_no_end_of_the_rate() -> None:
    state = running()
    state.known_protocol = replace(state.protocol, delivery=replace(state.protocol.delivery, rate_off_pct=None))
    seen = drops_seen(state, dripping(LATER, seconds=300, rate="30"), clock(LATER))
    assert seen is not None
    assert seen.off_since is None


def told(seen: DropsSeen | None) -> list[tuple[Priority, str]]:
    found = verdicts(bed_seen.seen(running(), (), clock(LATER), drops=seen), clock(LATER))
    return [(x.priority, plain(x.text)) for x in found if isinstance(x, Finding) and x.key == "drip"]


def test_a_drip_that_is_off_is_an_alarm() -> None:
    assert told(seen_at(dripping(LATER, seconds=300, rate="26"))) == [
        (Priority.MEDIUM, "The drip is off by more than 10 %: 26 drops/min by the drop sensor, 20 set")
    ]
    assert told(seen_at(dripping(LATER, seconds=300))) == []
    assert told(None) == []
