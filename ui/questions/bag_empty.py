"""The hanging bag has run in."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import ask_form
from ui.ask.who import desk_as
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    hanging = desk.infusion(infusion_id).hanging
    if hanging is None:
        desk.tell(say("No bag hangs."))
        return
    title = say("Is bag {bag} empty?", bag=hanging.bag.bag_id)
    notes = (say("All of its {ml} ml then count as given.", ml=hanging.volume_ml),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("It is empty"), (), lambda _a: c.ReportEmpty(), person, notes)

    desk_as(desk, parent, BEDSIDE, opened)
