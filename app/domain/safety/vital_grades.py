"""What the vital signs taken at infusions say of a term: a grade where CTCAE 5.0 grades it by numbers, worse than the baseline.

A person sets the grade; a value alone makes no event.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.texts import Dated, Text, joined, say
from app.domain.vitals.vital_signs import VITALS


class CheckSeen(msgspec.Struct, frozen=True):
    """One check at an infusion, values as they are shown. `is_baseline`: taken before the start, never graded against itself.

    A pulse rate stands in for a heart rate that was not measured.
    """

    at: datetime
    values: Mapping[str, Decimal]
    is_baseline: bool = False


class ByVitals(msgspec.Struct, frozen=True):
    """The worst values of an event's days, the baseline before them, and the grade they suggest; None: none, and `why`."""

    codes: tuple[str, ...]
    before: CheckSeen | None
    now: CheckSeen
    grade: int | None
    why: Text | None = None


def checks_seen(entries: Sequence[Entry], local: Callable[[datetime], datetime]) -> list[CheckSeen]:
    """The checks of one infusion, as it was corrected; of those before the start the last one is the baseline."""
    started = next((x.at for x in entries if isinstance(x.event, e.Started)), None)
    before: list[CheckSeen] = []
    found: list[CheckSeen] = []
    for x in entries:
        if isinstance(x.event, e.VitalsRecorded):
            values = {v.vital: round(v.value, VITALS[v.vital].decimals) for v in x.event.values if v.value is not None}
            if "pr" in values:
                values.setdefault("hr", values["pr"])
            is_before = started is None or x.at <= started
            (before if is_before else found).append(CheckSeen(local(x.at), values, is_before))
    return [*before[-1:], *found]


class _Case(msgspec.Struct, frozen=True):
    """`then`: every check of the days, in order of time. `anc`: neutrophils of the days, 10⁹/L."""

    now: CheckSeen
    before: CheckSeen | None
    then: Sequence[CheckSeen]
    anc: Decimal | None = None


_Judged = int | Text
"""A grade, 0 where none is reached, or why numbers give none."""


class _Term(msgspec.Struct, frozen=True):
    """`codes`: what is shown, the first must be known; `badness`: the worst check has the highest."""

    codes: tuple[str, ...]
    badness: Callable[[CheckSeen], tuple[Decimal, ...]]
    judge: Callable[[_Case], _Judged]


def by_vitals(term: str, checks: Sequence[CheckSeen], first_on: date, last_on: date, anc: Decimal | None = None) -> ByVitals | None:
    """None: the term has nothing to do with vital signs, or nothing was measured on those days, both included."""
    rule = _TERMS.get(term)
    ordered = sorted(checks, key=lambda x: x.at)
    then = [x for x in ordered if first_on <= x.at.date() <= last_on]
    found = [x for x in then if rule is not None and not x.is_baseline and rule.codes[0] in x.values]
    if rule is None or not found:
        return None
    now = max(found, key=rule.badness)
    before = next((x for x in reversed(ordered) if x.is_baseline and x.at < now.at and rule.codes[0] in x.values), None)
    judged = rule.judge(_Case(now, before, then, anc))
    earlier = rule.judge(_Case(before, None, [before], anc)) if before else 0
    if isinstance(judged, Text):
        return ByVitals(rule.codes, before, now, None, judged)
    if judged == 0:
        return ByVitals(rule.codes, before, now, None, say("No grade of the table is reached."))
    if isinstance(earlier, int) and earlier >= judged:
        return ByVitals(rule.codes, before, now, None, _NO_WORSE)
    return ByVitals(rule.codes, before, now, judged)


# --- the terms

_NO_WORSE = say("No worse than the baseline.")
_BY_SYMPTOMS = say("The table grades this term by symptoms and treatment, not by numbers.")


def _fever(case: _Case) -> _Judged:
    value = case.now.values["temp"]
    if value > 40:
        return 4 if _longest(case.then, lambda x: x > 40) > timedelta(hours=24) else 3
    return 2 if value > 39 else 1 if value >= 38 else 0


