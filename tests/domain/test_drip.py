"""Which giving sets can bring a dose in on time: the table of the trial's page, to a tenth of a kilogram."""

from decimal import Decimal

import pytest

from app.domain.products.drip_rates import (
    Verdict,
    drops_for,
    feasibility,
    feasible_drop_factors,
    round_down,
    round_up,
    usable_weights_kg,
    why_not,
)
from app.domain.protocol import InfusionRules

from .cast import TRIAL, protocol

RULES = TRIAL.infusion
ML_PER_KG = Decimal(2)
TENTH = Decimal("0.1")


def verdict(kg: Decimal, factor: int, rules: InfusionRules = RULES) -> Verdict:
    return feasibility(kg * ML_PER_KG, factor, rules).verdict


@pytest.mark.parametrize(
    ("factor", "lightest", "heaviest"), [(10, "45", "150"), (15, "30", "100"), (20, "22.5", "75"), (60, "7.5", "25")]
)
def test_the_weights_that_a_set_can_serve(factor: int, lightest: str, heaviest: str) -> None:
    low, high = Decimal(lightest), Decimal(heaviest)
    assert usable_weights_kg(factor, ML_PER_KG, RULES) == (low, high)
    assert verdict(low - TENTH, factor) is Verdict.TOO_FAST
    assert verdict(low, factor) is Verdict.POSSIBLE
    assert verdict(high, factor) is Verdict.POSSIBLE
    assert verdict(high + TENTH, factor) is Verdict.TOO_SLOW


@pytest.mark.parametrize(
    ("factor", "rate", "lightest", "heaviest"),
    [
        (10, 40, "45", "105"), (10, 50, "52.5", "127.5"), (10, 60, "60", "150"),
        (15, 40, "30", "70"), (15, 50, "35", "85"), (15, 60, "40", "100"),
        (20, 40, "22.5", "52.5"), (20, 50, "26.25", "63.75"), (20, 60, "30", "75"),
        (60, 40, "7.5", "17.5"), (60, 50, "8.75", "21.25"), (60, 60, "10", "25"),
    ],
)  # fmt: skip
def test_the_table_of_rates(factor: int, rate: int, lightest: str, heaviest: str) -> None:
    """At each end of the table the rate is just inside; a tenth of a kilogram further it is not."""
    for kg, inside in (
        (Decimal(lightest), True),
        (Decimal(lightest) - TENTH, False),
        (Decimal(heaviest), True),
        (Decimal(heaviest) + TENTH, False),
    ):
        found = feasibility(kg * ML_PER_KG, factor, RULES)
        low, high = found.rate_min_gtt_min, found.rate_max_gtt_min
        assert (low is not None and high is not None and low <= rate <= high) is inside, (kg, low, high)


def test_70_kg_at_20_needs_at_least_55_6() -> None:
    found = feasibility(Decimal(140), 20, RULES)
    assert found.drops == 2800
    assert (found.rate_min_gtt_min, found.rate_max_gtt_min) == (Decimal("55.6"), Decimal("60.0"))
    assert why_not(found, Decimal(140), RULES) is None


@pytest.mark.parametrize(
    ("kg", "factor", "why"),
    [
        ("75.1", 20, "Too slow: 3004.0 drops at 20 drops/ml take at least 60.1 min at 60 drops/min, and 60 min are allowed. "
                     "Use a set with 10, 15 drops/ml."),
        ("22.4", 20, "Too fast: 896.0 drops at 20 drops/ml end after at most 29.9 min at 40 drops/min, and 30 min are required. "
                     "Use a set with 60 drops/ml."),
        ("151", 10, "Too slow: 3020.0 drops at 10 drops/ml take at least 60.4 min at 60 drops/min, and 60 min are allowed. "
                    "No set in use can give this volume in time: ask the investigator."),
    ],
)  # fmt: skip
def test_why_a_set_cannot_be_used_and_which_can(kg: str, factor: int, why: str) -> None:
    volume = Decimal(kg) * ML_PER_KG
    assert str(why_not(feasibility(volume, factor, RULES), volume, RULES)) == why


def test_the_rate_of_the_last_stage_is_told_where_there_are_three() -> None:
    rules = protocol("three-stage").infusion
    for ml, rate in (("800", 80), ("10", 60)):
        told = why_not(feasibility(Decimal(ml), 20, rules), Decimal(ml), rules)
        assert f" min at {rate} drops/min, and " in str(told)


def test_75_kg_at_20_can_only_run_at_60() -> None:
    found = feasibility(Decimal(150), 20, RULES)
    assert found.possible
    assert found.rate_min_gtt_min == found.rate_max_gtt_min == found.shortest_min == 60


