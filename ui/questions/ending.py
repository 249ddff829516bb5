"""The end: the dose is in, or it is stopped; the line flushed, leftovers destroyed, the observation closed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion.chapters.ending import (
    CloseObservation,
    DestroyLeftover,
    End,
    FlushLine,
    Stop,
    left_undone,
    may_destroy,
    undone_words,
)
from app.domain.infusion.checks import missed_checks
from app.domain.infusion.code_words import FLAGS, OUTCOMES, REASONS
from app.domain.infusion.drip_volume import earliest_end_at, limit_at
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.tasks import observation_due_at
from app.domain.people.roles import BEDSIDE, Person
from app.domain.products.leftovers import is_off, left_between, leftover_ml, leftovers
from app.domain.texts import Text, listed, number, say
from ui.ask.answers import ChoiceAnswer, NumberAnswer
from ui.ask.form import Field, FormQuestion, ask_form, coded, submit_form
from ui.ask.signer import witness
from ui.ask.who import ask_witness, with_role
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button

from .reaction import ask_resolve_reaction
from .vital_checks import ask_record_vitals
from .watching import ask_confirm_time

_WITH_REASON = ("reaction_ongoing", "transferred")
_WHY_ANOTHER_VOLUME = ("spilt", "measured", "misread")
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


class DestroyQuestion(FormQuestion):
    """Before a witness, who signs for bag and ml on the same sheet. Why another volume than was left is destroyed is asked only
    where it is.
    """

    def __init__(self, desk: Desk, infusion_id: str, bag: BagState, parent: QWidget, by: Person) -> None:
        self._state, self._bag = desk.infusion(infusion_id), bag
        fields = (
            Field("ml", say("Destroyed"), "number", leftover_ml(self._state, bag), unit=say("ml"), decimals=1),
            Field("reason", say("Why not what was left?"), "reason", choices=coded(REASONS, *_WHY_ANOTHER_VOLUME)),
        )
        title = say("Destroy the rest of bag {bag}", bag=bag.bag.bag_id)
        super().__init__(desk, title, say("Destroyed"), fields, parent, (_left_words(self._state, bag),))
        self.witness = self.ask_to_sign(witness(by))
        self.answers_by_key["ml"].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        volume = self.answers_by_key["ml"]
        assert isinstance(volume, NumberAnswer)
        ml = volume.number.value()
        self.answers_by_key["reason"].setVisible(ml is not None and is_off(self._state, self._bag, ml))


def _left_words(state: Infusion, bag: BagState) -> Text:
    least, most = left_between(state, bag)
    if least == most:
        return say("{ml} ml were left in the bag.", ml=number(most))
    return say("Between {least} and {most} ml were left in the bag, by the counted drops.", least=number(least), most=number(most))


def ask_destroy_leftover(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """What is left of a bag is destroyed before a witness."""
    state, by = desk.infusion(infusion_id), desk.person
    bag = next(iter(leftovers(state)), None)
    if bag is None or by is None:
        return
    bag_id = bag.bag.bag_id
    form = DestroyQuestion(desk, infusion_id, bag, parent, by)

    def confirm() -> None:
        try:
            answers = form.answers()
        except Refused:
            return
        ml, reason = answers["ml"], answers["reason"] or ""
        try:
            may_destroy(state, bag_id, ml, reason)
        except Refused as refusal:
            form.say_no(refusal.text)
            return
        form.prove(form.witness, lambda who: form.send(infusion_id, DestroyLeftover(bag_id, ml, who, reason), by))

    form.confirmed.connect(confirm)
    form.open()


class DestroyedSheet(NamedTuple):
    """What the witness signs: the bag, its ml, who destroyed it, and why it is not what was left."""

    bag_id: str
    ml: Decimal
    by: Person
    reason: str = ""


def witness_destruction(desk: Desk, infusion_id: str, parent: QWidget, sheet: DestroyedSheet) -> None:
    state = desk.infusion(infusion_id)
    notes = [
        say("Bag {bag}: {ml} ml destroyed by {who}", bag=sheet.bag_id, ml=number(sheet.ml), who=sheet.by.name),
        _left_words(state, state.bags[sheet.bag_id]),
    ]
    if sheet.reason:
        notes.append(say("Reason: {reason}", reason=codes.word(sheet.reason)))

    def signed(witness: Person) -> None:
        desk.submit(infusion_id, DestroyLeftover(sheet.bag_id, sheet.ml, witness, sheet.reason), sheet.by)

    ask_witness(desk, parent, sheet.by, notes, signed)


class ObservationQuestion(FormQuestion):
    """A reason is asked for before the time is over, where something is left undone, and where somebody goes on watching."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        state = desk.infusion(infusion_id)
        outcomes = tuple((code, words) for code, words in OUTCOMES.items() if code != "no_reaction" or not state.reactions)
        self._infusion_id, self._parent = infusion_id, parent
        self._undone = left_undone(state, desk.now())
        fields = (
            Field("outcome", say("Outcome"), "choice", None, outcomes, columns=2),
            Field("flags", say("What is to be watched further?"), "several", choices=tuple(FLAGS.items()), columns=3),
            Field("reason", say("Reason, and who watches further")),
        )
        notes = _observation_notes(desk, infusion_id)
        super().__init__(desk, say("Close the observation"), say("Close it"), fields, parent, notes)
        self._told = len(notes)
        self._early = desk.now() < observation_due_at(state)
        self._offer_to_do_now()
        self.answers_by_key["outcome"].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        outcome = self.answers_by_key["outcome"]
        assert isinstance(outcome, ChoiceAnswer)
        needed = self._early or bool(self._undone) or outcome.chosen() in _WITH_REASON
        self.answers_by_key["reason"].setVisible(needed)

    def _offer_to_do_now(self) -> None:
        """A button each for what can still be done, above the answers."""
        for place, code in enumerate((code for code in self._undone if code in _DONE_NOW), start=self._told):
            words, _ask = _DONE_NOW[code]
            do = button(self.kit, words)
            do.setObjectName(code)
            do.clicked.connect(self._do_now)
            self.body.insertWidget(place, do)

    def _do_now(self) -> None:
        _words, ask = _DONE_NOW[self.sender().objectName()]
        self.reject()
        ask(self.desk, self._infusion_id, self._parent)


_DONE_NOW: dict[str, tuple[Text, Callable[[Desk, str, QWidget], None]]] = {
    "checks": (say("Take vital signs now"), ask_record_vitals),
    "time": (say("Enter what time it is"), ask_confirm_time),
    "reaction": (say("The reaction is over"), ask_resolve_reaction),
}


def _observation_notes(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    """Why closing it now takes a reason."""
    state, now = desk.infusion(infusion_id), desk.now()
    due_at, undone = observation_due_at(state), left_undone(state, now)
    early = (say("The observation lasts until {at}: closing it now takes a reason.", at=due_at),) if now < due_at else ()
    if not undone:
        return early
    missed = missed_checks(state, now)
    times = (say("Vital signs missed at: {times}", times=listed([check.due_at for check in missed])),) if missed else ()
    return (*early, say("Left undone: {what}. Do it now, or give a reason.", what=undone_words(undone)), *times)


def ask_close_observation(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The observation is over: how it went, and what is to be watched further."""

    def opened(person: Person) -> None:
        form = ObservationQuestion(desk, infusion_id, parent)
        submit_form(form, infusion_id, lambda a: CloseObservation(a["outcome"], a["flags"], a["reason"] or ""), person)
        form.open()

    with_role(desk, parent, BEDSIDE, opened)
