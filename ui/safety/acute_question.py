"""How the patient was when the watch for acute reactions ended: asked, then signed by who saw or asked them."""

from PySide6.QtWidgets import QWidget

from app.domain.people.roles import BEDSIDE, Person
from app.domain.safety.acute_check import AcuteWatch, AnswerAcute
from app.domain.safety.safety_facts import ACUTE_OUTCOMES, CONTACTS
from app.domain.texts import Dated, Text, say
from app.services.safety.acute_checks import AcuteChecks
from app.services.ward.ports import Outcome
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.form import FormQuestion, lead_on
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.safety.dated_answer import DatedAnswer


def ask_acute_result(desk: Desk, checks: AcuteChecks, watch: AcuteWatch, parent: QWidget) -> None:
    """The answers, then a signature; a refusal opens nothing and stands in the frame."""
    title = say("Result after {hours} h: how is the patient?", hours=watch.hours)
    notes = (say("{subject}, bed {bed}, dose {dose}. The {hours} h end at {at}.", subject=watch.subject, bed=watch.bed,
                 dose=watch.dose_number, hours=watch.hours, at=Dated(watch.due_at)),)  # fmt: skip
    form = FormQuestion(desk, title, say("Sign"), (), parent, notes)
    form.add("outcome", ChoiceAnswer(desk.kit, say("Since the infusion"), tuple(ACUTE_OUTCOMES.items()), columns=1))
    form.add("contact", ChoiceAnswer(desk.kit, say("How do you know?"), tuple(CONTACTS.items()), columns=3))
    form.add("seen_at", DatedAnswer(desk.kit, say("Seen or asked at"), desk.now()))
    form.add("text", TextAnswer(desk.kit, say("What happened, what was done"), needed=False))

    def answered(outcome: Outcome) -> None:
        problem = outcome.refused or outcome.failed
        if problem is not None:
            desk.tell(problem, about=watch.infusion_id)

    def signed(command: AnswerAcute) -> None:
        def by(person: Person) -> None:
            checks.answer(watch, command, person, answered)

        ask_who(
            desk, parent, BEDSIDE, by, why=say("I saw or asked the patient, and found this"), notes=_signed_lines(watch, command)
        )

    lead_on(form, lambda answers: signed(AnswerAcute(**{**answers, "text": answers["text"] or ""})))
    form.open()


def _signed_lines(watch: AcuteWatch, command: AnswerAcute) -> tuple[Text, ...]:
    return (
        say("{subject}: {outcome}, {contact}, {at}", subject=watch.subject, outcome=ACUTE_OUTCOMES[command.outcome],
            contact=CONTACTS[command.contact], at=Dated(command.seen_at)),
    )  # fmt: skip
