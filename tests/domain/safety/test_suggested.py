"""What the laboratory suggests: worse than the baseline only, never the baseline itself."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest

from app.domain.safety.suggested import Measured, suggested, suggestion_words
from app.domain.trial.subject.subject_commands import RecordLab
from app.domain.trial.subject.subject_facts import LabValue
from app.domain.trial.trial_data import DoseGiven, TrialData, suggested_for
from tests.domain.trial.subjects import NOW, after, screened

FIRST = NOW
BEFORE, LATER = NOW - timedelta(days=1), NOW + timedelta(days=14)


def platelets(*values: str) -> list[Measured]:
    return [Measured(at, D(value)) for at, value in zip((BEFORE, LATER), values, strict=False)]


def test_grade_4_from_the_start_suggests_nothing_though_it_fell() -> None:
    found = suggested("Platelet count decreased", platelets("24", "18"), FIRST)
    assert found is not None
    assert (found.before_grade, found.now_grade, found.grade) == (4, 4, None)
    assert "No grade is suggested" in str(suggestion_words(found))


def test_worse_than_the_baseline_is_suggested() -> None:
    found = suggested("Platelet count decreased", platelets("49", "24"), FIRST)
    assert found is not None
    assert found.grade == 4
    assert "baseline 49 (grade 3) → now 24 (grade 4)" in str(suggestion_words(found))


def test_the_baseline_is_not_graded_against_itself() -> None:
    assert suggested("Platelet count decreased", platelets("24"), FIRST) is None


def test_what_was_taken_at_the_moment_of_the_first_dose_is_no_baseline() -> None:
    found = suggested("Platelet count decreased", [Measured(FIRST, D(49)), Measured(LATER, D(24))], FIRST)
    assert found is not None
    assert found.before is None


def test_in_words_with_what_cannot_be_graded() -> None:
    found = suggested("Anemia", [Measured(LATER, D(120))], FIRST)
    assert found is not None
    words = "Laboratory: baseline — (grade —) → now 120 (grade —). No grade is suggested."
    assert str(suggestion_words(found)) == words


@pytest.mark.parametrize("first", [None, BEFORE - timedelta(days=1)])
def test_without_a_baseline_the_value_alone_counts(first: datetime | None) -> None:
    found = suggested("Platelet count decreased", platelets("80", "24"), first)
    assert found is not None
    assert (found.before, found.grade) == (None, 4)
    assert "baseline —" in str(suggestion_words(found))


def test_a_high_baseline_of_alt_counts_in_its_multiples() -> None:
    alt = [Measured(BEFORE, D(80), uln=D(40)), Measured(LATER, D(250), uln=D(40))]
    found = suggested("Alanine aminotransferase increased", alt, FIRST)
    assert found is not None
    assert (found.before_grade, found.grade) == (1, 2)


def test_normal_or_not_gradable_suggests_nothing() -> None:
    high = suggested("Anemia", [Measured(LATER, D(120))], FIRST)
    normal = suggested("Anemia", [Measured(LATER, D(120), lln=D(115))], FIRST)
    assert high is not None
    assert normal is not None
    assert (high.grade, high.now_grade, normal.grade, normal.now_grade) == (None, None, None, 0)


def test_other_terms_have_no_number() -> None:
    assert suggested("Fever", platelets("1", "2"), FIRST) is None
    assert suggested("Anemia", [], FIRST) is None


def test_from_a_subject_s_own_results_of_that_test() -> None:
    values = [(BEFORE, "49"), (LATER, "24")]
    labs = [RecordLab(at, (LabValue("plt", D(n), "10^9/L"),), (LabValue("plt", D(n), "10^9/L"),)) for at, n in values]
    state = screened()
    for lab in labs:
        state = after(state, lab, now=lab.collected_at)
    dose = DoseGiven("i", 1, FIRST, None)
    data = TrialData((state,), {state.code: (dose,)}, {}, (), FIRST.date())
    found = suggested_for(data, state.code, "Platelet count decreased")
    assert found is not None
    assert found.grade == 4
    assert suggested_for(data, "another", "Platelet count decreased") is None
    assert suggested_for(data, state.code, "Fever") is None
    without = TrialData((state,), {}, {}, (), FIRST.date())
    undosed = suggested_for(without, state.code, "Platelet count decreased")
    assert undosed is not None
    assert undosed.before is None
