"""What a subject is at one moment, folded from its events; corrections are laid over what they correct."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import cast, get_args

import msgspec

from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.facts import AlarmAcknowledged, AlarmCleared, AlarmRaised, Corrected, NoteAdded
from app.domain.log import Entry
from app.domain.safety.safety_facts import SafetyFact
from app.domain.trial.counts import Count, Transfusion
from app.domain.trial.eligibility import Entered

from . import subject_facts as f

_COUNTS = ("hb", "anc", "plt")


class SubjectState(msgspec.Struct):
    """Read it; `subject_of` makes it. `verdict_stands`: nothing it was signed for has changed since."""

    code: str
    entries: list[Entry]
    screened: f.SubjectScreened | None = None
    criteria: dict[str, f.CriterionRecorded] = {}
    verdict: Entry | None = None
    verdict_stands: bool = False
    enrolment: Entry | None = None
    came: f.EnrolmentArrived | None = None
    left: f.SubjectLeft | None = None
    dlt: f.DltMarked | None = None
    overridden: dict[int, str] = {}
    adverse: list[f.AdverseEventNoted] = []
    labs: list[f.LabRecorded] = []
    transfusions: list[f.TransfusionGiven] = []
    medication: list[f.MedicationGiven] = []
    visits: dict[tuple[str, int], f.VisitDone | f.VisitMissed] = {}
    samples: dict[int, f.SampleDrawn] = {}

    @property
    def enrolled(self) -> f.SubjectEnrolled | None:
        """Here, or on the laptop that the enrolment came from: that knows the cohort and the day."""
        came = self.came
        if came is not None:
            return f.SubjectEnrolled(
                printed_name=came.printed_name, group=came.group, cohort=came.cohort, on=came.on, elsewhere=True
            )
        return self.enrolment.event if self.enrolment and isinstance(self.enrolment.event, f.SubjectEnrolled) else None

    @property
    def signed_verdict(self) -> f.VerdictSigned | None:
        return self.verdict.event if self.verdict and isinstance(self.verdict.event, f.VerdictSigned) else None

    @property
    def is_simulated(self) -> bool:
        return self.screened is not None and self.screened.simulated

    @property
    def counts(self) -> list[Count]:
        """Every collection that holds one of the three counts of the response."""
        found = [(lab.collected_at, {v.test: v.value for v in lab.values}) for lab in self.labs]
        return [
            Count(at, values.get("hb"), values.get("anc"), values.get("plt"))
            for at, values in found
            if any(test in values for test in _COUNTS)
        ]

    @property
    def transfused(self) -> list[Transfusion]:
        return [Transfusion(t.given_at, t.product) for t in self.transfusions]


def subject_of(code: str, entries: Iterable[Entry]) -> SubjectState:
    """Fold a subject's events."""
    listed = list(entries)
    state = SubjectState(code, listed)
    for original, entry in zip(listed, as_corrected(listed), strict=True):
        _take(state, original, entry)
    return state


def _take(s: SubjectState, original: Entry, entry: Entry) -> None:
    event = entry.event
    match event:
        case f.SubjectScreened():
            s.screened = event
        case f.CriterionRecorded():
            s.criteria[event.criterion] = event
            s.verdict_stands = False
        case f.VerdictSigned():
            s.verdict, s.verdict_stands = original, True
        case f.SubjectEnrolled():
            s.enrolment = original
        case f.EnrolmentArrived():
            s.came = event
        case f.DoseOverridden():
            s.overridden[event.dose_number] = event.reason
        case f.SubjectLeft():
            s.left = event
        case f.DltMarked():
            s.dlt = event
        case Corrected():
            _judge_anew(s, event)
        case _:
            _take_course(s, event)


def _judge_anew(s: SubjectState, correction: Corrected) -> None:
    """No verdict stands on a row or a screening that was corrected after it."""
    target = next((x.event for x in s.entries if x.event_id == correction.event_id), None)
    if isinstance(target, f.CriterionRecorded | f.SubjectScreened):
        s.verdict_stands = False


def _take_course(s: SubjectState, event: object) -> None:
    match event:
        case f.AdverseEventNoted():
            s.adverse.append(event)
        case f.LabRecorded():
            s.labs.append(event)
        case f.TransfusionGiven():
            s.transfusions.append(event)
        case f.MedicationGiven():
            s.medication.append(event)
        case f.VisitDone() | f.VisitMissed():
            s.visits[event.kind, event.week] = event
        case f.SampleDrawn():
            s.samples[event.week] = event
        case _:
            assert isinstance(event, f.EnrolmentSent | NoteAdded | SafetyFact | AlarmRaised | AlarmAcknowledged | AlarmCleared)


# --- what the eligibility rows are judged from


def entered(s: SubjectState, on: date) -> list[Entered]:
    """The entries of a subject as the eligibility takes them; what screening knows already stands there by itself.

    `on`: the day that days since CAR-T and since the last transfusion are counted to.
    """
    known = {**_from_screening(s, on), **{code: _entry(row) for code, row in s.criteria.items()}}
    return list(known.values())


def _from_screening(s: SubjectState, on: date) -> dict[str, Entered]:
    found: list[Entered] = []
    if s.screened is not None:
        t = s.screened
        found = [
            Entered("sex", t.sex), Entered("disease", t.disease), Entered("consent", "yes"),
            Entered("age", str(t.age_years), "years"),
            Entered("days_since_car_t", str(max(0, (on - t.car_t_on).days)), "days"),
        ]  # fmt: skip
    before = [t.given_at.date() for t in s.transfusions if t.given_at.date() <= on]
    if before:
        found.append(Entered("days_since_transfusion", str((on - max(before)).days), "days"))
    return {entry.criterion: entry for entry in found}


def _entry(row: f.CriterionRecorded) -> Entered:
    value = f"{row.number:f}" if row.number is not None else row.word
    return Entered(row.criterion, value, row.unit, row.lln, row.uln)


def as_recorded(entry: Entered, source: str) -> f.CriterionRecorded:
    """The event of an entry whose value and unit are allowed."""
    word = entry.value if entry.value in get_args(f.Word) else None
    number = None if entry.value is None or word is not None else Decimal(entry.value)
    return f.CriterionRecorded(
        entry.criterion, number, cast("f.Word | None", word), entry.unit, entry.lln, entry.uln, source.strip()
    )
