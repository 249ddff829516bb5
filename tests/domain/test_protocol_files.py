"""A wrong protocol file is refused naming the key, its value and what is allowed."""

import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.protocol_check import completed, parse, ranged
from app.domain.protocol_ranges import DESK_RANGES, RANGES
from app.domain.texts import Text
from app.domain.trial.rules import parse_rules

from .cast import PROTOCOLS, TRIAL, protocol_data, read_toml, set_key

STAGES = "infusion.stages"
OFFERED = "premedication.thaw_offered_before_end_min"
CLOSED = [{"rate_gtt_min": [20, 20], "running_min": 15}]
LENIENT = [{"rate_gtt_min": [20, 20]}, {"rate_gtt_min": [40, 60]}]

WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    # what is set, the key that is named, its value, what is allowed
    ({"dose.cells_per_kg": 0}, "dose.cells_per_kg", "0", "a number from 1000 to 1000000000"),
    ({"dose.cells_per_kg": -1}, "dose.cells_per_kg", "-1", "a number from 1000 to 1000000000"),
    ({"dose.cells_per_kg": "many"}, "dose.cells_per_kg", "many", "Expected `int`, got `str`"),
    ({"dose.tolerance_pct": "NaN"}, "dose.tolerance_pct", "NaN", "a number from 0.1 to 50"),
    ({"dose.tolerance_pct": float("inf")}, "dose.tolerance_pct", "Infinity", "a number from 0.1 to 50"),
    ({"dose.tolerance_pct": "101"}, "dose.tolerance_pct", "101", "a number from 0.1 to 50"),
    ({"dose.tolerance_pct": True}, "dose.tolerance_pct", "True", "Expected `decimal`, got `bool`"),
    ({"dose.tolerance_pct": "ten"}, "dose.tolerance_pct", "ten", "Invalid decimal string"),
    ({"dose.surplus_drawn_at_bench": "yes"}, "dose.surplus_drawn_at_bench", "yes", "Expected `bool`, got `str`"),
    ({"delivery.measured_rate_pct": -1}, "delivery.measured_rate_pct", "-1", "a number from 0 to 100"),
    ({"vitals.early_min": "NaN"}, "vitals.early_min", "NaN", "a number from 0 to 120"),
    ({"followup.immunology_weeks": [0, -1]}, "followup.immunology_weeks[1]", "-1", "a number from 0 to 520"),
    ({"id": " "}, "id", " ", "a text of 1 to"),
    ({"title.zh": ""}, "title.zh", "", "a text of 1 to"),
    ({"product.name.en": ""}, "product.name.en", "", "a text of 1 to"),
    ({"product.certificate_tests": ["purity", ""]}, "product.certificate_tests[1]", "", "a text of 1 to"),
    ({"product.min_viability_pct": 100.5}, "product.min_viability_pct", "100.5", "a number from 1 to 100"),
    ({"product.label_within_factor": 1}, "product.label_within_factor", "1", "a number from 1.01 to 1000"),
    ({"product.expiry_without_time": "noon"}, "product.expiry_without_time", "noon", "Invalid enum value"),
    ({"weight.accepted_kg": [250, 20]}, "weight.accepted_kg", "250", "two weights, the lower first"),
    ({"weight.accepted_kg": [20, 20]}, "weight.accepted_kg", "20", "two weights, the lower first"),
    ({"weight.accepted_kg": [20]}, "weight.accepted_kg", "[20]", "Expected `array` of length 2, got 1"),
    ({"weight.usual_kg": [10, 150]}, "weight.usual_kg", "10", "inside accepted_kg"),
    ({"weight.usual_kg": [30, 251]}, "weight.usual_kg", "251", "inside accepted_kg"),
    ({"weight.usual_kg": [150, 30]}, "weight.usual_kg", "150", "inside accepted_kg"),
    ({"weight.usual_kg": [100, 100]}, "weight.usual_kg", "100", "inside accepted_kg"),
    ({OFFERED: 31}, OFFERED, "31", "at most lead_min"),
    ({"infusion.duration_min": [60, 30]}, "infusion.duration_min", "60", "two times, the shorter first"),
    ({"infusion.duration_min": [60, 60]}, "infusion.duration_min", "60", "two times, the shorter first"),
    ({"infusion.duration_counts_from_stage": 3}, "infusion.duration_counts_from_stage", "3", "the number of a stage"),
    ({"infusion.duration_counts_from_stage": 0}, "infusion.duration_counts_from_stage", "0", "a number from 1 to 10"),
    ({"infusion.drop_factors_gtt_per_ml": []}, "infusion.drop_factors_gtt_per_ml", "()", "1 to 10 of them"),
    ({"infusion.drop_factors_gtt_per_ml": [20, 20]}, "infusion.drop_factors_gtt_per_ml", "[20, 20]", "different sets"),
    ({"infusion.drop_factors_gtt_per_ml": [0]}, "infusion.drop_factors_gtt_per_ml[0]", "0", "a number from 1 to 200"),
    ({STAGES: []}, STAGES, "()", "1 to 10 of them"),
    ({f"{STAGES}[1].rate_gtt_min": [60, 40]}, f"{STAGES}[1].rate_gtt_min", "60", "two rates, the lower first"),
    ({f"{STAGES}[0].rate_gtt_min": [0, 20]}, f"{STAGES}[0].rate_gtt_min[0]", "0", "a number from 1 to 300"),
    ({STAGES: LENIENT}, f"{STAGES}[0].running_min", "None", "minutes for all but the last stage"),
    ({STAGES: CLOSED}, f"{STAGES}[0].running_min", "15", "minutes for all but the last stage"),
    ({"thaw.limit_min": 0}, "thaw.limit_min", "0", "a number from 0.5 to 1440"),
    ({"vitals.late_from_min": 10}, "vitals.late_from_min", "10", "less than missed_from_min"),
    ({"vitals.missed_from_min": 11}, "vitals.missed_from_min", "11", "windows that do not overlap"),
    ({"vitals.max_age_s": 60.5}, "vitals.max_age_s", "60.5", "Expected `int`, got `float`"),
    ({"observation.interval_min": 121}, "observation.interval_min", "121", "at most length_min"),
    ({"observation.interval_min": 14}, "observation.interval_min", "14", "windows that do not overlap"),
    ({"reaction.steps": []}, "reaction.steps", "()", "1 to 40 of them"),
    ({"reaction.steps[1].code": "stay"}, "reaction.steps", "stay", "steps with different codes"),
    ({"reaction.slow_to_pct": "101"}, "reaction.slow_to_pct", "101", "a number from 1 to 100"),
    ({"labels.site_pattern": "(?P<lot>.+)"}, "labels.site_pattern", "(?P<lot>.+)", "a pattern with a group bag_id"),
    ({"labels.site_pattern": "(?P<bag_id>"}, "labels.site_pattern", "(?P<bag_id>", "a pattern with a group bag_id"),
    ({"labels.scan_prefix": "~"}, "labels.scan_prefix", "~", "Invalid enum value"),
    ({"groups": []}, "dosing", "interval_days", "groups and dosing together, or neither"),
    ({"groups[1].code": "A"}, "groups", "A", "groups with different codes"),
    ({"groups[1].doses": 0}, "groups[1].doses", "0", "a number from 1 to 100"),
    ({"clocks.dlt_window_from": "middle"}, "clocks.dlt_window_from", "middle", "Invalid enum value"),
    ({"escalation.rule": "3+3"}, "escalation.rule", "3+3", "Invalid enum value"),
    ({"premedication.latest_min": 29}, "premedication.latest_min", "29", "at least lead_min"),
    ({"thaw.warn_min": 61}, "thaw.warn_min", "61", "warn_min ≤ start_within_min ≤ end_within_min"),
    ({"news2.medium_from": 7}, "news2.medium_from", "7", "less than high_from"),
    ({"reaction.symptoms[1].code": "chills"}, "reaction.symptoms", "chills", "symptoms with different codes"),
    ({"escalation.subjects": [24, 15]}, "escalation.subjects", "24", "two numbers, the lower first"),
    ({"escalation.expanded_cohort": 2}, "escalation.expanded_cohort", "2", "at least cohort"),
    ({"escalation.stop_at_dlts": 7}, "escalation.stop_at_dlts", "7", "at most expanded_cohort"),
    ({"product.certificate_tests": []}, "product.certificate_tests", "()", "1 to 30 of them"),
    ({"product.certificate_tests": ["gmp", "gmp"]}, "product.certificate_tests", "gmp", "different tests"),
    ({"vitals.limits[0].vital": "icp"}, "vitals.limits[0].vital", "icp", "hr, pr, spo2"),
    ({"vitals.limits[0].high": 301}, "vitals.limits[0].high", "301", "a number from 20 to 300"),
    ({"vitals.limits[0].high": 45}, "vitals.limits[0]", "45", "very_low < low < high < very_high"),
    ({"vitals.limits[1].vital": "hr"}, "vitals.limits", "hr", "each of them once"),
    ({"dose.cells_per_kg": 10**26}, "dose.cells_per_kg", "100000000000", "a number from 1000 to 1000000000"),
    ({"dose.cells_per_kg": 10**400}, "dose.cells_per_kg", "a number of some 398 digits", "a number from 1000 to 1000000000"),
    ({"dose.tolerance_pct": Decimal("1e400")}, "dose.tolerance_pct", "1E+400", "a number from 0.1 to 50"),
    ({"dose.tolerance_pct": Decimal("1." + "0" * 99)}, "dose.tolerance_pct", "0000…", "a number from 0.1 to 50"),
    ({"title.en": "x" * 1001}, "title.en", "xxx…", "a text of 1 to 1000 letters"),
    ({"id": "x\x00"}, "id", "x", "a text of 1 to 120 letters"),
    ({"decided[0].key": "dose.colour"}, "decided[0].key", "dose.colour", "a key of this file"),
    ({"decided[0].key": "id.of.what"}, "decided[0].key", "id.of.what", "a key of this file"),
    ({"dose.colour": "red"}, "dose", "cells_per_kg", "Object contains unknown field `colour`"),
    ({"colour": "red"}, "(file)", "—", "Object contains unknown field `colour`"),
    ({"vitals.interval_min": ...}, "vitals", "early_min", "Object missing required field `interval_min`"),
    ({"safety": ...}, "(file)", "—", "Object missing required field `safety`"),
    ({"groups": "A, B"}, "groups", "A, B", "Expected `array`, got `str`"),
    ({"groups[1].doses": "two"}, "groups[1].doses", "two", "Expected `int`, got `str`"),
    ({f"{STAGES}[1].rate_gtt_min": [40, "sixty"]}, f"{STAGES}[1].rate_gtt_min[1]", "sixty", "Invalid decimal string"),
    ({"dosing": ...}, "dosing", "None", "groups and dosing together, or neither"),
    ({"thaw.start_within_min": 44}, "thaw.warn_min", "['45', '44', '90']", "warn_min ≤ start_within_min ≤ end_within_min"),
    ({"thaw.end_within_min": 59}, "thaw.warn_min", "['45', '60', '59']", "warn_min ≤ start_within_min ≤ end_within_min"),
    ({"escalation.escalation_subjects": [19, 18]}, "escalation.escalation_subjects", "[19, 18]", "two numbers, the lower first"),
    ({"dose.tolerance_pct": "0.09"}, "dose.tolerance_pct", "0.09", "a number from 0.1 to 50"),
    ({"dose.tolerance_pct": Decimal("1." + "0" * 15)}, "dose.tolerance_pct", "1.0", "a number from 0.1 to 50"),
    ({"vitals.early_min": Decimal("1e-16")}, "vitals.early_min", "1E-16", "a number from 0 to 120"),
    ({"vitals.limits[0].low": 19, "vitals.limits[0].very_low": ...}, "vitals.limits[0].low", "19", "a number from 20 to 300"),
    ({"vitals.limits[0].low": 40}, "vitals.limits[0]", "40", "very_low < low < high < very_high"),
    ({"title.en": "a\tb"}, "title.en", "a", "a text of 1 to 1000 letters"),
    ({"id": "x" * 121}, "id", "xxx…", "a text of 1 to 120 letters"),
    ({"acronym": " "}, "acronym", " ", "a text of 1 to 120 letters"),
    ({"product.certificate_tests": [f"t{n}" for n in range(31)]}, "product.certificate_tests", "t0", "1 to 30 of them"),
    ({"labels.subject_pattern": "("}, "labels.subject_pattern", "(", "a pattern"),
    ({"labels.bed_pattern": "["}, "labels.bed_pattern", "[", "a pattern"),
    ({"labels.lot_pattern": "*"}, "labels.lot_pattern", "*", "a pattern"),
    ({"groups": [{"code": "A", "doses": 1}, 7]}, "groups[1]", "7", "Expected `object`, got `int`"),
    ({"decided[3].zh": ...}, "decided[3]", "weight.usual_kg", "Object missing required field `zh`"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "key", "value", "allowed"), WRONG, ids=[f"{w[1]}={w[2]}" for w in WRONG])
