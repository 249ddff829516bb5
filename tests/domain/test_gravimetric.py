"""The drip check by a scale under the bag, on its boundaries."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.given.drip_check import Estimate, Weighed, drip_check

from .cast import TRIAL, clock, protocol

RULES = TRIAL.gravimetry
SET = 20
BEGIN = clock("14:00")


def hung(*grams: str, every_s: int = 60) -> list[Weighed]:
    """The bag's weights in grams, one after another at equal times."""
    return [Weighed(BEGIN + timedelta(seconds=n * every_s), Decimal(g) / 1000) for n, g in enumerate(grams)]


def check(*grams: str, every_s: int = 60) -> Estimate:
    return drip_check(hung(*grams, every_s=every_s), SET, RULES)


def test_a_bag_that_loses_a_gram_a_minute_drips_twenty_a_minute() -> None:
    assert check("120", "119", "118", "117", "116", "115") == Estimate(Decimal(5), Decimal(20))


def test_the_density_comes_from_the_protocol() -> None:
    rules = protocol("three-stage").gravimetry
    (first, last) = hung("120.00", "117.90", every_s=120)
    assert drip_check([first, last], 20, rules) == Estimate(Decimal(2), Decimal(20))


def test_the_volume_counts_from_the_first_weight_the_rate_only_of_late() -> None:
    slow_then_fast = check(*map(str, range(120, 110, -1)), "109", "107", "105", "103", "101")
    assert slow_then_fast == Estimate(Decimal(19), Decimal(40))


@pytest.mark.parametrize(("seconds", "has_rate"), [(RULES.rate_over_s - 1, False), (RULES.rate_over_s, True)])
def test_a_rate_is_told_only_after_its_time(seconds: int, has_rate: bool) -> None:
    assert (check("120", "115", every_s=seconds).rate_gtt_min is not None) is has_rate


def test_one_weight_is_not_enough() -> None:
    for weights in (hung(), hung("120")):
        with pytest.raises(Refused, match="Two stable readings"):
            drip_check(weights, SET, RULES)


def test_a_gain_within_the_noise_is_no_touch_and_nothing_is_taken_back() -> None:
    swung = Decimal(120) + RULES.noise_g
    assert check("120", str(swung), every_s=RULES.rate_over_s) == Estimate(Decimal(0), Decimal(0))
    with pytest.raises(Refused, match="was touched"):
        check("120", str(swung + Decimal("0.1")))


def test_a_gain_in_small_steps_is_a_touch_all_the_same() -> None:
    with pytest.raises(Refused, match="was touched"):
        check("120", "119", "120", "121", "122")


def test_a_loss_faster_than_a_wide_open_set_is_a_touch() -> None:
    most_g = RULES.fastest_ml_min * RULES.density_g_per_ml + RULES.noise_g
    assert check("500", str(500 - most_g)).delivered_ml == most_g
    with pytest.raises(Refused, match="was touched"):
        check("500", str(500 - most_g - Decimal("0.1")))


def test_how_fast_a_set_can_run_is_ml_and_the_bag_is_weighed_in_grams() -> None:
    """100 ml of 1.05 g/ml in a minute, and 1 g of noise."""
    rules = protocol("three-stage").gravimetry
    assert drip_check(hung("500", "394"), SET, rules).delivered_ml == Decimal(106) / Decimal("1.05")
    with pytest.raises(Refused, match="was touched"):
        drip_check(hung("500", "393.9"), SET, rules)


def test_a_drip_three_times_too_fast_is_told_not_refused() -> None:
    assert check("120", "111", "102", "93", "84", "75").rate_gtt_min == Decimal(180)


def test_a_bag_taken_off_and_hung_again_is_a_touch() -> None:
    with pytest.raises(Refused, match="was touched"):
        check("120", "0", "119", every_s=1)


def test_two_weights_of_one_moment_may_differ_by_the_noise_only() -> None:
    now = [Weighed(BEGIN, Decimal("0.120")), Weighed(BEGIN, Decimal("0.118"))]
    assert drip_check(now, SET, RULES).rate_gtt_min is None
    with pytest.raises(Refused):
        drip_check([now[0], msgspec.structs.replace(now[1], weight_kg=Decimal("0.1179"))], SET, RULES)
