"""A new infusion: for whom, in which bed, which group and dose."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.texts import say
from app.services.ward.ports import Outcome
from ui.ask.form import Field, FormQuestion
from ui.frame.desk import Desk


def ask(desk: Desk, parent: QWidget) -> None:
    groups = tuple((g.code, g.code) for g in desk.bedside.trial.protocol.groups)
    taken = len(desk.bedside.infusions) + 1
    fields = (
        Field("subject", say("Subject code"), first=f"B-{taken:03}" if desk.practice else None),
        Field("bed", say("Bed"), first=f"{taken:02}" if desk.practice else None),
        Field("group", say("Group"), "choice", "B" if desk.practice else None, groups),
        Field("dose", say("Dose number"), "number", 1),
    )
    form = FormQuestion(desk, say("New infusion"), say("Order"), fields, parent)
    ordered: list[str] = []

    def done(outcome: Outcome) -> None:
        if outcome.failed is not None:
            form.say_no(outcome.failed)
            return
        form.accept()
        desk.show_page.emit("dispense", ordered[0])

    def confirm() -> None:
        if desk.person is None:
            return
        try:
            a = form.answers()
            ordered.append(desk.bedside.order(a["subject"], a["bed"], a["group"], int(a["dose"]), desk.person, done))
        except Refused as refusal:
            form.say_no(refusal.text)

    form.confirmed.connect(confirm)
    form.open()
