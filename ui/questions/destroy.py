"""What is left of a bag is destroyed before a witness, who signs."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.tasks import leftover_ml, leftovers
from app.domain.people.roles import CLINICAL, Person
from app.domain.texts import say
from ui.ask.form import Field, ask_form
from ui.ask.who import ask_who
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    bag = next(iter(leftovers(state)), None)
    if bag is None or desk.person is None:
        return
    bag_id = bag.bag.bag_id
    fields = (Field("ml", say("Destroyed"), "number", leftover_ml(state, bag), unit=say("ml"), decimals=1),)
    title = say("Destroy the rest of bag {bag}", bag=bag_id)

    def opened(witness: Person) -> None:
        notes = (say("Witness: {name}", name=witness.name),)
        ask_form(desk, infusion_id, parent, title, say("Destroyed"), fields,
                 lambda a: c.DestroyLeftover(bag_id, a["ml"], witness), notes=notes)  # fmt: skip

    ask_who(desk, parent, CLINICAL, opened, (desk.person.person_id,), say("Who is the witness?"))
