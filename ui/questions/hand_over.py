"""Handed over to another nurse, who signs and goes on."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, say
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.frame.task_words import task_words

_SHOWN = 3


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    here = (desk.person.person_id,) if desk.person else ()

    def taken(person: Person) -> None:
        desk.submit(infusion_id, c.HandOver(person), then=lambda: desk.sign_in(person))

    ask_who(desk, parent, BEDSIDE, taken, here, say("Who takes over?"), _next(desk, infusion_id))


def _next(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    """What the next nurse has to know first: whose it is and what is due."""
    state, now, words = desk.infusion(infusion_id), desk.now(), desk.kit.words.catalogue
    tasks = [task_words(task, state, now, words) for task in desk.bedside.bed(infusion_id).tasks[:_SHOWN]]
    return (say("{subject}, bed {bed}. Next:", subject=state.order.subject, bed=state.order.bed), *tasks)
