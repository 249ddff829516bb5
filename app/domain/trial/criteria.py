"""The trial's inclusions and exclusions as one list: what is entered for each, and which entry decides it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from app.domain.protocol import Protocol
from app.domain.texts import Text, say

from .rules import TrialRules

Sign = Literal["≤", "<", "≥", ">"]
NOT_APPLICABLE = "not applicable"
#: Other ways to write an entry.
ALIASES = {
    "n/a": NOT_APPLICABLE,
    "na": NOT_APPLICABLE,
    "mm": "myeloma",
    "multiple myeloma": "myeloma",
    "pos": "positive",
    "neg": "negative",
}
YES_NO = ("yes", "no")
RESULT = ("positive", "negative")
ONE = Decimal(1)


class Limit(msgspec.Struct, frozen=True):
    """A number that decides: `bound` itself, or `bound` × the upper limit of normal."""

    sign: Sign
    bound: Decimal
    of_uln: bool = False


class Criterion(msgspec.Struct, frozen=True):
    """`hits`: the words that decide, or `limit` for a number: what meets an inclusion and what excludes.

    `units`: the spellings of the one unit a number is taken in, empty for any, as a multiple of the limit of normal needs it.
    `not_for`: another row and its entries for which this one does not apply. `part_of`: the row that any of several meets.
    """

    code: str
    kind: Literal["inclusion", "exclusion", "fact"]
    title: Text
    words: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    limit: Limit = Limit("≥", Decimal(0))
    units: tuple[str, ...] = ()
    not_for: tuple[str, tuple[str, ...]] | None = None
    part_of: str | None = None
    question_below: Decimal | None = None
    is_number: bool = False
    is_derived: bool = False


_PER_LITRE = ("10^9/L", "×10⁹/L", "×10^9/L", "x10^9/L", "10*9/L", "10⁹/L", "1e9/L", "10e9/L")
_MEN = ("sex", ("male",))
_NO_TRANSPLANT = ("allo_hsct_months", (NOT_APPLICABLE,))
_NONE: tuple[str, ...] = ()


def criteria(protocol: Protocol, rules: TrialRules) -> tuple[Criterion, ...]:
    """Every row in the trial's order; first the facts that say which rows apply."""
    return (*_facts(), *_inclusions(protocol), *_exclusions(protocol, rules))


def _facts() -> Iterator[Criterion]:
    yield Criterion("sex", "fact", say("sex"), ("male", "female"))
    yield Criterion("days_since_transfusion", "fact", say("days since the last transfusion"), units=("days", "d"), is_number=True)


def _inclusions(protocol: Protocol) -> Iterator[Criterion]:
    e = protocol.eligibility
    days = Decimal(7 * e.weeks_after_car_t)
    yield _number("age", "inclusion", say("age in years"), "≥", Decimal(e.min_age_years), ("years", "y", "a", ""))
    yield Criterion("disease", "inclusion", say("ALL, lymphoma or multiple myeloma"), (*_DISEASES, "other"), _DISEASES)
    yield _number("days_since_car_t", "inclusion", say("days since CAR-T"), "≥", days, ("days", "d"))
    yield Criterion("cytopenia", "inclusion", say("severe cytopenia: any of three counts"), is_derived=True)
    yield _part("anc", say("neutrophils"), e.anc_max_1e9_l, _PER_LITRE)
    yield _part("plt", say("platelets"), e.plt_max_1e9_l, _PER_LITRE)
    yield _part("hb", say("haemoglobin"), e.hb_max_g_l, ("g/L",), e.hb_question_below_g_l)
    yield _number("ecog", "inclusion", say("ECOG performance status"), "≤", Decimal(e.ecog_max), ("", "1"))
    months = Decimal(e.survival_min_months)
    yield _number("expected_survival", "inclusion", say("expected survival in months"), "≥", months, ("months", "mo"))
    yield Criterion(
        "pregnancy_test", "inclusion", say("pregnancy test negative"), (*RESULT, NOT_APPLICABLE), ("negative",), not_for=_MEN
    )
    yield Criterion("contraception", "inclusion", say("contraception agreed"), YES_NO, ("yes",))
    yield Criterion("consent", "inclusion", say("consent signed"), YES_NO, ("yes",))


_DISEASES = ("all", "lymphoma", "myeloma")


def _exclusions(protocol: Protocol, rules: TrialRules) -> Iterator[Criterion]:
    e = protocol.eligibility
    yield _yes(
        "antitumour_treatment",
        say("other anti-tumour treatment within {n} month before screening", n=e.other_treatment_free_months),
    )
    yield from _marrow(e.blasts_excluded_above_pct)
    yield from _infections(e.infection_free_weeks)
    yield _of_uln("creatinine", say("creatinine"), "≥", e.creatinine_bun_excluded_from_uln)
    yield _of_uln("bun", say("urea nitrogen"), "≥", e.creatinine_bun_excluded_from_uln)
    yield _of_uln("alt", say("ALT"), "≥", e.alt_ast_excluded_from_uln)
    yield _of_uln("ast", say("AST"), "≥", e.alt_ast_excluded_from_uln)
    yield _of_uln("bilirubin", say("total bilirubin"), "≥", e.bilirubin_excluded_from_uln)
    yield _yes("arrhythmia", say("serious arrhythmia or conduction disease"))
    yield _number("qtcf", "exclusion", say("QTcF"), ">", Decimal(e.qtcf_excluded_above_ms), ("ms",))
    nyha = Decimal(rules.eligibility.nyha_excluded_from_class)
    yield _number("nyha", "exclusion", say("NYHA class"), "≥", nyha, ("", "1"), words=("none",))
    yield _number("hba1c", "exclusion", say("HbA1c"), ">", e.hba1c_excluded_above_pct, ("%",))
    yield _yes("hypertension", say("refractory hypertension"))
    yield _number("fev1", "exclusion", say("FEV1, of predicted"), "<", e.fev1_excluded_below_pct, ("%",))
    yield _yes("thrombosis", say("history of arteriovenous thrombosis or atherosclerosis"))
    yield from _viruses()
    yield _yes("solid_tumour", say("solid tumour, unless excepted or cured for {n} years", n=e.solid_tumour_cured_years))
    yield from _transplant(protocol, rules)
    yield _yes("live_vaccine", say("live vaccine within {n} weeks, or planned", n=e.live_vaccine_free_weeks))
    yield _yes("pregnant_or_lactating", say("pregnant or lactating"), _MEN)
    yield _yes("mental_disorder", say("mental disorder"))
    drug = say(
        "investigational drug within {n} weeks or {half_lives} half-lives",
        n=e.investigational_drug_free_weeks, half_lives=e.investigational_drug_free_half_lives,
    )  # fmt: skip
    yield _yes("investigational_drug", drug)
    yield _yes("consent_refused", say("consent refused"))
    yield _yes("investigator_judgement", say("unsuitable in the investigator's judgement"))


