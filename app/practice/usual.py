"""What is rehearsed where nothing else is said, and whether it was."""

from decimal import Decimal
from typing import Any

from app.domain.errors import Refused
from app.domain.products.dose import dose_cells, nominal_bags, plan_bags
from app.domain.products.drip_rates import feasible_drop_factors
from app.domain.protocol import Protocol
from app.domain.texts import Text, say

_WEIGHT_KG, _DROP_FACTOR = Decimal("70.0"), 20


def usual_group(protocol: Protocol) -> str:
    """The one that is rehearsed where none is named: B, or else the first; empty where the protocol has no groups."""
    codes = [group.code for group in protocol.groups]
    return "B" if "B" in codes else codes[0] if codes else ""


def usual_pair(protocol: Protocol) -> tuple[Decimal, int]:
    """70 kg and 20 drops/ml where the protocol can do it, else the first usual weight and set that can."""
    low, high = protocol.weight.usual_kg
    for weight_kg in (_WEIGHT_KG, *(Decimal(kg) for kg in range(int(low), int(high) + 1))):
        cells = dose_cells(weight_kg, protocol)
        fits = feasible_drop_factors(plan_bags(cells, nominal_bags(cells, protocol)).volume_ml, protocol.infusion)
        if low <= weight_kg <= high and fits:
            return weight_kg, _DROP_FACTOR if _DROP_FACTOR in fits else fits[0]
    raise Refused(say("No usual weight can be infused by this protocol with the sets in use."))


def why_not_rehearsed(told: dict[str, Any]) -> Text | None:
    """A record was made, but not of what was to be rehearsed."""
    if told["from_monitor"]:
        return None
    return say("The simulated monitor gave nothing: all values were typed.")
