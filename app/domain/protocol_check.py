"""What a protocol file may hold: its shape, its ranges, and how its parts must agree."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from .errors import Refused
from .protocol import Decided, InfusionRules, Limits, Protocol
from .texts import say
from .vitals.vital_signs import VITALS


def parse(data: dict[str, Any]) -> Protocol:
    """Read a protocol from its tables. Raises `Refused` naming the key, the value and what is allowed."""
    return checked(data, Protocol, _rules)


def completed(data: Mapping[str, Any], unstated: Mapping[str, Any]) -> dict[str, Any]:
    """A file's tables with what it leaves unsaid, part by part; what it says stays as it is."""
    whole = {**unstated, **data}
    return {
        key: completed(value, unstated[key]) if isinstance(value, dict) and isinstance(unstated.get(key), dict) else value
        for key, value in whole.items()
    }


Rule = tuple[str, object, bool, str]
"""A key, its value, whether it is right, and what is allowed."""
_Read = TypeVar("_Read")


def checked(data: dict[str, Any], kind: type[_Read], rules: Callable[[_Read], Iterable[Rule]]) -> _Read:
    """The tables of a protocol file as `kind`, every rule held. Raises `Refused`."""
    try:
        read = msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _wrong_shape(data, error) from None
    for key, value, ok, allowed in rules(read):
        if not ok:
            raise _wrong(key, value, allowed)
    return read


def _wrong(key: str, value: object, allowed: str) -> Refused:
    return Refused(
        say(
            "The protocol file is wrong at {key}: {value}. Allowed: {allowed}.",
            key=key, value=str(value), allowed=allowed,
        )
    )  # fmt: skip


def _wrong_shape(data: dict[str, Any], error: msgspec.ValidationError) -> Refused:
    message, _, path = str(error).partition(" - at ")
    key = path.strip("`").removeprefix("$.").removeprefix("$") or "(file)"
    return _wrong(key, _found(data, key), message)


def _found(data: object, key: str) -> object:
    for part in key.replace("[", ".").replace("]", "").split("."):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return "—"
    return data


_MAY_BE_ZERO = {
    "dosing.window_days", "vitals.early_min", "vitals.end_merges_min", "eligibility.ecog_max",
    "delivery.measured_rate_pct", "premedication.thaw_offered_before_end_min", "escalation.expansion",
    "weight.decimals", "thaw.next_bag_when_left_min",
}  # fmt: skip


def _rules(p: Protocol) -> Iterator[Rule]:
    zero_ok = {*_MAY_BE_ZERO, *(f"followup.immunology_weeks[{n}]" for n in range(len(p.followup.immunology_weeks)))}
    yield from numbers(p, zero_ok)
    yield from _percentages(p)
    yield from _orders(p)
    yield from _stages(p.infusion)
    yield from _limits(p.vitals.limits)
    yield from reasoned(p, p.decided)
    pattern = p.labels.site_pattern
    yield "labels.site_pattern", pattern, pattern is None or _names_a_bag(pattern), "a pattern with a group bag_id"


def _names_a_bag(pattern: str) -> bool:
    try:
        return "bag_id" in re.compile(pattern).groupindex
    except re.error:
        return False


def numbers(part: object, may_be_zero: Container[str]) -> Iterator[Rule]:
    """Every number is finite and above 0 unless 0 has a meaning; every text says something."""
    for key, value in _leaves("", part):
        if isinstance(value, str):
            yield key, value, bool(value.strip()), "a text"
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            zero_ok = key in may_be_zero
            ok = Decimal(value).is_finite() and (value >= 0 if zero_ok else value > 0)
            yield key, value, ok, "a number ≥ 0" if zero_ok else "a number > 0"


def _leaves(prefix: str, part: object) -> Iterator[tuple[str, object]]:
    if isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _leaves(f"{prefix}.{name}" if prefix else name, getattr(part, name))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _leaves(f"{prefix}[{index}]", item)
    else:
        yield prefix, part


