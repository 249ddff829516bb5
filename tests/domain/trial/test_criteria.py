"""The whole list of the trial as an investigator reads and fills it in: every row, what may be entered, and what decides."""

from decimal import Decimal

from app.domain.trial.criteria import Criterion, criteria
from app.domain.trial.eligibility import CriterionRow, Entered, RowVerdict, allowed_unit, allowed_value, eligibility
from tests.domain.cast import TRIAL

from .cohort import rules

RULES = rules()
WEEK_BEFORE = ", within 1 week before the first dose"
NUMBER = "a number with a decimal point"

#: Numbers: code, what the row asks, what may be entered, the unit that is taken, and what decides where the ULN is 20.
NUMBERS: list[tuple[str, str, str, str, str]] = [
    ("age", "age in years", NUMBER, "years", "wanted ≥ 18"),
    ("days_since_car_t", "days since CAR-T", NUMBER, "days", "wanted ≥ 21"),
    ("anc", "neutrophils", NUMBER, "10^9/L", "wanted ≤ 1.0"),
    ("plt", "platelets", NUMBER, "10^9/L", "wanted ≤ 30"),
    ("hb", "haemoglobin", NUMBER, "g/L", "wanted ≤ 70"),
    ("ecog", "ECOG performance status", NUMBER, "—", "wanted ≤ 2"),
    ("expected_survival", "expected survival in months", NUMBER, "months", "wanted ≥ 6"),
    ("marrow_blasts", "marrow blasts (ALL)", "a number, or one of not applicable", "%", "excluded > 5"),
    ("creatinine", "creatinine", NUMBER, "", "excluded ≥ 1.5 × ULN 20 = 30.0"),
    ("bun", "urea nitrogen", NUMBER, "", "excluded ≥ 1.5 × ULN 20 = 30.0"),
    ("alt", "ALT", NUMBER, "", "excluded ≥ 3 × ULN 20 = 60"),
    ("ast", "AST", NUMBER, "", "excluded ≥ 3 × ULN 20 = 60"),
    ("bilirubin", "total bilirubin", NUMBER, "", "excluded ≥ 1.5 × ULN 20 = 30.0"),
    ("qtcf", "QTcF", NUMBER, "ms", "excluded > 480"),
    ("nyha", "NYHA class", "a number, or one of none", "—", "excluded ≥ 3"),
    ("hba1c", "HbA1c", NUMBER, "%", "excluded > 9"),
    ("fev1", "FEV1, of predicted", NUMBER, "%", "excluded < 50"),
    ("hbv_dna", "HBV-DNA, where anti-HBc is positive", "a number, or one of negative, not detected", "",
     "excluded > 1 × ULN 20 = 20"),
    ("hcv_rna", "HCV-RNA", "a number, or one of negative, not detected", "", "excluded > 1 × ULN 20 = 20"),
    ("allo_hsct_months", "months since an allogeneic transplant", "a number, or one of not applicable", "months", "excluded < 6"),
    ("chimerism", "donor chimerism", "a number, or one of not applicable", "%", "excluded ≤ 95"),
    ("acute_gvhd", "grade of acute GVHD", "a number, or one of none, not applicable", "—", "excluded ≥ 2"),
]  # fmt: skip

