"""What the gate found before start, step up or resume, in plain words, and an investigator's leave where it takes one."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.infusion.found.gate import gate
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, joined, say
from ui.ask.who import ask_who
from ui.frame.desk import Desk

from .answers import TextAnswer
from .form import FormQuestion

WHY_ALLOWED = "why_allowed"
Then = Callable[[Person | None, Sequence[Text]], object]
"""Goes on with who allowed it (None: nobody had to) and what is to be said of it."""


def with_leave(desk: Desk, infusion_id: str, parent: QWidget, why: Text, then: Then, always: bool = False) -> None:
    """Go on at once where nothing was found; else, or `always`, an investigator signs first. What nobody goes on with is told."""
    found = gate(desk.infusion(infusion_id), desk.now(), desk.bedside.latched(infusion_id))
    if found.refused is not None:
        desk.refuse(found.refused, infusion_id)
        return
    if not (found.needs or always):
        then(None, ())
        return
    lines = found_lines(found.needs)
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: then(person, lines), why=why, notes=lines)


def found_lines(needs: Sequence[Text]) -> tuple[Text, ...]:
    """What was found, one by one, and what becomes of it."""
    if not needs:
        return ()
    return (say("What was found, and is marked as a deviation:"), *(joined(" ", ("▪", text)) for text in needs))


def ask_why_allowed(form: FormQuestion, lines: Sequence[Text]) -> None:
    """The investigator's reason, where something was found."""
    if lines:
        form.add(WHY_ALLOWED, TextAnswer(form.kit, say("Why does it go on nevertheless?"), None, True))
