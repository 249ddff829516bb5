"""The trial's protocol as frozen, validated data. Units stand in the names; sources in the file itself."""

from decimal import Decimal
from typing import Literal

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
    """`maker`: whoever makes the bags, where the file names them."""

    name: Bilingual
    cells_per_bag: int
    volume_per_bag_ml: Decimal
    min_viability_pct: Decimal
    certificate_tests: tuple[str, ...]
    label_within_factor: Decimal
    expiry_without_time: Literal["start_of_day", "end_of_day"]
    maker: Bilingual | None = None


class Site(_Part, frozen=True):
    """Where the trial is carried out, as its records name it."""

    name: Bilingual


class Labels(_Part, frozen=True):
    """The site's own bag label as a pattern with a group `bag_id` (and `lot`, `expiry`, `cells`, `volume_ml` where it has
    them), None for the program's own; and what the site's scanners send before and after a code. Of a subject code, a bed's
    name and a lot the whole pattern; None: `app/domain/typed_texts.py` says it.
    """

    site_pattern: str | None = None
    subject_pattern: str | None = None
    bed_pattern: str | None = None
    lot_pattern: str | None = None
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
    """`latest_min`: at most so long before the start; None: the file sets no end."""

    drug: Bilingual
    dose_mg: Decimal
    lead_min: Decimal
    thaw_offered_before_end_min: Decimal
    baseline_blood_before: bool
    latest_min: Decimal | None = None


class Stage(_Part, frozen=True):
    """One drip stage; `running_min` is None for the last, which runs until the dose is in."""

    rate_gtt_min: Range
    running_min: Decimal | None = None


class InfusionRules(_Part, frozen=True):
    """`duration_counts_from_stage` 1 reads the whole infusion, 2 only what follows the first stage.

    `stage_over_min`: how far beyond its time a stage may run; None: the file sets no end.
    """

    duration_min: Range
    duration_counts_from_stage: int
    drop_factors_gtt_per_ml: tuple[int, ...]
    preferred_rate_multiple_gtt_min: int
    flush_line: bool
    stages: tuple[Stage, ...]
    stage_over_min: Decimal | None = None


class Thaw(_Part, frozen=True):
    """Ages of a thawed bag; None: the file sets none. `limit_min` is the maker's, the others hold until it is entered."""

    next_bag_when_left_min: Decimal
    limit_min: Decimal | None = None
    warn_min: Decimal | None = None
    start_within_min: Decimal | None = None
    end_within_min: Decimal | None = None


class Delivery(_Part, frozen=True):
    """`rate_off_pct`: further off the set rate a measured one is a deviation; None: the file sets no end."""

    measured_rate_pct: Decimal
    set_rate_pct: Decimal
    lost_watch_pct: Decimal
    drop_factor_pct: Decimal
    measure_within_min: Decimal
    measure_every_min: Decimal
    rate_off_pct: Decimal | None = None


class Gravimetry(_Part, frozen=True):
    """The drip check by a scale under the bag."""

    density_g_per_ml: Decimal
    noise_g: Decimal
    fastest_ml_min: Decimal
    rate_over_s: int


class Limits(_Part, frozen=True):
    """Of one vital sign, in its unit. A value equal to a limit lies inside; None: there is no such limit.

    `delay_s`: so long a value lies beyond before it alarms.
    """

    vital: str
    low: Decimal | None = None
    high: Decimal | None = None
    very_low: Decimal | None = None
    very_high: Decimal | None = None
    delay_s: int = 0


class VitalsRules(_Part, frozen=True):
    """`told_after_min`: so long after its time an undone check is a medium alarm."""

    interval_min: int
    early_min: Decimal
    late_from_min: Decimal
    missed_from_min: Decimal
    end_merges_min: Decimal
    max_age_s: int
    max_age_nibp_s: int
    told_after_min: Decimal | None = None
    limits: tuple[Limits, ...] = ()

    def limits_of(self, code: str) -> Limits | None:
        return next((limits for limits in self.limits if limits.vital == code), None)


