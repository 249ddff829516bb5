"""Ended early for good. A reason is asked for, never waited for."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.texts import say
from ui.ask.form import ask_form
from ui.frame.desk import Desk

from .finish import end_notes, finish_fields


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = finish_fields(say("Why is it stopped for good?"), needed=False)
    ask_form(desk, infusion_id, parent, say("Stop for good"), say("Stop it for good"), fields,
             lambda a: c.Stop(a["left"], a["reason"]), notes=end_notes(desk, infusion_id))  # fmt: skip
