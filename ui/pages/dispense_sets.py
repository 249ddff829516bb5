"""Which sets can bring the dose in on time, in words and as bars."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from app.domain.drip import Feasibility, feasibility, feasible_drop_factors, usable_weights_kg, why_not
from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from app.services.phrases import listed
from ui.widgets.set_bars import SetBarsState, SetRow


def shown_factors(volume_ml: Decimal, protocol: Protocol) -> tuple[int, ...]:
    """The sets worth a bar: those that serve usual weights, and any that fit this volume."""
    low, high = protocol.weight.usual_kg
    fits = feasible_drop_factors(volume_ml, protocol.infusion)
    ranges = {f: _range(f, protocol) for f in sorted(protocol.infusion.drop_factors_gtt_per_ml)}
    return tuple(f for f, (least, most) in ranges.items() if f in fits or (most > low and least < high))


def _range(factor: int, protocol: Protocol) -> tuple[Decimal, Decimal]:
    product = protocol.product
    ml_per_kg = protocol.dose.cells_per_kg * product.volume_per_bag_ml / product.cells_per_bag
    return usable_weights_kg(factor, ml_per_kg, protocol.infusion)


def bars_state(weight_kg: Decimal, volume_ml: Decimal, protocol: Protocol) -> SetBarsState:
    fits = feasible_drop_factors(volume_ml, protocol.infusion)
    rows = tuple(_row(f, f in fits, protocol) for f in shown_factors(volume_ml, protocol))
    axis = (float(protocol.weight.accepted_kg[0]), float(protocol.weight.usual_kg[1]) + 10)
    return SetBarsState(rows, float(weight_kg), axis)


def _row(factor: int, possible: bool, protocol: Protocol) -> SetRow:
    low, high = (float(end) for end in _range(factor, protocol))
    return SetRow(say("{factor} gtt/ml", factor=factor), low, high, possible)


def preferred(volume_ml: Decimal, protocol: Protocol) -> int | None:
    """The finest set that leaves room for the set's own error; else the finest that fits at all."""
    rules, spare = protocol.infusion, 1 + protocol.delivery.drop_factor_pct / 100
    fits = [feasibility(volume_ml, f, rules) for f in reversed(feasible_drop_factors(volume_ml, rules))]
    roomy = [f for f in fits if _has_room(f, spare)]
    return next((f.drop_factor for f in (*roomy, *fits)), None)


def _has_room(found: Feasibility, spare: Decimal) -> bool:
    low, high = found.rate_min_gtt_min, found.rate_max_gtt_min
    return low is None or high is None or low * spare <= high


def advice(volume_ml: Decimal, chosen: int | None, protocol: Protocol) -> Text:
    """Which sets to use, and the rates that the chosen or best one asks for."""
    rules = protocol.infusion
    fits = feasible_drop_factors(volume_ml, rules)
    if not fits:
        any_set = feasibility(volume_ml, rules.drop_factors_gtt_per_ml[0], rules)
        return why_not(any_set, volume_ml, rules) or say("No set in use can give this volume in time.")
    if chosen in fits:
        return say("{factor} gtt/ml chosen: {rates}", factor=chosen, rates=rates(volume_ml, chosen or 0, protocol))
    best = preferred(volume_ml, protocol) or fits[-1]
    use = say("Use a {sets} gtt/ml set.", sets=either(tuple(reversed(fits))))
    then = say("With {factor}: {rates}", factor=best, rates=rates(volume_ml, best, protocol))
    both = say("{first} {second}", first=use, second=then)
    if chosen is None:
        return both
    cannot = say("{factor} gtt/ml cannot give {ml} ml in time.", factor=chosen, ml=round(volume_ml, 1))
    return say("{first} {second}", first=cannot, second=both)


def either(factors: tuple[int, ...]) -> Text | str:
    if len(factors) == 1:
        return str(factors[0])
    return say("{first} or {second}", first=listed(factors[:-1]), second=factors[-1])


def _whole(low: Decimal, high: Decimal) -> str:
    """Both ends in whole drops where whole drops lie inside."""
    least, most = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    if least > most:
        least, most = low, high
    return f"{least:f}–{most:f}" if least < most else f"{most:f}"


def rates(volume_ml: Decimal, factor: int, protocol: Protocol) -> Text:
    """Whole drops/min of the last stage, rounded so that they stay inside."""
    found = feasibility(volume_ml, factor, protocol.infusion)
    low, high = found.rate_min_gtt_min, found.rate_max_gtt_min
    if low is None or high is None:
        return say("the dose is in before the last stage begins.")
    shown = _whole(low, high)
    before = sum((s.running_min or Decimal(0) for s in protocol.infusion.stages), Decimal(0))
    if not before:
        return say("{rates} drops/min.", rates=shown)
    return say("{rates} drops/min after the first {minutes} min.", rates=shown, minutes=before)
