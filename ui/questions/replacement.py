"""Questions about a bag that replaces another: patient and unthawed bag checked by two people."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.chapters.identity import releasing, verifiers
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.people.roles import Person
from app.domain.texts import say
from ui.ask.answer_code import entered
from ui.ask.form import WHY_TYPED, Answers, ask_form
from ui.ask.who import ask_who
from ui.frame.desk import Desk

from . import check_again as after_mismatch
from .bags import bag_code, why_typed, wristband


def _waiting(state: Infusion) -> BagState | None:
    """The first planned bag that was released after the others and not yet checked by two."""
    return next((b for b in state.planned_bags if b.released_by is not None and not b.ready), None)


def verify_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """One person's own answers, read from wristband and bag; nothing is filled in beforehand."""
    state = desk.infusion(infusion_id)
    bag = _waiting(state)
    if bag is None:
        return
    bag_id, checked = bag.bag.bag_id, bag.verified_by
    fields = (wristband("subject"), bag_code(desk, "found", say("Number on the unthawed bag")), why_typed())
    title = say("Second person: read wristband and bag") if checked else say("First person: read wristband and bag")

    def make(a: Answers) -> c.Command:
        subject, found = a["subject"], a["found"]
        return c.VerifyBag(bag_id, subject.text, found.text, entered(subject, found), a[WHY_TYPED] or "", found.read)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("All read"), fields, make, person)

    ask_who(desk, parent, verifiers(state), opened, {*checked, *releasing(state)}, say("Who reads wristband and bag?"))


def check_again(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """After a mismatch: the check in which it was found begins anew."""
    state = desk.infusion(infusion_id)
    wrong, bag = state.mismatch, _waiting(state)
    unthawed = wrong is not None and bag is not None and (wrong.what == "patient" or wrong.expected_bag == bag.bag.bag_id)
    again = verify_bag if unthawed and state.phase is not Phase.RECEIVED else after_mismatch.ask
    again(desk, infusion_id, parent)
