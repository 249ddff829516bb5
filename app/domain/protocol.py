"""The trial's protocol as frozen, validated data. Units stand in the names; sources in the file itself."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from decimal import Decimal
from typing import Any, Literal, TypeVar

import msgspec

from .errors import Refused
from .texts import say


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Bilingual(_Part, frozen=True):
    """A text the protocol brings with it, in both languages of the program."""

    en: str
    zh: str


Range = tuple[Decimal, Decimal]


class Product(_Part, frozen=True):
    name: Bilingual
    cells_per_bag: int
    volume_per_bag_ml: Decimal
    min_viability_pct: Decimal
    certificate_tests: tuple[str, ...]
    label_within_factor: Decimal
    expiry_without_time: Literal["start_of_day", "end_of_day"]


class Labels(_Part, frozen=True):
    """The site's own bag label as a pattern with a group `bag_id` (and `lot`, `expiry`, `cells`, `volume_ml` where it has
    them), None for the program's own; and what the site's scanners send before and after a code.
    """

    site_pattern: str | None = None
    scan_prefix: Literal["none", "STX", "SOH"] = "STX"
    scan_suffix: Literal["none", "CR", "LF", "ETX", "TAB"] = "CR"


class Verification(_Part, frozen=True):
    """Which pharmacists may be one of the two at the bed: none, those who did not release the bags, or all."""

    pharmacists: Literal["none", "others", "all"] = "none"


class Dose(_Part, frozen=True):
    cells_per_kg: int
    tolerance_pct: Decimal
    surplus_drawn_at_bench: bool


class Weight(_Part, frozen=True):
    accepted_kg: Range
    usual_kg: Range
    decimals: int
    second_person_above_change_pct: Decimal


class Group(_Part, frozen=True):
    code: str
    doses: int


class Dosing(_Part, frozen=True):
    interval_days: int
    window_days: int


class Premedication(_Part, frozen=True):
    drug: Bilingual
    dose_mg: Decimal
    lead_min: Decimal
    thaw_offered_before_end_min: Decimal
    baseline_blood_before: bool


class Stage(_Part, frozen=True):
    """One drip stage; `running_min` is None for the last, which runs until the dose is in."""

    rate_gtt_min: Range
    running_min: Decimal | None = None


class InfusionRules(_Part, frozen=True):
    """`duration_counts_from_stage` 1 reads the whole infusion, 2 only what follows the first stage."""

    duration_min: Range
    duration_counts_from_stage: int
    drop_factors_gtt_per_ml: tuple[int, ...]
    preferred_rate_multiple_gtt_min: int
    flush_line: bool
    stages: tuple[Stage, ...]


class Thaw(_Part, frozen=True):
    next_bag_when_left_min: Decimal
    limit_min: Decimal | None = None


class Delivery(_Part, frozen=True):
    measured_rate_pct: Decimal
    set_rate_pct: Decimal
    lost_watch_pct: Decimal
    drop_factor_pct: Decimal
    measure_within_min: Decimal
    measure_every_min: Decimal


class Gravimetry(_Part, frozen=True):
    """The drip check by a scale under the bag."""

    density_g_per_ml: Decimal
    noise_g: Decimal
    fastest_ml_min: Decimal
    rate_over_s: int


class VitalsRules(_Part, frozen=True):
    interval_min: int
    early_min: Decimal
    late_from_min: Decimal
    missed_from_min: Decimal
    end_merges_min: Decimal
    max_age_s: int
    max_age_nibp_s: int


class Observation(_Part, frozen=True):
    length_min: int
    interval_min: int


class ReactionStep(_Part, frozen=True):
    """One immediate step after a reaction, in both languages."""

    code: str
    en: str
    zh: str


class ReactionRules(_Part, frozen=True):
    """`slow_to_pct`: the share of the present rate that “slow” goes down to at once."""

    slow_to_pct: Decimal
    steps: tuple[ReactionStep, ...]


class Clocks(_Part, frozen=True):
    acute_reactions_h: int
    sae_report_h: int
    dlt_window_days: int
    dlt_window_from: Literal["first", "last"]


class Followup(_Part, frozen=True):
    delayed_reaction_weeks: tuple[int, ...]
    visit_weeks: tuple[int, ...]
    immunology_weeks: tuple[int, ...]
    immunology_from: Literal["first", "last"]


class Escalation(_Part, frozen=True):
    cohort: int
    expanded_cohort: int
    stop_at_dlts: int
    rule: Literal["storer", "korn"]
    expansion: int
    subjects: tuple[int, int]
    escalation_subjects: tuple[int, int]


class BloodCounts(_Part, frozen=True):
    hb_g_l: Decimal
    anc_1e9_l: Decimal
    plt_1e9_l: Decimal


class Response(_Part, frozen=True):
    min_hours_between_tests: int
    transfusion_free_days: int
    assessed_weeks: tuple[int, ...]
    assessed_from: Literal["first", "last"]
    complete: BloodCounts
    partial_rise: BloodCounts


class Eligibility(_Part, frozen=True):
    min_age_years: int
    anc_max_1e9_l: Decimal
    plt_max_1e9_l: Decimal
    hb_max_g_l: Decimal
    hb_question_below_g_l: Decimal
    weeks_after_car_t: int
    ecog_max: int
    survival_min_months: int
    creatinine_bun_excluded_from_uln: Decimal
    alt_ast_excluded_from_uln: Decimal
    bilirubin_excluded_from_uln: Decimal
    qtcf_excluded_above_ms: int
    hba1c_excluded_above_pct: Decimal
    fev1_excluded_below_pct: Decimal
    blasts_excluded_above_pct: Decimal
    chimerism_excluded_up_to_pct: Decimal
    infection_free_weeks: int
    other_treatment_free_months: int
    live_vaccine_free_weeks: int
    investigational_drug_free_weeks: int
    investigational_drug_free_half_lives: int
    allo_hsct_free_months: int
    solid_tumour_cured_years: int


class Safety(_Part, frozen=True):
    ctcae_version: str


class Decided(_Part, frozen=True):
    """A value the trial does not state, and why the site chose it."""

    key: str
    en: str
    zh: str


class Protocol(_Part, frozen=True):
    id: str
    version: str
    registry: str
    title: Bilingual
    product: Product
    dose: Dose
    weight: Weight
    groups: tuple[Group, ...]
    dosing: Dosing
    premedication: Premedication
    infusion: InfusionRules
    thaw: Thaw
    delivery: Delivery
    gravimetry: Gravimetry
    vitals: VitalsRules
    observation: Observation
    reaction: ReactionRules
    clocks: Clocks
    followup: Followup
    escalation: Escalation
    response: Response
    eligibility: Eligibility
    safety: Safety
    decided: tuple[Decided, ...]
    labels: Labels = Labels()
    verification: Verification = Verification()

    def group(self, code: str) -> Group:
        for group in self.groups:
            if group.code == code:
                return group
        known = ", ".join(g.code for g in self.groups)
        raise Refused(say("Group {code} is not in the protocol. Use one of {known}.", code=code, known=known))

    def doses_in(self, code: str) -> int:
        return self.group(code).doses


def parse(data: dict[str, Any]) -> Protocol:
    """Read a protocol from its tables. Raises `Refused` naming the key, the value and what is allowed."""
    return checked(data, Protocol, _rules)


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
