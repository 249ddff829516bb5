"""Inclusions and exclusions: exact boundaries, units, what does not apply, and that nobody enters on an unknown."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.domain.trial.criteria import Criterion, criteria
from app.domain.trial.eligibility import (
    WORDS,
    CriterionRow,
    EligibilityAnswer,
    Entered,
    RowVerdict,
    allowed_unit,
    allowed_value,
    eligibility,
)
from tests.domain.cast import TRIAL

from .cohort import rules

RULES = rules()
G9 = "10^9/L"

WELL: dict[str, tuple[str | None, str, str | None]] = {
    "sex": ("female", "", None), "age": ("18", "", None), "disease": ("lymphoma", "", None),
    "days_since_car_t": ("21", "days", None), "anc": ("1.0", G9, None), "plt": ("55", G9, None), "hb": ("80", "g/L", None),
    "ecog": ("2", "", None), "expected_survival": ("6", "months", None), "pregnancy_test": ("negative", "", None),
    "contraception": ("yes", "", None), "consent": ("yes", "", None), "marrow_mrd": ("negative", "", None),
    "creatinine": ("149", "µmol/L", "100"), "bun": ("7", "mmol/L", "8"), "alt": ("119.6", "U/L", "40"), "ast": ("20", "U/L", "40"),
    "bilirubin": ("10", "µmol/L", "20"), "qtcf": ("480", "ms", None), "nyha": ("2", "", None), "hba1c": ("9", "%", None),
    "fev1": ("50", "%", None), "hiv": ("negative", "", None), "syphilis": ("negative", "", None), "hbsag": ("negative", "", None),
    "anti_hbc": ("negative", "", None), "hcv_rna": ("not detected", "", None), "allo_hsct_months": ("not applicable", "", None),
    **{c.code: ("no", "", None) for c in criteria(TRIAL, RULES) if c.kind == "exclusion" and c.words[:2] == ("yes", "no")},
}  # fmt: skip


def by_code() -> dict[str, Criterion]:
    return {c.code: c for c in criteria(TRIAL, RULES)}


def judged(changes: Mapping[str, tuple[str | None, str, str | None]] | None = None) -> EligibilityAnswer:
    """Somebody who may be enrolled, with some entries otherwise."""
    entries = [
        Entered(code, value, unit, None, None if uln is None else Decimal(uln))
        for code, (value, unit, uln) in (WELL | dict(changes or {})).items()
    ]
    return eligibility(entries, criteria(TRIAL, RULES), RULES.eligibility.transfusion_warning_days)


def row(found: EligibilityAnswer, code: str) -> CriterionRow:
    return next(r for r in found.rows if r.criterion.code == code)


def test_who_meets_everything_may_be_enrolled() -> None:
    found = judged()
    assert found.eligible is True
    assert {r.verdict for r in found.rows if r.criterion.part_of is None} == {RowVerdict.MET, RowVerdict.NOT_EXCLUDED}
    assert [r.criterion.code for r in found.rows] == [c.code for c in criteria(TRIAL, RULES) if c.kind != "fact"]


def test_nobody_is_enrolled_on_an_unknown() -> None:
    nothing = eligibility([], criteria(TRIAL, RULES), 7)
    assert nothing.eligible is None
    assert {r.verdict for r in nothing.rows} == {RowVerdict.UNKNOWN}
    for code in [
        c.code for c in criteria(TRIAL, RULES) if c.code not in {"sex", "days_since_transfusion", "cytopenia", "anc", "plt", "hb"}
    ]:
        does_not_apply = code in {"marrow_blasts", "hbv_dna", "chimerism", "acute_gvhd", "chronic_gvhd"}
        assert judged({code: (None, "", None)}).eligible is (True if does_not_apply else None), code


def test_one_reason_against_is_enough() -> None:
    assert judged({"hiv": ("positive", "", None), "age": (None, "", None)}).eligible is False
    assert judged({"consent": ("no", "", None)}).eligible is False


BOUNDARIES: list[tuple[str, str, str, str | None, str]] = [
    ("age", "17", "", None, "not met"), ("age", "18", "", None, "met"),
    ("days_since_car_t", "20", "days", None, "not met"), ("days_since_car_t", "21", "days", None, "met"),
    ("anc", "1.0", G9, None, "met"), ("anc", "1.01", G9, None, "not met"),
    ("plt", "30", G9, None, "met"), ("plt", "30.1", G9, None, "not met"),
    ("hb", "70", "g/L", None, "met"), ("hb", "70.1", "g/L", None, "not met"),
    ("hb", "25", "g/L", None, "met"), ("hb", "24.9", "g/L", None, "unknown"), ("hb", "7.0", "g/L", None, "unknown"),
    ("ecog", "2", "", None, "met"), ("ecog", "3", "", None, "not met"),
    ("expected_survival", "5.9", "months", None, "not met"), ("expected_survival", "6", "months", None, "met"),
    ("alt", "120", "U/L", "40", "excluded"),
    ("alt", "3.00", "× ULN", "1", "excluded"), ("alt", "2.99", "× ULN", "1", "not excluded"),
    ("ast", "119.9", "U/L", "40", "not excluded"), ("ast", "120.0", "U/L", "40", "excluded"),
    ("creatinine", "150", "µmol/L", "100", "excluded"), ("creatinine", "149.9", "µmol/L", "100", "not excluded"),
    ("bun", "12.0", "mmol/L", "8", "excluded"), ("bun", "11.99", "mmol/L", "8", "not excluded"),
    ("bilirubin", "30.0", "µmol/L", "20", "excluded"), ("bilirubin", "31.65", "µmol/L", "21.1", "excluded"),
    ("bilirubin", "31.64", "µmol/L", "21.1", "not excluded"), ("alt", "20", "U/L", None, "unknown"),
    ("qtcf", "480", "ms", None, "not excluded"), ("qtcf", "481", "ms", None, "excluded"),
    ("nyha", "2", "", None, "not excluded"), ("nyha", "3", "", None, "excluded"), ("nyha", "none", "", None, "not excluded"),
    ("hba1c", "9.0", "%", None, "not excluded"), ("hba1c", "9.1", "%", None, "excluded"),
    ("fev1", "50", "%", None, "not excluded"), ("fev1", "49.9", "%", None, "excluded"),
    ("hcv_rna", "15", "IU/mL", "15", "not excluded"), ("hcv_rna", "16", "IU/mL", "15", "excluded"),
    ("allo_hsct_months", "6", "months", None, "not excluded"), ("allo_hsct_months", "5.9", "months", None, "excluded"),
    ("disease", "other", "", None, "not met"), ("disease", "myeloma", "", None, "met"),
]  # fmt: skip


def test_boundaries_are_exact() -> None:
    found = [row(judged({code: (value, unit, uln)}), code).verdict for code, value, unit, uln, _ in BOUNDARIES]
    assert list(zip(BOUNDARIES, found, strict=True)) == [(asked, RowVerdict(asked[-1])) for asked in BOUNDARIES]


def test_any_of_three_counts_is_enough() -> None:
    high = {"anc": ("1.01", G9, None), "plt": ("30.1", G9, None), "hb": ("70.1", "g/L", None)}
    none = judged(high)
    assert (row(none, "cytopenia").verdict, none.eligible) == (RowVerdict.NOT_MET, False)
    one = judged(high | {"plt": ("30", G9, None)})
    assert (row(one, "cytopenia").verdict, one.eligible, row(one, "anc").verdict) == (RowVerdict.MET, True, RowVerdict.NOT_MET)
    assert str(row(one, "cytopenia").reason) == "met by platelets"
    unknown = judged(high | {"hb": (None, "", None)})
    assert (row(unknown, "cytopenia").verdict, unknown.eligible) == (RowVerdict.UNKNOWN, None)
    assert judged({"plt": (None, "", None), "hb": (None, "", None)}).eligible is True


def test_a_haemoglobin_that_looks_like_grams_per_decilitre_is_asked_again() -> None:
    found = row(judged({"hb": ("7.2", "g/L", None)}), "hb")
    assert str(found.reason) == "7.2 g/L is below 25 g/L: ask again whether it was g/dL"


def test_reasons_name_value_unit_and_bound() -> None:
    found = judged()
    assert str(row(found, "anc").reason) == "1.0 10^9/L; wanted ≤ 1.0"
    assert str(row(found, "alt").reason) == "119.6 U/L; excluded ≥ 3 × ULN 40 = 120"
    assert str(row(found, "nyha").reason) == "2; excluded ≥ 3"
    assert str(row(found, "consent").reason) == "entered: yes"


def test_a_row_that_does_not_apply_says_so() -> None:
    man = judged({"sex": ("male", "", None), "pregnancy_test": (None, "", None), "pregnant_or_lactating": (None, "", None)})
    assert man.eligible is True
    assert str(row(man, "pregnancy_test").reason) == "does not apply: sex is male"
    assert (row(man, "pregnancy_test").verdict, row(man, "pregnant_or_lactating").verdict) == (
        RowVerdict.MET,
        RowVerdict.NOT_EXCLUDED,
    )
    tested = row(judged({"sex": ("male", "", None), "pregnancy_test": ("positive", "", None)}), "pregnancy_test")
    assert str(tested.warning) == "Something is entered here although it does not apply: check it."
    woman = judged({"pregnancy_test": ("not applicable", "", None)})
    assert str(row(woman, "pregnancy_test").reason) == "does not apply, as entered"
    assert row(woman, "pregnancy_test").warning is None
    assert judged({"sex": (None, "", None), "pregnancy_test": (None, "", None)}).eligible is None


def test_the_marrow_is_judged_by_the_disease() -> None:
    leukaemia = {"disease": ("all", "", None), "marrow_mrd": (None, "", None), "marrow_infiltration": (None, "", None)}
    assert row(judged(leukaemia | {"marrow_blasts": ("5", "%", None)}), "marrow_blasts").verdict is RowVerdict.NOT_EXCLUDED
    assert judged(leukaemia | {"marrow_blasts": ("5", "%", None)}).eligible is True
    assert judged(leukaemia | {"marrow_blasts": ("5.1", "%", None)}).eligible is False
    assert judged({"marrow_mrd": ("positive", "", None)}).eligible is False


def test_after_a_transplant() -> None:
    healthy = {
        "allo_hsct_months": ("7", "months", None), "chimerism": ("95.1", "%", None), "acute_gvhd": ("1", "", None),
        "chronic_gvhd": ("mild", "", None),
    }  # fmt: skip
    assert judged(healthy).eligible is True
    for code, value, unit in [("chimerism", "95", "%"), ("acute_gvhd", "2", ""), ("chronic_gvhd", "moderate", "")]:
        assert judged(healthy | {code: (value, unit, None)}).eligible is False


@pytest.mark.parametrize(
    ("anti_hbc", "dna", "verdict"),
    [
        ("negative", None, "not excluded"), ("positive", "20", "not excluded"), ("positive", "21", "excluded"),
        ("positive", None, "unknown"), (None, "20", "not excluded"), (None, "21", "unknown"), (None, None, "unknown"),
    ],
)  # fmt: skip
def test_anti_hbc_excludes_with_the_dna_alone(anti_hbc: str | None, dna: str | None, verdict: str) -> None:
    found = judged({"anti_hbc": (anti_hbc, "", None), "hbv_dna": (dna, "IU/mL", "20")})
    assert row(found, "anti_hbc").verdict == verdict


@pytest.mark.parametrize(("since", "warned"), [("0", True), ("6.9", True), ("7", False), (None, False)])
def test_a_baseline_soon_after_a_transfusion_carries_a_warning(since: str | None, warned: bool) -> None:
    found = judged({"days_since_transfusion": (since, "days", None)})
    assert [row(found, code).warning is not None for code in ("anc", "plt", "hb")] == [warned] * 3
    assert row(found, "alt").warning is None


def test_what_may_be_entered() -> None:
    def value(code: str, text: str) -> str | None:
        allowed = allowed_value(by_code()[code], text)
        return None if allowed is None else str(allowed)

    assert [value("hb", "68"), value("consent", "yes"), value("hcv_rna", "not detected")] == [None] * 3
    assert value("hb", "68,5") == value("hb", "-1") == value("hb", "nan") == "a number with a decimal point"
    assert value("consent", "maybe") == "one of yes, no"
    assert value("hcv_rna", "low") == "a number, or one of negative, not detected"
    assert value("cytopenia", "yes") == "nothing: it follows from anc, plt, hb"


def test_units_are_never_converted() -> None:
    def unit(code: str, text: str, typed: str) -> str | None:
        allowed = allowed_unit(by_code()[code], text, typed)
        return None if allowed is None else str(allowed)

    assert unit("hb", "7.2", "g/dL") == unit("hb", "72", "") == "g/L; it is never converted"
    assert unit("anc", "1000", "/µL") == "10^9/L; it is never converted"
    assert unit("ecog", "1", "points") == "—; it is never converted"
    assert unit("alt", "40", "") == "the unit of the value and of its upper limit of normal"
    assert [unit("hb", "72", "g/L"), unit("anc", "1", "×10⁹/L"), unit("alt", "40", "U/L"), unit("consent", "yes", "")] == [None] * 4


Told = dict[str, tuple[str | None, str, str | None]]


REASONS: list[tuple[Told, str, str, str]] = [
    ({"plt": (None, "", None)}, "plt", "unknown", "not entered"),
    ({"alt": ("20", "U/L", None)}, "alt", "unknown", "the upper limit of normal is not entered"),
    ({"alt": ("20", "U/L", "40")}, "alt", "not excluded", "20 U/L; excluded ≥ 3 × ULN 40 = 120"),
    ({"creatinine": ("150", "µmol/L", "100")}, "creatinine", "excluded", "150 µmol/L; excluded ≥ 1.5 × ULN 100 = 150.0"),
    ({"ecog": ("1", "", None)}, "ecog", "met", "1; wanted ≤ 2"),
    ({"hb": ("66", "g/L", None)}, "hb", "met", "66 g/L; wanted ≤ 70"),
    ({"hcv_rna": ("negative", "", None)}, "hcv_rna", "not excluded", "entered: negative"),
    ({"disease": ("all", "", None)}, "disease", "met", "entered: acute lymphoblastic leukaemia"),
    ({"disease": ("all", "", None), "marrow_mrd": (None, "", None)}, "marrow_mrd", "not excluded",
     "does not apply: disease is acute lymphoblastic leukaemia"),
    ({"marrow_mrd": ("not applicable", "", None)}, "marrow_mrd", "not excluded", "does not apply, as entered"),
    ({}, "chimerism", "not excluded", "does not apply: allo_hsct_months is not applicable"),
    ({}, "hbv_dna", "not excluded", "does not apply: anti_hbc is negative"),
    ({}, "anti_hbc", "not excluded", "entered: negative"),
    ({"anti_hbc": (None, "", None)}, "anti_hbc", "unknown", "not entered"),
    ({"anti_hbc": ("positive", "", None), "hbv_dna": ("21", "IU/mL", "20")}, "anti_hbc", "excluded",
     "with HBV-DNA: 21 IU/mL; excluded > 1 × ULN 20 = 20"),
    ({"anti_hbc": ("positive", "", None), "hbv_dna": ("not detected", "", None)}, "anti_hbc", "not excluded",
     "with HBV-DNA: entered: not detected"),
    ({"anti_hbc": ("positive", "", None)}, "anti_hbc", "unknown", "with HBV-DNA: not entered"),
    ({"anti_hbc": (None, "", None), "hbv_dna": ("20", "IU/mL", "20")}, "anti_hbc", "not excluded",
     "with HBV-DNA: 20 IU/mL; excluded > 1 × ULN 20 = 20"),
    ({"plt": ("20", G9, None)}, "cytopenia", "met", "met by neutrophils, platelets"),
    ({"anc": (None, "", None)}, "cytopenia", "unknown", "not known: neutrophils"),
    ({"anc": (None, "", None), "hb": ("9", "g/L", None)}, "cytopenia", "unknown", "not known: neutrophils, haemoglobin"),
    ({"anc": ("1.01", G9, None)}, "cytopenia", "not met", "none of the three is low enough"),
    ({"anc": (None, "", None), "plt": ("30", G9, None)}, "cytopenia", "met", "met by platelets"),
]  # fmt: skip


def test_a_verdict_and_its_reason() -> None:
    rows = [row(judged(changes), code) for changes, code, _, _ in REASONS]
    told = [(found.verdict.value, str(found.reason), found.warning) for found in rows]
    assert told == [(verdict, reason, None) for _, _, verdict, reason in REASONS]
    for found, (changes, code, _, _) in zip(rows, REASONS, strict=True):
        value, unit, uln = (WELL | changes).get(code, (None, "", None))
        assert found.entry == Entered(code, value, unit, None, None if uln is None else Decimal(uln))
        assert found.criterion == by_code()[code]


def test_a_warning_names_the_days_since_the_transfusion() -> None:
    found = judged({"days_since_transfusion": ("6.9", "days", None), "plt": (None, "", None)})
    assert str(row(found, "anc").warning) == "Taken 6.9 days after a transfusion, less than 7."
    assert row(found, "anc").verdict is RowVerdict.MET
    assert row(found, "plt").warning is None
    assert row(found, "cytopenia").warning is None


WHERE_NOTHING_APPLIES: list[tuple[str, str | None, bool]] = [
    ("chimerism", "96", True), ("chimerism", None, False), ("chimerism", "not applicable", False), ("marrow_blasts", "3", True),
    ("hbv_dna", "5", True),
]  # fmt: skip


def test_what_is_entered_where_nothing_applies_is_to_be_checked() -> None:
    found = [(code, value, row(judged({code: (value, "", None)}), code).warning) for code, value, _ in WHERE_NOTHING_APPLIES]
    assert [(code, value, warning is not None) for code, value, warning in found] == WHERE_NOTHING_APPLIES


MAY_BE_ENTERED: list[tuple[str, str, bool]] = [
    ("hb", "68", True), ("hb", "68.5", True), ("hb", "68.", False), ("hb", ".5", False), ("hb", "6 8", False),
    ("hb", "٦٨", False), ("hb", "1e2", False),
    ("hb", "", False), ("consent", "Yes", False), ("consent", "1", False), ("nyha", "none", True),
    ("ecog", "none", False), ("cytopenia", "1", False), ("sex", "male", True),
]  # fmt: skip


def test_a_number_has_digits_and_a_word_is_one_of_the_rows() -> None:
    found = by_code()
    assert [(code, text, allowed_value(found[code], text) is None) for code, text, _ in MAY_BE_ENTERED] == MAY_BE_ENTERED


def test_every_word_that_may_be_entered_has_its_name() -> None:
    assert {word for c in by_code().values() for word in c.words} <= set(WORDS)


@pytest.mark.parametrize(
    ("code", "value", "unit", "shown"),
    [
        ("plt", "55", "g/L", "55 g/L"),
        ("hb", "8", "g/dL", "8 g/dL"),
        ("hb", "-8", "g/L", "-8 g/L"),
        ("qtcf", "NaN", "ms", "NaN ms"),
        ("hiv", "nonsense", "", "nonsense"),
        ("consent", "not applicable", "", "not applicable"),
    ],
)
def test_what_a_correction_of_before_left_there_judges_nobody(code: str, value: str, unit: str, shown: str) -> None:
    """Neither in another unit, nor as what does not apply, nor by stopping everything."""
    found = judged({code: (value, unit, None)})
    told = row(found, code)
    assert (told.verdict, str(told.reason)) == (RowVerdict.UNKNOWN, f"“{shown}” cannot stand here: correct it")
    assert found.eligible is (None if told.criterion.part_of is None else True)


def test_a_limit_of_normal_that_is_no_number_judges_nobody() -> None:
    found = judged({"alt": ("20", "U/L", "NaN")})
    assert (row(found, "alt").verdict, str(row(found, "alt").reason)) == (
        RowVerdict.UNKNOWN,
        "a limit of normal is no number: correct it",
    )
    assert found.eligible is None


def test_days_since_a_transfusion_that_are_no_number_warn_of_nothing() -> None:
    assert row(judged({"days_since_transfusion": ("soon", "", None)}), "plt").warning is None
