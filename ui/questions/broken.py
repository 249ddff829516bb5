"""A bag that was never hung cannot be used."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.code_words import REASONS
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import say
from ui.ask.form import Field, ask_form, coded
from ui.ask.who import desk_as
from ui.frame.desk import Desk

_WHY = ("bag_fault", "appearance", "thawed_too_long")


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    waiting = [b.bag.bag_id for b in desk.infusion(infusion_id).bags.values() if b.usable and b.hung_at is None]
    fields = (
        Field("bag", say("Which bag?"), "choice", waiting[0] if len(waiting) == 1 else None, tuple((b, b) for b in waiting)),
        Field("reason", say("What is wrong with it?"), "reason", choices=coded(REASONS, *_WHY)),
    )
    notes = (say("It is set aside for good. The pharmacy can release another one."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("A bag is unusable"), say("Set aside"), fields,
                 lambda a: c.ReportBroken(a["bag"], a["reason"]), person, notes)  # fmt: skip

    desk_as(desk, parent, BEDSIDE | {Role.PHARMACIST}, opened)
