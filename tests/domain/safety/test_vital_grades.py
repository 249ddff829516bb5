"""What vital signs suggest of a term, at the numbers of CTCAE 5.0: worse than the baseline only."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest

from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.safety.vital_grades import ByVitals, CheckSeen, by_vitals, checks_seen, vitals_words
from tests.domain.trial.subjects import NOW, TODAY

NONE_REACHED, NO_WORSE = "No grade of the table is reached.", "No worse than the baseline."
NORMAL = {"temp": D("36.7"), "spo2": D(97), "nibp_sys": D(112), "nibp_dia": D(70), "hr": D(76)}


def check(hours: float, **values: object) -> CheckSeen:
    return CheckSeen(NOW + timedelta(hours=hours), {code: D(str(value)) for code, value in values.items()})


def of(
    term: str, *checks: CheckSeen, before: dict[str, D] | None = NORMAL, days: int = 0, anc: str | None = None
) -> ByVitals | None:
    baseline = [CheckSeen(NOW - timedelta(hours=1), before, True)] if before else []
    return by_vitals(term, [*checks, *baseline], TODAY, TODAY + timedelta(days=days), D(anc) if anc else None)


def grade(term: str, *checks: CheckSeen, before: dict[str, D] | None = NORMAL, days: int = 0, anc: str | None = None) -> int | None:
    found = of(term, *checks, before=before, days=days, anc=anc)
    assert found is not None
    return found.grade


@pytest.mark.parametrize(("value", "expected"), [("37.9", None), ("38.0", 1), ("39.0", 1), ("39.1", 2), ("40.0", 2), ("40.1", 3)])
def test_fever_at_its_numbers(value: str, expected: int | None) -> None:
    assert grade("Fever", check(1, temp="37.0"), check(2, temp=value), check(3, spo2=90)) == expected


@pytest.mark.parametrize(("hours", "between", "expected"), [(24, "40.2", 3), (24.01, "40.2", 4), (30, "40.0", 3)])
def test_above_40_for_more_than_a_day_is_grade_4(hours: float, between: str, expected: int) -> None:
    checks = check(1, temp="40.5"), check(10, temp=between), check(1 + hours, temp="40.1")
    assert grade("Fever", *checks, days=2) == expected


def test_no_worse_than_the_baseline_suggests_nothing() -> None:
    warm = {**NORMAL, "temp": D("38.4")}
    found = of("Fever", check(1, temp="38.9"), before=warm)
    assert found is not None
    assert (found.grade, str(found.why), found.before and found.before.values) == (None, NO_WORSE, warm)
    assert grade("Fever", check(1, temp="39.1"), before=warm) == 2
    assert grade("Fever", check(1, temp="38.9"), before=None) == 1


def test_the_baseline_is_not_graded_against_itself() -> None:
    assert of("Fever", before={"temp": D("39.5")}) is None


@pytest.mark.parametrize(("value", "expected"), [(88, None), (87, 3)])
def test_hypoxia_at_rest(value: int, expected: int | None) -> None:
    checks = check(1, spo2=95), check(2, spo2=value)
    assert grade("Hypoxia", *checks) == grade("Hypoxia", *checks, before=None) == expected


@pytest.mark.parametrize(
    ("sys", "dia", "before", "expected"),
    [
        (119, 79, (112, 70), None), (120, 70, (112, 70), 1), (112, 80, (112, 70), 1), (140, 70, (112, 70), 2),
        (112, 90, (112, 70), 2), (160, 70, (112, 70), 3), (112, 100, (112, 70), 3), (150, 85, (125, 70), None),
        (125, 70, (145, 85), None), (165, 95, (145, 85), 3),
    ],
)  # fmt: skip
def test_hypertension_by_numbers(sys: int, dia: int, before: tuple[int, int], expected: int | None) -> None:
    baseline = {"nibp_sys": D(before[0]), "nibp_dia": D(before[1])}
    assert grade("Hypertension", check(1, nibp_sys=sys, nibp_dia=dia), before=baseline) == expected


@pytest.mark.parametrize(
    ("sys", "before", "why"),
    [(119, 112, NONE_REACHED), (119, 145, NONE_REACHED), (129, 125, NO_WORSE), (150, 145, NO_WORSE), (165, 170, NO_WORSE)],
)
def test_why_a_pressure_suggests_nothing(sys: int, before: int, why: str) -> None:
    baseline = {"nibp_sys": D(before), "nibp_dia": D(70)}
    found = of("Hypertension", check(1, nibp_sys=sys, nibp_dia=70), before=baseline)
    assert found is not None
    assert (found.grade, str(found.why)) == (None, why)
    assert found.before == CheckSeen(NOW - timedelta(hours=1), baseline, True)


def test_without_a_baseline_grade_2_of_hypertension_is_a_person_s() -> None:
    found = of("Hypertension", check(1, nibp_sys=145), before=None)
    assert found is not None
    assert found.grade is None
    assert "normal before" in str(vitals_words(found))


@pytest.mark.parametrize(
    ("anc", "temps", "expected"),
    [
        ("0.9", (("38.3",)), None), ("0.9", (("38.4",)), 3), ("1.0", (("39.5",)), None), (None, (("39.5",)), None),
        ("0.9", ("38.0", "38.1", "38.0"), 3), ("0.9", ("38.0", "37.9", "38.0"), None),
    ],
)  # fmt: skip
def test_febrile_neutropenia(anc: str | None, temps: tuple[str, ...], expected: int | None) -> None:
    checks = [check(n * 0.6, temp=value) for n, value in enumerate(temps, 1)]
    assert grade("Febrile neutropenia", *checks, anc=anc) == expected
    assert grade("Febrile neutropenia", *checks, anc=anc, before=None) == expected


@pytest.mark.parametrize(("hours", "expected"), [(1, None), (1.001, 3)])
def test_at_38_for_more_than_an_hour(hours: float, expected: int | None) -> None:
    assert grade("Febrile neutropenia", check(1, temp="38.0"), check(1 + hours, temp="38.0"), anc="0.9") == expected


def test_who_came_with_fever_and_few_neutrophils_is_no_worse_by_both_again() -> None:
    found = of("Febrile neutropenia", check(1, temp="38.6"), before={"temp": D("38.4")}, anc="0.9")
    assert found is not None
    assert (found.grade, str(found.why)) == (None, NO_WORSE)


def test_the_baseline_is_the_check_before_the_start_and_no_other_check() -> None:
    warm = CheckSeen(NOW + timedelta(hours=2), {"temp": D("39.5")}, True)
    found = of("Fever", check(1, temp="38.2"), check(2, temp="39.1"), warm)
    assert found is not None
    assert (found.grade, found.before and found.before.values) == (2, NORMAL)


BY_SYMPTOMS = "The table grades this term by symptoms and treatment, not by numbers."


@pytest.mark.parametrize(
    ("term", "values", "said"),
    [
        ("Sinus tachycardia", {"hr": 101}, f"Above 100/min: the term fits. {BY_SYMPTOMS}"),
        ("Sinus tachycardia", {"hr": 100}, f"Not above 100/min. {BY_SYMPTOMS}"),
        ("Sinus bradycardia", {"hr": 59}, f"Below 60/min: the term fits. {BY_SYMPTOMS}"),
        ("Sinus bradycardia", {"hr": 60}, f"Not below 60/min. {BY_SYMPTOMS}"),
        ("Hypotension", {"nibp_sys": 70, "nibp_dia": 40}, BY_SYMPTOMS),
    ],
)
def test_what_symptoms_grade_gets_no_number(term: str, values: dict[str, int], said: str) -> None:
    found = of(term, check(1, **values))
    assert found is not None
    assert (found.grade, str(found.why), found.before and found.before.values) == (None, said, NORMAL)
    assert said in str(vitals_words(found))


def test_other_terms_and_other_days_say_nothing() -> None:
    assert of("Nausea", check(1, temp=40)) is None
    assert of("Fever", check(30, temp=40)) is None
    assert of("Fever", check(1, spo2=80)) is None


def test_in_words_before_and_now() -> None:
    found = of("Fever", check(1, temp="39.4"))
    assert found is not None
    assert str(vitals_words(found)).startswith("At the infusion: Temperature 36.7 → 39.4 °C, 2026-06-01 11:00. Grade 2")
    pressure = of("Hypertension", check(1, nibp_sys=165, nibp_dia=95), before=None)
    assert pressure is not None
    assert "Blood pressure — → 165/95 mmHg" in str(vitals_words(pressure))


# --- read from an infusion


def recorded(hours: float, **values: str | None) -> Entry:
    entries = tuple(e.VitalEntry(code, D(value) if value else None, "typed") for code, value in values.items())
    return at(hours, e.VitalsRecorded("infusion", 0, entries, False, "A", False))


def at(hours: float, event: e.Fact) -> Entry:
    return Entry(f"e{hours}", "i", NOW + timedelta(hours=hours), "N-01", event)


def same(moment: datetime) -> datetime:
    return moment


def test_the_last_check_before_the_start_is_the_baseline() -> None:
    before = [recorded(-3, temp="36.0"), recorded(-2, temp="36.1"), recorded(-1, temp="36.74", pr="70", spo2=None)]
    entries = [*before, at(0, e.Started(D(20))), recorded(1, temp="38.04", hr="80", pr="81")]
    baseline, later = checks_seen(entries, same)
    assert (baseline.is_baseline, baseline.values) == (True, {"temp": D("36.7"), "pr": D(70), "hr": D(70)})
    assert (later.is_baseline, later.values["temp"], later.values["hr"]) == (False, D("38.0"), D(80))
    assert [x.is_baseline for x in checks_seen(before, same)] == [True]


def test_a_check_at_the_moment_of_the_start_is_still_one_before_it() -> None:
    (baseline,) = checks_seen([recorded(0, temp="36.7"), at(0, e.Started(D(20)))], same)
    assert baseline.is_baseline
