"""The grade that a laboratory's numbers suggest, baseline → now. A person sets the grade."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.texts import Text, say

from .lab_grades import grade_of

#: Terms that are graded by one test's value, and the test.
TESTS_OF_TERMS = {
    "Anemia": "hb",
    "Neutrophil count decreased": "anc",
    "Platelet count decreased": "plt",
    "White blood cell decreased": "wbc",
    "Lymphocyte count decreased": "lymphocytes",
    "Alanine aminotransferase increased": "alt",
    "Aspartate aminotransferase increased": "ast",
    "Blood bilirubin increased": "bilirubin",
    "Creatinine increased": "creatinine",
    "Activated partial thromboplastin time prolonged": "aptt",
    "INR increased": "inr",
    "Fibrinogen decreased": "fibrinogen",
}


class Measured(msgspec.Struct, frozen=True):
    """One result in the unit of its grades, with its laboratory's own limits."""

    at: datetime
    value: Decimal
    lln: Decimal | None = None
    uln: Decimal | None = None


class Suggested(msgspec.Struct, frozen=True):
    """`grade`: what is suggested; None where it cannot be graded or is no worse than the baseline."""

    before: Measured | None
    before_grade: int | None
    now: Measured
    now_grade: int | None

    @property
    def grade(self) -> int | None:
        if self.now_grade is None or self.now_grade == 0:
            return None
        return self.now_grade if self.now_grade > (self.before_grade or 0) else None


def suggested(term: str, found: Sequence[Measured], first_dose_at: datetime | None) -> Suggested | None:
    """From the results of the term's test, in order of time; the baseline is the last one before the first dose."""
    test = TESTS_OF_TERMS.get(term)
    if test is None or not found:
        return None
    earlier = [x for x in found if first_dose_at is not None and x.at < first_dose_at]
    before, now = (earlier[-1] if earlier else None), found[-1]
    if before is now:
        return None
    before_grade = None if before is None else _grade(test, before, None)
    return Suggested(before, before_grade, now, _grade(test, now, None if before is None else before.value))


def _grade(test: str, measured: Measured, baseline: Decimal | None) -> int | None:
    return grade_of(test, measured.value, measured.lln, measured.uln, baseline)


def suggestion_words(found: Suggested) -> Text:
    """“Baseline 24 (grade 4) → now 18 (grade 4): no worse than before”."""
    known = {
        "before": found.before.value if found.before else "—", "before_grade": _shown(found.before_grade),
        "now": found.now.value, "now_grade": _shown(found.now_grade), "grade": found.grade,
    }  # fmt: skip
    if found.grade is None:
        return say("Laboratory: baseline {before} (grade {before_grade}) → now {now} (grade {now_grade}). No grade is suggested.",
                   **known)  # fmt: skip
    return say("Laboratory: baseline {before} (grade {before_grade}) → now {now} (grade {now_grade}). Grade {grade} is suggested.",
               **known)  # fmt: skip


def _shown(grade: int | None) -> str:
    return "—" if grade is None else str(grade)
