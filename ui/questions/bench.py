"""At the bench: the giving set, a certificate, a bag set aside, surplus drawn off, the release."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion.bench_steps import uncertified, unreleased
from app.domain.infusion.chapters.bags import RecordCertificate, RejectBag
from app.domain.infusion.chapters.bench import ChooseSet, DrawSurplus, Release, ReleaseBag, may_draw
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.code_words import REJECTIONS
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState
from app.domain.people.roles import CLINICAL, Person, Role
from app.domain.products.certificate import NAMES
from app.domain.texts import Text, listed, number, say
from ui.ask.answers import Answer, ChoiceAnswer, NumberAnswer
from ui.ask.form import YES_NO, Answers, Field, FormQuestion, ask_form, lead_on
from ui.ask.signer import MaySign
from ui.ask.who import ask_who, ask_witness
from ui.dispense.bench_dock import rejectable
from ui.dispense.set_rows import giving_set_choices
from ui.dispense.view import expired, unfit
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_4, SPACE_16

_OTHER = "other"
_VIABILITY = "viability"
_LOOKED_AT = ("appearance", "storage")
#: px: all points of a certificate in sight at once
_LOW = 48
#: certificates on one sheet
_BESIDE = 2
_TENTH = Decimal("0.1")


def ask_choose_set(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Nothing is chosen beforehand: it is the set in the person's hand."""
    s = desk.infusion(infusion_id)
    offered = giving_set_choices(s.planned_ml or Decimal(0), s.protocol)
    fields = (Field("factor", say("As printed on the set"), "choice", s.drop_factor, offered),)
    ask_form(desk, infusion_id, parent, say("Which giving set is used?"), say("Choose"), fields,
             lambda a: ChooseSet(a["factor"]))  # fmt: skip


def ask_record_certificates(desk: Desk, infusion_id: str, parent: QWidget, by: Person | MaySign) -> None:
    """All that are missing on one sheet, as far as they fit beside each other."""
    CertificateSheet(desk, infusion_id, uncertified(desk.infusion(infusion_id))[:_BESIDE], parent, by).open()


def ask_read_again(desk: Desk, infusion_id: str, parent: QWidget, by: Person) -> None:
    """After a full stop: the certificate of the bag is read anew with a second person; nothing is filled in."""
    bag = unfit(desk.infusion(infusion_id), desk.now())
    if bag is None:
        return
    why = say("Who reads the certificate a second time? They sign for what stands here")
    CertificateSheet(desk, infusion_id, [bag], parent, by, MaySign(CLINICAL, why, (by.person_id,))).open()


class CertificateSheet(FormQuestion):
    """A column a bag, with lot and expiry on top; a row a point. Down one bag, then down the next.

    `again`: who may read it a second time with `by`, for a certificate that was entered as one that does not pass.
    """

    def __init__(
        self, desk: Desk, infusion_id: str, bags: Sequence[BagState], parent: QWidget, by: Person | MaySign,
        again: MaySign | None = None,
    ) -> None:  # fmt: skip
        super().__init__(desk, say("Certificates"), say("Enter"), (), parent)
        self._infusion_id, self._bags = infusion_id, bags
        self._product = desk.infusion(infusion_id).protocol.product
        self._points = (*self._product.certificate_tests, *_LOOKED_AT)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_16)
        self._grid.setVerticalSpacing(SPACE_4)
        least = say("Viability, % (at least {least})", least=self._product.min_viability_pct)
        for at, name in enumerate((least, *map(_passed, self._points)), start=1):
            self._grid.addWidget(label(self.kit, name, "strong", wrap=True), at, 0)
        for column, bag in enumerate(bags, start=1):
            self._ask(bag, column)
        for column in range(1, len(bags) + 1):
            self._grid.setColumnStretch(column, 1)
        self.body.addLayout(self._grid)
        signs = again or (by if isinstance(by, MaySign) else None)
        if signs is not None:
            self.ask_to_sign(signs)
        self._by = by if isinstance(by, Person) else None
        self.confirmed.connect(self._confirm)

    def _ask(self, bag: BagState, column: int) -> None:
        """One bag's answers, in the order in which Enter and Tab go."""
        words = self.kit.words.catalogue
        head = say("{bag}\nLot {lot}\nexpires {expiry}",
                   bag=bag.bag.bag_id, lot=bag.bag.lot, expiry=words.date_time(bag.bag.expires_at))  # fmt: skip
        self._grid.addWidget(label(self.kit, head, "strong"), 0, column)
        viability = NumberAnswer(self.kit, say("Viability, %"))
        viability.number.field.setFixedHeight(_LOW)
        answers: list[tuple[str, Answer]] = [(_VIABILITY, viability)]
        answers += [(point, ChoiceAnswer(self.kit, _passed(point), YES_NO)) for point in self._points]
        for row, (key, answer) in enumerate(answers, start=1):
            answer.label.hide()
            self.keep(f"{key} {bag.bag.bag_id}", answer)
            self._grid.addWidget(answer, row, column)

    def _confirm(self) -> None:
        try:
            answers = self.answers()
        except Refused:
            return

        def sent(by: Person | None, second: Person | None = None) -> None:
            commands = [self._command(answers, bag.bag.bag_id, second) for bag in self._bags]
            self.send_in_turn(self._infusion_id, commands, by)

        if self.signer is None:
            sent(self._by)
        else:
            self.prove(self.signer, lambda person: sent(self._by, person) if self._by else sent(person))

    def _command(self, a: Answers, bag_id: str, second: Person | None) -> RecordCertificate:
        tests = {test: a[f"{test} {bag_id}"] for test in self._product.certificate_tests}
        appearance, storage = (a[f"{point} {bag_id}"] for point in _LOOKED_AT)
        return RecordCertificate(bag_id, a[f"{_VIABILITY} {bag_id}"], tests, appearance, storage, second)


