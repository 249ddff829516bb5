"""A note: whatever else should stand in the record."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_form(desk, infusion_id, parent, say("What should stand in the record?"), say("Save"), (Field("text", say("Note")),),
             lambda a: c.AddNote(a["text"]))  # fmt: skip
