"""Two people read wristband and bags, each by themselves; nothing is filled in, and neither sees the other's answers."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.chapters.identity import releasing, verifiers
from app.domain.people.roles import Person
from app.domain.texts import say
from ui.ask.answer_code import entered
from ui.ask.form import WHY_TYPED, Answers, ask_form
from ui.ask.who import ask_who
from ui.frame.desk import Desk

from .bags import bag_code, practice_labels, why_typed, wristband


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    checked, plan = state.identity_checked_by, state.plan
    bags = len(plan.draws) if plan else 0
    fields = [wristband("subject")]
    fields += [bag_code(desk, f"bag{n}", say("Number on bag {n}", n=n)) for n in range(1, bags + 1)]
    title = say("Second person: read wristband and bags") if checked else say("First person: read wristband and bags")
    notes = [say("Scan each code, or type what you read. Do not copy from a list or from the other person.")]
    if desk.practice:
        notes.append(practice_labels(state))

    def make(a: Answers) -> c.Command:
        read = [a[field.key] for field in fields]
        bags = tuple(code.read for code in read[1:])
        return c.CheckIdentity(read[0].text, tuple(bag.number for bag in bags), entered(*read), a[WHY_TYPED] or "", bags)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("All read"), (*fields, why_typed()), make, person, notes)

    ask_who(desk, parent, verifiers(state), opened, {*checked, *releasing(state)}, say("Who reads wristband and bags?"))
