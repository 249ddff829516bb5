"""What a person may ask for at the trial desk, in the imperative; what it leads to stands in `subject_rules`."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

import msgspec

from app.domain.people.roles import Person
from app.domain.products.parcel import Laptop
from app.domain.texts import Text, say

from . import subject_facts as f


class DeskCommand(msgspec.Struct, frozen=True):
    """Base of what a person can ask for; fields as in the events that it leads to."""

    title: ClassVar[Text]


class Screen(DeskCommand, frozen=True):
    title = say("screen a subject")

    sex: f.Sex
    age_years: int
    disease: f.Disease
    car_t_on: date
    consent_on: date
    icaht_grade: int | None = None
    simulated: bool = False


class RecordCriterion(DeskCommand, frozen=True):
    """As typed; `value` None takes an entry back: it is not known."""

    title = say("record a criterion")

    criterion: str
    value: str | None
    unit: str = ""
    lln: Decimal | None = None
    uln: Decimal | None = None
    source: str = ""


class SignVerdict(DeskCommand, frozen=True):
    title = say("sign the verdict")

    text: str = ""


class Enrol(DeskCommand, frozen=True):
    """Into the group that the rule gives."""

    title = say("enrol a subject")


class EnrolElsewhere(DeskCommand, frozen=True):
    """At the order, where the subject's own stream lies on another laptop."""

    title = say("sign that the subject is enrolled")

    group: str
    cohort: f.Cohort
    reason: str


class SendEnrolment(DeskCommand, frozen=True):
    """To the laptop where the subject is infused, with the doses given so far."""

    title = say("send the enrolment")

    sender: Laptop
    to: Laptop
    practice: bool
    doses: tuple[f.DoseElsewhere, ...]


class OverrideDose(DeskCommand, frozen=True):
    title = say("order a dose in spite of the rule")

    dose_number: int
    reason: str


class LeaveTrial(DeskCommand, frozen=True):
    title = say("record that a subject left")

    on: date
    reason: str


class MarkDlt(DeskCommand, frozen=True):
    title = say("judge a dose-limiting toxicity")

    is_dlt: bool
    on: date
    term: str
    reason: str
    grade: int | None = None


class NoteAdverseEvent(DeskCommand, frozen=True):
    title = say("record an adverse event")

    event: f.AdverseEventNoted


class ReportSae(DeskCommand, frozen=True):
    title = say("report a serious adverse event")

    event_id: str
    reported_at: datetime
    to: str
    receipt: str = ""


class RecordLab(DeskCommand, frozen=True):
    """`again`: the values typed a second time; None: `second` has looked at them, or they come from a file."""

    title = say("record laboratory values")

    collected_at: datetime
    values: tuple[f.LabValue, ...]
    again: tuple[f.LabValue, ...] | None = None
    second: Person | None = None
    from_file: bool = False
    laboratory: str = ""


class RecordCourse(DeskCommand, frozen=True):
    """A transfusion, another medicine, a visit, a sample: what is only written down."""

    title = say("record the course")

    event: f.TransfusionGiven | f.MedicationGiven | f.VisitDone | f.VisitMissed | f.SampleDrawn


class CorrectSubject(DeskCommand, frozen=True):
    """Of laboratory values `again` and `second` say how they were made sure of, as at the first entry (`RecordLab`)."""

    title = say("correct an entry")

    event_id: str
    field: str
    new: str
    reason: str
    again: tuple[f.LabValue, ...] | None = None
    second: Person | None = None


class NoteSubject(DeskCommand, frozen=True):
    title = say("add a note")

    text: str
