"""An investigator signs that the record was reviewed; another person than the nurse."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import Role
from app.domain.texts import say
from ui.ask.who import ask_who
from ui.frame.desk import Desk

from .signing import signed_lines


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    performed = desk.infusion(infusion_id).signatures.get("performed")
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: desk.submit(infusion_id, c.Sign("reviewed"), person),
            (performed.by or "",) if performed else (), say("Investigator: I reviewed this record"),
            signed_lines(desk, infusion_id))  # fmt: skip
