"""Scales: a patient's weight is offered while it stands still; a bag's weight checks the drip."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.vitals.vital_signs import Quality, Sample, stamped
from tests.services.ward import PORT, Ward, running


def weighs(ward: Ward, kg: str | None, quality: Quality = Quality.OK, port: str = PORT) -> None:
    number = None if kg is None else Decimal(kg)
    sample = Sample(0, "weight", number, "kg", quality, "scale")
    ward.bedside.take_readings([stamped(sample, ward.bedside.now(), port, "mt-sics", True)])


def offered(ward: Ward) -> Decimal | None:
    return ward.bedside.scales.offered_kg(ward.bedside.now(), ward.bedside.trial.protocol)


def test_a_weight_is_offered_while_it_stands_still_and_no_longer_than_a_check_may_use_a_value() -> None:
    ward = Ward()
    assert offered(ward) is None
    weighs(ward, "70.24")
    assert offered(ward) == Decimal("70.2")
    weighs(ward, "70.9", Quality.QUESTIONABLE)
    assert offered(ward) is None
    weighs(ward, "70.24")
    ward.wait(seconds=61)
    assert offered(ward) is None


def test_a_bag_on_a_scale_is_no_patient() -> None:
    ward = Ward()
    weighs(ward, "0.141", port="COM9")
    assert offered(ward) is None
    weighs(ward, "70.2")
    assert offered(ward) == Decimal("70.2")


def test_a_weight_is_never_a_vital_sign_nor_a_dose() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    before = ward.state.weight
    weighs(ward, "0.120")
    assert ward.bedside.watched(ward.infusion_id).newest("weight") is None
    assert ward.store.samples == []
    assert ward.state.weight == before


def drip(ward: Ward, minutes: int, from_kg: Decimal, gtt_min: int = 20, factor: int = 20) -> Decimal:
    """A bag that drips over a scale, a reading a minute; what it weighs in the end."""
    kg = from_kg
    for _ in range(minutes):
        weighs(ward, f"{kg:.4f}")
        ward.wait(minutes=1)
        kg -= Decimal(gtt_min) / factor / 1000
    weighs(ward, f"{kg:.4f}")
    return kg


def test_the_scale_under_the_bag_says_what_left_it_and_how_fast() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    assert ward.bedside.drip_by_weight(ward.infusion_id) is None
    drip(ward, 10, Decimal("0.130"))
    found = ward.bedside.drip_by_weight(ward.infusion_id)
    assert found is not None
    assert (found.delivered_ml, found.rate_gtt_min) == (Decimal(10), Decimal(20))


def test_a_bag_that_was_touched_is_said_so() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    drip(ward, 3, Decimal("0.130"))
    weighs(ward, "0.180")
    with pytest.raises(Refused, match="touched"):
        ward.bedside.drip_by_weight(ward.infusion_id)


def test_what_was_weighed_before_the_bag_hung_does_not_count() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    hanging = ward.state.hanging
    assert hanging is not None
    assert hanging.hung_at is not None
    hanging.hung_at += timedelta(hours=1)
    drip(ward, 3, Decimal("0.130"))
    assert ward.bedside.drip_by_weight(ward.infusion_id) is None
