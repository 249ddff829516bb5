"""What a scale under the hanging bag says of the drip: an estimate of its own, beside the counted drops."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.drip_volume import minutes
from app.domain.protocol import Gravimetry
from app.domain.texts import say

_GRAMS_A_KG = 1000


class Weighed(msgspec.Struct, frozen=True):
    """One stable weight of the bag, in record time."""

    at: datetime
    weight_kg: Decimal


class Estimate(msgspec.Struct, frozen=True):
    """What left the bag since the first weight, and how fast of late: None until that has been weighed long enough."""

    delivered_ml: Decimal
    rate_gtt_min: Decimal | None


def drip_check(weights: Sequence[Weighed], drop_factor: int, rules: Gravimetry) -> Estimate:
    """Delivered volume and drip rate from stable weights of one bag, in order of time.

    A gain within the scale's noise counts as nothing lost. Raises `Refused` with fewer than two weights, and where
    the weight jumped: a bag that was touched, changed or let go of is weighed anew from its next stable weight.
    """
    if len(weights) < 2:
        raise Refused(say("Two stable readings of the scale under the bag are needed."))
    _refuse_touched(weights, rules)
    lost_ml = _lost_ml(weights[0], weights[-1], rules)
    return Estimate(max(lost_ml, Decimal(0)), _rate(weights, drop_factor, rules))


def _refuse_touched(weights: Sequence[Weighed], rules: Gravimetry) -> None:
    """A bag only loses weight, and no faster than a wide open set lets it."""
    before = lowest = weights[0]
    for after in weights[1:]:
        gained_g = _grams(after) - _grams(lowest)
        open_g = rules.fastest_ml_min * minutes(after.at - before.at) * rules.density_g_per_ml
        if gained_g > rules.noise_g or _grams(before) - _grams(after) > open_g + rules.noise_g:
            raise Refused(say("The bag on the scale was touched. The drip check begins again when it hangs still."))
        before, lowest = after, min(lowest, after, key=_grams)


def _rate(weights: Sequence[Weighed], drop_factor: int, rules: Gravimetry) -> Decimal | None:
    """Drops/min from the newest weight back to the nearest one that is long enough ago."""
    last = weights[-1]
    long_ago = [w for w in weights if minutes(last.at - w.at) * 60 >= rules.rate_over_s]
    if not long_ago:
        return None
    first = long_ago[-1]
    return max(_lost_ml(first, last, rules), Decimal(0)) * drop_factor / minutes(last.at - first.at)


def _lost_ml(first: Weighed, last: Weighed, rules: Gravimetry) -> Decimal:
    return (_grams(first) - _grams(last)) / rules.density_g_per_ml


def _grams(weighed: Weighed) -> Decimal:
    return weighed.weight_kg * _GRAMS_A_KG
