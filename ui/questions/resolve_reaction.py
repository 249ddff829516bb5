"""The open reaction is over."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.wording import symptoms
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    known = desk.infusion(infusion_id).reaction
    notes = []
    if known is not None:
        notes = [say("Reaction since {at}: {symptoms}", at=known.onset_at, symptoms=symptoms(known.symptoms))]
        if known.grade is None:
            notes.append(say("It has no grade yet: open the reaction again to give one."))
    fields = (Field("at", say("Over since"), "time"), Field("text", say("How it went"), needed=False))
    ask_form(desk, infusion_id, parent, say("Is the reaction over?"), say("It is over"), fields,
             lambda a: c.ResolveReaction(a["at"], a["text"]), notes=notes)  # fmt: skip
