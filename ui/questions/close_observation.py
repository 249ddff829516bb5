"""The observation is over: how it went, and what is to be watched further."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.code_words import FLAGS, OUTCOMES
from app.domain.infusion.tasks import observation_due_at
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, say
from ui.ask.answers import ChoiceAnswer
from ui.ask.form import Field, FormQuestion, submit_form
from ui.ask.who import desk_as
from ui.frame.desk import Desk

_WITH_REASON = ("reaction_ongoing", "transferred")


class ObservationQuestion(FormQuestion):
    """The reason is asked for before the time is over, and where somebody goes on watching."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        state = desk.infusion(infusion_id)
        outcomes = tuple((code, words) for code, words in OUTCOMES.items() if code != "no_reaction" or not state.reactions)
        fields = (
            Field("outcome", say("Outcome"), "choice", None, outcomes, columns=2),
            Field("flags", say("What is to be watched further?"), "several", choices=tuple(FLAGS.items()), columns=3),
            Field("reason", say("Reason, and who watches further")),
        )
        super().__init__(desk, say("Close the observation"), say("Close it"), fields, parent, _notes(desk, infusion_id))
        self._early = desk.now() < observation_due_at(state)
        self.answers_by_key["outcome"].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        outcome = self.answers_by_key["outcome"]
        assert isinstance(outcome, ChoiceAnswer)
        self.answers_by_key["reason"].setVisible(self._early or outcome.chosen() in _WITH_REASON)


def _notes(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    due_at = observation_due_at(desk.infusion(infusion_id))
    return (say("The observation lasts until {at}: closing it now takes a reason.", at=due_at),) if desk.now() < due_at else ()


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    def opened(person: Person) -> None:
        form = ObservationQuestion(desk, infusion_id, parent)
        submit_form(form, infusion_id, lambda a: c.CloseObservation(a["outcome"], a["flags"], a["reason"] or ""), person)
        form.open()

    desk_as(desk, parent, BEDSIDE, opened)