def test_a_wrong_file_is_refused(settings: dict[str, Any], key: str, value: str, allowed: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(protocol_data(settings=settings))
    said = refusal.value.text
    assert isinstance(said, Text)
    assert said.params["key"] == key
    assert value in str(said.params["value"])
    assert str(said.params["allowed"]).startswith(allowed)
    assert str(refusal.value).startswith(f"The protocol file is wrong at {key}: ")


#: As far as a file may go: both ends of each range are still in it, and what must not be more may be as much.
RIGHT: list[dict[str, Any]] = [
    {"weight.usual_kg": [20, 250]},
    {OFFERED: 30},
    {"observation.interval_min": 120},
    {"observation.interval_min": 15},
    {"premedication.latest_min": 30},
    {"premedication.latest_min": ...},
    {"thaw.warn_min": 60, "thaw.end_within_min": 60},
    {"thaw.start_within_min": ..., "thaw.end_within_min": 45},
    {"news2.medium_from": 6},
    {"news2": ..., "decided": []},
    {"escalation.subjects": [15, 15]},
    {"escalation.escalation_subjects": [9, 9]},
    {"escalation.expanded_cohort": 3},
    {"escalation.stop_at_dlts": 6},
    {"infusion.duration_counts_from_stage": 2},
    {f"{STAGES}[1].rate_gtt_min": [60, 60]},
    {"dose.tolerance_pct": "0.1"},
    {"dose.tolerance_pct": "50"},
    {"dose.tolerance_pct": Decimal("1." + "0" * 14)},
    {"vitals.early_min": Decimal("1e-15")},
    {"vitals.limits[0].high": 300, "vitals.limits[0].very_high": ...},
    {"vitals.limits[0].very_low": 20},
    {"title.en": "x" * 1000},
    {"title.en": "two\nlines"},
    {"id": "x" * 120},
    {"acronym": ""},
    {"acronym": ...},
    {"groups": [], "dosing": ..., "decided": []},
    {"product.certificate_tests": [f"t{n}" for n in range(30)]},
    {"labels.site_pattern": "(?P<bag_id>.+)"},
    {"labels.subject_pattern": "S[0-9]+", "labels.bed_pattern": ".*", "labels.lot_pattern": "L"},
]


@pytest.mark.uncounted
@pytest.mark.parametrize("settings", RIGHT, ids=", ".join)
def test_a_file_may_go_as_far_as_is_stated(settings: dict[str, Any]) -> None:
    assert parse(protocol_data(settings=settings))


class Inner(msgspec.Struct, frozen=True):
    low: Decimal


class Part(msgspec.Struct, frozen=True):
    """A part of a file of which one number has a range."""

    share: Decimal
    inner: Inner
    many: tuple[Inner, ...]
    en: str = "one"
    flag: bool = True
    count: int = 7
    none: Decimal | None = None


def test_each_number_text_and_list_is_held_against_what_is_stated_of_it() -> None:
    part = Part(Decimal("0.5"), Inner(Decimal(-1)), (Inner(Decimal(3)), Inner(Decimal(4))))
    ranges = {"share": (Decimal("0.5"), Decimal(1)), "many.low": (Decimal(0), Decimal(3))}
    assert [(key, value, ok, str(allowed)) for key, value, ok, allowed in ranged(part, ranges)] == [
        ("share", Decimal("0.5"), True, "a number from 0.5 to 1"),
        ("inner.low", Decimal(-1), False, "a number from 0 to 1000000"),
        ("many", part.many, True, "1 to 60 of them"),
        ("many[0].low", Decimal(3), True, "a number from 0 to 3"),
        ("many[1].low", Decimal(4), False, "a number from 0 to 3"),
        ("en", "one", True, "a text of 1 to 1000 letters"),
        ("count", 7, True, "a number from 0 to 1000000"),
    ]


def test_a_wrong_number_or_text_is_told_as_far_as_it_can_be_read() -> None:
    told = {2**200 - 1: str(2**200 - 1), 2**200: "a number of some 60 digits", 10**400: "a number of some 398 digits"}
    assert {value: str(refusal({"dose.cells_per_kg": value}).params["value"]) for value in told} == told
    long = "y" * 80
    assert refusal({"labels.site_pattern": long}).params["value"] == long
    assert refusal({"labels.site_pattern": f"{long}z"}).params["value"] == f"{long}…"


def refusal(settings: dict[str, Any]) -> Text:
    with pytest.raises(Refused) as refused:
        parse(protocol_data(settings=settings))
    return refused.value.text


def test_what_a_file_leaves_unsaid_is_completed_part_by_part() -> None:
    said = {"a": {"x": 1, "deep": {"k": [1]}}, "list": [1], "plain": 0, "table": {"z": 1}}
    unstated = {
        "a": {"x": 9, "y": 2, "deep": {"k": [1, 2], "l": 3}},
        "list": [5, 6],
        "plain": {"n": 1},
        "table": 4,
        "more": {"m": 1},
    }
    assert completed(said, unstated) == {
        "a": {"x": 1, "y": 2, "deep": {"k": [1], "l": 3}}, "list": [1], "plain": 0, "table": {"z": 1}, "more": {"m": 1},
    }  # fmt: skip
    assert said["a"] == {"x": 1, "deep": {"k": [1]}}


def keys(data: Any, prefix: str = "") -> list[str]:
    """Every key of a file, of tables and lists too, as `set_key` takes it."""
    if isinstance(data, dict):
        inner = [k for name, part in data.items() for k in keys(part, f"{prefix}.{name}" if prefix else name)]
    elif isinstance(data, list):
        inner = [k for i, part in enumerate(data) for k in keys(part, f"{prefix}[{i}]")]
    else:
        inner = []
    return [*([prefix] if prefix else []), *inner]


def value_of(data: Any, key: str) -> Any:
    for part in key.replace("[", ".").replace("]", "").split("."):
        data = data[int(part)] if part.isdigit() else data[part]
    return data


def absurd(value: Any) -> list[Any]:
    """What nobody means: for a number also what no float can hold."""
    found: list[Any] = [0, -1, 10**26, Decimal("1e400"), Decimal("NaN"), [], {}, "", "x" * 2000, True]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        found += [value * 10**6, -value, str(value * 10**6), 10**400, Decimal("Infinity")]
    return found


def in_range(part: Any, ranges: dict[str, tuple[Decimal, Decimal]]) -> bool:
    """Whether every number of what was read lies within what is stated, and no text or list is without its size."""
    return all(ok for _key, _value, ok, _allowed in ranged(part, ranges))


#: Of the words of long lists the first two stand for the others.
_REPEATED = re.compile(r"(decided|reaction\.steps|reaction\.symptoms)\[([2-9]|\d\d+)\]")


READERS: dict[str, tuple[Callable[[dict[str, Any]], Any], dict[str, tuple[Decimal, Decimal]], Path]] = {
    "msc-icaht": (parse, RANGES, PROTOCOLS["msc-icaht"]),
    "three-stage": (parse, RANGES, PROTOCOLS["three-stage"]),
    "desk": (lambda data: parse_rules(data, TRIAL), DESK_RANGES, PROTOCOLS["msc-icaht"].with_name("msc-icaht-trial.toml")),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.uncounted
def test_an_absurd_value_at_any_key_is_refused_or_lies_in_the_range_that_is_stated(name: str) -> None:
    read, ranges, path = READERS[name]
    whole = read_toml(path)
    tried = taken = 0
    for key in keys(whole):
        for value in [] if _REPEATED.match(key) else absurd(value_of(whole, key)):
            before, tried = value_of(whole, key), tried + 1
            set_key(whole, key, value)
            with suppress(Refused):
                found = read(whole)
                taken += 1
                assert in_range(found, ranges), (key, value)
            set_key(whole, key, before)
    assert whole == read_toml(path)
    print(f"{name}: {tried} wrong files, {tried - taken} refused, {taken} within the stated ranges")
    assert taken < tried / 10


def test_a_file_without_a_score_has_none() -> None:
    assert parse(read_toml(PROTOCOLS["three-stage"])).news2 is None


@pytest.mark.parametrize("name", READERS)
def test_of_every_number_a_range_is_stated(name: str) -> None:
    _read, ranges, path = READERS[name]
    stated = {*ranges, *(f"vitals.limits.{end}" for end in ("very_low", "low", "high", "very_high"))}
    texts = {"version", "safety.ctcae_version"}
    assert {re.sub(r"\[\d+\]", "", key) for key in numbers(read_toml(path))} - texts <= stated


def numbers(data: Any, prefix: str = "") -> list[str]:
    if isinstance(data, dict):
        return [k for name, part in data.items() for k in numbers(part, f"{prefix}.{name}" if prefix else name)]
    if isinstance(data, list):
        return [k for i, part in enumerate(data) for k in numbers(part, f"{prefix}[{i}]")]
    return [prefix] if _is_number(data) else []


def _is_number(data: Any) -> bool:
    """Also one that stands as a text, to keep its decimals."""
    return isinstance(data, int | Decimal | str) and not isinstance(data, bool) and bool(re.fullmatch(r"\d+(\.\d+)?", str(data)))


def test_the_trial_s_own_numbers() -> None:
    product, infusion = TRIAL.product, TRIAL.infusion
    assert (product.cells_per_bag, f"{product.volume_per_bag_ml} ml") == (100_000_000, "100 ml")
    assert (TRIAL.dose.cells_per_kg, f"{product.min_viability_pct} %") == (2_000_000, "85 %")
    assert f"{TRIAL.premedication.dose_mg} mg, {TRIAL.premedication.lead_min} min" == "5 mg, 30 min"
    assert [[*map(str, s.rate_gtt_min), str(s.running_min)] for s in infusion.stages] == [
        ["20", "20", "15"],
        ["40", "60", "None"],
    ]
    assert list(map(str, infusion.duration_min)) == ["30", "60"]
    assert (TRIAL.vitals.interval_min, TRIAL.observation.length_min) == (15, 120)
    assert [(g.code, g.doses) for g in TRIAL.groups] == [("A", 1), ("B", 2), ("C", 4)]
    assert (TRIAL.clocks.acute_reactions_h, TRIAL.clocks.sae_report_h, TRIAL.clocks.dlt_window_days) == (24, 24, 28)
    assert TRIAL.followup.visit_weeks == (*range(1, 9), 12, 16, 20, 24)
    assert TRIAL.thaw.limit_min is None
