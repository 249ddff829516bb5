"""How many cells were given, as an interval: the ml that flowed, walked through the bags in the order in which they were hung.

Each bag counts by its own label: its cells per ml are those of the labelled volume, whatever was drawn off it at the bench.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import msgspec

from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.flows import flowed_ml
from app.domain.infusion.state import BagState, Infusion

_NONE, _TENTH, _ONE = Decimal(0), Decimal("0.1"), Decimal(1)
MILLION = Decimal(1_000_000)


class Bounds(msgspec.Struct, frozen=True):
    """At least, by the rates taken as exact, and at most."""

    least: Decimal
    likely: Decimal
    most: Decimal

    def times(self, factor: Decimal, by: Decimal) -> "Bounds":
        """Each × `factor` ÷ `by`, multiplied first: what is whole stays whole."""
        return Bounds(self.least * factor / by, self.likely * factor / by, self.most * factor / by)

    @property
    def spread(self) -> str:
        """To 0.1: both ends outwards, or the one number where they agree."""
        if self.least == self.most:
            return f"{self.least.quantize(_TENTH, ROUND_HALF_UP):f}"
        return f"{self.least.quantize(_TENTH, ROUND_FLOOR):f}–{self.most.quantize(_TENTH, ROUND_CEILING):f}"


class BagGiven(msgspec.Struct, frozen=True):
    """What was given of one bag. `viable_cells` at its certificate's viability, None without one; `per_kg` without a weight."""

    bag_id: str
    ml: Bounds
    cells: Bounds
    viable_cells: Bounds | None
    per_kg: Bounds | None = None


class CellsGiven(msgspec.Struct, frozen=True):
    """What was given, bag by bag in the order in which they were hung, and in all.

    `planned_cells`, `per_kg`, `viable_per_kg` and `share_pct` (of the plan) are None without a weight; the viable ones also
    where a bag that gave has no certificate.
    """

    bags: tuple[BagGiven, ...]
    ml: Bounds
    cells: Bounds
    viable_cells: Bounds | None
    planned_cells: int | None = None
    per_kg: Bounds | None = None
    viable_per_kg: Bounds | None = None
    share_pct: Bounds | None = None

    def within(self, tolerance_pct: Decimal) -> bool | None:
        """Whether all of the interval lies within ± so many % of the plan, both ends included; None without a plan."""
        if self.planned_cells is None:
            return None
        low, high = (self.planned_cells * (100 + off) for off in (-tolerance_pct, tolerance_pct))
        return low <= self.cells.least * 100 and self.cells.most * 100 <= high


def cells_given(state: Infusion, now: datetime) -> CellsGiven:
    """What was given until `now`."""
    flowed = delivered(state, now)
    hung = [bag for bag in state.bags_in_order if bag.hung_at is not None and bag.hung_at <= now]
    read = [flowed_ml(state, bag) for bag in hung]
    ends = (
        _shares(flowed.least_ml, [least for least, _ in read]),
        _shares(flowed.likely_ml, [bag.content.volume_ml for bag in hung]),
        _shares(flowed.most_ml, [most for _, most in read]),
    )
    kg = state.weight.weight_kg if state.weight else None
    bags = tuple(_of_bag(bag, Bounds(*ml), kg) for bag, *ml in zip(hung, *ends, strict=True))
    return _in_all(state, bags)


def _shares(ml: Decimal, contents_ml: Sequence[Decimal]) -> list[Decimal]:
    """ml from each bag when `ml` have flowed in all: one is empty, or taken down, before the next one gives.

    The last one gave the rest, whatever a reading after this moment makes of it.
    """
    found = []
    for content_ml in contents_ml[:-1]:
        found.append(min(ml, content_ml))
        ml -= found[-1]
    return [*found, ml][: len(contents_ml)]


def _of_bag(bag: BagState, ml: Bounds, kg: Decimal | None) -> BagGiven:
    cells, found = ml.times(Decimal(bag.bag.cells), bag.bag.volume_ml), bag.certificate
    viable = cells.times(found.viability_pct, Decimal(100)) if found else None
    return BagGiven(bag.bag.bag_id, ml, cells, viable, cells.times(_ONE, kg) if kg else None)


def _in_all(state: Infusion, bags: tuple[BagGiven, ...]) -> CellsGiven:
    ml, cells = _sum(bag.ml for bag in bags), _sum(bag.cells for bag in bags)
    viable = [bag.viable_cells for bag in bags if bag.ml.most > 0]
    viable_cells = None if None in viable else _sum(found for found in viable if found)
    plan, weight = state.plan, state.weight
    if plan is None or weight is None:
        return CellsGiven(bags, ml, cells, viable_cells)
    kg = weight.weight_kg
    return CellsGiven(
        bags,
        ml,
        cells,
        viable_cells,
        plan.dose_cells,
        cells.times(_ONE, kg),
        viable_cells.times(_ONE, kg) if viable_cells else None,
        cells.times(Decimal(100), Decimal(plan.dose_cells)),
    )


def _sum(found: Iterable[Bounds]) -> Bounds:
    rows = list(found)
    return Bounds(
        sum((b.least for b in rows), _NONE),
        sum((b.likely for b in rows), _NONE),
        sum((b.most for b in rows), _NONE),
    )
