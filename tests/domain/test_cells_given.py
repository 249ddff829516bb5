"""Cells given, bag by bag: each bag counts by its own label, in the order in which the bags were hung."""

from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RejectBag, ScanBag
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.thaw import CheckBag, ChooseNextBag, TakeDownBag, mixed_up, others_to_hang
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.infusion.drip_volume import dose_reached
from app.domain.infusion.given.cells_given import Bounds, CellsGiven, cells_given
from app.domain.infusion.given.plans import plan_as_released, plan_before, plan_changes
from app.domain.infusion.state import BagState, Infusion, Pin
from app.domain.people.signatures import signatures
from app.domain.products.dose import BagPlan

from .cast import CHEN, LI, TRIAL, WANG, clock
from .play import Play, label, prepared

#: A reading by eye is an interval (`test_ending`); here it is one number, so that only the cells are counted.
READ_EXACTLY = msgspec.structs.replace(TRIAL, ending=None)
THIN, THICK = ScanBag(label("B1", 70_000_000)), ScanBag(label("B2", 130_000_000))


def given(play: Play) -> CellsGiven:
    return cells_given(play.state, play.now)


def tenth(value: Decimal) -> str:
    return str(round(value, 1))


def exactly(value: object) -> Bounds:
    return Bounds(*[Decimal(str(value))] * 3)


def test_the_thin_bag_first_and_169_ml_are_114_per_cent_of_the_dose() -> None:
    play = prepared("second bag", rules=READ_EXACTLY, bags=[THIN, THICK], drops=15)
    assert play.state.planned_ml is not None
    assert tenth(play.state.planned_ml) == "153.8"
    play.do(End(Decimal(31)), LI, clock("14:58"))
    found = given(play)
    assert [(b.bag_id, tenth(b.ml.most), int(b.cells.most)) for b in found.bags] == [
        ("B1", "100.0", 70_000_000), ("B2", "69.0", 89_700_000),
    ]  # fmt: skip
    assert found.ml == exactly(169)
    assert found.cells == exactly(159_700_000)
    assert found.share_pct is not None
    assert tenth(found.share_pct.least) == tenth(found.share_pct.most) == "114.1"
    assert found.per_kg is not None
    assert round(found.per_kg.most) == 2_281_429


def test_viable_cells_follow_each_bags_certificate() -> None:
    play = prepared("second bag", rules=READ_EXACTLY, bags=[THIN, THICK], drops=15)
    play.do(End(Decimal(31)), LI, clock("14:58"))
    found = given(play)
    assert found.viable_cells == exactly("150118000")  # both certificates say 94 %
    assert found.viable_per_kg is not None
    assert round(found.viable_per_kg.likely) == 2_144_543
    play.state.bags["B1"].certificate = None
    assert given(play).viable_cells is None
    assert given(play).viable_per_kg is None


def test_only_a_bag_that_may_have_given_needs_a_certificate() -> None:
    """At the start nothing has flowed yet; ten seconds later 0.2 ml may have."""
    play = prepared("running")
    play.state.bags["B1"].certificate = None
    assert cells_given(play.state, clock("14:00")).viable_cells == exactly(0)
    assert cells_given(play.state, clock("14:00:10")).viable_cells is None


def test_before_the_start_nothing_was_given() -> None:
    found = given(prepared("hung"))
    assert (found.cells, found.viable_cells) == (exactly(0), exactly(0))
    assert given(prepared("ordered")) == CellsGiven((), exactly(0), exactly(0), exactly(0))
    assert given(prepared("ordered")).within(Decimal(10)) is None


def test_what_flows_is_an_interval_of_the_bag_that_hangs() -> None:
    play = prepared("running", bags=[THIN, THICK], drops=15)
    play.now = clock("14:12")
    found = given(play)
    assert [b.bag_id for b in found.bags] == ["B1"]
    assert found.cells == Bounds(Decimal(8_960_000), Decimal(11_200_000), Decimal(13_440_000))  # 16 ml ± 20 %


def test_nothing_of_a_bag_taken_down_before_the_start_counts() -> None:
    play = prepared("hung")
    play.do(TakeDownBag(Decimal(95), "wrong line"), LI)
    assert play.state.plan is not None
    assert [d.bag_id for d in play.state.plan.draws] == ["B2"]
    assert given(play).bags[0].cells == exactly(0)


