"""All subjects of the trial with what the bedside knows of them, and what follows for the board on a day."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from app.domain.errors import Refused
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.people.signatures import covered
from app.domain.protocol import Protocol
from app.domain.safety.suggested import TESTS_OF_TERMS, Measured, Suggested, suggested
from app.domain.texts import say
from app.domain.typed_texts import sentence

from .course import Course, course
from .decision_facts import AdviceGiven, DecisionSigned
from .enrolled import EscalationRule, Subject
from .escalation import BoardAnswer, Decision, board
from .rules import TrialRules
from .subject.subject_rules import only_investigators
from .subject.subject_state import SubjectState
from .visits import Calendar, calendar


class DoseGiven(msgspec.Struct, frozen=True):
    """One infusion that was started, in the site's time."""

    infusion_id: str
    number: int
    started_at: datetime
    ended_at: datetime | None = None


class BedsideReaction(msgspec.Struct, frozen=True):
    """A reaction at an infusion, as it is known by now. `protocol`: what that was ordered by; None where it is not at hand."""

    infusion_id: str
    onset_at: datetime
    symptoms: tuple[str, ...]
    grade: int | None = None
    protocol: Protocol | None = None


class TrialData(msgspec.Struct, frozen=True):
    """`doses` and `reactions` by subject code; also of subjects that have no stream here. `today` is the freeze date.

    `ordered_by`: by subject code, the protocol that its first infusion was ordered by.
    """

    subjects: tuple[SubjectState, ...]
    doses: Mapping[str, tuple[DoseGiven, ...]]
    reactions: Mapping[str, tuple[BedsideReaction, ...]]
    decided: tuple[Entry, ...]
    today: date
    ordered_by: Mapping[str, Protocol] = {}

    def protocol_of(self, code: str, in_force: Protocol) -> Protocol:
        """A later file changes nothing for who was infused by an earlier one."""
        return self.ordered_by.get(code, in_force)

    def subject(self, code: str) -> SubjectState | None:
        return next((s for s in self.subjects if s.code == code), None)

    @property
    def enrolled(self) -> tuple[SubjectState, ...]:
        return tuple(s for s in self.subjects if s.enrolled is not None)

    @property
    def infused(self) -> tuple[SubjectState, ...]:
        """Enrolled and given at least one dose: the denominator of safety and of response in all treated."""
        return tuple(s for s in self.enrolled if self.doses.get(s.code))

    @property
    def strangers(self) -> tuple[str, ...]:
        """Infused here and not enrolled in this record."""
        known = {s.code for s in self.enrolled}
        return tuple(sorted(code for code in self.doses if code not in known))


def dose_days(data: TrialData, code: str) -> tuple[date, ...]:
    """The calendar days of the doses so far, one a day, in order."""
    return tuple(sorted({dose.started_at.date() for dose in data.doses.get(code, ())}))


def on_board(data: TrialData, protocol: Protocol) -> tuple[Subject, ...]:
    """Every enrolled subject as the 3 + 3 counts it."""
    return tuple(_counted(s, dose_days(data, s.code), data.protocol_of(s.code, protocol)) for s in data.enrolled)


def _counted(s: SubjectState, days: Sequence[date], protocol: Protocol) -> Subject:
    made = s.enrolled
    assert made is not None
    dlt_on = s.dlt.on if s.dlt is not None and s.dlt.is_dlt else None
    return Subject(
        s.code, made.group, days[0] if days else None, days[-1] if days else None, protocol.doses_in(made.group), len(days),
        s.left.on if s.left else None, dlt_on, made.cohort,
    )  # fmt: skip


def graded_reactions(data: TrialData) -> dict[str, frozenset[date]]:
    """By subject, the days on which a reaction began at the bedside that somebody has graded."""
    return {code: frozenset(r.onset_at.date() for r in found if r.grade is not None) for code, found in data.reactions.items()}


def board_of(data: TrialData, protocol: Protocol, rule: EscalationRule) -> BoardAnswer:
    return board(on_board(data, protocol), data.today, rule)


def snapshot(subjects: Sequence[Subject]) -> str:
    """SHA-256 of what a decision rests on: every enrolled subject as the rule counts it."""
    ordered = sorted(subjects, key=lambda s: s.subject)
    return hashlib.sha256(msgspec.json.encode(ordered, order="sorted")).hexdigest()


def calendar_of(data: TrialData, s: SubjectState, protocol: Protocol, rules: TrialRules) -> Calendar | None:
    """The subject's calendar from its actual doses; None before the first, or where they are more than the group has."""
    days, protocol = dose_days(data, s.code), data.protocol_of(s.code, protocol)
    if s.enrolled is None or not 1 <= len(days) <= protocol.doses_in(s.enrolled.group):
        return None
    return calendar(s.enrolled.group, days[0], days[1:], protocol, rules)


def course_of(data: TrialData, s: SubjectState, protocol: Protocol, rules: TrialRules) -> Course | None:
    """The subject's counts as the response judges them; None before the first dose."""
    doses = sorted(data.doses.get(s.code, ()), key=lambda d: d.started_at)
    if not doses:
        return None
    zone, protocol = doses[0].started_at.tzinfo, data.protocol_of(s.code, protocol)
    return course(s.counts, s.transfused, doses[0].started_at, doses[-1].started_at.astimezone(zone), protocol, rules)


# --- decisions


def sign_decision(
    data: TrialData, subjects: Sequence[Subject], answer: BoardAnswer, by: Person, trial: Sequence[Entry]
) -> DecisionSigned:
    """What the rule says today, signed beside the data's hash. `trial`: all entries of its stream. Raises `Refused`."""
    only_investigators(by)
    if answer.decision is Decision.WAIT:
        raise Refused(say("There is nothing to sign while the rule waits. {why}", why=answer.reason))
    return DecisionSigned(
        decision=answer.decision.value, group=answer.group, mtd=answer.mtd, reason=answer.reason, freeze_on=data.today,
        data_sha256=snapshot(subjects), printed_name=by.name, signed_sha256=covered(trial).hex(),
    )  # fmt: skip


def give_advice(text: str, on: date, subjects: Sequence[Subject], data: TrialData, by: Person) -> AdviceGiven:
    only_investigators(by)
    if not text.strip():
        raise Refused(say("Write what the committee advised."))
    if on > data.today:
        raise Refused(say("{day} lies in the future.", day=on))
    return AdviceGiven(on, sentence(text.strip()), snapshot(subjects))


class StandingDecision(msgspec.Struct, frozen=True):
    """A signed decision or an advice, and whether the data are still those it rests on."""

    entry: Entry
    on_these_data: bool


def decisions(data: TrialData, subjects: Sequence[Subject]) -> tuple[StandingDecision, ...]:
    """The newest last."""
    now = snapshot(subjects)
    return tuple(
        StandingDecision(entry, entry.event.data_sha256 == now)
        for entry in data.decided
        if isinstance(entry.event, DecisionSigned | AdviceGiven)
    )


def suggested_for(data: TrialData, code: str, term: str) -> Suggested | None:
    """What the laboratory's numbers of a subject suggest for a term."""
    state, test = data.subject(code), TESTS_OF_TERMS.get(term)
    if state is None or test is None:
        return None
    values = ((lab.collected_at, v) for lab in state.labs for v in lab.values if v.test == test)
    found = sorted((Measured(at, v.value, v.lln, v.uln) for at, v in values), key=lambda x: x.at)
    first = min((dose.started_at for dose in data.doses.get(code, ())), default=None)
    return suggested(term, found, first)
