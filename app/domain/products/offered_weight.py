"""A patient's weight from a scale. It is a sample but no vital sign: never a tile, a curve or a stored series."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from app.domain.products.dose import accepted_weight
from app.domain.protocol import Weight
from app.domain.vitals.vital_signs import Reading, usable

WEIGHT = "weight"
UNIT = "kg"


def offered_kg(reading: Reading, now: datetime, max_age_s: int, rules: Weight) -> Decimal | None:
    """What a scale offers a person to confirm, to the decimals the site weighs to; None unless it stands still now.

    Raises `Refused` outside the protocol's accepted range. An offer is never a dose: a person enters it.
    """
    value = reading.sample.value
    if reading.sample.vital != WEIGHT or value is None or not usable(reading, now, max_age_s):
        return None
    return accepted_weight(value.quantize(Decimal(1).scaleb(-rules.decimals), ROUND_HALF_UP), rules)
