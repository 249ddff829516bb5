"""The range of every number of a protocol file: outside it a number is a slip of the pen, whatever the trial.

A key stands without the places of its lists: `infusion.stages.rate_gtt_min` for `infusion.stages[1].rate_gtt_min[0]`.
Limits of vital signs lie where a person can be at all (`vital_signs`).
"""

from decimal import Decimal

Ends = tuple[Decimal, Decimal]


def _from(low: str | int, high: str | int) -> Ends:
    return Decimal(low), Decimal(high)


_PCT, _MINUTES, _WEEKS, _DAYS = _from(0, 100), _from(0, 1440), _from(0, 520), _from(0, 365)
#: Of what must be something: a share, a time that somebody waits for.
_SOME_PCT, _SOME_MINUTES = _from("0.1", 100), _from("0.5", 1440)

RANGES: dict[str, Ends] = {
    "product.cells_per_bag": _from(10_000, 100_000_000_000),
    "product.volume_per_bag_ml": _from(1, 2000),
    "product.min_viability_pct": _from(1, 100),
    "product.label_within_factor": _from("1.01", 1000),
    "dose.cells_per_kg": _from(1000, 1_000_000_000),
    "dose.tolerance_pct": _from("0.1", 50),
    "weight.accepted_kg": _from("0.5", 500),
    "weight.usual_kg": _from("0.5", 500),
    "weight.decimals": _from(0, 3),
    "weight.second_person_above_change_pct": _SOME_PCT,
    "groups.doses": _from(1, 100),
    "dosing.interval_days": _from(1, 365),
    "dosing.window_days": _from(0, 100),
    "premedication.dose_mg": _from("0.01", 10_000),
    "premedication.lead_min": _SOME_MINUTES,
    "premedication.thaw_offered_before_end_min": _MINUTES,
    "premedication.latest_min": _from("0.5", 2880),
    "infusion.duration_min": _SOME_MINUTES,
    "infusion.duration_counts_from_stage": _from(1, 10),
    "infusion.drop_factors_gtt_per_ml": _from(1, 200),
    "infusion.preferred_rate_multiple_gtt_min": _from(1, 60),
    "infusion.stages.rate_gtt_min": _from(1, 300),
    "infusion.stages.running_min": _SOME_MINUTES,
    "infusion.stage_over_min": _MINUTES,
    "thaw.next_bag_when_left_min": _MINUTES,
    "thaw.limit_min": _SOME_MINUTES,
    "thaw.warn_min": _SOME_MINUTES,
    "thaw.start_within_min": _SOME_MINUTES,
    "thaw.end_within_min": _SOME_MINUTES,
    "delivery.measured_rate_pct": _PCT,
    "delivery.set_rate_pct": _SOME_PCT,
    "delivery.lost_watch_pct": _SOME_PCT,
    "delivery.drop_factor_pct": _SOME_PCT,
    "delivery.measure_within_min": _SOME_MINUTES,
    "delivery.measure_every_min": _SOME_MINUTES,
    "delivery.rate_off_pct": _SOME_PCT,
    "gravimetry.density_g_per_ml": _from("0.5", 2),
    "gravimetry.noise_g": _from("0.01", 50),
    "gravimetry.fastest_ml_min": _from(1, 1000),
    "gravimetry.rate_over_s": _from(5, 3600),
    "vitals.interval_min": _from(1, 240),
    "vitals.early_min": _from(0, 120),
    "vitals.late_from_min": _from("0.1", 120),
    "vitals.missed_from_min": _from("0.1", 240),
    "vitals.end_merges_min": _from(0, 120),
    "vitals.max_age_s": _from(1, 3600),
    "vitals.max_age_nibp_s": _from(1, 7200),
    "vitals.told_after_min": _from(0, 60),
    "vitals.limits.delay_s": _from(0, 15),
    "news2.medium_from": _from(1, 20),
    "news2.high_from": _from(1, 20),
    "news2.single_from": _from(1, 3),
    "gate.news2_from": _from(1, 20),
    "gate.single_from": _from(1, 3),
    "gate.measured_least": _from(1, 6),
    "triggers.temp_from_c": _from(35, 43),
    "triggers.temp_rise_c": _from("0.1", 5),
    "triggers.temp_moderate_c": _from(35, 43),
    "triggers.temp_moderate_rise_c": _from("0.1", 5),
    "triggers.sys_down_to_mmhg": _from(40, 200),
    "triggers.sys_fall_mmhg": _from(1, 200),
    "triggers.sys_fall_pct": _SOME_PCT,
    "triggers.pulse_rise_pct": _from("0.1", 300),
    "triggers.hold_s": _from(0, 900),
    "ending.destroyed_off_ml": _from(0, 100),
    "ending.read_off_ml": _from(0, 100),
    "ward.starts_apart_min": _MINUTES,
    "ward.gap_asks_h": _from("0.1", 168),
    "ward.clock_slack_min": _from(0, 60),
    "observation.length_min": _from(1, 2880),
    "observation.interval_min": _from(1, 1440),
    "reaction.slow_to_pct": _from(1, 100),
    "clocks.acute_reactions_h": _from(1, 168),
    "clocks.sae_report_h": _from(1, 720),
    "clocks.dlt_window_days": _from(1, 730),
    "followup.delayed_reaction_weeks": _WEEKS,
    "followup.visit_weeks": _from(1, 520),
    "followup.immunology_weeks": _WEEKS,
    "escalation.cohort": _from(1, 20),
    "escalation.expanded_cohort": _from(1, 40),
    "escalation.stop_at_dlts": _from(1, 20),
    "escalation.expansion": _from(0, 1000),
    "escalation.subjects": _from(1, 10_000),
    "escalation.escalation_subjects": _from(1, 10_000),
    "response.min_hours_between_tests": _from(1, 720),
    "response.transfusion_free_days": _from(1, 365),
    "response.assessed_weeks": _from(1, 520),
    "response.complete.hb_g_l": _from(1, 250),
    "response.complete.anc_1e9_l": _from("0.01", 100),
    "response.complete.plt_1e9_l": _from(1, 2000),
    "response.partial_rise.hb_g_l": _from(1, 250),
    "response.partial_rise.anc_1e9_l": _from("0.01", 100),
    "response.partial_rise.plt_1e9_l": _from(1, 2000),
    "eligibility.min_age_years": _from(1, 120),
    "eligibility.anc_max_1e9_l": _from("0.01", 100),
    "eligibility.plt_max_1e9_l": _from(1, 2000),
    "eligibility.hb_max_g_l": _from(1, 250),
    "eligibility.hb_question_below_g_l": _from(1, 250),
    "eligibility.weeks_after_car_t": _from(1, 520),
    "eligibility.ecog_max": _from(0, 5),
    "eligibility.survival_min_months": _from(1, 120),
    "eligibility.creatinine_bun_excluded_from_uln": _from("0.1", 100),
    "eligibility.alt_ast_excluded_from_uln": _from("0.1", 100),
    "eligibility.bilirubin_excluded_from_uln": _from("0.1", 100),
    "eligibility.qtcf_excluded_above_ms": _from(300, 700),
    "eligibility.hba1c_excluded_above_pct": _from(4, 20),
    "eligibility.fev1_excluded_below_pct": _from(1, 100),
    "eligibility.blasts_excluded_above_pct": _SOME_PCT,
    "eligibility.chimerism_excluded_up_to_pct": _SOME_PCT,
    "eligibility.infection_free_weeks": _from(1, 520),
    "eligibility.other_treatment_free_months": _from(1, 120),
    "eligibility.live_vaccine_free_weeks": _from(1, 520),
    "eligibility.investigational_drug_free_weeks": _from(1, 520),
    "eligibility.investigational_drug_free_half_lives": _from(1, 100),
    "eligibility.allo_hsct_free_months": _from(1, 120),
    "eligibility.solid_tumour_cured_years": _from(1, 100),
}

