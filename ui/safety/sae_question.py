"""A serious adverse event: its report went out, or it turns out not to be serious; both are an investigator's."""

import json

from PySide6.QtWidgets import QWidget

from app.domain.people.roles import Person, Role
from app.domain.safety.sae_clock import SaeClock
from app.domain.texts import Dated, say
from app.domain.trial.subject.subject_commands import CorrectSubject, DeskCommand, ReportSae
from app.services.trial.trial_desk import TrialDesk
from app.services.ward.ports import Outcome
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.form import Answers, FormQuestion, lead_on
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.safety.dated_answer import DatedAnswer


class SaeQuestion(FormQuestion):
    """What is asked changes with what became of it."""

    def __init__(self, desk: Desk, clock: SaeClock, parent: QWidget) -> None:
        note = say("{subject}: {term}, grade {grade}. The site knew at {aware}; the report is due until {until}.",
                   subject=clock.subject, term=clock.term, grade=clock.grade, aware=Dated(clock.aware_at),
                   until=Dated(clock.until))  # fmt: skip
        super().__init__(desk, say("Serious adverse event"), say("Sign"), (), parent, (note,))
        kinds = (("reported", say("The report is out")), ("downgraded", say("It is not serious")))
        self.what = ChoiceAnswer(self.kit, say("What became of it?"), kinds, "reported", columns=2)
        self.add("what", self.what)
        self.add("at", DatedAnswer(self.kit, say("Reported at"), desk.now()))
        self.add("to", TextAnswer(self.kit, say("Reported to")))
        self.add("receipt", TextAnswer(self.kit, say("Receipt, its number"), needed=False))
        self.add("reason", TextAnswer(self.kit, say("Why is it not serious?")))
        self.what.changed.connect(self._chosen)
        self._chosen()

    def _chosen(self) -> None:
        is_reported = self.what.chosen() == "reported"
        for key, answer in self.answers_by_key.items():
            answer.setVisible(key == "what" or (key != "reason") == is_reported)


def ask_sae(desk: Desk, trial: TrialDesk, clock: SaeClock, parent: QWidget) -> None:
    """An investigator signs what became of it; a refusal stands in the frame."""
    form = SaeQuestion(desk, clock, parent)

    def answered(outcome: Outcome) -> None:
        problem = outcome.refused or outcome.failed
        if problem is not None:
            desk.tell(say("{name}: {value}", name=clock.subject, value=problem))

    def signed(answers: Answers) -> None:
        def by(person: Person) -> None:
            trial.submit(clock.subject, sae_command(clock, answers), person, answered)

        ask_who(desk, parent, {Role.INVESTIGATOR}, by, why=say("Investigator: I sign what became of this event"))

    lead_on(form, signed)
    form.open()


def sae_command(clock: SaeClock, answers: Answers) -> DeskCommand:
    if answers["what"] == "reported":
        return ReportSae(clock.event_id, answers["at"], answers["to"], answers["receipt"] or "")
    return CorrectSubject(clock.event_id, "is_serious", json.dumps(False), answers["reason"])
