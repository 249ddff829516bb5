"""Which giving sets can bring the dose in on time, in words and as bars."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from app.domain.infusion.state import Infusion
from app.domain.products.dose import dose_cells, nominal_bags, plan_bags
from app.domain.products.drip_rates import NO_SET, feasibility, feasible_drop_factors, usable_weights_kg, why_not
from app.domain.protocol import Protocol
from app.domain.texts import Text, listed, say
from ui.dispense.set_bars import SetBarsState, SetRow


def nominal_ml(weight_kg: Decimal, protocol: Protocol) -> Decimal:
    """The dose of a weight in ml of nominal bags."""
    cells = dose_cells(weight_kg, protocol)
    return plan_bags(cells, nominal_bags(cells, protocol)).volume_ml


def giving_set_bars(s: Infusion) -> SetBarsState:
    """A bar for each set that serves usual weights or fits this dose, the subject's weight as a line."""
    volume_ml, protocol = s.planned_ml, s.protocol
    fits = () if volume_ml is None else feasible_drop_factors(volume_ml, protocol.infusion)
    rows = tuple(
        _row(f, None if volume_ml is None else f in fits, f == s.drop_factor, protocol) for f in shown_factors(fits, protocol)
    )
    axis = (float(protocol.weight.accepted_kg[0]), float(protocol.weight.usual_kg[1]) + 10)
    weight_kg = float(s.weight.weight_kg) if s.weight else None
    text: Text | str = "" if volume_ml is None else advice(volume_ml, s.drop_factor, protocol)
    return SetBarsState(rows, weight_kg, axis, text)


def shown_factors(fits: tuple[int, ...], protocol: Protocol) -> tuple[int, ...]:
    low, high = protocol.weight.usual_kg
    ranges = {f: _range(f, protocol) for f in sorted(protocol.infusion.drop_factors_gtt_per_ml)}
    return tuple(f for f, (least, most) in ranges.items() if f in fits or (most > low and least < high))


def _range(factor: int, protocol: Protocol) -> tuple[Decimal, Decimal]:
    product = protocol.product
    ml_per_kg = protocol.dose.cells_per_kg * product.volume_per_bag_ml / product.cells_per_bag
    return usable_weights_kg(factor, ml_per_kg, protocol.infusion)


def _row(factor: int, possible: bool | None, chosen: bool, protocol: Protocol) -> SetRow:
    low, high = (float(end) for end in _range(factor, protocol))
    return SetRow(say("{factor} gtt/ml", factor=factor), low, high, possible, chosen)


def advice(volume_ml: Decimal, chosen: int | None, protocol: Protocol) -> Text:
    """Before a set is chosen: which to use. After: the rates it asks for, or why it cannot and which can."""
    rules = protocol.infusion
    fits = feasible_drop_factors(volume_ml, rules)
    if not fits:
        return NO_SET
    if chosen is not None:
        reason = why_not(feasibility(volume_ml, chosen, rules), volume_ml, rules)
        return reason or say("With {factor} gtt/ml: {rates}", factor=chosen, rates=rates(volume_ml, chosen, protocol))
    use = say("Use a {sets} gtt/ml set.", sets=joined_with_or(fits))
    finest = fits[-1]
    then = say("With {factor} gtt/ml: {rates}", factor=finest, rates=rates(volume_ml, finest, protocol))
    return say("{first} {second}", first=use, second=then)


def joined_with_or(factors: tuple[int, ...]) -> Text | str:
    if len(factors) == 1:
        return str(factors[0])
    return say("{sets} or {last}", sets=listed(factors[:-1]), last=factors[-1])


def giving_set_choices(volume_ml: Decimal, protocol: Protocol) -> tuple[tuple[int, Text], ...]:
    """Every set in use with what it would mean, for the question which one is taken."""
    rules = protocol.infusion
    fits = feasible_drop_factors(volume_ml, rules)
    return tuple((f, _choice(f, f in fits, volume_ml, protocol)) for f in sorted(rules.drop_factors_gtt_per_ml))


def _choice(factor: int, fits: bool, volume_ml: Decimal, protocol: Protocol) -> Text:
    found = feasibility(volume_ml, factor, protocol.infusion)
    if not fits:
        return say("{factor} gtt/ml: not possible", factor=factor)
    if found.rate_min_gtt_min is None or found.rate_max_gtt_min is None:
        return say("{factor} gtt/ml", factor=factor)
    shown = _whole(found.rate_min_gtt_min, found.rate_max_gtt_min)
    return say("{factor} gtt/ml: {rates} drops/min", factor=factor, rates=shown)


def rates(volume_ml: Decimal, factor: int, protocol: Protocol) -> Text:
    """Whole drops/min of the last stage where whole drops lie inside."""
    found = feasibility(volume_ml, factor, protocol.infusion)
    low, high = found.rate_min_gtt_min, found.rate_max_gtt_min
    if low is None or high is None:
        return say("the dose is in before the last stage begins.")
    before = sum((stage.running_min or Decimal(0) for stage in protocol.infusion.stages), Decimal(0))
    if not before:
        return say("{rates} drops/min.", rates=_whole(low, high))
    return say("{rates} drops/min after the first {minutes} min.", rates=_whole(low, high), minutes=before)


def _whole(low: Decimal, high: Decimal) -> str:
    least, most = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    if least > most:
        least, most = low, high
    return f"{least:f}–{most:f}" if least < most else f"{most:f}"