def test_40_kg_at_10_ends_too_soon_at_any_rate() -> None:
    found = feasibility(Decimal(80), 10, RULES)
    assert (round_down(found.shortest_min), found.longest_min) == (Decimal("23.3"), Decimal("27.5"))
    assert found.verdict is Verdict.TOO_FAST


@pytest.mark.parametrize(
    ("kg", "sets"), [("22.4", (60,)), ("40", (15, 20)), ("75", (10, 15, 20)), ("75.1", (10, 15)), ("150", (10,)),
                     ("150.1", ()), ("25", (20, 60)), ("26", (20,))],
)  # fmt: skip
def test_the_sets_that_would_do(kg: str, sets: tuple[int, ...]) -> None:
    assert feasible_drop_factors(Decimal(kg) * ML_PER_KG, RULES) == sets


def test_a_tiny_dose_is_in_before_the_second_stage() -> None:
    found = feasibility(Decimal(10), 20, RULES)
    assert found.longest_min == 10
    assert found.verdict is Verdict.TOO_FAST
    lenient = protocol("msc-icaht", {"infusion.duration_min": [5, 60]}).infusion
    found = feasibility(Decimal(10), 20, lenient)
    assert (found.verdict, found.rate_min_gtt_min, found.rate_max_gtt_min) == (Verdict.POSSIBLE, None, None)


def test_the_looser_reading_counts_from_the_second_stage() -> None:
    """30–60 min for the second stage alone: 75 min in all, and up to 97.5 kg at 20 drops/ml."""
    looser = protocol("msc-icaht", {"infusion.duration_counts_from_stage": 2}).infusion
    assert usable_weights_kg(20, ML_PER_KG, looser) == (Decimal("37.5"), Decimal("97.5"))
    assert verdict(Decimal("97.5"), 20, looser) is Verdict.POSSIBLE
    assert verdict(Decimal("97.6"), 20, looser) is Verdict.TOO_SLOW
    assert verdict(Decimal("37.4"), 20, looser) is Verdict.TOO_FAST


def test_the_weights_of_a_set_where_the_limits_lie_within_the_first_stage() -> None:
    """Of the 15 min of the starting rate only as many count as are allowed."""
    rules = protocol("msc-icaht", {"infusion.duration_min": [5, 10]}).infusion
    low, high = rules.stages[0].rate_gtt_min
    assert usable_weights_kg(20, ML_PER_KG, rules) == (5 * low / 40, 10 * high / 40)


def test_a_starting_rate_that_does_not_count_runs_whole() -> None:
    rules = protocol("msc-icaht", {"infusion.duration_min": [5, 60], "infusion.duration_counts_from_stage": 2}).infusion
    slow, last = rules.stages[0].rate_gtt_min[0], rules.stages[1].rate_gtt_min[0]
    assert usable_weights_kg(20, ML_PER_KG, rules)[0] == (15 * slow + 5 * last) / 40


def test_a_limit_within_the_first_stages_leaves_only_the_fastest_rate() -> None:
    rules = protocol("msc-icaht", {"infusion.duration_min": [5, 15]}).infusion
    found = feasibility(Decimal(15), 20, rules)
    assert found.possible
    assert feasibility(Decimal("15.1"), 20, rules).verdict is Verdict.TOO_SLOW


@pytest.mark.parametrize(
    ("duration", "drops", "rates"),
    [
        ([5, 120], 950, (None, None)),
        ([5, 120], 951, ("60", "80")),
        ([40, 120], 1100, ("60", "60")),
        ([40, 120], 1150, ("60", "65")),
        ([30, 120], 1100, ("60", "80")),
        ([40, 50], 2500, ("77.5", "80")),
    ],
)
def test_the_last_of_three_stages(duration: list[int], drops: int, rates: tuple[str | None, str | None]) -> None:
    """10 min at 10–15 and 20 min at 20–40 drops/min take 500 to 950 drops; the last stage runs at 60–80."""
    rules = protocol("three-stage", {"infusion.duration_min": duration}).infusion
    found = feasibility(Decimal(drops) / 20, 20, rules)
    assert found.possible
    assert (found.rate_min_gtt_min, found.rate_max_gtt_min) == tuple(None if rate is None else Decimal(rate) for rate in rates)


def test_rates_are_rounded_so_that_they_stay_inside() -> None:
    assert round_up(Decimal("55.51")) == Decimal("55.6")
    assert round_down(Decimal("55.59")) == Decimal("55.5")
    assert drops_for(Decimal("140.2"), 20) == Decimal(2804)