def test_a_bag_taken_down_gave_what_is_not_left_in_it() -> None:
    play = prepared("stepped up", rules=READ_EXACTLY, bags=[THIN, THICK], drops=15)
    play.do(TakeDownBag(Decimal(70), "leak"), LI, clock("14:20"))
    assert given(play).cells == exactly(21_000_000)
    assert volumes(play.state.plan) == ["B1 30.0", "B2 91.5"]
    assert given(play).bags[0].per_kg == exactly(300_000)


def test_a_bag_read_later_gave_until_then_what_had_flowed_then() -> None:
    """Read at 14:20 it gave 20 ml at least; by the drops it had given more than that a minute before."""
    play = prepared("stepped up")
    play.do(TakeDownBag(Decimal(75), "leak"), LI, clock("14:20"))
    assert given(play).cells == Bounds(Decimal(20_000_000), Decimal(25_000_000), Decimal(30_000_000))
    found = cells_given(play.state, clock("14:19"))
    assert found.ml == found.bags[0].ml == Bounds(Decimal("20.96"), Decimal("26.2"), Decimal(30))
    assert found.cells == Bounds(Decimal(20_960_000), Decimal(26_200_000), Decimal(30_000_000))


def test_what_was_drawn_off_at_the_bench_flows_into_nobody() -> None:
    play = prepared("second bag", bags=[THIN, THICK], drops=15)
    bag = play.state.bags["B1"]
    bag.drawn_off_ml = Decimal(20)
    assert given(play).bags[0].cells == exactly(56_000_000)  # 80 ml of 0.7 million cells each


# --- the tolerance, by cells


@pytest.mark.parametrize(
    ("left_ml", "share", "inside"),
    [
        ("57", "89.9", False), ("56.9", "90.0", True),
        ("35.4", "110.0", True), ("35.3", "110.1", False), ("31", "114.1", False), ("46.15", "100.0", True),
    ],
)  # fmt: skip
def test_both_sides_of_the_tolerance_are_cells(left_ml: str, share: str, inside: bool) -> None:
    play = prepared("second bag", rules=READ_EXACTLY, bags=[THIN, THICK], drops=15)
    play.do(End(Decimal(left_ml)), LI, clock("14:58"))
    found = given(play).share_pct
    assert found is not None
    assert tenth(found.most) == share
    assert within_tolerance(play.state) is inside
    assert any("million cells" in d.text.msgid for d in deviations(play.state, play.now)) is not inside


def test_exactly_ten_per_cent_off_is_within() -> None:
    for left_ml, inside in (("74", True), ("74.1", False), ("46", True), ("45.9", False)):
        play = prepared("second bag", rules=READ_EXACTLY)
        play.do(End(Decimal(left_ml)), LI, clock("14:58"))
        assert within_tolerance(play.state) is inside


# --- another order, and the plans that stood


def swapped() -> Play:
    play = prepared("premedicated", bags=[THIN, THICK], drops=15)
    play.do(ChooseNextBag("B2", "expires_first", WANG), LI, clock("13:46"))
    return play


def volumes(plan: BagPlan | None) -> list[str]:
    assert plan is not None
    return [f"{d.bag_id} {tenth(d.volume_ml)}" for d in plan.draws]


def test_both_plans_stay() -> None:
    play = swapped()
    play.do(ChooseNextBag("B1", "asked_again", WANG), LI, clock("13:47"))
    first, second = plan_changes(play.state)
    thin_first, thick_first = ["B1 100.0", "B2 53.8"], ["B2 100.0", "B1 14.3"]
    assert (volumes(first.before), volumes(first.after)) == (thin_first, thick_first)
    assert (volumes(second.before), volumes(second.after)) == (thick_first, thin_first)
    assert (first.by, first.event.witness, first.event.reason) == (LI.person_id, WANG.person_id, "expires_first")
    assert volumes(plan_as_released(play.state)) == thin_first
    chosen = next(x for x in play.entries if isinstance(x.event, e.NextBagChosen))
    assert volumes(plan_before(play.state, chosen.event_id)) == thin_first
    assert plan_before(play.state, play.entries[0].event_id) is None
    assert plan_as_released(prepared("bags at the bench").state) is None


def test_the_plan_as_released_is_that_of_the_moment_of_release() -> None:
    """A bag set aside just before it is not in it, one that broke just after it still is."""
    play = prepared("bags at the bench", bags=[ScanBag(label(bag_id)) for bag_id in ("B1", "B2", "B3")])
    play.do(RejectBag("B1", "torn"), CHEN)
    play.take(e.Released(), CHEN.person_id)
    play.take(e.BagBroken("B2", "torn"))
    assert volumes(plan_as_released(play.state)) == ["B2 100.0", "B3 40.0"]
    assert volumes(play.state.plan) == ["B3 100.0"]


