"""What a protocol file may hold: its shape, its ranges, and how its parts must agree."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from .errors import Refused
from .protocol import Decided, InfusionRules, Limits, Protocol
from .protocol_ranges import OTHER_LISTS, RANGES, SIZES, Ends, longest
from .texts import Text, say
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


Rule = tuple[str, object, bool, Text | str]
"""A key, its value, whether it is right, and what is allowed."""
_Read = TypeVar("_Read")
_MOST_SHOWN, _MOST_DIGITS = 80, 15
#: A number of which nothing is stated; a test finds each.
_ANY: Ends = (Decimal(0), Decimal(1_000_000))
_MAY_BE_EMPTY = {"acronym"}
#: Their range is that of the vital sign (`_limits`).
_OF_A_VITAL = {f"vitals.limits.{end}" for end in ("very_low", "low", "high", "very_high")}


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


def _wrong(key: str, value: object, allowed: Text | str) -> Refused:
    return Refused(
        say(
            "The protocol file is wrong at {key}: {value}. Allowed: {allowed}.",
            key=key, value=_shortened(value), allowed=allowed,
        )
    )  # fmt: skip


def _shortened(value: object) -> Text | str:
    """As it stands in the file; a number too large to be written out is not written out."""
    if isinstance(value, int) and value.bit_length() > 200:
        return say("a number of some {digits} digits", digits=value.bit_length() * 3 // 10)
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


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


def _rules(p: Protocol) -> Iterator[Rule]:
    yield from ranged(p, RANGES)
    yield from _orders(p)
    yield from _upper_ends(p)
    yield from _stages(p.infusion)
    yield from _limits(p.vitals.limits)
    yield from reasoned(p, p.decided)
    pattern = p.labels.site_pattern
    yield (
        "labels.site_pattern",
        pattern,
        pattern is None or _names_a_bag(pattern),
        say("a pattern with a group {name}", name="bag_id"),
    )
    for name in ("subject_pattern", "bed_pattern", "lot_pattern"):
        code = getattr(p.labels, name)
        yield f"labels.{name}", code, code is None or _groups(code) is not None, say("a pattern")


def _names_a_bag(pattern: str) -> bool:
    return "bag_id" in (_groups(pattern) or ())


def _groups(pattern: str) -> Iterable[str] | None:
    """The names in a pattern; None for one that is none."""
    try:
        return re.compile(pattern).groupindex
    except re.error:
        return None


def ranged(part: object, ranges: Mapping[str, Ends]) -> Iterator[Rule]:
    """Every number lies in its range, every text and list has its size: asked before anything is computed with them."""
    for key, value in _leaves("", part):
        name = re.sub(r"\[\d+\]", "", key)
        if isinstance(value, tuple):
            least, most = SIZES.get(name, OTHER_LISTS)
            yield key, value, least <= len(value) <= most, say("{least} to {most} of them", least=least, most=most)
        elif isinstance(value, str):
            letters = longest(name)
            ok = value == "" if name in _MAY_BE_EMPTY and not value else bool(value.strip()) and len(value) <= letters
            yield key, value, ok and value.replace("\n", "").isprintable(), say("a text of 1 to {letters} letters", letters=letters)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool) and name not in _OF_A_VITAL:
            yield _number(key, value, ranges.get(name, _ANY))


def _number(key: str, value: int | Decimal, ends: Ends) -> Rule:
    low, high = ends
    return key, value, _is_plain(value) and low <= value <= high, say("a number from {low} to {high}", low=low, high=high)


def _is_plain(value: int | Decimal) -> bool:
    """Finite, and written with few digits: nothing is computed with 1e400."""
    if isinstance(value, int):
        return True
    _sign, digits, exponent = value.as_tuple()
    return isinstance(exponent, int) and len(digits) <= _MOST_DIGITS and abs(exponent) <= _MOST_DIGITS


def _leaves(prefix: str, part: object) -> Iterator[tuple[str, object]]:
    if isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _leaves(f"{prefix}.{name}" if prefix else name, getattr(part, name))
    elif isinstance(part, tuple):
        yield prefix, part
        for index, item in enumerate(part):
            yield from _leaves(f"{prefix}[{index}]", item)
    else:
        yield prefix, part


def _orders(p: Protocol) -> Iterator[Rule]:
    low, high = p.weight.accepted_kg
    usual_low, usual_high = p.weight.usual_kg
    yield "weight.accepted_kg", [low, high], low < high, say("two weights, the lower first")
    yield (
        "weight.usual_kg",
        [usual_low, usual_high],
        low <= usual_low < usual_high <= high,
        say("inside {key}", key="accepted_kg"),
    )
    shortest, longest = p.infusion.duration_min
    yield "infusion.duration_min", [shortest, longest], shortest < longest, say("two times, the shorter first")
    v = p.vitals
    yield (
        "vitals.late_from_min",
        v.late_from_min,
        v.late_from_min < v.missed_from_min,
        say("less than {key}", key="missed_from_min"),
    )
    window = v.early_min + v.missed_from_min
    yield "vitals.missed_from_min", v.missed_from_min, window <= v.interval_min, say("windows that do not overlap")
    offered, lead = p.premedication.thaw_offered_before_end_min, p.premedication.lead_min
    yield "premedication.thaw_offered_before_end_min", offered, offered <= lead, say("at most {key}", key="lead_min")
    codes = [g.code for g in p.groups]
    yield "groups", codes, len(set(codes)) == len(codes), say("groups with different codes")
    yield (
        "dosing",
        p.dosing,
        bool(codes) == (p.dosing is not None),
        say("{first} and {second} together, or neither", first="groups", second="dosing"),
    )
    tests = p.product.certificate_tests
    yield "product.certificate_tests", list(tests), len(set(tests)) == len(tests), say("different tests")
    o = p.observation
    yield "observation.interval_min", o.interval_min, o.interval_min <= o.length_min, say("at most {key}", key="length_min")
    steps = [step.code for step in p.reaction.steps]
    yield "reaction.steps", steps, len(set(steps)) == len(steps), say("steps with different codes")
    yield "observation.interval_min", o.interval_min, window <= o.interval_min, say("windows that do not overlap")


def _upper_ends(p: Protocol) -> Iterator[Rule]:
    """What comes later may not be shorter."""
    latest, lead = p.premedication.latest_min, p.premedication.lead_min
    yield "premedication.latest_min", latest, latest is None or latest >= lead, say("at least {key}", key="lead_min")
    ages = [age for age in (p.thaw.warn_min, p.thaw.start_within_min, p.thaw.end_within_min) if age is not None]
    yield "thaw.warn_min", list(map(str, ages)), ages == sorted(ages), "warn_min ≤ start_within_min ≤ end_within_min"
    if p.news2 is not None:
        medium, high = p.news2.medium_from, p.news2.high_from
        yield "news2.medium_from", medium, medium < high, say("less than {key}", key="high_from")
    codes = [symptom.code for symptom in p.reaction.symptoms]
    yield "reaction.symptoms", codes, len(set(codes)) == len(codes), say("symptoms with different codes")
    for name in ("subjects", "escalation_subjects"):
        fewest, most = getattr(p.escalation, name)
        yield f"escalation.{name}", [fewest, most], fewest <= most, say("two numbers, the lower first")
    cohort, expanded = p.escalation.cohort, p.escalation.expanded_cohort
    yield "escalation.expanded_cohort", expanded, expanded >= cohort, say("at least {key}", key="cohort")
    stop = p.escalation.stop_at_dlts
    yield "escalation.stop_at_dlts", stop, stop <= expanded, say("at most {key}", key="expanded_cohort")


def _limits(limits: tuple[Limits, ...]) -> Iterator[Rule]:
    codes = [of.vital for of in limits]
    yield "vitals.limits", codes, len(set(codes)) == len(codes), say("each of them once")
    for index, of in enumerate(limits):
        yield f"vitals.limits[{index}].vital", of.vital, of.vital in VITALS, ", ".join(VITALS)
        vital = VITALS[of.vital]
        for name in ("very_low", "low", "high", "very_high"):
            value = getattr(of, name)
            if value is not None:
                yield _number(f"vitals.limits[{index}].{name}", value, (vital.plausible_low, vital.plausible_high))
        ends = [end for end in (of.very_low, of.low, of.high, of.very_high) if end is not None]
        yield f"vitals.limits[{index}]", ends, ends == sorted(set(ends)), "very_low < low < high < very_high"


def _stages(rules: InfusionRules) -> Iterator[Rule]:
    stages, factors = rules.stages, rules.drop_factors_gtt_per_ml
    for index, stage in enumerate(stages):
        key = f"infusion.stages[{index}]"
        low, high = stage.rate_gtt_min
        yield f"{key}.rate_gtt_min", [low, high], low <= high, say("two rates, the lower first")
        last = index == len(stages) - 1
        open_ended = stage.running_min is None
        yield (
            f"{key}.running_min",
            stage.running_min,
            open_ended == last,
            say("minutes for all but the last stage"),
        )
    first = rules.duration_counts_from_stage
    yield "infusion.duration_counts_from_stage", first, first <= len(stages), say("the number of a stage")
    yield (
        "infusion.drop_factors_gtt_per_ml",
        list(factors),
        len(set(factors)) == len(factors),
        say("different sets"),
    )


def reasoned(part: object, decided: Iterable[Decided]) -> Iterator[Rule]:
    """What the site decided is a key of the file that gives the reason."""
    for index, item in enumerate(decided):
        yield f"decided[{index}].key", item.key, _exists(part, item.key), say("a key of this file")


def _exists(part: object, key: str) -> bool:
    for name in key.split("."):
        if not (isinstance(part, msgspec.Struct) and name in part.__struct_fields__):
            return False
        part = getattr(part, name)
    return True