#: Words: code, what the row asks, what fits the trial, what does not.
WORDS: list[tuple[str, str, str, str]] = [
    ("disease", "ALL, lymphoma or multiple myeloma", "all, lymphoma, myeloma", "other"),
    ("pregnancy_test", "pregnancy test negative", "negative", "positive"),
    ("contraception", "contraception agreed", "yes", "no"),
    ("consent", "consent signed", "yes", "no"),
    ("antitumour_treatment", "other anti-tumour treatment within 1 month before screening", "no", "yes"),
    ("marrow_mrd", "minimal residual disease (lymphoma, myeloma)", "negative", "positive"),
    ("marrow_infiltration", "visible marrow infiltration (lymphoma, myeloma)", "no", "yes"),
    ("unstable_infection", f"haemodynamically unstable infection on vasoactive drugs{WEEK_BEFORE}", "no", "yes"),
    ("fungal_infection", f"deep fungal infection{WEEK_BEFORE}", "no", "yes"),
    ("pjp", f"Pneumocystis pneumonia{WEEK_BEFORE}", "no", "yes"),
    ("tuberculosis", f"active tuberculosis{WEEK_BEFORE}", "no", "yes"),
    ("viraemia", f"viraemia{WEEK_BEFORE}", "no", "yes"),
    ("viral_pneumonia", f"viral pneumonia{WEEK_BEFORE}", "no", "yes"),
    ("other_infection", f"other serious infection{WEEK_BEFORE}", "no", "yes"),
    ("arrhythmia", "serious arrhythmia or conduction disease", "no", "yes"),
    ("hypertension", "refractory hypertension", "no", "yes"),
    ("thrombosis", "history of arteriovenous thrombosis or atherosclerosis", "no", "yes"),
    ("hiv", "HIV", "negative", "positive"),
    ("syphilis", "syphilis", "negative", "positive"),
    ("hbsag", "HBsAg", "negative", "positive"),
    ("solid_tumour", "solid tumour, unless excepted or cured for 5 years", "no", "yes"),
    ("chronic_gvhd", "chronic GVHD", "none, mild", "moderate, severe"),
    ("live_vaccine", "live vaccine within 4 weeks, or planned", "no", "yes"),
    ("pregnant_or_lactating", "pregnant or lactating", "no", "yes"),
    ("mental_disorder", "mental disorder", "no", "yes"),
    ("investigational_drug", "investigational drug within 4 weeks or 5 half-lives", "no", "yes"),
    ("consent_refused", "consent refused", "no", "yes"),
    ("investigator_judgement", "unsuitable in the investigator's judgement", "no", "yes"),
]  # fmt: skip


def asked() -> dict[str, Criterion]:
    """The list made anew: a test looks at how it is made, too."""
    return {c.code: c for c in criteria(TRIAL, RULES)}


def judged(*entries: Entered) -> dict[str, CriterionRow]:
    found = eligibility(entries, list(asked().values()), 7)
    return {row.criterion.code: row for row in found.rows}


def test_every_number_that_decides() -> None:
    """What its row asks, what may be entered, in which unit, and from where on it decides; asked in one go of all."""
    found = asked()
    units = {code: "" if unit == "—" else unit or "u" for code, *_, unit, _ in NUMBERS}
    rows = judged(*(Entered(code, "60", unit, None, Decimal(20)) for code, unit in units.items()))
    told = [
        (code, str(found[code].title), str(allowed_value(found[code], "?")), str(allowed_unit(found[code], "60", other)),
         str(rows[code].reason), found[code].kind)
        for code, *_, unit, _ in NUMBERS
        for other in ["furlongs" if unit else ""]
    ]  # fmt: skip
    assert told == [
        (code, asks, may_be, f"{unit}; it is never converted" if unit else "the unit of the value and of its upper limit of normal",
         f"{f'60 {units[code]}'.strip()}; {decides}", "inclusion" if decides.startswith("wanted") else "exclusion")
        for code, asks, may_be, unit, decides in NUMBERS
    ]  # fmt: skip
    assert {code for code, c in found.items() if c.is_number} == {n[0] for n in NUMBERS} | {"days_since_transfusion"}


INCLUDED = {"disease", "pregnancy_test", "contraception", "consent"}


def test_every_word_that_decides() -> None:
    found = asked()
    assert [(code, str(found[code].title)) for code, *_ in WORDS] == [(code, asks) for code, asks, _, _ in WORDS]
    assert {code for code, *_ in WORDS if found[code].kind == "inclusion"} == INCLUDED
    for code, _, fits, does_not in WORDS:
        decided = {word: judged(Entered(code, word))[code].verdict for word in f"{fits}, {does_not}".split(", ")}
        good, bad = ("met", "not met") if code in INCLUDED else ("not excluded", "excluded")
        assert decided == dict.fromkeys(fits.split(", "), good) | dict.fromkeys(does_not.split(", "), bad), code
        may_be = {*decided, *(("not applicable",) if code in NOT_FOR else ())}
        assert set(str(allowed_value(found[code], "?")).removeprefix("one of ").split(", ")) == may_be, code


#: The rows that do not apply to everybody: for whom not, and for whom they do.
NOT_FOR: dict[str, tuple[str, str, str]] = {
    "pregnancy_test": ("sex", "male", "female"),
    "pregnant_or_lactating": ("sex", "male", "female"),
    "marrow_blasts": ("disease", "lymphoma, myeloma", "all"),
    "marrow_mrd": ("disease", "all", "lymphoma, myeloma"),
    "marrow_infiltration": ("disease", "all", "lymphoma, myeloma"),
    "hbv_dna": ("anti_hbc", "negative", "positive"),
    "chimerism": ("allo_hsct_months", "not applicable", "7"),
    "acute_gvhd": ("allo_hsct_months", "not applicable", "7"),
    "chronic_gvhd": ("allo_hsct_months", "not applicable", "7"),
}


