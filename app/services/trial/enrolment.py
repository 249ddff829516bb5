"""What the trial desk says of an order, and what it writes down once one was made in spite of it."""

from app.domain.people.roles import Person
from app.domain.trial.subject.enrolment_gate import AgainstEnrolment, against_enrolment
from app.domain.trial.subject.subject_commands import DeskCommand, EnrolElsewhere, OverrideDose
from app.services.ward.ports import Done, ignore

from .trial_desk import TrialDesk


class Enrolment:
    """`practice`: there a subject is made on the fly, and nothing speaks against an order."""

    def __init__(self, desk: TrialDesk | None, practice: bool) -> None:
        self._desk, self._practice = desk, practice

    def against(self, subject: str, group: str) -> tuple[AgainstEnrolment, ...]:
        """Nothing where there is no trial desk, and nothing in practice."""
        if self._desk is None or self._practice:
            return ()
        return against_enrolment(self._desk.data().subject(subject.strip()), group)

    def ordered(self, subject: str, group: str, dose_number: int, reason: str, prescriber: Person, done: Done = ignore) -> None:
        """After an order for somebody who is not enrolled here: the prescriber has signed why."""
        if self._desk is None:
            return
        state = self._desk.data().subject(subject.strip())
        why = reason.strip() or ("practice" if self._practice else "")
        if not why or not against_enrolment(state, group):
            return
        unknown = state is None or (state.screened is None and state.enrolled is None)
        command: DeskCommand = EnrolElsewhere(group, "escalation", why) if unknown else OverrideDose(dose_number, why)
        self._desk.submit(subject, command, prescriber, done)
