"""What happens at the trial desk in words, one line each. Who and when stand beside it."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.facts import Corrected, NoteAdded
from app.domain.log import Event
from app.domain.safety.adverse_event import ACTIONS_TAKEN, EVENT_OUTCOMES, RELATEDNESS, SERIOUSNESS
from app.domain.texts import Dated, Text, joined, listed, parts, revived, say
from app.domain.trial import decision_facts as d
from app.domain.trial.eligibility import WORDS as ANSWERS
from app.domain.trial.sentences import given
from app.domain.trial.subject import subject_facts as f
from app.domain.watch.alarm_words import what
from app.domain.watch.priority import Priority

DECISIONS: dict[str, Text] = {
    "enrol": say("enrol"), "wait": say("wait"), "expand_cohort": say("three more in the group"),
    "escalate": say("next group"), "stop": say("stop"), "complete": say("complete"),
}  # fmt: skip
MEDICINES: dict[str, Text] = {"growth_factor": say("growth factor"), "other": say("other medicine")}
_HOW: dict[str, Text] = {
    "twice": say("typed twice"), "second": say("checked by a second person"), "file": say("read from a file"),
}  # fmt: skip
#: Names of the fields that can be corrected on a subject's stream.
FIELDS: dict[str, Text] = {
    "sex": say("sex"), "age_years": say("age in years"), "disease": say("disease"), "car_t_on": say("day of CAR-T"),
    "consent_on": say("day of consent"), "icaht_grade": say("ICAHT grade at entry"), "number": say("value"),
    "word": say("answer"), "unit": say("unit"), "lln": say("lower limit of normal"), "uln": say("upper limit of normal"),
    "source": say("source"), "on": say("day"), "reason": say("reason"), "term": say("term"), "grade": say("grade"),
    "onset_on": say("first day"), "over_on": say("last day"), "is_related": say("related to the treatment"),
    "is_serious": say("serious"), "criteria": say("why it is serious"), "relatedness": say("relatedness"),
    "outcome": say("outcome"),
    "aware_at": say("site aware at"), "action": say("action taken"), "reported_at": say("reported at"), "to": say("reported to"),
    "receipt": say("receipt"), "collected_at": say("time collected"), "values": say("values"),
    "laboratory": say("laboratory"), "how": say("made sure of"),
    "given_at": say("time given"), "product": say("blood product"), "units": say("units"),
    "is_irradiated": say("irradiated"), "kind": say("kind"), "what": say("medicine"), "from_on": say("first day"),
    "until_on": say("last day"), "drawn_at": say("time drawn"), "tubes": say("tubes"),
    "before_dexamethasone": say("before dexamethasone"), "text": say("text"),
}  # fmt: skip


def describe_desk(event: Event) -> Text:
    """What happened to a subject or to the trial, in one line."""
    words = _WORDS.get(type(event))
    if words is not None:
        return words(event)
    assert event.sentence is not None
    values = {name: _shown(getattr(event, name)) for name in event.__struct_fields__}
    reason = values.get("reason") if "{reason}" not in event.sentence.msgid else None
    return parts(Text(event.sentence.msgid, values), reason)


def _shown(value: Any) -> Any:
    return ANSWERS.get(value, value) if isinstance(value, str) else value


def yes_no(value: bool | None) -> Text | str:
    return "—" if value is None else say("yes") if value else say("no")


def _criterion(ev: f.CriterionRecorded) -> Text:
    value: Any = ANSWERS.get(ev.word or "", ev.word) if ev.number is None else f"{ev.number:f} {ev.unit}".strip()
    uln = say("ULN {uln}", uln=ev.uln) if ev.uln is not None else None
    return parts(say("Criterion {criterion}: {value}", criterion=ev.criterion, value=value or say("not known")), uln, ev.source)


def _verdict(ev: f.VerdictSigned) -> Text:
    return parts(say("Verdict signed: eligible") if ev.eligible else say("Verdict signed: not eligible"), ev.text)


def _enrolled(ev: f.SubjectEnrolled) -> Text:
    line = say("Enrolled in group {group} on {day} ({cohort})", group=ev.group, day=ev.on, cohort=f.COHORT_NAMES[ev.cohort])
    return parts(line, say("on another laptop") if ev.elsewhere else None, ev.reason)


def _arrived(ev: f.EnrolmentArrived) -> Text:
    line = say("Enrolment taken in from the laptop {name}: group {group} from {day} ({cohort})",
               name=ev.from_name, group=ev.group, day=ev.on, cohort=f.COHORT_NAMES[ev.cohort])  # fmt: skip
    signed = say("signed by {name} ({number})", name=ev.printed_name, number=ev.signed_by)
    return parts(line, signed, say("{n} doses before", n=len(ev.doses)))


def _dlt(ev: f.DltMarked) -> Text:
    line = say("Dose-limiting toxicity on {day}: {term}", day=ev.on, term=ev.term)
    if not ev.is_dlt:
        line = say("Judged again, no dose-limiting toxicity: {term} on {day}", day=ev.on, term=ev.term)
    return parts(line, grade_words(ev.grade), ev.reason)


def grade_words(grade: int | None) -> Text | None:
    return None if grade is None else say("grade {n}", n=grade)


def _adverse(ev: f.AdverseEventNoted) -> Text:
    return parts(
        say("Adverse event from {day}: {term}", day=ev.onset_on, term=ev.term), grade_words(ev.grade),
        say("related to the treatment") if ev.is_related else say("not related"), say("serious") if ev.is_serious else None,
        say("over on {day}", day=ev.over_on) if ev.over_on else None,
        listed([SERIOUSNESS[x] for x in ev.criteria]) if ev.criteria else None,
        RELATEDNESS.get(ev.relatedness), ACTIONS_TAKEN.get(ev.action), EVENT_OUTCOMES.get(ev.outcome), ev.text,
    )  # fmt: skip


def lab_value(value: f.LabValue) -> Text:
    return joined(" ", (f.TEST_NAMES[value.test], f"{value.value:f}", value.unit))


def _lab(ev: f.LabRecorded) -> Text:
    line = say("Laboratory of {at}: {values}", at=given(ev.collected_at), values=listed(lab_value(v) for v in ev.values))
    return parts(line, ev.laboratory, _HOW[ev.how])


def _transfusion(ev: f.TransfusionGiven) -> Text:
    line = say("Transfusion {at}: {units} × {product}", at=given(ev.given_at), units=ev.units, product=f.PRODUCT_NAMES[ev.product])
    return parts(line, say("irradiated") if ev.is_irradiated else say("not irradiated"))


def _medication(ev: f.MedicationGiven) -> Text:
    until = say("until {day}", day=ev.until_on) if ev.until_on else None
    return parts(say("Medicine from {day}: {what}", day=ev.from_on, what=ev.what), until, MEDICINES[ev.kind])


def visit_name(kind: str, week: int) -> Text:
    if kind == "immunology" and week == 0:
        return say("Immunology sample, baseline")
    return say("{what}, week {week}", what=f.VISIT_NAMES[kind], week=week)


def _done(ev: f.VisitDone) -> Text:
    return say("{visit}: done on {day}", visit=visit_name(ev.kind, ev.week), day=ev.on)


def _missed(ev: f.VisitMissed) -> Text:
    return say("{visit}: not done, {reason}", visit=visit_name(ev.kind, ev.week), reason=ev.reason)


def _sample(ev: f.SampleDrawn) -> Text:
    when = {None: None, True: say("before dexamethasone"), False: say("after dexamethasone")}[ev.before_dexamethasone]
    line = say("{visit}: {n} tubes drawn {at}", visit=visit_name("immunology", ev.week), n=ev.tubes, at=given(ev.drawn_at))
    return parts(line, when)


def _decided(ev: d.DecisionSigned) -> Text:
    line = say("Decision signed: {decision}", decision=DECISIONS.get(ev.decision, ev.decision))
    return parts(line, ev.reason, say("data of {day}", day=ev.freeze_on), ev.data_sha256[:12])


def correction_words(ev: Corrected) -> Text:
    old, new = (field_words(ev.field, msgspec.json.decode(value)) for value in (ev.old, ev.new))
    line = say("Correction: {field} “{old}” is now “{new}”", field=FIELDS.get(ev.field, ev.field), old=old, new=new)
    return parts(line, ev.reason)


#: Fields that are answered with codes, and their words.
CODED: Mapping[str, Mapping[str, Text]] = {
    "relatedness": RELATEDNESS, "action": ACTIONS_TAKEN, "outcome": EVENT_OUTCOMES, "product": f.PRODUCT_NAMES, "kind": MEDICINES,
    "sex": ANSWERS, "disease": ANSWERS, "how": _HOW,
}  # fmt: skip


def field_words(field: str, value: Any) -> Text | str:
    """A field's JSON value in words."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return yes_no(value)
    if field == "criteria":
        return listed(SERIOUSNESS[x] for x in value)
    if isinstance(value, list):
        return listed(lab_value(v) for v in msgspec.convert(value, list[f.LabValue]))
    return CODED.get(field, ANSWERS).get(str(value), str(value))


def _raised(ev: e.AlarmRaised) -> Text:
    return say("Alarm: {what}", what=revived(ev.text) if ev.text else what(ev.key, Priority.LOW))


_WORDS: Mapping[type[Event], Callable[[Any], Text]] = {
    f.CriterionRecorded: _criterion, f.VerdictSigned: _verdict, f.SubjectEnrolled: _enrolled,
    f.EnrolmentArrived: _arrived, f.DltMarked: _dlt,
    f.AdverseEventNoted: _adverse, f.LabRecorded: _lab, f.TransfusionGiven: _transfusion, f.MedicationGiven: _medication,
    f.VisitDone: _done, f.VisitMissed: _missed, f.SampleDrawn: _sample, d.DecisionSigned: _decided,
    e.AlarmRaised: _raised,
    e.AlarmAcknowledged: lambda ev: say("Alarm acknowledged: {what}", what=what(ev.key, Priority.LOW)),
    e.AlarmCleared: lambda ev: say("Alarm over since {since}: {what}", since=Dated(ev.since), what=what(ev.key, Priority.LOW)),
    Corrected: correction_words, NoteAdded: lambda ev: say("Note: {text}", text=ev.text),
}  # fmt: skip
