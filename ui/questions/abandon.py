"""The infusion is given up before its start."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.code_words import REASONS
from app.domain.texts import say
from ui.ask.form import Field, ask_form, coded
from ui.frame.desk import Desk

_WHY = ("unfit", "withdrew", "doctor", "bag_fault", "thawed_too_long")


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("reason", say("Why is it given up?"), "reason", choices=coded(REASONS, *_WHY)),)
    notes = (say("It cannot be taken up again; a new order is needed."),)
    ask_form(desk, infusion_id, parent, say("Give up this infusion before its start"), say("Give up"), fields,
             lambda a: c.Abandon(a["reason"]), notes=notes)  # fmt: skip
