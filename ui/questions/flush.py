"""The line still holds cells at the end: with how much it was flushed."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.ask.who import desk_as
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("ml", say("Flushed with"), "number", unit=say("ml"), decimals=1, pad=True),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Flush the line"), say("Flushed"), fields,
                 lambda a: c.FlushLine(a["ml"]), person)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)
