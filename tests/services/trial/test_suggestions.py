"""The form's suggestion: from the laboratory where the term is a laboratory's, else from the checks at the infusions."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.safety.vital_grades import checks_seen
from app.domain.trial.subject.subject_commands import RecordLab
from app.domain.trial.subject.subject_facts import LabValue
from app.services.trial.suggestions import Suggestion, suggestion
from app.services.trial.trial_desk import TrialDesk
from tests.domain.trial.subjects import NOW, TODAY, after, enrolled
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward


def check(temp: str) -> e.VitalsRecorded:
    return e.VitalsRecorded("infusion", 0, (e.VitalEntry("temp", D(temp), "typed"),), False, "A", False)


def desk() -> TrialDesk:
    """Febrile at the infusion, platelets fallen after it."""
    order = e.Ordered("S-001", "01", "A", 1, "p", "1", "f" * 64, True)
    events = (order, check("36.6"), e.Started(D(20)), check("39.2"))
    infusion = [Entry(f"i{n}", "i-1", NOW + timedelta(minutes=n), "N-01", x) for n, x in enumerate(events)]
    state = enrolled("S-001")
    for hours, plt, anc in ((-1, "60", "0.4"), (1, "24", "0.9")):
        values = LabValue("plt", D(plt), "10^9/L"), LabValue("anc", D(anc), "10^9/L")
        at = NOW + timedelta(hours=hours)
        state = after(state, RecordLab(at, values, values), now=at)
    return desk_on(Ward(), [*state.entries, *infusion])


@pytest.mark.parametrize(
    ("term", "grade", "said"),
    [
        ("Fever", 2, "Temperature 36.6 → 39.2"), ("Febrile neutropenia", 3, "Temperature 36.6 → 39.2"),
        ("Platelet count decreased", 4, "baseline 60 (grade 2) → now 24 (grade 4)"),
    ],
)  # fmt: skip
def test_numbers_known_here_suggest_a_grade(term: str, grade: int, said: str) -> None:
    found = suggestion(desk(), "S-001", term, TODAY, None)
    assert found.grade == grade
    assert said in str(found.words[0])


def test_nothing_is_suggested_of_other_terms_days_or_subjects() -> None:
    trial = desk()
    later = TODAY + timedelta(days=2)
    for code, term, day in (("S-001", "Nausea", TODAY), ("S-001", "Fever", later), ("S-009", "Fever", TODAY)):
        assert suggestion(trial, code, term, day, day) == Suggestion()
    assert [x.is_baseline for x in trial.checks("S-001")] == [True, False]
    assert checks_seen([], lambda at: at) == []
