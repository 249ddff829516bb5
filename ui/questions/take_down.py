"""The hanging bag is taken away before it is empty."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.code_words import REASONS
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import Field, ask_form, coded
from ui.ask.who import desk_as
from ui.frame.desk import Desk

_WHY = ("bag_fault", "appearance", "line", "thawed_too_long", "doctor")


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (
        Field("left", say("Left in the bag"), "number", unit=say("ml"), decimals=1),
        Field("reason", say("Why is it taken down?"), "reason", choices=coded(REASONS, *_WHY)),
    )

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Take the bag down"), say("Taken down"), fields,
                 lambda a: c.TakeDownBag(a["left"], a["reason"]), person)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)
