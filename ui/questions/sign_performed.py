"""The nurse signs that the infusion was carried out as recorded."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import Role
from app.domain.texts import say
from ui.ask.who import ask_who
from ui.frame.desk import Desk

from .signing import signed_lines


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_who(desk, parent, {Role.NURSE}, lambda person: desk.submit(infusion_id, c.Sign("performed"), person),
            why=say("Nurse: I carried out this infusion as recorded"), notes=signed_lines(desk, infusion_id))  # fmt: skip