def _percentages(p: Protocol) -> Iterator[Rule]:
    for key, value in _leaves("", p):
        if key.endswith("_pct") and isinstance(value, Decimal):
            yield key, value, value <= 100, "a percentage up to 100"


def _orders(p: Protocol) -> Iterator[Rule]:
    low, high = p.weight.accepted_kg
    usual_low, usual_high = p.weight.usual_kg
    yield "weight.accepted_kg", [low, high], low < high, "two weights, the lower first"
    yield (
        "weight.usual_kg",
        [usual_low, usual_high],
        low <= usual_low < usual_high <= high,
        "inside accepted_kg",
    )
    factor = p.product.label_within_factor
    yield "product.label_within_factor", factor, factor > 1, "a number > 1"
    shortest, longest = p.infusion.duration_min
    yield "infusion.duration_min", [shortest, longest], shortest < longest, "two times, the shorter first"
    v = p.vitals
    yield (
        "vitals.late_from_min",
        v.late_from_min,
        v.late_from_min < v.missed_from_min,
        "less than missed_from_min",
    )
    window = v.early_min + v.missed_from_min
    yield "vitals.missed_from_min", v.missed_from_min, window <= v.interval_min, "windows that do not overlap"
    offered, lead = p.premedication.thaw_offered_before_end_min, p.premedication.lead_min
    yield "premedication.thaw_offered_before_end_min", offered, offered <= lead, "at most lead_min"
    codes = [g.code for g in p.groups]
    yield "groups", codes, bool(codes) and len(set(codes)) == len(codes), "groups with different codes"
    o = p.observation
    yield "observation.interval_min", o.interval_min, o.interval_min <= o.length_min, "at most length_min"
    steps = [step.code for step in p.reaction.steps]
    yield "reaction.steps", steps, len(set(steps)) == len(steps) > 0, "steps with different codes"
    yield "observation.interval_min", o.interval_min, window <= o.interval_min, "windows that do not overlap"


def _limits(limits: tuple[Limits, ...]) -> Iterator[Rule]:
    codes = [of.vital for of in limits]
    yield "vitals.limits", codes, len(set(codes)) == len(codes), "each vital sign once"
    for index, of in enumerate(limits):
        yield f"vitals.limits[{index}].vital", of.vital, of.vital in VITALS, ", ".join(VITALS)
        ends = [end for end in (of.very_low, of.low, of.high, of.very_high) if end is not None]
        yield f"vitals.limits[{index}]", ends, ends == sorted(set(ends)), "very_low < low < high < very_high"


def _stages(rules: InfusionRules) -> Iterator[Rule]:
    stages, factors = rules.stages, rules.drop_factors_gtt_per_ml
    yield "infusion.stages", len(stages), len(stages) >= 1, "at least one stage"
    for index, stage in enumerate(stages):
        key = f"infusion.stages[{index}]"
        low, high = stage.rate_gtt_min
        yield f"{key}.rate_gtt_min", [low, high], low <= high, "two rates, the lower first"
        last = index == len(stages) - 1
        open_ended = stage.running_min is None
        yield (
            f"{key}.running_min",
            stage.running_min,
            open_ended == last,
            "minutes for all but the last stage",
        )
    first = rules.duration_counts_from_stage
    yield "infusion.duration_counts_from_stage", first, first <= len(stages), "the number of a stage"
    yield (
        "infusion.drop_factors_gtt_per_ml",
        list(factors),
        len(set(factors)) == len(factors) > 0,
        "different sets",
    )


def reasoned(part: object, decided: Iterable[Decided]) -> Iterator[Rule]:
    """What the site decided is a key of the file that gives the reason."""
    for index, item in enumerate(decided):
        yield f"decided[{index}].key", item.key, _exists(part, item.key), "a key of this file"


def _exists(part: object, key: str) -> bool:
    for name in key.split("."):
        if not (isinstance(part, msgspec.Struct) and name in part.__struct_fields__):
            return False
        part = getattr(part, name)
    return True
