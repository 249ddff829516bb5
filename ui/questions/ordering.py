"""A new infusion, and one that is given up before its start."""

from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.ordering import Abandon, SignOrder, against_words
from app.domain.infusion.code_words import REASONS
from app.domain.people.roles import BEDSIDE, Role
from app.domain.texts import say
from app.domain.trial.subject.enrolment_parcel import EnrolmentParcel
from app.domain.typed_texts import folded
from app.services.ward.orders import Dose, Prescription
from app.services.ward.ports import Outcome
from ui.ask.answers import ChoiceAnswer, NumberAnswer, TextAnswer
from ui.ask.form import Field, FormQuestion, ask_form, coded
from ui.ask.signer import MaySign
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.frame.pages import PageKey
from ui.kit.labels_and_buttons import button

_NOW, _LATER = "now", "later"
_WHY_ABANDONED = ("unfit", "withdrew", "doctor", "bag_fault", "thawed_too_long")


class OrderQuestion(FormQuestion):
    """Whose order it is; against the rule only with the prescriber's signature now, and a reason.

    The reason is asked for once something speaks against the dose.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        investigators = tuple((p.person_id, p.name) for p in desk.people.of(Role.INVESTIGATOR))
        mine = desk.person.person_id if desk.person and desk.person.role is Role.INVESTIGATOR else None
        only = investigators[0][0] if desk.practice or len(investigators) == 1 else None
        groups = tuple((g.code, g.code) for g in desk.bedside.trial.protocol.groups)
        usual = next((code for code, _name in groups if code == "B"), groups[0][0] if groups else None)
        self._groups = groups
        taken = len(desk.bedside.known()) + 1
        fields = (
            Field("subject", say("Subject code"), first=f"B-{taken:03}" if desk.practice else None),
            Field("bed", say("Bed"), first=f"{taken:02}" if desk.practice else None),
            *([Field("group", say("Group"), "choice", usual if desk.practice else None, groups)] if groups else []),
            *([Field("dose", say("Dose number"), "number", 1)] if groups else []),
            Field("prescriber", say("Ordered by"), "choice", mine or only, investigators),
            Field(
                "signs", say("The prescriber's signature"), "choice", _NOW, ((_NOW, say("signs now")), (_LATER, say("signs later")))
            ),
            Field("reason", say("The prescriber's reason")),
        )
        super().__init__(desk, say("New infusion"), say("Order"), fields, parent)
        if not investigators:
            self.say_no(say("Nobody can order yet: an administrator adds an investigator first."))
        self.answers_by_key["reason"].hide()
        self.take_in = button(self.kit, say("Take in an enrolment"))
        self.take_in.clicked.connect(self._take_in)
        self.body.insertWidget(self.body.indexOf(self.answers_by_key["subject"]) + 1, self.take_in)
        self.answers_by_key["subject"].changed.connect(self._offer)
        self._offer()
        self.signature = self.ask_to_sign(MaySign({Role.INVESTIGATOR}, say("The prescriber signs the order")))
        self.signature.names.hide()  # it is who is named above
        for key in ("prescriber", "signs"):
            self.answers_by_key[key].changed.connect(self._show)
        self._show()
        self.ordered = ""
        self.confirmed.connect(self._confirm)

    def _show(self) -> None:
        """The line for the signature of whoever was named, where they sign now."""
        prescriber, signs = self.answers_by_key["prescriber"], self.answers_by_key["signs"]
        assert isinstance(prescriber, ChoiceAnswer)
        assert isinstance(signs, ChoiceAnswer)
        if prescriber.chosen() != self.signature.names.chosen():
            self.signature.choose(prescriber.chosen())
        self.signature.setVisible(signs.chosen() == _NOW)

    def _confirm(self) -> None:
        self._show()
        try:
            a = self.answers()
            dose = (a["subject"], a["bed"], a["group"], int(a["dose"])) if self._groups else (a["subject"], a["bed"], "", 1)
            against = self.desk.bedside.orders.irregular(dose, self.desk.now())
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        if against and (a["signs"] == _LATER or not a["reason"]):
            self.answers_by_key["reason"].show()
            protocol = self.desk.bedside.trial.protocol
            self.say_no(say("{against} Only with the prescriber's signature and reason.", against=against_words(against, protocol)))
            return
        prescriber = self.desk.people.by_id[a["prescriber"]]
        if a["signs"] == _LATER:
            self._order(dose, Prescription(prescriber))
            return
        signed = Prescription(prescriber, True, a["reason"] or "")
        self.prove(self.signature, lambda _who: self._order(dose, signed))

    def _offer(self) -> None:
        """Whoever is not enrolled here may be on another laptop."""
        subject = self.answers_by_key["subject"]
        assert isinstance(subject, TextAnswer)
        typed = subject.field.text().strip()
        others = bool(typed and self.desk.enrolments and self.desk.enrolments.laptops)
        self.take_in.setVisible(others and "unenrolled" in self.desk.bedside.orders.enrolment.against(folded(typed), ""))

    def _take_in(self) -> None:
        """The enrolment from another laptop; then the order names that subject, its group and its next dose."""
        from ui.trial.enrolment_question import ask_take_in_enrolment

        def taken(parcel: EnrolmentParcel) -> None:
            self.strip.set_state(None)
            subject, group, dose = (self.answers_by_key[key] for key in ("subject", "group", "dose"))
            assert isinstance(subject, TextAnswer)
            assert isinstance(group, ChoiceAnswer)
            assert isinstance(dose, NumberAnswer)
            subject.field.setText(parcel.subject)
            group.choose(parcel.group)
            dose.number.set_value(Decimal(1 + max((d.number for d in parcel.doses), default=0)))
            self._offer()

        ask_take_in_enrolment(self.desk, taken, self)

    def _order(self, dose: Dose, prescription: Prescription) -> None:
        """By whoever is signed in and may, else by the prescriber, who has just signed."""
        by = self.desk.person
        if by is None or (prescription.is_signed and by.role not in BEDSIDE):
            by = prescription.prescriber
        assert by is not None
        try:
            self.ordered = self.desk.bedside.order(*dose, by, self._done, prescription)
        except Refused as refusal:
            self.say_no(refusal.text)

    def _done(self, outcome: Outcome) -> None:
        if outcome.failed is not None:
            self.say_no(outcome.failed)
            return
        self.accept()
        self.desk.show_page.emit(PageKey.DISPENSE, self.ordered)


def ask_order(desk: Desk, parent: QWidget) -> None:
    """A new infusion: for whom, in which bed, which group and dose, on whose order."""
    OrderQuestion(desk, parent).open()


def ask_sign_order(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The prescriber signs an order that was written down for them."""
    s = desk.infusion(infusion_id)
    order = s.order
    others = {p.person_id for p in desk.people.of(Role.INVESTIGATOR) if s.came is None and p.person_id != order.prescriber}
    line = say("Ordered: subject {subject}, bed {bed}, group {group}, dose {dose}",
               subject=order.subject, bed=order.bed, group=order.group, dose=order.dose_number)  # fmt: skip
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: desk.submit(infusion_id, SignOrder(), person), others,
            say("The prescriber signs the order"), (line,))  # fmt: skip


def ask_abandon(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The infusion is given up before its start."""
    fields = (Field("reason", say("Why is it given up?"), "reason", choices=coded(REASONS, *_WHY_ABANDONED)),)
    notes = (say("It cannot be taken up again; a new order is needed."),)
    ask_form(desk, infusion_id, parent, say("Give up this infusion before its start"), say("Give up"), fields,
             lambda a: Abandon(a["reason"]), notes=notes)  # fmt: skip
