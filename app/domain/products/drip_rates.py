"""Which giving sets and rates bring a volume in on time. Rates in drops/min (gtt/min), times in minutes."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

import msgspec

from app.domain.protocol import InfusionRules, Stage
from app.domain.texts import Text, say

_TENTH = Decimal("0.1")


class Verdict(StrEnum):
    POSSIBLE = "possible"
    TOO_SLOW = "too_slow"
    TOO_FAST = "too_fast"


class Feasibility(msgspec.Struct, frozen=True):
    """Whether a set can give the volume in time, and the last stage's rates that do (rounded to stay inside)."""

    drop_factor: int
    drops: Decimal
    verdict: Verdict
    shortest_min: Decimal
    longest_min: Decimal
    rate_min_gtt_min: Decimal | None
    rate_max_gtt_min: Decimal | None

    @property
    def possible(self) -> bool:
        return self.verdict is Verdict.POSSIBLE


def drops_for(volume_ml: Decimal, drop_factor: int) -> Decimal:
    return volume_ml * drop_factor


def feasibility(volume_ml: Decimal, drop_factor: int, rules: InfusionRules) -> Feasibility:
    """Whether any allowed rates finish within the allowed duration (both ends allowed)."""
    drops = drops_for(volume_ml, drop_factor)
    shortest = _duration(drops, [s.rate_gtt_min[1] for s in rules.stages], rules)
    longest = _duration(drops, [s.rate_gtt_min[0] for s in rules.stages], rules)
    low, high = rules.duration_min
    if shortest > high:
        return Feasibility(drop_factor, drops, Verdict.TOO_SLOW, shortest, longest, None, None)
    if longest < low:
        return Feasibility(drop_factor, drops, Verdict.TOO_FAST, shortest, longest, None, None)
    slowest, fastest = _last_stage_rates(drops, rules)
    return Feasibility(drop_factor, drops, Verdict.POSSIBLE, shortest, longest, slowest, fastest)


def _duration(drops: Decimal, rates: list[Decimal], rules: InfusionRules) -> Decimal:
    """Minutes that count towards the allowed duration, with one rate a stage."""
    counted = Decimal(0)
    left = drops
    for number, (stage, rate) in enumerate(zip(rules.stages, rates, strict=True), start=1):
        minutes = left / rate if stage.running_min is None else min(stage.running_min, left / rate)
        left -= minutes * rate
        if number >= rules.duration_counts_from_stage:
            counted += minutes
    return counted


def _last_stage_rates(drops: Decimal, rules: InfusionRules) -> tuple[Decimal | None, Decimal | None]:
    """Slowest and fastest rate of the last stage; None when the dose is in before that stage begins.

    The stages before it run as fast as allowed when the slowest is sought and as slowly as allowed otherwise.
    """
    low, high = rules.duration_min
    stage_low, stage_high = rules.stages[-1].rate_gtt_min
    fast_left = drops - _drops_before(rules.stages, 1)
    slow_left = drops - _drops_before(rules.stages, 0)
    if fast_left <= 0:
        return None, None
    before = sum((_minutes(s) for s in _counted(rules)), Decimal(0))
    slowest = max(stage_low, fast_left / (high - before))  # `high` lies beyond, as the dose can be in by then
    fastest = min(stage_high, slow_left / (low - before)) if low > before else stage_high
    return round_up(slowest), round_down(fastest)


def _counted(rules: InfusionRules) -> tuple[Stage, ...]:
    return rules.stages[rules.duration_counts_from_stage - 1 : -1]


def _minutes(stage: Stage) -> Decimal:
    return stage.running_min or Decimal(0)


def _drops_before(stages: tuple[Stage, ...], end: int) -> Decimal:
    return sum((_minutes(s) * s.rate_gtt_min[end] for s in stages[:-1]), Decimal(0))


def feasible_drop_factors(volume_ml: Decimal, rules: InfusionRules) -> tuple[int, ...]:
    """The sets in use that can give this volume in time."""
    factors = sorted(rules.drop_factors_gtt_per_ml)
    return tuple(f for f in factors if feasibility(volume_ml, f, rules).possible)


def why_not(found: Feasibility, volume_ml: Decimal, rules: InfusionRules) -> Text | None:
    """The reason a set cannot be used, and which can; None when it can."""
    if found.possible:
        return None
    sets = feasible_drop_factors(volume_ml, rules)
    use = say("Use a set with {sets} drops/ml.", sets=", ".join(map(str, sets))) if sets else NO_SET
    low, high = rules.duration_min
    if found.verdict is Verdict.TOO_SLOW:
        return say(
            "Too slow: {drops} drops at {factor} drops/ml take at least {minutes} min at {rate} drops/min,"
            " and {limit} min are allowed. {use}",
            drops=round_up(found.drops), factor=found.drop_factor, minutes=round_up(found.shortest_min),
            rate=rules.stages[-1].rate_gtt_min[1], limit=high, use=use,
        )  # fmt: skip
    return say(
        "Too fast: {drops} drops at {factor} drops/ml end after at most {minutes} min at {rate} drops/min,"
        " and {limit} min are required. {use}",
        drops=round_up(found.drops), factor=found.drop_factor, minutes=round_down(found.longest_min),
        rate=rules.stages[-1].rate_gtt_min[0], limit=low, use=use,
    )  # fmt: skip


NO_SET = say("No set in use can give this volume in time: ask the investigator.")


def round_up(value: Decimal) -> Decimal:
    """To 0.1, upwards: a least rate that is still fast enough."""
    return value.quantize(_TENTH, rounding=ROUND_CEILING)


def round_down(value: Decimal) -> Decimal:
    """To 0.1, downwards: a most rate that is still slow enough."""
    return value.quantize(_TENTH, rounding=ROUND_FLOOR)


def usable_weights_kg(drop_factor: int, protocol_ml_per_kg: Decimal, rules: InfusionRules) -> tuple[Decimal, Decimal]:
    """The lightest and heaviest weight (kg, nominal bags) that this set can serve."""
    low, high = rules.duration_min
    most = _drops_in(high, 1, rules)
    least = _drops_in(low, 0, rules)
    per_kg = protocol_ml_per_kg * drop_factor
    return least / per_kg, most / per_kg


def _drops_in(counted_min: Decimal, end: int, rules: InfusionRules) -> Decimal:
    """Drops that fall in `counted_min` minutes with every stage at its slow (0) or fast (1) end."""
    drops = Decimal(0)
    left = counted_min
    for number, stage in enumerate(rules.stages, start=1):
        counts = number >= rules.duration_counts_from_stage
        minutes = left if stage.running_min is None else min(stage.running_min, left) if counts else stage.running_min
        drops += minutes * stage.rate_gtt_min[end]
        left -= minutes if counts else 0
    return drops