#: Of the trial desk's file beside it.
DESK_RANGES: dict[str, Ends] = {
    "board.sentinel_gap_days": _DAYS,
    "board.expansion_alert_above_pct": _SOME_PCT,
    "visits.window_days": _from(0, 60),
    "visits.sample_window_days": _from(0, 60),
    "visits.sample_tubes": _from(1, 20),
    "visits.followup_weeks": _from(1, 520),
    "visits.contraception_months_women": _from(1, 120),
    "visits.contraception_months_men": _from(1, 120),
    "response.visit_window_days": _from(0, 60),
    "response.looked_for_until_week": _from(1, 520),
    "response.duration_until_week": _from(1, 520),
    "response.falls_to_end": _from(1, 20),
    "tables.shift_starts_h": _from(0, 23),
    "eligibility.transfusion_warning_days": _from(1, 365),
    "eligibility.nyha_excluded_from_class": _from(1, 4),
    "eligibility.acute_gvhd_excluded_from_grade": _from(1, 4),
}

#: How many a list holds at least and at most; others hold 1 to 60.
SIZES: dict[str, tuple[int, int]] = {
    "groups": (0, 20),
    "product.certificate_tests": (1, 30),
    "infusion.drop_factors_gtt_per_ml": (1, 10),
    "infusion.stages": (1, 10),
    "vitals.limits": (0, 8),
    "reaction.steps": (1, 40),
    "reaction.symptoms": (0, 80),
    "decided": (0, 300),
    "board.undecided": (0, 10),
    "response.other_products": (0, 60),
}
OTHER_LISTS = (1, 60)

#: Letters of a text: a name or a code, a sentence.
CODE_LETTERS, SENTENCE_LETTERS = 120, 1000
_SENTENCES = ("en", "zh", "site_pattern", "subject_pattern", "bed_pattern", "lot_pattern")


def longest(key: str) -> int:
    """Letters that the text of a key may have."""
    return SENTENCE_LETTERS if key.rsplit(".", 1)[-1] in _SENTENCES else CODE_LETTERS
