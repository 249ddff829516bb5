"""One of two people looks at a thawed bag before it is hung; a bag that looks wrong is set aside for good."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.chapters.identity import releasing, verifiers
from app.domain.people.roles import Person
from app.domain.texts import Text, say
from ui.ask.answer_code import entered
from ui.ask.form import WHY_TYPED, Answers, Field, ask_form
from ui.ask.who import ask_who
from ui.frame.desk import Desk

from .bags import bag_code, bag_in_question, practice_labels, why_typed

_LOOKS: tuple[tuple[bool, Text], ...] = ((True, say("As it should be")), (False, say("Not right: set it aside")))


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    bag_id = bag_in_question(desk, infusion_id)
    state = desk.infusion(infusion_id)
    bag = state.bags[bag_id]
    title = say("Second person: look at the thawed bag") if bag.checked_by else say("First person: look at the thawed bag")
    fields = (
        bag_code(desk, "found", say("Number on the thawed bag")),
        why_typed(),
        Field("looks", say("Intact, no clumps, no leak, colour"), "choice", None, _LOOKS, columns=2),
    )
    notes = [say("Thawed at {at}.", at=bag.thawed_at)] if bag.thawed_at else []
    if desk.practice:
        notes.append(practice_labels(state))

    def make(a: Answers) -> c.Command:
        found = a["found"]
        return c.CheckBag(bag_id, found.text, a["looks"], entered(found), a[WHY_TYPED] or "", found.read)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("Checked"), fields, make, person, notes)

    ask_who(desk, parent, verifiers(state), opened, {*bag.checked_by, *releasing(state)}, say("Who checks the thawed bag?"))
