"""What a person reads to be left in the hanging bag: it pins the delivered volume."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.ask.who import desk_as
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("left", say("Left in the bag"), "number", unit=say("ml"), decimals=1, pad=True),)
    notes = (say("Read it at eye level from the marks on the bag."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("How much is left in the bag?"), say("Read"), fields,
                 lambda a: c.ReadRemaining(a["left"]), person, notes)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)
