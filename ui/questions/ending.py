"""The end: the dose is in, or it is stopped; the line flushed, leftovers destroyed, the observation closed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine, Stop
from app.domain.infusion.code_words import FLAGS, OUTCOMES, REASONS
from app.domain.infusion.drip_volume import earliest_end_at, limit_at
from app.domain.infusion.tasks import leftover_ml, leftovers, observation_due_at
from app.domain.people.roles import BEDSIDE, CLINICAL, Person
from app.domain.texts import Text, say
from ui.ask.answers import ChoiceAnswer
from ui.ask.form import Field, FormQuestion, ask_form, coded, submit_form
from ui.ask.who import ask_who, with_role
from ui.frame.desk import Desk

_WITH_REASON = ("reaction_ongoing", "transferred")
_WHY_ENDED = ("dose_in", "discomfort", "line", "patient", "doctor", "bag_fault")


def ask_end(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The dose is in, or what there was of it."""
    fields = _end_fields(say("Anything to say about this end?"), needed=False)
    ask_form(desk, infusion_id, parent, say("End the infusion"), say("End it now"), fields,
             lambda a: End(a["left"], a["reason"]), notes=_end_notes(desk, infusion_id))  # fmt: skip


def ask_stop(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Ended early for good. A reason is asked for, never waited for."""
    fields = _end_fields(say("Why is it stopped for good?"), needed=False)
    ask_form(desk, infusion_id, parent, say("Stop for good"), say("Stop it for good"), fields,
             lambda a: Stop(a["left"], a["reason"]), notes=_end_notes(desk, infusion_id))  # fmt: skip


def _end_fields(why: Text, needed: bool) -> Sequence[Field]:
    return (
        Field("left", say("Left in the bag; empty if it cannot be read"), "number", unit=say("ml"), decimals=1, needed=False),
        Field("reason", why, "reason", choices=coded(REASONS, *_WHY_ENDED), needed=needed),
    )


def _end_notes(desk: Desk, infusion_id: str) -> Sequence[Text]:
    """What will stand in the record as a deviation if it ends now."""
    state, now = desk.infusion(infusion_id), desk.now()
    earliest, latest = earliest_end_at(state), limit_at(state)
    shut = (say("Shut the clamp first."),)
    if earliest is not None and now < earliest:
        return (*shut, say("It ends before {at}: this is marked as a deviation.", at=earliest))
    if latest is not None and now > latest:
        return (*shut, say("It ends after {at}: this is marked as a deviation.", at=latest))
    return shut


def ask_flush_line(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The line still holds cells at the end: with how much it was flushed."""
    fields = (Field("ml", say("Flushed with"), "number", unit=say("ml"), decimals=1, pad=True),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Flush the line"), say("Flushed"), fields,
                 lambda a: FlushLine(a["ml"]), person)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)


def ask_destroy_leftover(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """What is left of a bag is destroyed before a witness, who signs."""
    state = desk.infusion(infusion_id)
    bag = next(iter(leftovers(state)), None)
    if bag is None or desk.person is None:
        return
    bag_id = bag.bag.bag_id
    fields = (Field("ml", say("Destroyed"), "number", leftover_ml(state, bag), unit=say("ml"), decimals=1),)
    title = say("Destroy the rest of bag {bag}", bag=bag_id)

    def opened(witness: Person) -> None:
        notes = (say("Witness: {name}", name=witness.name),)
        ask_form(desk, infusion_id, parent, title, say("Destroyed"), fields,
                 lambda a: DestroyLeftover(bag_id, a["ml"], witness), notes=notes)  # fmt: skip

    ask_who(desk, parent, CLINICAL, opened, (desk.person.person_id,), say("Who is the witness?"))


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
        super().__init__(desk, say("Close the observation"), say("Close it"), fields, parent, _observation_notes(desk, infusion_id))
        self._early = desk.now() < observation_due_at(state)
        self.answers_by_key["outcome"].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        outcome = self.answers_by_key["outcome"]
        assert isinstance(outcome, ChoiceAnswer)
        self.answers_by_key["reason"].setVisible(self._early or outcome.chosen() in _WITH_REASON)


def _observation_notes(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    due_at = observation_due_at(desk.infusion(infusion_id))
    return (say("The observation lasts until {at}: closing it now takes a reason.", at=due_at),) if desk.now() < due_at else ()


def ask_close_observation(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The observation is over: how it went, and what is to be watched further."""

    def opened(person: Person) -> None:
        form = ObservationQuestion(desk, infusion_id, parent)
        submit_form(form, infusion_id, lambda a: CloseObservation(a["outcome"], a["flags"], a["reason"] or ""), person)
        form.open()

    with_role(desk, parent, BEDSIDE, opened)
