"""A checked bag is hung; one that still hangs is thereby reported empty."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import ask_form
from ui.ask.who import desk_as
from ui.frame.desk import Desk

from .bags import bag_in_question


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    bag_id, state = bag_in_question(desk, infusion_id), desk.infusion(infusion_id)
    thawed_at = state.bags[bag_id].thawed_at
    notes = [say("Thawed at {at}.", at=thawed_at)] if thawed_at else []
    if state.hanging:
        notes.append(say("Bag {bag} is empty; the next one is hung.", bag=state.hanging.bag.bag_id))

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Hang bag {bag}", bag=bag_id), say("Hung"), (),
                 lambda _a: c.HangBag(bag_id), person, notes)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)