_PASSED: dict[str, Text] = {
    "microorganisms": say("Micro-organisms: passed"),
    "purity": say("Purity: passed"),
    "tumorigenicity": say("Tumorigenicity: passed"),
    "gmp": say("Made under GMP"),
    "appearance": say("Appearance as it should be"),
    "storage": say("Storage and transport as they should be"),
}


def _passed(test: str) -> Text:
    return _PASSED.get(test) or say("{test}: passed", test=NAMES.get(test, test))


def ask_reject_bag(desk: Desk, infusion_id: str, parent: QWidget, by: Person) -> None:
    """The bag that must not be used is chosen beforehand, and why."""
    s, now = desk.infusion(infusion_id), desk.now()
    wrong = unfit(s, now)
    offered = [*rejectable(s), *([wrong.bag.bag_id] if wrong else [])]
    why = None if wrong is None else "past_expiry" if expired(wrong, now) else "bad_certificate"
    reasons = (*REJECTIONS.items(), (_OTHER, say("other")))
    fields = (
        Field("bag", say("Bag"), "choice", wrong.bag.bag_id if wrong else None, tuple((b, b) for b in dict.fromkeys(offered))),
        Field("reason", say("Reason"), "choice", why, reasons),
        Field("text", say("In words, if another reason"), needed=False),
    )

    def make(a: Answers) -> Command:
        if a["reason"] == _OTHER and not a["text"]:
            raise Refused(say("Give a reason."))
        return RejectBag(a["bag"], a["text"] or a["reason"])

    ask_form(desk, infusion_id, parent, say("Set a bag aside"), say("Set aside"), fields, make, by)


def ask_draw_surplus(desk: Desk, infusion_id: str, parent: QWidget, by: Person) -> None:
    """What the dose does not need is drawn off its bag before the release, in front of a witness."""
    plan = desk.infusion(infusion_id).plan
    draw = next((d for d in plan.draws if d.left_ml > 0), None) if plan else None
    if draw is None:
        return
    fields = (Field("ml", say("Drawn off, ml"), "number", draw.left_ml.quantize(_TENTH, ROUND_FLOOR)),)

    form = FormQuestion(desk, say("Surplus of bag {bag}", bag=draw.bag_id), say("On to the witness"), fields, parent)

    def on_to_the_witness(answers: Answers) -> None:
        ml = answers["ml"]
        may_draw(desk.infusion(infusion_id), draw.bag_id, ml)
        notes = (say("Bag {bag}: {ml} ml drawn off by {who}", bag=draw.bag_id, ml=number(ml), who=by.name),)
        ask_witness(desk, parent, by, notes,
                    lambda witness: desk.submit(infusion_id, DrawSurplus(draw.bag_id, ml, witness), by))  # fmt: skip

    lead_on(form, on_to_the_witness)
    form.open()


def ask_release(desk: Desk, infusion_id: str, parent: QWidget, at_bench: Person | None = None) -> None:
    """A pharmacist signs for the whole order, or for one bag that replaces another; lot and expiry of each stand there."""
    s = desk.infusion(infusion_id)
    if s.phase is Phase.ORDERED:
        bags = listed(bag.bag.bag_id for bag in s.planned_bags)
        why = say("I release {bags} for {subject}: {ml} ml with a {factor} gtt/ml set",
                  bags=bags, subject=s.order.subject, ml=number(s.planned_ml or Decimal(0)), factor=s.drop_factor)  # fmt: skip
        command: Command = Release()
        released = s.planned_bags
    else:
        released = unreleased(s)[:1]
        bag_id = released[0].bag.bag_id
        why, command = say("I release bag {bag} for {subject}", bag=bag_id, subject=s.order.subject), ReleaseBag(bag_id)
    words = desk.kit.words.catalogue
    notes = tuple(
        say("Bag {bag} · lot {lot} · expires {expiry}", bag=b.bag_id, lot=b.lot, expiry=words.date_time(b.expires_at))
        for b in (one.bag for one in released)
    )
    ask_who(desk, parent, {Role.PHARMACIST}, lambda p: desk.submit(infusion_id, command, p), why=why, notes=notes,
            likely=(at_bench.person_id,) if at_bench else ())  # fmt: skip