def _longest(then: Sequence[CheckSeen], is_so: Callable[[Decimal], bool]) -> timedelta:
    """How long the temperature was so, from check to check with none between that says otherwise."""
    longest, since = timedelta(0), None
    for x in (x for x in then if "temp" in x.values):
        since = (since or x.at) if is_so(x.values["temp"]) else None
        longest = max(longest, x.at - since if since else timedelta(0))
    return longest


def _febrile_neutropenia(case: _Case) -> _Judged:
    if case.anc is None:
        return say("The neutrophils of these days are not known.")
    lasts = _longest(case.then, lambda x: x >= 38) > timedelta(hours=1)
    return 3 if case.anc < 1 and (lasts or case.now.values["temp"] > Decimal("38.3")) else 0


def _hypoxia(case: _Case) -> _Judged:
    """At rest, as patients are at an infusion."""
    return 3 if case.now.values["spo2"] < 88 else 0


def _pressure_grade(check: CheckSeen) -> int:
    """Of an adult, by numbers alone."""
    sys, dia = check.values["nibp_sys"], check.values.get("nibp_dia", Decimal(0))
    marks = ((3, 160, 100), (2, 140, 90), (1, 120, 80))
    return next((grade for grade, high, low in marks if sys >= high or dia >= low), 0)


def _hypertension(case: _Case) -> _Judged:
    """Grade 2 counts by numbers where the pressure was normal before."""
    grade = _pressure_grade(case.now)
    if case.before is not None and 0 < grade <= _pressure_grade(case.before):
        return _NO_WORSE
    if grade == 2 and (case.before is None or _pressure_grade(case.before)):
        return say("Grade 2 counts by numbers only where the pressure was normal before: you judge.")
    return grade


def _hypotension(_case: _Case) -> _Judged:
    return _BY_SYMPTOMS


def _tachycardia(case: _Case) -> _Judged:
    fits = say("Above 100/min: the term fits.") if case.now.values["hr"] > 100 else say("Not above 100/min.")
    return joined(" ", (fits, _BY_SYMPTOMS))


def _bradycardia(case: _Case) -> _Judged:
    fits = say("Below 60/min: the term fits.") if case.now.values["hr"] < 60 else say("Not below 60/min.")
    return joined(" ", (fits, _BY_SYMPTOMS))


def _high(code: str) -> Callable[[CheckSeen], tuple[Decimal, ...]]:
    return lambda x: (x.values[code],)


def _low(code: str) -> Callable[[CheckSeen], tuple[Decimal, ...]]:
    return lambda x: (-x.values[code],)


_PRESSURE = ("nibp_sys", "nibp_dia")
_TERMS = {
    "Fever": _Term(("temp",), _high("temp"), _fever),
    "Febrile neutropenia": _Term(("temp",), _high("temp"), _febrile_neutropenia),
    "Hypoxia": _Term(("spo2",), _low("spo2"), _hypoxia),
    "Hypertension": _Term(_PRESSURE, lambda x: (Decimal(_pressure_grade(x)), x.values["nibp_sys"]), _hypertension),
    "Hypotension": _Term(_PRESSURE, _low("nibp_sys"), _hypotension),
    "Sinus tachycardia": _Term(("hr",), _high("hr"), _tachycardia),
    "Sinus bradycardia": _Term(("hr",), _low("hr"), _bradycardia),
}


# --- in words


def vitals_words(found: ByVitals) -> Text:
    """“Vital signs: temperature 36.7 → 39.4 °C, 2026-06-01 10:30. Grade 2 is suggested.”"""
    vital = VITALS[found.codes[0]]
    name = say("Blood pressure") if found.codes == _PRESSURE else vital.name
    known = {"vital": name, "before": _shown(found, found.before), "now": _shown(found, found.now), "unit": vital.unit_words,
             "at": Dated(found.now.at)}  # fmt: skip
    if found.grade is None:
        return say("At the infusion: {vital} {before} → {now} {unit}, {at}. No grade is suggested. {why}", why=found.why, **known)
    return say("At the infusion: {vital} {before} → {now} {unit}, {at}. Grade {grade} is suggested.", grade=found.grade, **known)


def _shown(found: ByVitals, check: CheckSeen | None) -> str:
    return "—" if check is None else "/".join(str(check.values[code]) for code in found.codes if code in check.values)
