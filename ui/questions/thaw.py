"""A bag is thawed, looked at by two people, and hung."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.identity import releasing, verifiers
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, say
from ui.ask.code_answer import entered
from ui.ask.form import WHY_TYPED, Answers, Field, ask_form
from ui.ask.who import ask_who, with_role
from ui.frame.desk import Desk

from .bags import bag_code, bag_in_question, practice_labels, why_typed

_LOOKS: tuple[tuple[bool, Text], ...] = ((True, say("As it should be")), (False, say("Not right: set it aside")))


def ask_thaw_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A bag is thawed: from when its thaw clock runs."""
    bag_id = bag_in_question(desk, infusion_id)
    fields = (Field("at", say("Thawed at"), "time"),)
    notes = (say("Thaw and mix it as the protocol says. Its thaw clock runs from this time."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Bag {bag} is thawed", bag=bag_id), say("Thawed"), fields,
                 lambda a: ThawBag(bag_id, a["at"]), person, notes)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)


def ask_check_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """One of two people looks at a thawed bag before it is hung; a bag that looks wrong is set aside for good."""
    bag_id = bag_in_question(desk, infusion_id)
    state = desk.infusion(infusion_id)
    bag = state.bags[bag_id]
    title = say("Second person: look at the thawed bag") if bag.checked_by else say("First person: look at the thawed bag")
    fields = (
        bag_code(state.protocol, "found", say("Number on the thawed bag")),
        why_typed(),
        Field("looks", say("Intact, no clumps, no leak, colour"), "choice", None, _LOOKS, columns=2),
    )
    notes = [say("Thawed at {at}.", at=bag.thawed_at)] if bag.thawed_at else []
    if desk.practice:
        notes.append(practice_labels(state))

    def make(a: Answers) -> Command:
        found = a["found"]
        return CheckBag(bag_id, found.text, a["looks"], entered(found), a[WHY_TYPED] or "", found.read)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("Checked"), fields, make, person, notes)

    ask_who(desk, parent, verifiers(state), opened, {*bag.checked_by, *releasing(state)}, say("Who checks the thawed bag?"))


def ask_hang_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A checked bag is hung; one that still hangs is thereby reported empty."""
    bag_id, state = bag_in_question(desk, infusion_id), desk.infusion(infusion_id)
    thawed_at = state.bags[bag_id].thawed_at
    notes = [say("Thawed at {at}.", at=thawed_at)] if thawed_at else []
    if state.hanging:
        notes.append(say("Bag {bag} is empty; the next one is hung.", bag=state.hanging.bag.bag_id))

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Hang bag {bag}", bag=bag_id), say("Hung"), (),
                 lambda _a: HangBag(bag_id), person, notes)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)
