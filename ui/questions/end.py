"""The dose is in, or what there was of it."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.texts import say
from ui.ask.form import ask_form
from ui.frame.desk import Desk

from .finish import end_notes, finish_fields


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = finish_fields(say("Anything to say about this end?"), needed=False)
    ask_form(desk, infusion_id, parent, say("End the infusion"), say("End it now"), fields,
             lambda a: c.End(a["left"], a["reason"]), notes=end_notes(desk, infusion_id))  # fmt: skip