def test_the_witness_signs_the_change() -> None:
    entry = next(x for x in swapped().entries if isinstance(x.event, e.NextBagChosen))
    signature = next(s for s in signatures(swapped().entries) if s.entry.event_id == entry.event_id)
    assert (signature.by, signature.printed_name, signature.meaning) == (WANG.person_id, WANG.name, "verified")


def bag_ids(bags: list[BagState]) -> list[str]:
    return [bag.bag.bag_id for bag in bags]


def test_which_bags_may_come_next() -> None:
    assert bag_ids(others_to_hang(prepared("verified").state)) == ["B2"]
    assert others_to_hang(prepared("second bag", rules=READ_EXACTLY).state) == []
    assert others_to_hang(prepared("running").state) == []  # the only other one is the next one


def test_a_bag_found_for_the_next_one_may_have_been_thawed_by_mistake() -> None:
    play = prepared("thawed")
    assert mixed_up(play.state) is None
    play.do(CheckBag("B1", "B9", appearance_ok=True), LI)
    assert mixed_up(play.state) is None
    play.do(CheckBag("B1", "B2", appearance_ok=True), LI)
    found = mixed_up(play.state)
    assert found is not None
    assert found.bag.bag_id == "B2"
    play.take(e.MismatchFound("bag", "B2", "B1"), LI.person_id)
    assert mixed_up(play.state) is None
    play.take(e.MismatchFound("patient", "S-001", "S-002"), LI.person_id)
    assert mixed_up(play.state) is None


def test_hung_the_other_way_round_the_planned_volume_is_too_much() -> None:
    play = swapped()
    state = play.state
    state.hung_order = ("B2", "B1")
    for bag_id in state.hung_order:
        state.bags[bag_id].hung_at = play.now
    state.pins.append(Pin(play.now, Decimal("153.8"), Decimal("153.8")))
    found = given(play)
    assert [b.bag_id for b in found.bags] == ["B2", "B1"]
    assert found.share_pct is not None
    assert tenth(found.share_pct.likely) == "119.8"


# --- whatever hangs


LABELS = st.lists(st.tuples(st.integers(4 * 10**7, 2 * 10**8), st.integers(50, 190)), min_size=1, max_size=4)


@settings(deadline=None, derandomize=True, database=None)
@given_by(LABELS, st.integers(0, 9000), st.integers(0, 500), st.randoms(use_true_random=False))
def test_the_cells_are_the_sum_of_the_bags_in_the_order_in_which_they_hang(
    labels: list[tuple[int, int]], least: int, more: int, random: Random
) -> None:
    """What flowed, walked bag by bag; the dose is reached in ml exactly where it is reached in cells."""
    play = prepared("running")
    state = play.state
    state.bags = {str(n): BagState(label(str(n), cells, ml), "p") for n, (cells, ml) in enumerate(labels)}
    order = list(state.bags)
    random.shuffle(order)
    state.hung_order = tuple(order)
    for bag in state.bags.values():
        bag.hung_at, bag.certificate = play.now, e.CertificateRecorded("", Decimal(90), {}, True, True)
    hung_ml = sum((bag.volume_ml for bag in state.bags.values()), Decimal(0))
    ends = [min(Decimal(ml) / 10, hung_ml) for ml in (least, least + more)]
    state.flows, state.pins = [], [Pin(play.now, *ends)]
    found = given(play)
    for flowed, cells, ml in ((ends[0], found.cells.least, found.ml.least), (ends[1], found.cells.most, found.ml.most)):
        assert ml == flowed
        assert abs(cells - _poured(state, order, flowed)) < Decimal("1e-9")
    assert [b.bag_id for b in found.bags] == order
    assert found.cells.least <= found.cells.likely <= found.cells.most
    assert found.viable_cells is not None
    assert abs(found.viable_cells.most - found.cells.most * 9 / 10) < Decimal("1e-9")
    assert found.planned_cells is not None
    if abs(found.cells.most - found.planned_cells) > 1:
        assert dose_reached(state, play.now) is (found.cells.most > found.planned_cells)


def _poured(state: Infusion, order: list[str], ml: Decimal) -> Decimal:
    """By tenths of a ml, one after the other: slow, and plainly right."""
    cells = Decimal(0)
    for bag_id in order:
        bag = state.bags[bag_id].bag
        for _ in range(int(bag.volume_ml * 10)):
            if ml <= 0:
                return cells
            ml -= Decimal("0.1")
            cells += bag.cells / bag.volume_ml / 10
    return cells