class News2Rules(_Part, frozen=True):
    """Totals from which NEWS2 is a medium and a high alarm, and the score of one parameter that is a medium one."""

    medium_from: int
    high_from: int
    single_from: int


class Triggers(_Part, frozen=True):
    """Changes from the baseline that may be a reaction; each a medium alarm.

    Temperature from `temp_from_c` that rose by `temp_rise_c`, or from `temp_moderate_c`, or that rose by `temp_moderate_rise_c`.
    Systolic pressure down to `sys_down_to_mmhg` that fell by `sys_fall_mmhg`. A pulse that rose, or a systolic pressure that
    fell, by more than `pulse_rise_pct` and `sys_fall_pct`: for `hold_s`, or both at a time.
    """

    temp_from_c: Decimal
    temp_rise_c: Decimal
    temp_moderate_c: Decimal
    temp_moderate_rise_c: Decimal
    sys_down_to_mmhg: Decimal
    sys_fall_mmhg: Decimal
    sys_fall_pct: Decimal
    pulse_rise_pct: Decimal
    hold_s: int


class Gate(_Part, frozen=True):
    """What start, step up and resume need an investigator for: NEWS2 or one parameter's score from here on, fewer measured."""

    news2_from: int
    single_from: int
    measured_least: int


class Ending(_Part, frozen=True):
    """How far what was destroyed may differ from what was left, and a reading of a bag by eye from what was counted."""

    destroyed_off_ml: Decimal
    read_off_ml: Decimal


class WardRules(_Part, frozen=True):
    """`starts_apart_min`: of two beds' infusions; `gap_asks_h`: a longer gap after a reboot is asked about;
    `clock_slack_min`: two clocks seldom agree, a typed time may lie so far ahead. None: the file has no such rule.
    """

    clock_slack_min: Decimal
    starts_apart_min: Decimal | None = None
    gap_asks_h: Decimal | None = None


class Observation(_Part, frozen=True):
    length_min: int
    interval_min: int


class Coded(_Part, frozen=True):
    """A code of the record with its words in both languages."""

    code: str
    en: str
    zh: str


class ReactionRules(_Part, frozen=True):
    """`slow_to_pct`: the share of the present rate that “slow” goes down to at once."""

    slow_to_pct: Decimal
    steps: tuple[Coded, ...]
    symptoms: tuple[Coded, ...] = ()


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


class SiteSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a site set otherwise than its file, as TOML writes it; empty: none."""

    key: str
    value: str


class Protocol(_Part, frozen=True, kw_only=True):
    """`groups` empty: there are no dose groups, every order is one dose, and no dose follows by a schedule."""

    id: str
    version: str
    registry: str
    title: Bilingual
    product: Product
    dose: Dose
    weight: Weight
    groups: tuple[Group, ...] = ()
    dosing: Dosing | None = None
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
    news2: News2Rules | None = None
    triggers: Triggers | None = None
    gate: Gate | None = None
    ending: Ending | None = None
    ward: WardRules | None = None
    labels: Labels = Labels()
    verification: Verification = Verification()
    site: Site | None = None
    acronym: str | None = None

    def group(self, code: str) -> Group:
        for group in self.groups:
            if group.code == code:
                return group
        if not self.groups:
            raise Refused(say("The protocol has no dose groups: {code} is none.", code=code))
        known = ", ".join(g.code for g in self.groups)
        raise Refused(say("Group {code} is not in the protocol. Use one of {known}.", code=code, known=known))

    @property
    def schedule(self) -> Dosing:
        """How the doses of a group follow each other. Raises `Refused` where there are no groups."""
        if self.dosing is None:
            raise Refused(say("The protocol has no dose groups, and so no schedule of doses."))
        return self.dosing

    def doses_in(self, code: str) -> int:
        """How many doses a group has; one where there are no groups. Raises `Refused` for a group that is none."""
        if not self.groups and not code:
            return 1
        return self.group(code).doses
