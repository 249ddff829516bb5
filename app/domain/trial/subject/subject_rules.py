"""What follows from what a person asks for at the trial desk. Investigators decide and sign; others read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.facts import NoteAdded, Signing
from app.domain.log import Event
from app.domain.people.roles import ROLE_NAMES, Person, Role
from app.domain.people.signatures import covered
from app.domain.protocol import Protocol
from app.domain.safety.ctcae_terms import Ctcae
from app.domain.texts import say
from app.domain.trial.criteria import ALIASES, Criterion, criteria
from app.domain.trial.eligibility import EligibilityAnswer, Entered, eligibility
from app.domain.trial.enrolled import EscalationRule, Subject
from app.domain.trial.escalation import BoardAnswer, Decision, expansion
from app.domain.trial.rules import TrialRules
from app.domain.typed_texts import all_typed, subject_code

from . import enrolment_parcel as parcel
from . import subject_facts as f
from .adverse_rules import adverse, sae_report
from .correcting import Correcting, corrections
from .entry_checks import course_event, not_later, note_text, reason, refuse_entry, refuse_numbers, refuse_screening
from .lab_rules import laboratory
from .subject_commands import (
    CorrectSubject,
    DeskCommand,
    Enrol,
    EnrolElsewhere,
    LeaveTrial,
    MarkDlt,
    NoteAdverseEvent,
    NoteSubject,
    OverrideDose,
    RecordCourse,
    RecordCriterion,
    RecordLab,
    ReportSae,
    Screen,
    SendEnrolment,
    SignVerdict,
)  # fmt: skip
from .subject_state import SubjectState, as_recorded, entered


class DeskSetting(msgspec.Struct, frozen=True):
    """What the desk's rules are asked with besides the subject: the numbers, the board as it stands, the day on the ward.

    `reactions_on`: by subject, the days of reactions at its infusions that were graded.
    """

    protocol: Protocol
    rules: TrialRules
    board: BoardAnswer
    today: date
    free_in_expansion: int
    criteria: tuple[Criterion, ...]
    ctcae: Ctcae | None = None
    reactions_on: Mapping[str, frozenset[date]] = {}


def setting_of(
    subjects: Sequence[Subject], answer: BoardAnswer, protocol: Protocol, rules: TrialRules, rule: EscalationRule, today: date
) -> DeskSetting:
    """`free_in_expansion`: places of the expansion, within what the protocol allows in all."""
    left = max(0, rule.most_subjects - len(subjects))
    free = min(left, expansion(subjects, today, rule).free)
    return DeskSetting(protocol, rules, answer, today, free, criteria(protocol, rules))


DeskEvents = list[Event]
DeskRule = Callable[[SubjectState, Any, Person, datetime, DeskSetting], DeskEvents]


def desk_decide(state: SubjectState, command: DeskCommand, by: Person, now: datetime, setting: DeskSetting) -> DeskEvents:
    """The events that a command leads to; a signature signs for all of this subject that came before. Raises `Refused`."""
    only_investigators(by)
    if not isinstance(command, Screen | EnrolElsewhere) and state.screened is None and state.enrolled is None:
        raise Refused(say("{subject} has not been screened here.", subject=state.code))
    if isinstance(command, Screen) and state.enrolled is None:
        subject_code(state.code, setting.protocol.labels)
    events = DESK_RULES[type(command)](state, all_typed(command), by, now, setting)
    return [_signed(state, event, by) for event in events]


def only_investigators(by: Person) -> None:
    if by.role is not Role.INVESTIGATOR:
        raise Refused(say("This needs another role: {who}.", who=ROLE_NAMES[Role.INVESTIGATOR]))


def _signed(state: SubjectState, event: Event, by: Person) -> Event:
    if not isinstance(event, Signing):
        return event
    return msgspec.structs.replace(event, printed_name=by.name, signed_sha256=covered(state.entries).hex())


def judged_rows(state: SubjectState, setting: DeskSetting) -> EligibilityAnswer:
    """Every row of the trial for one subject: as it stands today, or stood when it was enrolled."""
    on = state.enrolled.on if state.enrolled is not None else setting.today
    return eligibility(entered(state, on), setting.criteria, setting.rules.eligibility.transfusion_warning_days)


def screen(state: SubjectState, c: Screen, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    if state.screened is not None:
        raise Refused(say("{subject} has been screened already.", subject=state.code))
    not_later(max(c.car_t_on, c.consent_on), setting.today)
    made = f.SubjectScreened(c.sex, c.age_years, c.disease, c.car_t_on, c.consent_on, c.icaht_grade, c.simulated)
    refuse_screening(made)
    return [made]


def record_criterion(_s: SubjectState, c: RecordCriterion, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    found = next((k for k in setting.criteria if k.code == c.criterion), None)
    if found is None:
        raise Refused(say("“{code}” is no criterion of this trial.", code=c.criterion))
    typed = (c.value or "").strip().lower().replace("_", " ")
    value = ALIASES.get(typed, typed) or None
    unit = c.unit.strip()
    refuse_numbers(c.lln, c.uln)
    if value is not None:
        refuse_entry(found, value, unit, f"{c.value} {unit}".strip())
    return [as_recorded(Entered(c.criterion, value, unit, c.lln, c.uln), c.source)]


def sign_verdict(state: SubjectState, c: SignVerdict, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    eligible = judged_rows(state, setting).eligible
    if eligible is None:
        raise Refused(say("Something is not known yet: nobody is judged on an unknown."))
    return [f.VerdictSigned(eligible=eligible, text=c.text.strip())]


#: What the board may answer when somebody more may come.
OPEN = (Decision.ENROL, Decision.EXPAND_COHORT, Decision.ESCALATE)


def place(board: BoardAnswer, free_in_expansion: int) -> tuple[str, f.Cohort] | None:
    """Where the next subject goes: the group of the rule, or the expansion of the group that was found; None: nowhere now."""
    if board.decision in OPEN and board.group is not None:
        return board.group, "escalation"
    if board.decision in (Decision.STOP, Decision.COMPLETE) and board.mtd is not None and free_in_expansion:
        return board.mtd, "expansion"
    return None


def enrol(state: SubjectState, _c: Enrol, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    if state.enrolled is not None:
        raise Refused(say("{subject} is enrolled already.", subject=state.code))
    if judged_rows(state, setting).eligible is None:
        raise Refused(say("Something is not known yet: nobody is enrolled on an unknown."))
    verdict = state.signed_verdict
    if verdict is None or not state.verdict_stands:
        raise Refused(say("An investigator signs the verdict on the rows as they stand now first."))
    if not verdict.eligible or judged_rows(state, setting).eligible is False:
        raise Refused(say("{subject} is not eligible.", subject=state.code))
    found = place(setting.board, setting.free_in_expansion)
    if found is None:
        raise Refused(say("Nobody is enrolled now. {why}", why=setting.board.reason))
    return [f.SubjectEnrolled(group=found[0], cohort=found[1], on=setting.today)]


def enrol_elsewhere(state: SubjectState, c: EnrolElsewhere, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    if state.enrolled is not None:
        raise Refused(say("{subject} is enrolled already.", subject=state.code))
    if state.screened is not None:
        raise Refused(say("{subject} was screened here: it is enrolled on the Trial page.", subject=state.code))
    setting.protocol.doses_in(c.group)
    made = f.SubjectEnrolled(group=c.group, cohort=c.cohort, on=setting.today, elsewhere=True, reason=reason(c.reason))
    return [made]


def send_enrolment(state: SubjectState, c: SendEnrolment, _by: Person, now: datetime, setting: DeskSetting) -> DeskEvents:
    return parcel.send_enrolment(state, c, setting.protocol, now)


def override_dose(_s: SubjectState, c: OverrideDose, _by: Person, _now: datetime, _setting: DeskSetting) -> DeskEvents:
    return [f.DoseOverridden(dose_number=c.dose_number, reason=reason(c.reason))]


def leave(state: SubjectState, c: LeaveTrial, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    if state.left is not None:
        raise Refused(say("{subject} has left already: correct the entry.", subject=state.code))
    return [f.SubjectLeft(not_later(c.on, setting.today), reason(c.reason))]


def mark_dlt(state: SubjectState, c: MarkDlt, _by: Person, _now: datetime, setting: DeskSetting) -> DeskEvents:
    if state.enrolled is None:
        raise Refused(say("{subject} is not enrolled.", subject=state.code))
    if not c.is_dlt and state.dlt is None:
        raise Refused(say("There is no DLT to judge again."))
    _grade(c.grade)
    return [
        f.DltMarked(is_dlt=c.is_dlt, on=not_later(c.on, setting.today), term=reason(c.term), reason=reason(c.reason), grade=c.grade)
    ]


def _grade(grade: int | None) -> None:
    if grade is not None and not 1 <= grade <= 5:
        raise Refused(say("A grade is between 1 and 5."))


def note_adverse(s: SubjectState, c: NoteAdverseEvent, _by: Person, now: datetime, setting: DeskSetting) -> DeskEvents:
    not_later(c.event.onset_on, setting.today)
    return [adverse(s, c.event, now, setting.ctcae, _reactions(s, setting), None)]


def report_sae(s: SubjectState, c: ReportSae, _by: Person, now: datetime, setting: DeskSetting) -> DeskEvents:
    return [sae_report(s, c, now, setting.protocol.clocks.sae_report_h)]


def record_lab(_s: SubjectState, c: RecordLab, by: Person, now: datetime, _setting: DeskSetting) -> DeskEvents:
    return [laboratory(c, by, now)]


def record_course(_s: SubjectState, c: RecordCourse, _by: Person, now: datetime, setting: DeskSetting) -> DeskEvents:
    return [course_event(c.event, now, setting.today)]


def correct_subject(state: SubjectState, c: CorrectSubject, by: Person, now: datetime, setting: DeskSetting) -> DeskEvents:
    judged_by = Correcting(by, now, setting.today, setting.ctcae, _reactions(state, setting), setting.criteria)
    return corrections(state, c, judged_by)


def _reactions(state: SubjectState, setting: DeskSetting) -> frozenset[date]:
    return setting.reactions_on.get(state.code, frozenset())


def note(_s: SubjectState, c: NoteSubject, _by: Person, _now: datetime, _setting: DeskSetting) -> DeskEvents:
    return [NoteAdded(note_text(c.text))]


DESK_RULES: dict[type[DeskCommand], DeskRule] = {
    Screen: screen, RecordCriterion: record_criterion, SignVerdict: sign_verdict, Enrol: enrol,
    EnrolElsewhere: enrol_elsewhere, SendEnrolment: send_enrolment, OverrideDose: override_dose, LeaveTrial: leave,
    MarkDlt: mark_dlt, NoteAdverseEvent: note_adverse, ReportSae: report_sae,
    RecordLab: record_lab, RecordCourse: record_course, CorrectSubject: correct_subject,
    NoteSubject: note,
}  # fmt: skip