def _marrow(blasts_above_pct: Decimal) -> Iterator[Criterion]:
    blasts = say("marrow blasts (ALL)")
    yield _number("marrow_blasts", "exclusion", blasts, ">", blasts_above_pct, ("%",), ("disease", ("lymphoma", "myeloma")))
    not_all = ("disease", ("all",))
    mrd = say("minimal residual disease (lymphoma, myeloma)")
    yield Criterion("marrow_mrd", "exclusion", mrd, (*RESULT, NOT_APPLICABLE), ("positive",), not_for=not_all)
    yield _yes("marrow_infiltration", say("visible marrow infiltration (lymphoma, myeloma)"), not_all)


def _infections(weeks: int) -> Iterator[Criterion]:
    found = {
        "unstable_infection": say("haemodynamically unstable infection on vasoactive drugs"),
        "fungal_infection": say("deep fungal infection"),
        "pjp": say("Pneumocystis pneumonia"),
        "tuberculosis": say("active tuberculosis"),
        "viraemia": say("viraemia"),
        "viral_pneumonia": say("viral pneumonia"),
        "other_infection": say("other serious infection"),
    }
    for code, what in found.items():
        yield _yes(code, say("{what}, within {n} week before the first dose", what=what, n=weeks))


def _viruses() -> Iterator[Criterion]:
    for code, title in {"hiv": say("HIV"), "syphilis": say("syphilis"), "hbsag": say("HBsAg")}.items():
        yield Criterion(code, "exclusion", title, RESULT, ("positive",))
    yield Criterion("anti_hbc", "exclusion", say("anti-HBc positive with HBV-DNA above normal"), RESULT, ("positive",))
    unseen = ("negative", "not detected")
    yield _of_uln("hbv_dna", say("HBV-DNA, where anti-HBc is positive"), ">", ONE, unseen, ("anti_hbc", ("negative",)))
    yield _of_uln("hcv_rna", say("HCV-RNA"), ">", ONE, unseen)


def _transplant(protocol: Protocol, rules: TrialRules) -> Iterator[Criterion]:
    e = protocol.eligibility
    months = Decimal(e.allo_hsct_free_months)
    yield _number(
        "allo_hsct_months",
        "exclusion",
        say("months since an allogeneic transplant"),
        "<",
        months,
        ("months", "mo"),
        words=(NOT_APPLICABLE,),
    )
    chimerism = e.chimerism_excluded_up_to_pct
    yield _number("chimerism", "exclusion", say("donor chimerism"), "≤", chimerism, ("%",), _NO_TRANSPLANT)
    grade = Decimal(rules.eligibility.acute_gvhd_excluded_from_grade)
    yield _number("acute_gvhd", "exclusion", say("grade of acute GVHD"), "≥", grade, ("", "1"), _NO_TRANSPLANT, ("none",))
    grades = ("none", "mild", "moderate", "severe", NOT_APPLICABLE)
    yield Criterion("chronic_gvhd", "exclusion", say("chronic GVHD"), grades, ("moderate", "severe"), not_for=_NO_TRANSPLANT)


def _number(
    code: str, kind: Literal["inclusion", "exclusion"], title: Text, sign: Sign, bound: Decimal, units: tuple[str, ...],
    not_for: tuple[str, tuple[str, ...]] | None = None, words: Iterable[str] = _NONE,
) -> Criterion:  # fmt: skip
    words = (*words, *((NOT_APPLICABLE,) if not_for else ()))
    return Criterion(code, kind, title, words, _NONE, Limit(sign, bound), units, not_for, is_number=True)


def _part(code: str, title: Text, most: Decimal, units: tuple[str, ...], question_below: Decimal | None = None) -> Criterion:
    """One of the counts of which any may be low enough."""
    return Criterion(
        code, "inclusion", title, _NONE, _NONE, Limit("≤", most), units,
        part_of="cytopenia", question_below=question_below, is_number=True,
    )  # fmt: skip


def _of_uln(
    code: str,
    title: Text,
    sign: Sign,
    times: Decimal,
    words: tuple[str, ...] = (),
    not_for: tuple[str, tuple[str, ...]] | None = None,
) -> Criterion:
    return Criterion(code, "exclusion", title, words, _NONE, Limit(sign, times, True), _NONE, not_for, is_number=True)


def _yes(code: str, title: Text, not_for: tuple[str, tuple[str, ...]] | None = None) -> Criterion:
    """An exclusion that is answered with yes or no."""
    return Criterion(code, "exclusion", title, (*YES_NO, *((NOT_APPLICABLE,) if not_for else ())), ("yes",), not_for=not_for)
