"""CTCAE 5.0: laboratory values at every boundary, and the terms as data."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from app.domain.safety.ctcae_terms import Ctcae, Term, TermGrade, read_ctcae
from app.domain.safety.lab_grades import TESTS, graded
from app.services.ctcae_file import ctcae

from .trial.vectors import vectors


def grade(test: str, value: object, **marks: object) -> int | None:
    given = {name: Decimal(str(mark)) for name, mark in marks.items()}
    found = graded(test, Decimal(str(value)), **given)
    assert str(found.reason)
    return found.grade


@pytest.mark.parametrize(
    ("test", "lln", "grades"),
    [
        ("hb_g_l", 140, {"140": 0, "139.9": 1, "100": 1, "99.9": 2, "80": 2, "79.9": 3, "10": 3}),
        ("anc_1e9_l", "1.8", {"1.8": 0, "1.79": 1, "1.5": 1, "1.49": 2, "1.0": 2, "0.99": 3, "0.5": 3, "0.49": 4, "0": 4}),
        ("plt_1e9_l", 100, {"100": 0, "99": 1, "75": 1, "74": 2, "50": 2, "49": 3, "25": 3, "24": 4}),
        ("wbc_1e9_l", 4, {"4": 0, "3.9": 1, "3": 1, "2.9": 2, "2": 2, "1.9": 3, "1": 3, "0.9": 4}),
        ("lymph_1e9_l", 1, {"1": 0, "0.9": 1, "0.8": 1, "0.79": 2, "0.5": 2, "0.49": 3, "0.2": 3, "0.19": 4}),
    ],
)
def test_counts_fall(test: str, lln: object, grades: dict[str, int]) -> None:
    assert {value: grade(test, value, lln=lln) for value in grades} == grades


@pytest.mark.parametrize(
    ("test", "marks", "grades"),
    [
        ("alt_u_l", {"uln": 40}, {"40": 0, "40.1": 1, "120": 1, "121": 2, "200": 2, "201": 3, "800": 3, "801": 4}),
        ("ast_u_l", {"uln": 40, "baseline": 40}, {"41": 1, "121": 2}),
        ("alt_u_l", {"uln": 35, "baseline": 40}, {"40": 0, "59": 0, "60": 1, "120": 1, "121": 2, "201": 3, "801": 4}),
        ("bilirubin_umol_l", {"uln": 20}, {"20": 0, "21": 1, "30": 1, "31": 2, "60": 2, "61": 3, "200": 3, "201": 4}),
        ("bilirubin_umol_l", {"uln": 20, "baseline": 30}, {"30": 0, "31": 1, "45": 1, "46": 2, "91": 3, "301": 4}),
        ("creatinine_umol_l", {"uln": 100}, {"100": 0, "101": 1, "150": 1, "151": 2, "300": 2, "301": 3, "600": 3, "601": 4}),
        ("creatinine_umol_l", {"uln": 100, "baseline": 40}, {"60": 0, "61": 2, "120": 2, "121": 3, "101": 2, "601": 4}),
    ],
)
def test_chemistry_rises(test: str, marks: dict[str, object], grades: dict[str, int]) -> None:
    assert {value: grade(test, value, **marks) for value in grades} == grades


@pytest.mark.parametrize(
    ("test", "value", "marks", "reason"),
    [
        ("hb_g_l", "79.9", {"lln": 140}, "79.9 < 80"),
        ("hb_g_l", "80", {"lln": 140}, "80 < 100"),
        ("hb_g_l", "100", {"lln": 120}, "100 < 120 (lower limit of normal)"),
        ("hb_g_l", "140", {"lln": 140}, "140 ≥ 140 (lower limit of normal)"),
        ("hb_g_l", "100", {}, "The lower limit of normal is not known."),
        ("alt_u_l", "41", {}, "The upper limit of normal is not known."),
        ("alt_u_l", "40", {"uln": 40}, "40 ≤ 40 (upper limit of normal)"),
        ("alt_u_l", "41", {"uln": 40}, "41 > 40 (upper limit of normal)"),
        ("alt_u_l", "121", {"uln": 40}, "121 > 3 × 40 (upper limit of normal)"),
        ("alt_u_l", "59", {"uln": 35, "baseline": 40}, "59 < 60.0 (baseline)"),
        ("alt_u_l", "60", {"uln": 35, "baseline": 40}, "60 ≥ 60.0 (baseline)"),
        ("alt_u_l", "201", {"uln": 35, "baseline": 40}, "201 > 5 × 40 (baseline)"),
        ("bilirubin_umol_l", "30", {"uln": 20, "baseline": 30}, "30 ≤ 30 (baseline)"),
        ("bilirubin_umol_l", "31", {"uln": 20, "baseline": 30}, "31 > 30 (baseline)"),
        ("creatinine_umol_l", "61", {"uln": 100, "baseline": 40}, "61 > 1.5 × 40 (baseline)"),
        ("creatinine_umol_l", "60", {"uln": 100, "baseline": 40}, "60 ≤ 100 (upper limit of normal)"),
        ("creatinine_umol_l", "151", {"uln": 100, "baseline": 100}, "151 > 1.5 × 100 (upper limit of normal)"),
    ],
)  # fmt: skip
def test_it_says_what_was_compared(test: str, value: str, marks: dict[str, int], reason: str) -> None:
    assert str(graded(test, Decimal(value), **{name: Decimal(mark) for name, mark in marks.items()}).reason) == reason


def test_without_its_limit_a_value_that_needs_it_cannot_be_graded() -> None:
    assert (grade("hb_g_l", 100), grade("hb_g_l", 99), grade("plt_1e9_l", 75)) == (None, 2, None)
    assert (grade("alt_u_l", 1000), grade("alt_u_l", 1000, baseline=10), grade("creatinine_umol_l", 900)) == (None, None, None)


def test_multiples_are_exact() -> None:
    assert grade("alt_u_l", "0.3", uln="0.1") == 1
    assert grade("bilirubin_umol_l", "25.65", uln="17.1") == 1


def test_the_grades_are_those_of_the_vectors() -> None:
    for case in vectors("ctcae_labs.json"):
        marks = {name: case[name] for name in ("lln", "uln", "baseline") if name in case}
        assert grade(case["test"], case["value"], **marks) == case["grade"], case


def test_every_term_has_its_names_and_only_grades_that_exist() -> None:
    known = ctcae()
    assert known.ctcae_version == "5.0"
    assert len({term.en for term in known.terms}) == len(known.terms) == 43
    for term in known.terms:
        assert term.grades_that_exist == sorted(set(term.grades_that_exist))
        assert set(term.grades_that_exist) <= {1, 2, 3, 4, 5}
        assert term.name.en.strip()
        assert term.name.zh.strip()
        assert all(said.en.strip() and said.zh.strip() for said in term.grades)


def exists(name: str) -> list[int]:
    term = ctcae().term(name)
    assert term is not None
    return term.grades_that_exist


def test_grades_that_do_not_exist_cannot_be_chosen() -> None:
    assert exists("Sinus tachycardia") == [1, 2, 3]
    assert exists("  anaphylaxis ") == exists("FEBRILE NEUTROPENIA") == exists("sepsis") == [3, 4, 5]
    assert exists("hypoxia") == [2, 3, 4, 5]
    assert exists("syncope") == [3]
    assert exists("death nos") == [5]
    assert exists("Neutrophil count decreased") == [1, 2, 3, 4]
    assert exists("Infusion related reaction") == [1, 2, 3, 4, 5]
    assert ctcae().term("hiccups") is None


def test_a_file_is_read_as_it_stands() -> None:
    grade = {"grade": 3, "en": "fainting", "zh": "晕厥发作"}
    read = read_ctcae({"ctcae_version": "5.0", "terms": [{"en": "Syncope", "zh": "晕厥", "grades": [grade]}]})
    assert read == Ctcae("5.0", (Term("Syncope", "晕厥", (TermGrade(3, "fainting", "晕厥发作"),)),))


def test_a_file_with_anything_else_is_refused() -> None:
    data: dict[str, Any] = {"ctcae_version": "5.0", "terms": [{"en": "x", "zh": "y", "grades": [], "code": "10000000"}]}
    with pytest.raises(msgspec.ValidationError):
        read_ctcae(data)
    assert set(TESTS) >= {"hb_g_l", "creatinine_umol_l"}
