"""A nurse takes the bags over from the pharmacy."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import Role
from app.domain.texts import Text, say
from ui.ask.who import ask_who
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_who(desk, parent, {Role.NURSE}, lambda person: desk.submit(infusion_id, c.Receive(), person),
            why=say("Which nurse receives the bags?"), notes=_bags(desk, infusion_id))  # fmt: skip


def _bags(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    state = desk.infusion(infusion_id)
    bags = tuple(bag.bag for bag in state.bags.values() if bag.usable)
    return tuple(say("Bag {bag}, lot {lot}, for {subject}", bag=b.bag_id, lot=b.lot, subject=state.order.subject) for b in bags)
