"""The cells given, from the ml given and the bags' own counts in the order in which they were hung."""

from decimal import Decimal

import msgspec

from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.state import Infusion

from .source import RecordSource


class GivenCells(msgspec.Struct, frozen=True):
    """At least, at most."""

    least: Decimal
    most: Decimal


def given_cells(source: RecordSource) -> GivenCells:
    state = source.state
    have = delivered(state, state.ended_at or source.made_at)
    return GivenCells(_cells_in(state, have.least_ml), _cells_in(state, have.most_ml))


def _cells_in(state: Infusion, given_ml: Decimal) -> Decimal:
    found, left = Decimal(0), given_ml
    hung = sorted((b for b in state.bags.values() if b.hung_at is not None), key=lambda b: str(b.hung_at))
    for bag in hung:
        flowed = min(left, bag.content.volume_ml)
        found, left = found + flowed * bag.bag.cells / bag.bag.volume_ml, left - flowed
    return found