def test_the_rows_that_are_not_for_everybody() -> None:
    for code, (row, others, applies) in NOT_FOR.items():
        for value in others.split(", "):
            found = judged(Entered(row, value))[code]
            assert found.verdict in {RowVerdict.MET, RowVerdict.NOT_EXCLUDED}, code
            assert str(found.reason).startswith(f"does not apply: {row} is "), code
        for value in applies.split(", "):
            assert judged(Entered(row, value))[code].verdict is RowVerdict.UNKNOWN, code


def test_the_rows_stand_in_the_trials_order_and_all_others_are_for_everybody() -> None:
    """Nothing but the rows above, the three that are looked at together, and the facts that say which rows apply."""
    found = asked()
    listed = {n[0] for n in NUMBERS} | {w[0] for w in WORDS}
    assert set(found) - listed == {"sex", "days_since_transfusion", "cytopenia", "anti_hbc"}
    assert len(listed) == len(NUMBERS) + len(WORDS)
    first = ["sex", "days_since_transfusion", "age", "disease", "days_since_car_t", "cytopenia", "anc", "plt", "hb", "ecog"]
    assert list(found)[:10] == first
    assert list(found)[-3:] == ["investigational_drug", "consent_refused", "investigator_judgement"]
    assert {code for code, c in found.items() if c.not_for is not None} == set(NOT_FOR)
    everybody = (
        Entered("sex", "male"),
        Entered("disease", "all"),
        Entered("anti_hbc", "negative"),
        Entered("allo_hsct_months", "not applicable"),
    )
    left_out = {code for code, row in judged(*everybody).items() if str(row.reason).startswith("does not apply: ")}
    assert left_out == set(NOT_FOR) - {"marrow_blasts"}


def test_the_facts_and_what_is_looked_at_together() -> None:
    found = asked()
    sex, since, cytopenia, anti_hbc = (found[code] for code in ("sex", "days_since_transfusion", "cytopenia", "anti_hbc"))
    assert [str(x.title) for x in (sex, since, cytopenia, anti_hbc)] == [
        "sex", "days since the last transfusion", "severe cytopenia: any of three counts",
        "anti-HBc positive with HBV-DNA above normal",
    ]  # fmt: skip
    assert str(allowed_value(sex, "?")) == "one of male, female"
    assert str(allowed_value(anti_hbc, "?")) == "one of positive, negative"
    assert str(allowed_value(since, "?")) == NUMBER
    assert (str(allowed_unit(since, "3", "weeks")), allowed_unit(since, "3", "days"), allowed_unit(since, "3", "d")) == (
        "days; it is never converted", None, None,
    )  # fmt: skip
    assert (sex.kind, since.kind, cytopenia.kind, anti_hbc.kind) == ("fact", "fact", "inclusion", "exclusion")
    assert {code for code, c in found.items() if c.part_of == "cytopenia"} == {"anc", "plt", "hb"}
    assert {code for code, c in found.items() if c.is_derived} == {"cytopenia"}
    assert {code: c.question_below for code, c in found.items() if c.question_below is not None} == {"hb": 25}


SPELLINGS = {
    "age": ("years", "y", "a", ""), "days_since_car_t": ("days", "d"), "ecog": ("", "1"),
    "anc": ("10^9/L", "×10⁹/L", "×10^9/L", "x10^9/L", "10*9/L", "10⁹/L", "1e9/L", "10e9/L"), "plt": ("10^9/L", "×10⁹/L"),
    "expected_survival": ("months", "mo"), "qtcf": ("ms",), "nyha": ("", "1"), "hba1c": ("%",), "fev1": ("%",),
    "marrow_blasts": ("%",), "allo_hsct_months": ("months", "mo"), "chimerism": ("%",), "acute_gvhd": ("", "1"),
    "hcv_rna": ("IU/mL", "copies/mL"), "hbv_dna": ("IU/mL", "copies/mL"),
}  # fmt: skip


def test_spellings_of_the_one_unit() -> None:
    found = asked()
    refused = [(code, unit) for code, units in SPELLINGS.items() for unit in units if allowed_unit(found[code], "1", unit)]
    assert refused == []
