"""An investigator lets the start come before the pre-medication's time is over."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.tasks import start_from
from app.domain.people.roles import Person, Role
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.ask.who import ask_who
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("reason", say("Reason")),)
    notes = (say("Without it the start is possible from {at}. It is marked as a deviation.",
                 at=start_from(desk.infusion(infusion_id))),)  # fmt: skip

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Start before the waiting time is over"), say("Allow"), fields,
                 lambda a: c.OverrideLeadTime(a["reason"]), person, notes)  # fmt: skip

    ask_who(desk, parent, {Role.INVESTIGATOR}, opened, why=say("Which investigator allows the early start?"))
