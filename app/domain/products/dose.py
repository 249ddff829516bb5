"""Weight → cells → ml → bags, in Decimal. Nothing is rounded before the bags are counted."""

import re
import unicodedata
from decimal import ROUND_CEILING, Decimal

import msgspec

from app.domain.errors import Refused
from app.domain.protocol import Product, Protocol, Weight
from app.domain.texts import say

_NUMBER = re.compile(r"(?P<sign>[-−+]?)(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>\D*)$")
_WITH_COMMA = re.compile(r"(\d+)[,。](\d+)\D*")
_KILOGRAMS = {"", "kg", "公斤", "千克"}


def read_weight(typed: str, rules: Weight) -> Decimal:
    """Read a typed body weight in kg.

    Refuses what is not a number, a unit other than kg, more decimals than the site weighs to, and a weight
    outside the accepted range (both ends accepted). Full-width digits are read as digits; of a decimal comma
    is told how to write it.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if comma := _WITH_COMMA.fullmatch(text):
        meant = f"{comma[1]}.{comma[2]}"
        raise Refused(say("“{typed}” is not read: write a decimal point, {meant}.", typed=typed, meant=meant))
    found = _NUMBER.fullmatch(text)
    if not found:
        raise Refused(say("“{typed}” is not a weight. Type kilograms, for example 70.0.", typed=typed))
    _check_unit(found["unit"].strip())
    weight_kg = Decimal(found["number"])
    if found["sign"] in ("-", "−"):
        weight_kg = -weight_kg
    return accepted_weight(weight_kg, rules)


def accepted_weight(weight_kg: Decimal, rules: Weight) -> Decimal:
    """Refuse a weight that is no number, too finely stated or outside the accepted range."""
    low, high = rules.accepted_kg
    if weight_kg.is_finite() and -int(weight_kg.as_tuple().exponent) > rules.decimals:
        raise Refused(say("Type the weight with at most {decimals} decimal.", decimals=rules.decimals))
    if not (weight_kg.is_finite() and low <= weight_kg <= high):
        raise Refused(
            say(
                "{weight_kg} kg is outside {low}–{high} kg and is not accepted. Weigh again.",
                weight_kg=weight_kg, low=low, high=high,
            )
        )  # fmt: skip
    return weight_kg


def _check_unit(unit: str) -> None:
    if unit.lower() not in _KILOGRAMS:
        raise Refused(say("The unit “{unit}” is not known here. Weights are in kg.", unit=unit))


def is_unusual(weight_kg: Decimal, rules: Weight) -> bool:
    """Whether a person must confirm this accepted weight once more."""
    low, high = rules.usual_kg
    return not low <= weight_kg <= high


def needs_second_person(weight_kg: Decimal, previous_kg: Decimal | None, rules: Weight) -> bool:
    """Whether the change since the last infusion is above the share that one person may accept."""
    if previous_kg is None:
        return False
    return abs(weight_kg - previous_kg) * 100 > rules.second_person_above_change_pct * previous_kg


class BagContent(msgspec.Struct, frozen=True):
    """What a bag's label states, and the certificate's viability where known."""

    bag_id: str
    cells: int
    volume_ml: Decimal
    viability_pct: Decimal | None = None


class Draw(msgspec.Struct, frozen=True):
    """How much of one bag is given: exact, not rounded."""

    bag_id: str
    volume_ml: Decimal
    cells: Decimal
    left_ml: Decimal


class BagPlan(msgspec.Struct, frozen=True):
    """The dose as bags. `missing_cells` above 0 means that more bags are needed."""

    dose_cells: int
    draws: tuple[Draw, ...]
    missing_cells: Decimal
    viable_cells: Decimal | None

    @property
    def volume_ml(self) -> Decimal:
        return sum((d.volume_ml for d in self.draws), Decimal(0))

    @property
    def leftover_ml(self) -> Decimal:
        return sum((d.left_ml for d in self.draws), Decimal(0))

    def needed_ml(self, product: Product) -> Decimal:
        """The dose in ml by the bags' own counts; cells without a bag count at the nominal concentration."""
        missing = max(self.missing_cells, Decimal(0))
        return self.volume_ml + missing * product.volume_per_bag_ml / product.cells_per_bag

    @property
    def complete(self) -> bool:
        return bool(self.draws) and self.missing_cells <= 0


def dose_cells(weight_kg: Decimal, protocol: Protocol) -> int:
    """Cells for this weight. Exact: a weight has one decimal and cells per kg are whole."""
    cells = weight_kg * protocol.dose.cells_per_kg
    return int(cells.to_integral_value(rounding=ROUND_CEILING))


def nominal_bags(cells: int, protocol: Protocol, cells_per_bag: int | None = None) -> tuple[BagContent, ...]:
    """As many bags as the dose opens, each with the nominal (or given) count."""
    per_bag = cells_per_bag or protocol.product.cells_per_bag
    count = -(-cells // per_bag)
    volume_ml = protocol.product.volume_per_bag_ml
    return tuple(BagContent(str(n), per_bag, volume_ml) for n in range(1, count + 1))


def plan_bags(cells: int, bags: tuple[BagContent, ...]) -> BagPlan:
    """Give the bags in order until the dose is in; each bag by its own count. Bags not needed stay unopened."""
    draws: list[Draw] = []
    missing = Decimal(cells)
    for bag in bags:
        if missing <= 0:
            break
        given = min(Decimal(bag.cells), missing)
        volume_ml = bag.volume_ml * given / bag.cells
        draws.append(Draw(bag.bag_id, volume_ml, given, bag.volume_ml - volume_ml))
        missing -= given
    return BagPlan(cells, tuple(draws), missing, _viable(draws, bags))


def _viable(draws: list[Draw], bags: tuple[BagContent, ...]) -> Decimal | None:
    viability = {bag.bag_id: bag.viability_pct for bag in bags}
    total = Decimal(0)
    for draw in draws:
        pct = viability[draw.bag_id]
        if pct is None:
            return None
        total += draw.cells * pct / 100
    return total if draws else None
