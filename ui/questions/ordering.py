"""A new infusion, and one that is given up before its start."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.code_words import REASONS
from app.domain.texts import say
from app.services.ward.ports import Outcome
from ui.ask.form import Field, FormQuestion, ask_form, coded
from ui.frame.desk import Desk
from ui.frame.pages import PageKey

_WHY_ABANDONED = ("unfit", "withdrew", "doctor", "bag_fault", "thawed_too_long")


def ask_order(desk: Desk, parent: QWidget) -> None:
    """A new infusion: for whom, in which bed, which group and dose."""
    groups = tuple((g.code, g.code) for g in desk.bedside.trial.protocol.groups)
    usual = next((code for code, _name in groups if code == "B"), groups[0][0] if groups else None)
    taken = len(desk.bedside.infusions) + 1
    fields = (
        Field("subject", say("Subject code"), first=f"B-{taken:03}" if desk.practice else None),
        Field("bed", say("Bed"), first=f"{taken:02}" if desk.practice else None),
        *([Field("group", say("Group"), "choice", usual if desk.practice else None, groups)] if groups else []),
        *([Field("dose", say("Dose number"), "number", 1)] if groups else []),
    )
    form = FormQuestion(desk, say("New infusion"), say("Order"), fields, parent)
    ordered: list[str] = []

    def done(outcome: Outcome) -> None:
        if outcome.failed is not None:
            form.say_no(outcome.failed)
            return
        form.accept()
        desk.show_page.emit(PageKey.DISPENSE, ordered[0])

    def confirm() -> None:
        if desk.person is None:
            return
        try:
            a = form.answers()
            group, dose = (a["group"], int(a["dose"])) if groups else ("", 1)
            ordered.append(desk.bedside.order(a["subject"], a["bed"], group, dose, desk.person, done))
        except Refused as refusal:
            form.say_no(refusal.text)

    form.confirmed.connect(confirm)
    form.open()


def ask_abandon(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The infusion is given up before its start."""
    fields = (Field("reason", say("Why is it given up?"), "reason", choices=coded(REASONS, *_WHY_ABANDONED)),)
    notes = (say("It cannot be taken up again; a new order is needed."),)
    ask_form(desk, infusion_id, parent, say("Give up this infusion before its start"), say("Give up"), fields,
             lambda a: Abandon(a["reason"]), notes=notes)  # fmt: skip
