"""A wrong protocol file is refused naming the key, its value and what is allowed."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.protocol_check import parse
from app.domain.texts import Text

from .cast import PROTOCOLS, TRIAL, protocol, protocol_data

STAGES = "infusion.stages"
OFFERED = "premedication.thaw_offered_before_end_min"
CLOSED = [{"rate_gtt_min": [20, 20], "running_min": 15}]
LENIENT = [{"rate_gtt_min": [20, 20]}, {"rate_gtt_min": [40, 60]}]

WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    # what is set, the key that is named, its value, what is allowed
    ({"dose.cells_per_kg": 0}, "dose.cells_per_kg", "0", "a number > 0"),
    ({"dose.cells_per_kg": -1}, "dose.cells_per_kg", "-1", "a number > 0"),
    ({"dose.cells_per_kg": "many"}, "dose.cells_per_kg", "many", "Expected `int`, got `str`"),
    ({"dose.tolerance_pct": "NaN"}, "dose.tolerance_pct", "NaN", "a number > 0"),
    ({"dose.tolerance_pct": float("inf")}, "dose.tolerance_pct", "Infinity", "a number > 0"),
    ({"dose.tolerance_pct": "101"}, "dose.tolerance_pct", "101", "a percentage up to 100"),
    ({"dose.tolerance_pct": True}, "dose.tolerance_pct", "True", "Expected `decimal`, got `bool`"),
    ({"dose.tolerance_pct": "ten"}, "dose.tolerance_pct", "ten", "Invalid decimal string"),
    ({"dose.surplus_drawn_at_bench": "yes"}, "dose.surplus_drawn_at_bench", "yes", "Expected `bool`, got `str`"),
    ({"delivery.measured_rate_pct": -1}, "delivery.measured_rate_pct", "-1", "a number ≥ 0"),
    ({"vitals.early_min": "NaN"}, "vitals.early_min", "NaN", "a number ≥ 0"),
    ({"followup.immunology_weeks": [0, -1]}, "followup.immunology_weeks[1]", "-1", "a number ≥ 0"),
    ({"id": " "}, "id", " ", "a text"),
    ({"title.zh": ""}, "title.zh", "", "a text"),
    ({"product.name.en": ""}, "product.name.en", "", "a text"),
    ({"product.certificate_tests": ["purity", ""]}, "product.certificate_tests[1]", "", "a text"),
    ({"product.min_viability_pct": 100.5}, "product.min_viability_pct", "100.5", "a percentage up to 100"),
    ({"product.label_within_factor": 1}, "product.label_within_factor", "1", "a number > 1"),
    ({"product.expiry_without_time": "noon"}, "product.expiry_without_time", "noon", "Invalid enum value"),
    ({"weight.accepted_kg": [250, 20]}, "weight.accepted_kg", "250", "two weights, the lower first"),
    ({"weight.accepted_kg": [20, 20]}, "weight.accepted_kg", "20", "two weights, the lower first"),
    ({"weight.accepted_kg": [20]}, "weight.accepted_kg", "[20]", "length"),
    ({"weight.usual_kg": [10, 150]}, "weight.usual_kg", "10", "inside accepted_kg"),
    ({"weight.usual_kg": [30, 251]}, "weight.usual_kg", "251", "inside accepted_kg"),
    ({"weight.usual_kg": [150, 30]}, "weight.usual_kg", "150", "inside accepted_kg"),
    ({OFFERED: 31}, OFFERED, "31", "at most lead_min"),
    ({"infusion.duration_min": [60, 30]}, "infusion.duration_min", "60", "two times, the shorter first"),
    ({"infusion.duration_min": [60, 60]}, "infusion.duration_min", "60", "two times, the shorter first"),
    ({"infusion.duration_counts_from_stage": 3}, "infusion.duration_counts_from_stage", "3", "the number of a stage"),
    ({"infusion.duration_counts_from_stage": 0}, "infusion.duration_counts_from_stage", "0", "a number > 0"),
    ({"infusion.drop_factors_gtt_per_ml": []}, "infusion.drop_factors_gtt_per_ml", "[]", "different sets"),
    ({"infusion.drop_factors_gtt_per_ml": [20, 20]}, "infusion.drop_factors_gtt_per_ml", "[20, 20]", "different sets"),
    ({"infusion.drop_factors_gtt_per_ml": [0]}, "infusion.drop_factors_gtt_per_ml[0]", "0", "a number > 0"),
    ({STAGES: []}, STAGES, "0", "at least one stage"),
    ({f"{STAGES}[1].rate_gtt_min": [60, 40]}, f"{STAGES}[1].rate_gtt_min", "60", "two rates, the lower first"),
    ({f"{STAGES}[0].rate_gtt_min": [0, 20]}, f"{STAGES}[0].rate_gtt_min[0]", "0", "a number > 0"),
    ({STAGES: LENIENT}, f"{STAGES}[0].running_min", "None", "minutes for all but the last stage"),
    ({STAGES: CLOSED}, f"{STAGES}[0].running_min", "15", "minutes for all but the last stage"),
    ({"thaw.limit_min": 0}, "thaw.limit_min", "0", "a number > 0"),
    ({"vitals.late_from_min": 10}, "vitals.late_from_min", "10", "less than missed_from_min"),
    ({"vitals.missed_from_min": 11}, "vitals.missed_from_min", "11", "windows that do not overlap"),
    ({"vitals.max_age_s": 60.5}, "vitals.max_age_s", "60.5", "Expected `int`, got `float`"),
    ({"observation.interval_min": 121}, "observation.interval_min", "121", "at most length_min"),
    ({"observation.interval_min": 14}, "observation.interval_min", "14", "windows that do not overlap"),
    ({"reaction.steps": []}, "reaction.steps", "[]", "steps with different codes"),
    ({"reaction.steps[1].code": "stay"}, "reaction.steps", "stay", "steps with different codes"),
    ({"reaction.slow_to_pct": "101"}, "reaction.slow_to_pct", "101", "a percentage up to 100"),
    ({"labels.site_pattern": "(?P<lot>.+)"}, "labels.site_pattern", "(?P<lot>.+)", "a pattern with a group bag_id"),
    ({"labels.site_pattern": "(?P<bag_id>"}, "labels.site_pattern", "(?P<bag_id>", "a pattern with a group bag_id"),
    ({"labels.scan_prefix": "~"}, "labels.scan_prefix", "~", "Invalid enum value"),
    ({"groups": []}, "groups", "[]", "groups with different codes"),
    ({"groups[1].code": "A"}, "groups", "A", "groups with different codes"),
    ({"groups[1].doses": 0}, "groups[1].doses", "0", "a number > 0"),
    ({"clocks.dlt_window_from": "middle"}, "clocks.dlt_window_from", "middle", "Invalid enum value"),
    ({"escalation.rule": "3+3"}, "escalation.rule", "3+3", "Invalid enum value"),
    ({"decided[0].key": "dose.colour"}, "decided[0].key", "dose.colour", "a key of this file"),
    ({"decided[0].key": "id.of.what"}, "decided[0].key", "id.of.what", "a key of this file"),
    ({"dose.colour": "red"}, "dose", "cells_per_kg", "unknown field `colour`"),
    ({"colour": "red"}, "(file)", "—", "unknown field `colour`"),
    ({"vitals.interval_min": ...}, "vitals", "early_min", "missing required field `interval_min`"),
    ({"safety": ...}, "(file)", "—", "missing required field `safety`"),
    ({"groups": "A, B"}, "groups", "A, B", "Expected `array`, got `str`"),
    ({"groups[1].doses": "two"}, "groups[1].doses", "two", "Expected `int`, got `str`"),
    ({f"{STAGES}[1].rate_gtt_min": [40, "sixty"]}, f"{STAGES}[1].rate_gtt_min[1]", "sixty", "Invalid decimal string"),
    ({"decided[3].zh": ...}, "decided[3]", "weight.usual_kg", "missing required field `zh`"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "key", "value", "allowed"), WRONG, ids=[f"{w[1]}={w[2]}" for w in WRONG])
def test_a_wrong_file_is_refused(settings: dict[str, Any], key: str, value: str, allowed: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(protocol_data(settings=settings))
    said = refusal.value.text
    assert isinstance(said, Text)
    assert said.params["key"] == key
    assert value in said.params["value"]
    assert allowed in said.params["allowed"]
    assert str(refusal.value).startswith(f"The protocol file is wrong at {key}: ")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_number_but_those_that_may_be_zero_is_above_zero(name: str) -> None:
    """Zero is tried in every single number of a whole file."""
    for key in numbers(protocol_data(name)):
        if key in MAY_BE_ZERO:
            assert parse(protocol_data(name, {key: 0}))
        else:
            with pytest.raises(Refused):
                parse(protocol_data(name, {key: 0}))


MAY_BE_ZERO = {
    "dosing.window_days", "vitals.early_min", "vitals.end_merges_min", "eligibility.ecog_max",
    "delivery.measured_rate_pct", "premedication.thaw_offered_before_end_min", "escalation.expansion",
    "weight.decimals", "thaw.next_bag_when_left_min",
    *(f"followup.immunology_weeks[{n}]" for n in range(4)),
}  # fmt: skip


def numbers(data: Any, prefix: str = "") -> list[str]:
    if isinstance(data, dict):
        return [k for name, part in data.items() for k in numbers(part, f"{prefix}.{name}" if prefix else name)]
    if isinstance(data, list):
        return [k for i, part in enumerate(data) for k in numbers(part, f"{prefix}[{i}]")]
    return [prefix] if isinstance(data, int | Decimal) and not isinstance(data, bool) else []


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


def test_groups_by_their_code() -> None:
    assert [TRIAL.doses_in(code) for code in "ABC"] == [1, 2, 4]
    assert protocol("three-stage").doses_in("high") == 3
    with pytest.raises(Refused, match=r"Group D is not in the protocol\. Use one of A, B, C\."):
        TRIAL.group("D")
