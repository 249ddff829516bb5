"""The nurse signs that the infusion was carried out as recorded."""

from PySide6.QtWidgets import QWidget

from app.domain import commands as c
from app.domain.people import Role
from app.domain.texts import say
from ui.desk import Desk

from .signing import signed_lines
from .who import ask_who


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_who(desk, parent, {Role.NURSE}, lambda person: desk.submit(infusion_id, c.Sign("performed"), person),
            why=say("Nurse: I carried out this infusion as recorded"), notes=signed_lines(desk, infusion_id))  # fmt: skip
