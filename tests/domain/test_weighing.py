"""What a scale may offer as a patient's weight."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.products.offered_weight import UNIT, WEIGHT, offered_kg
from app.domain.vitals.vital_signs import VITALS, Quality, Reading, Sample, stamped

from .cast import TRIAL, clock

AT = clock("09:00")
MAX_AGE_S = TRIAL.vitals.max_age_s


def weighed(kg: str | None, quality: Quality = Quality.OK, vital: str = WEIGHT) -> Reading:
    value = None if kg is None else Decimal(kg)
    return stamped(Sample(0, vital, value, UNIT, quality, "scale"), AT, "port", "mt-sics", False)


def offer(reading: Reading, age_s: float = 0) -> Decimal | None:
    return offered_kg(reading, AT + timedelta(seconds=age_s), MAX_AGE_S, TRIAL.weight)


def test_a_weight_is_no_vital_sign() -> None:
    assert WEIGHT not in VITALS


@pytest.mark.parametrize(("kg", "offered"), [("70.00", "70.0"), ("70.04", "70.0"), ("70.05", "70.1"), ("70", "70.0")])
def test_it_is_offered_to_the_decimals_the_site_weighs_to(kg: str, offered: str) -> None:
    assert str(offer(weighed(kg))) == offered


@pytest.mark.parametrize("quality", [q for q in Quality if q is not Quality.OK])
def test_only_a_weight_that_stood_still_is_offered(quality: Quality) -> None:
    assert offer(weighed("70.0", quality)) is None


def test_nothing_is_offered_without_a_number_nor_from_another_vital_sign() -> None:
    assert offer(weighed(None)) is None
    assert offer(weighed("70", vital="hr")) is None


def test_an_old_weight_is_not_offered() -> None:
    assert offer(weighed("70.0"), MAX_AGE_S) == Decimal("70.0")
    assert offer(weighed("70.0"), MAX_AGE_S + 1) is None


@pytest.mark.parametrize("kg", ["0.0", "-70.0", "19.94", "250.05"])
def test_an_empty_scale_or_an_impossible_weight_is_refused_by_the_site_s_own_range(kg: str) -> None:
    with pytest.raises(Refused, match="not accepted"):
        offer(weighed(kg))
