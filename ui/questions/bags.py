"""Bags: what a label says, which bag a question is about, one that broke, one that was not used."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.bags import ReportBroken, ScanBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.ending import ReturnBag, unopened, unused
from app.domain.infusion.code_words import REASONS, UNREADABLE
from app.domain.infusion.facts import Bag
from app.domain.infusion.state import Infusion
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.products.label_text import read_expiry
from app.domain.protocol import Product, Protocol
from app.domain.texts import Text, listed, say
from app.services.codes.bag_labels import BagLabel, read_at_bed, read_entered, read_wristband
from app.services.words.words import from_local
from ui.ask.answers import ChoiceAnswer
from ui.ask.form import WHY_TYPED, Answers, Field, FormQuestion, ask_form, coded, lead_on
from ui.ask.signer import MaySign
from ui.ask.who import ask_who, with_role
from ui.dispense.dose_state import power_of_ten, superscript
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label as text_label

from .ending import DestroyedSheet, witness_destruction

_PRACTICE_LOT = "UC2611"
_MOST_LETTERS_SHOWN = 64
_HUNDREDTH = Decimal("0.01")
_WHY_BROKEN = ("bag_fault", "appearance", "thawed_too_long")
_RETURNED, _DESTROYED = "returned", "destroyed"
_WHAT_BECOMES = ((_RETURNED, say("returned to the pharmacy, unopened")), (_DESTROYED, say("destroyed before a witness")))


def practice_labels(state: Infusion) -> Text:
    """What stands on the wristband and the bags of a patient who is not there."""
    bags = listed(bag.bag.bag_id for bag in state.planned_bags)
    return say("Practice: the wristband says {subject}, the bags say {bags}.", subject=state.order.subject, bags=bags)


def bag_in_question(desk: Desk, infusion_id: str) -> str:
    """The bag that did not match, else the one the next task is about, else the next planned one; "" if none."""
    state = desk.infusion(infusion_id)
    if state.mismatch is not None and state.mismatch.what == "bag":
        return state.mismatch.expected_bag
    task = desk.bedside.bed(infusion_id).next
    if task is not None and task.bag_id is not None:
        return task.bag_id
    return state.next_bag.bag.bag_id if state.next_bag else ""


def why_typed() -> Field:
    """Asked for once a code was typed."""
    return Field(WHY_TYPED, say("Why was it not scanned?"), "reason", choices=coded(UNREADABLE), columns=2)


def wristband(key: str) -> Field:
    return Field(key, say("Subject code on the wristband"), "code", read=read_wristband)


def bag_code(rules: Protocol, key: str, name: Text) -> Field:
    """A line for a bag's label at the bed: scanned or typed, it is the bag's number and what else the label says."""
    return Field(key, name, "code", read=lambda text: read_at_bed(text, rules))


def practice_bag_number(desk: Desk) -> str:
    """The number on the label of the next practice bag."""
    return f"UC-2611-{sum(len(s.bags) for s in desk.bedside.known()) + 1:03}"


def ask_scan_bag(desk: Desk, infusion_id: str, parent: QWidget, label: BagLabel, scanned: bool, by: Person | MaySign) -> None:
    """The form holds what the label says; a number that was typed, or misread in part, is typed once more."""
    protocol = desk.infusion(infusion_id).protocol
    power = power_of_ten(protocol.product)

    def make(a: Answers) -> Command:
        if "again" in a:
            _same_number(label, read_entered(a["again"], protocol.labels, scanned=False).bag_id)
        _is_a_lot(a["lot"], label)
        if not a["cells"].is_finite():
            raise Refused(say("A bag needs a count and a volume above zero."))
        expires = from_local(read_expiry(a["expiry"], protocol.product))
        cells = int(a["cells"].scaleb(power))
        return ScanBag(Bag(label.bag_id, a["lot"], cells, a["ml"], expires, "scan" if scanned else "typed", a.get("reason", "")))

    dates = say("The expiry as on the label, year first: 2026-11-24 or 2026-11-24 18:00.")
    ask_form(desk, infusion_id, parent, say("Label of bag {bag}", bag=label.bag_id), say("Take this bag"),
             _label_fields(desk, protocol.product, label, scanned), make, by,
             (*label.problems, _how_read(label, scanned), dates))  # fmt: skip


def _same_number(label: BagLabel, again: str) -> None:
    if again != label.bag_id:
        raise Refused(say("The two bag numbers differ: {first} and {second}.", first=label.bag_id, second=again))


def _is_a_lot(lot: str, label: BagLabel) -> None:
    """A label that is scanned once more, while the form is open, lands in the line of the lot, beside what stands there."""
    if label.bag_id in lot or "|" in lot or lot[0] in "=&]":
        raise Refused(say("“{text}” is a label, not a lot number. Type the lot.", text=lot[:_MOST_LETTERS_SHOWN]))


def _how_read(label: BagLabel, scanned: bool) -> Text:
    if not scanned:
        return say("The number is typed: type it a second time, and say why it was not scanned.")
    if not label.is_sure:
        return say("The scanner may have read the number wrongly: type it as it is printed on the label.")
    return say("The number was read by the scanner.")


def _label_fields(desk: Desk, product: Product, label: BagLabel, scanned: bool) -> tuple[Field, ...]:
    """What the label says is filled in; in practice the rest of its text too, but never the number."""
    practice, power = desk.practice, power_of_ten(product)
    again = (Field("again", say("Bag number again")),) if not (scanned and label.is_sure) else ()
    why = (Field("reason", say("Why was it not scanned?"), "reason", choices=coded(UNREADABLE), columns=2),) if not scanned else ()
    cells = label.cells or (product.cells_per_bag if practice else None)
    shown = None if cells is None else Decimal(cells).scaleb(-power)
    expiry = f"{desk.now().astimezone() + timedelta(days=2):%Y-%m-%d} 18:00"
    return (
        *again,
        Field("lot", say("Lot"), first=label.lot or (_PRACTICE_LOT if practice else None)),
        Field(
            "cells", say("Cells on the label, × {power}", power=superscript(power)), "number", _in_hundredths(shown), decimals=power
        ),
        Field("ml", say("Volume, ml"), "number", label.volume_ml or (product.volume_per_bag_ml if practice else None)),
        Field("expiry", say("Expiry, time if stated"), first=label.expiry or (expiry if practice else None)),
        *why,
    )


def _in_hundredths(cells: Decimal | None) -> Decimal | None:
    """With two decimals where they say it all."""
    if cells is None:
        return None
    rounded = cells.quantize(_HUNDREDTH)
    return rounded if rounded == cells else cells


def ask_report_broken(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A bag that was never hung cannot be used."""
    waiting = [b.bag.bag_id for b in desk.infusion(infusion_id).bags.values() if b.usable and b.hung_at is None]
    fields = (
        Field("bag", say("Which bag?"), "choice", waiting[0] if len(waiting) == 1 else None, tuple((b, b) for b in waiting)),
        Field("reason", say("What is wrong with it?"), "reason", choices=coded(REASONS, *_WHY_BROKEN)),
    )
    notes = (say("It is set aside for good. The pharmacy can release another one."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("A bag is unusable"), say("Set aside"), fields,
                 lambda a: ReportBroken(a["bag"], a["reason"]), person, notes)  # fmt: skip

    with_role(desk, parent, BEDSIDE | {Role.PHARMACIST}, opened)


def ask_unused_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A bag that was not used goes back to the pharmacy, or is destroyed before a witness."""
    state, by = desk.infusion(infusion_id), desk.person
    bags = [bag.bag.bag_id for bag in unused(state)]
    if not bags or by is None:
        return
    fields = (
        Field("bag", say("Bag"), "choice", bags[0] if len(bags) == 1 else None, tuple((bag_id, bag_id) for bag_id in bags)),
        Field("what", say("What becomes of it?"), "choice", None, _WHAT_BECOMES, columns=1),
    )
    form = UnusedBagQuestion(desk, infusion_id, fields, parent)

    def on(answers: Answers) -> None:
        (_take_back if answers["what"] == _RETURNED else _destroy_unused)(desk, infusion_id, answers["bag"], by, parent)

    lead_on(form, on)
    form.open()


class UnusedBagQuestion(FormQuestion):
    """A bag that was thawed does not go back: what becomes of it is not asked, it is destroyed."""

    def __init__(self, desk: Desk, infusion_id: str, fields: Sequence[Field], parent: QWidget) -> None:
        super().__init__(desk, say("A bag was not used"), say("Go on"), fields, parent)
        self._unopened = {bag.bag.bag_id for bag in unopened(desk.infusion(infusion_id))}
        self.thawed = text_label(self.kit, say("It was thawed: it does not go back, it is destroyed."), "body", wrap=True)
        self.body.addWidget(self.thawed)
        self.answers_by_key["bag"].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        bag = self.answers_by_key["bag"]
        assert isinstance(bag, ChoiceAnswer)
        thawed = bag.chosen() is not None and bag.chosen() not in self._unopened
        self.answers_by_key["what"].setVisible(not thawed)
        self.thawed.setVisible(thawed)


def _take_back(desk: Desk, infusion_id: str, bag_id: str, by: Person, parent: QWidget) -> None:
    ask_who(desk, parent, {Role.PHARMACIST}, lambda pharmacist: desk.submit(infusion_id, ReturnBag(bag_id, by), pharmacist),
            (by.person_id,), say("Which pharmacist takes bag {bag} back?", bag=bag_id))  # fmt: skip


def _destroy_unused(desk: Desk, infusion_id: str, bag_id: str, by: Person, parent: QWidget) -> None:
    volume_ml = desk.infusion(infusion_id).bags[bag_id].volume_ml
    witness_destruction(desk, infusion_id, parent, DestroyedSheet(bag_id, volume_ml, by))
