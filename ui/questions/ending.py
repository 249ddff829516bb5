"""The end: the dose is in, or it is stopped; the line flushed, leftovers destroyed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.ending import (
    DestroyLeftover,
    End,
    FlushLine,
    Stop,
    may_destroy,
)
from app.domain.infusion.code_words import REASONS
from app.domain.infusion.drip_volume import earliest_end_at, limit_at
from app.domain.infusion.state import BagState, Infusion
from app.domain.people.roles import BEDSIDE, Person
from app.domain.products.leftovers import is_off, left_between, leftover_ml, leftovers
from app.domain.texts import Text, number, say
from ui.ask.answers import ChoiceAnswer, NumberAnswer
from ui.ask.form import YES_NO, Field, FormQuestion, ask_form, coded
from ui.ask.signer import witness
from ui.ask.who import ask_witness, with_role
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label

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
    """The line still holds cells at the end: with how much it was flushed; and on the same sheet what was left, if it goes now."""
    bag = next(iter(leftovers(desk.infusion(infusion_id))), None)
    with_role(desk, parent, BEDSIDE, lambda by: LeftoverQuestion(desk, infusion_id, bag, parent, by, flushes=True).open())


def ask_destroy_leftover(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """What is left of a bag is destroyed before a witness."""
    bag, by = next(iter(leftovers(desk.infusion(infusion_id))), None), desk.person
    if bag is not None and by is not None:
        LeftoverQuestion(desk, infusion_id, bag, parent, by).open()


class LeftoverQuestion(FormQuestion):
    """The flush, the destroyed rest of a bag, or both. A witness signs for bag and ml on the same sheet.

    Why another volume than was left is destroyed is asked only where it is.
    """

    def __init__(
        self, desk: Desk, infusion_id: str, bag: BagState | None, parent: QWidget, by: Person, flushes: bool = False
    ) -> None:
        self._infusion_id, self._by, self._bag, self._flushes = infusion_id, by, bag, flushes
        self._state = desk.infusion(infusion_id)
        bag_id = bag.bag.bag_id if bag else ""
        title, primary = say("Destroy the rest of bag {bag}", bag=bag_id), say("Destroyed")
        if flushes:
            title, primary = say("Flush the line"), say("Flushed")
        super().__init__(desk, title, primary, _leftover_fields(self._state, bag, flushes), parent)
        if bag is not None:
            self._left = label(self.kit, _left_words(self._state, bag), "body", wrap=True)
            self.body.insertWidget(self.body.indexOf(self.answers_by_key["ml"]), self._left)
            self._seen = label(self.kit, "", "strong", wrap=True)
            self.body.addWidget(self._seen)
            self.witness = self.ask_to_sign(witness(by, self._state.identity_checked_by))
            for key in {"now", "ml"} & self.answers_by_key.keys():
                self.answers_by_key[key].changed.connect(self._show)
            self._show()
        self.confirmed.connect(self._confirm)

    @property
    def _destroys(self) -> bool:
        now = self.answers_by_key.get("now")
        return self._bag is not None and (not isinstance(now, ChoiceAnswer) or now.chosen() is True)

    def _show(self) -> None:
        volume = self.answers_by_key["ml"]
        assert isinstance(volume, NumberAnswer)
        ml = volume.number.value()
        for part in (self._left, volume, self._seen, self.witness):
            part.setVisible(self._destroys)
        assert self._bag is not None
        off = ml is not None and is_off(self._state, self._bag, ml)
        self.answers_by_key["reason"].setVisible(self._destroys and off)
        seen = say("Bag {bag}: {ml} ml destroyed by {who}", bag=self._bag.bag.bag_id, ml="—" if ml is None else number(ml),
                   who=self._by.name)  # fmt: skip
        self.kit.words.bind(self._seen, text=seen)

    def _confirm(self) -> None:
        try:
            a = self.answers()
        except Refused:
            return
        flush: list[Command] = [FlushLine(a["flush"])] if self._flushes else []
        if self._bag is None or not self._destroys:
            self.send_in_turn(self._infusion_id, flush, self._by)
            return
        bag_id, ml, reason = self._bag.bag.bag_id, a["ml"], a["reason"] or ""
        try:
            may_destroy(self._state, bag_id, ml, reason)
        except Refused as refusal:
            self.say_no(refusal.text)
            return

        def signed(who: Person) -> None:
            self.send_in_turn(self._infusion_id, (*flush, DestroyLeftover(bag_id, ml, who, reason)), self._by)

        self.prove(self.witness, signed)


def _leftover_fields(state: Infusion, bag: BagState | None, flushes: bool) -> tuple[Field, ...]:
    flush = (Field("flush", say("Flushed with"), "number", unit=say("ml"), decimals=1),) if flushes else ()
    if bag is None:
        return flush
    now = (Field("now", say("Is the rest of bag {bag} destroyed now?", bag=bag.bag.bag_id), "choice", None, YES_NO),)
    return (
        *flush,
        *(now if flushes else ()),
        Field("ml", say("Destroyed"), "number", leftover_ml(state, bag), unit=say("ml"), decimals=1),
        Field("reason", say("Why not what was left?"), "reason", choices=coded(REASONS, *_WHY_ANOTHER_VOLUME)),
    )


def _left_words(state: Infusion, bag: BagState) -> Text:
    least, most = left_between(state, bag)
    if least == most:
        return say("{ml} ml were left in the bag.", ml=number(most))
    return say("Between {least} and {most} ml were left in the bag, by the counted drops.", least=number(least), most=number(most))


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
