"""A bag is thawed: from when its thaw clock runs."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.ask.who import desk_as
from ui.frame.desk import Desk

from .bags import bag_in_question


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    bag_id = bag_in_question(desk, infusion_id)
    fields = (Field("at", say("Thawed at"), "time"),)
    notes = (say("Thaw and mix it as the protocol says. Its thaw clock runs from this time."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Bag {bag} is thawed", bag=bag_id), say("Thawed"), fields,
                 lambda a: c.ThawBag(bag_id, a["at"]), person, notes)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)
