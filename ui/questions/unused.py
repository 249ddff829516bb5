"""A bag that was not used goes back to the pharmacy, or is destroyed before a witness."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion.chapters.ending import unopened, unused
from app.domain.people.roles import CLINICAL, Person, Role
from app.domain.texts import say
from ui.ask.form import Field, FormQuestion
from ui.ask.who import ask_who
from ui.frame.desk import Desk

_RETURNED, _DESTROYED = "returned", "destroyed"
_WHAT = ((_RETURNED, say("returned to the pharmacy, unopened")), (_DESTROYED, say("destroyed before a witness")))


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state, by = desk.infusion(infusion_id), desk.person
    bags = [bag.bag.bag_id for bag in unused(state)]
    if not bags or by is None:
        return
    fields = (
        Field("bag", say("Bag"), "choice", bags[0] if len(bags) == 1 else None, tuple((bag_id, bag_id) for bag_id in bags)),
        Field("what", say("What becomes of it?"), "choice", None, _WHAT, columns=1),
    )
    form = FormQuestion(desk, say("A bag was not used"), say("Go on"), fields, parent)

    def confirm() -> None:
        try:
            answers = form.answers()
        except Refused:
            return
        form.accept()
        (_take_back if answers["what"] == _RETURNED else _destroy)(desk, infusion_id, answers["bag"], by, parent)

    form.confirmed.connect(confirm)
    form.open()


def _take_back(desk: Desk, infusion_id: str, bag_id: str, by: Person, parent: QWidget) -> None:
    if bag_id not in {bag.bag.bag_id for bag in unopened(desk.infusion(infusion_id))}:
        desk.tell(say("Bag {bag} was thawed: it does not go back, it is destroyed.", bag=bag_id))
        return
    ask_who(desk, parent, {Role.PHARMACIST}, lambda pharmacist: desk.submit(infusion_id, c.ReturnBag(bag_id, by), pharmacist),
            (by.person_id,), say("Which pharmacist takes bag {bag} back?", bag=bag_id))  # fmt: skip


def _destroy(desk: Desk, infusion_id: str, bag_id: str, by: Person, parent: QWidget) -> None:
    volume_ml = desk.infusion(infusion_id).bags[bag_id].volume_ml
    ask_who(desk, parent, CLINICAL, lambda witness: desk.submit(infusion_id, c.DestroyLeftover(bag_id, volume_ml, witness), by),
            (by.person_id,), say("Who is the witness?"))  # fmt: skip
