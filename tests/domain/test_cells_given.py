"""Cells given, bag by bag: each bag counts by its own label, in the order in which the bags were hung."""

from decimal import Decimal

from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.thaw import TakeDownBag
from app.domain.infusion.given.cells_given import Bounds, CellsGiven, cells_given

from .cast import LI, clock
from .play import Play, label, prepared

THIN, THICK = ScanBag(label("B1", 70_000_000)), ScanBag(label("B2", 130_000_000))


def given(play: Play) -> CellsGiven:
    return cells_given(play.state, play.now)


def tenth(value: Decimal) -> str:
    return str(round(value, 1))


def exactly(value: object) -> Bounds:
    return Bounds(*[Decimal(str(value))] * 3)


def test_the_thin_bag_first_and_169_ml_are_114_per_cent_of_the_dose() -> None:
    play = prepared("second bag", bags=[THIN, THICK], drops=15)
    assert play.state.planned_ml is not None
    assert tenth(play.state.planned_ml) == "153.8"
    play.do(End(Decimal(31)), LI, clock("14:58"))
    found = given(play)
    assert [(b.bag_id, b.ml.most, b.cells.most) for b in found.bags] == [("B1", 100, 70_000_000), ("B2", 69, 89_700_000)]
    assert found.ml == exactly(169)
    assert found.cells == exactly(159_700_000)
    assert found.share_pct is not None
    assert tenth(found.share_pct.least) == tenth(found.share_pct.most) == "114.1"
    assert found.per_kg is not None
    assert round(found.per_kg.most) == 2_281_429


def test_viable_cells_follow_each_bags_certificate() -> None:
    play = prepared("second bag", bags=[THIN, THICK], drops=15)
    play.do(End(Decimal(31)), LI, clock("14:58"))
    found = given(play)
    assert found.viable_cells == exactly("150118000")  # both certificates say 94 %
    assert found.viable_per_kg is not None
    assert round(found.viable_per_kg.likely) == 2_144_543
    play.state.bags["B1"].certificate = None
    assert given(play).viable_cells is None
    assert given(play).viable_per_kg is None


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
