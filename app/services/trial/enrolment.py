"""What the trial desk says of an order, and what it writes down once one was made in spite of it."""

from collections.abc import Callable

from app.domain.infusion.found.dose_order import DoseBefore, Irregular, local_day
from app.domain.people.roles import Person
from app.domain.trial.subject.enrolment_gate import against_enrolment
from app.domain.trial.subject.subject_commands import DeskCommand, EnrolElsewhere, OverrideDose
from app.services.ward.ports import Done, ignore

from .trial_desk import TrialDesk


class Enrolment:
    """`desk` is asked for when an order comes. In practice a subject is made on the fly, and nothing speaks against it."""

    def __init__(self, desk: Callable[[], TrialDesk | None], practice: bool) -> None:
        self._desk, self._practice = desk, practice

    def against(self, subject: str, group: str) -> tuple[Irregular, ...]:
        """Nothing where there is no trial desk, and nothing in practice."""
        desk = None if self._practice else self._desk()
        return () if desk is None else against_enrolment(desk.data().subject(subject.strip()), group)

    def knows(self, subject: str) -> bool:
        desk = self._desk()
        return desk is not None and desk.data().subject(subject) is not None

    def doses(self, subject: str) -> dict[str, DoseBefore]:
        """Those that came with an enrolment from another laptop, by infusion."""
        desk = self._desk()
        state = None if desk is None else desk.data().subject(subject.strip())
        if state is None or state.came is None:
            return {}
        group = state.came.group
        return {d.infusion_id: DoseBefore(group, d.number, local_day(d.started_at)) for d in state.came.doses}

    def ordered(self, subject: str, group: str, dose_number: int, reason: str, prescriber: Person, done: Done = ignore) -> None:
        """After an order for somebody who is not enrolled here: the prescriber has signed why."""
        desk = self._desk()
        if desk is None:
            return
        state = desk.data().subject(subject.strip())
        why = reason.strip() or ("practice" if self._practice else "")
        if not why or not against_enrolment(state, group):
            return
        unknown = state is None or (state.screened is None and state.enrolled is None)
        command: DeskCommand = EnrolElsewhere(group, "escalation", why) if unknown else OverrideDose(dose_number, why)
        desk.submit(subject, command, prescriber, done)
