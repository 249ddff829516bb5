"""Weight → cells → ml → bags, in Decimal, with nothing rounded before the bags are counted."""

from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.products.dose import BagContent, dose_cells, is_unusual, needs_second_person, nominal_bags, plan_bags, read_weight

from .cast import TRIAL, protocol

RULES = TRIAL.weight


@pytest.mark.parametrize(
    ("typed", "kg"),
    [
        ("70", "70"), ("70.0", "70.0"), (" 70.5 kg ", "70.5"), ("70.5KG", "70.5"), ("70公斤", "70"), ("70 千克", "70"),
        ("+70", "70"), ("20", "20"), ("250.0", "250.0"),
        ("７０．５", "70.5"),
    ],
)  # fmt: skip
def test_weights_that_are_read(typed: str, kg: str) -> None:
    """Full-width digits, as a Chinese keyboard gives them, are digits."""
    assert read_weight(typed, RULES) == Decimal(kg)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "“” is not a weight."),
        ("abc", "“abc” is not a weight."),
        ("nan", "“nan” is not a weight."),
        ("1e2", "“1e2” is not a weight."),
        ("70,5", "“70,5” is not read: write a decimal point, 70.5."),
        ("70，5 kg", "write a decimal point, 70.5."),
        ("70。5", "write a decimal point, 70.5."),
        ("70.0.1", "“70.0.1” is not a weight."),
        ("70 kg 5", "“70 kg 5” is not a weight."),
        (".5", "“.5” is not a weight."),
        ("0", "0 kg is outside 20–250 kg"),
        ("-1", "-1 kg is outside 20–250 kg"),
        ("−1", "-1 kg is outside 20–250 kg"),
        ("-70", "-70 kg is outside 20–250 kg"),
        ("19.9", "19.9 kg is outside 20–250 kg"),
        ("250.1", "250.1 kg is outside 20–250 kg"),
        ("70.05", "at most 1 decimal"),
        ("70.00", "at most 1 decimal"),
        ("７０．０５", "at most 1 decimal"),
        ("154 lb", "The unit “lb” is not known here"),
        ("70000 g", "The unit “g” is not known here"),
        ("70斤", "The unit “斤” is not known here"),
        ("70.", "The unit “.” is not known here"),
    ],
)
def test_weights_that_are_refused(typed: str, why: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_weight(typed, RULES)
    assert why in str(refusal.value)


@pytest.mark.parametrize(("kg", "asked"), [("29.9", True), ("30.0", False), ("150.0", False), ("150.1", True)])
def test_unusual_weights_are_asked_again(kg: str, asked: bool) -> None:
    assert is_unusual(Decimal(kg), RULES) is asked


@pytest.mark.parametrize(
    ("kg", "last", "asked"),
    [("66.0", "60.0", False), ("66.1", "60.0", True), ("54.0", "60.0", False), ("53.9", "60.0", True),
     ("70.0", None, False)],
)  # fmt: skip
def test_a_change_above_ten_percent_needs_a_second_person(kg: str, last: str | None, asked: bool) -> None:
    assert needs_second_person(Decimal(kg), None if last is None else Decimal(last), RULES) is asked


@pytest.mark.parametrize(
    ("kg", "cells", "bags", "ml", "left"),
    [
        ("50.0", 100_000_000, 1, "100", "0"),
        ("50.1", 100_200_000, 2, "100.2", "99.8"),
        ("70.0", 140_000_000, 2, "140", "60"),
        ("100.0", 200_000_000, 2, "200", "0"),
        ("100.1", 200_200_000, 3, "200.2", "99.8"),
        ("20.0", 40_000_000, 1, "40", "60"),
    ],
)
def test_bags_at_the_boundaries(kg: str, cells: int, bags: int, ml: str, left: str) -> None:
    wanted = dose_cells(Decimal(kg), TRIAL)
    plan = plan_bags(wanted, nominal_bags(wanted, TRIAL))
    assert (wanted, len(plan.draws)) == (cells, bags)
    assert (plan.volume_ml, plan.leftover_ml) == (Decimal(ml), Decimal(left))
    assert plan.complete
    assert plan.missing_cells == 0


def test_a_bag_s_own_count_counts() -> None:
    """1.3 × 10⁸ cells in 100 ml: 70 kg need all of it and 10 ml of a nominal one."""
    own = BagContent("B1", 130_000_000, Decimal(100))
    plan = plan_bags(140_000_000, (own, *nominal_bags(140_000_000, TRIAL)))
    assert [(d.bag_id, d.volume_ml, d.cells) for d in plan.draws] == [
        ("B1", Decimal(100), Decimal(130_000_000)),
        ("1", Decimal(10), Decimal(10_000_000)),
    ]
    assert len(nominal_bags(140_000_000, TRIAL, cells_per_bag=130_000_000)) == 2


def test_too_few_bags_are_said_to_be_too_few() -> None:
    plan = plan_bags(140_000_000, nominal_bags(100_000_000, TRIAL))
    assert plan.missing_cells == 40_000_000
    assert not plan.complete
    assert not plan_bags(140_000_000, ()).complete


def test_the_dose_in_ml_counts_cells_without_a_bag_at_the_nominal_concentration() -> None:
    whole = plan_bags(140_000_000, nominal_bags(140_000_000, TRIAL))
    assert whole.needed_ml(TRIAL.product) == 140
    lacking = plan_bags(140_000_000, (BagContent("B1", 80_000_000, Decimal(100)),))
    assert lacking.missing_cells == 60_000_000
    assert lacking.needed_ml(TRIAL.product) == 100 + 60


def test_one_cell_too_few_opens_another_bag() -> None:
    bags = BagContent("B1", 99_999_999, Decimal(100)), BagContent("B2", 100_000_000, Decimal(100))
    assert [draw.cells for draw in plan_bags(100_000_000, bags).draws] == [99_999_999, 1]
    assert len(plan_bags(99_999_999, bags).draws) == 1


def test_the_viable_dose_stands_beside_the_dose() -> None:
    bags = (
        BagContent("B1", 100_000_000, Decimal(100), Decimal(90)),
        BagContent("B2", 100_000_000, Decimal(100), Decimal(85)),
    )
    assert plan_bags(140_000_000, bags).viable_cells == Decimal(124_000_000)
    assert plan_bags(140_000_000, (bags[0], BagContent("B3", 100_000_000, Decimal(100)))).viable_cells is None
    assert plan_bags(140_000_000, ()).viable_cells is None


def test_a_finely_weighed_dose_rounds_up_to_a_whole_cell() -> None:
    odd = protocol("three-stage", {"dose.cells_per_kg": 1001})
    assert dose_cells(Decimal("70.01"), odd) == 70_081  # 70 080.01
