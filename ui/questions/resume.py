"""The drip goes on after a pause; after a reaction only with an investigator's own signature."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.drip_volume import needed_rate
from app.domain.infusion.task_kinds import needs_investigator
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import say
from ui.ask.form import submit_form
from ui.ask.rate_form import RateQuestion, Rates, rates_in_time
from ui.ask.who import ask_who, desk_as
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    if not needs_investigator(desk.infusion(infusion_id)):
        _rate(desk, infusion_id, parent, None)
        return
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: _rate(desk, infusion_id, parent, person),
            why=say("Which investigator lets it go on after the reaction?"))  # fmt: skip


def _rate(desk: Desk, infusion_id: str, parent: QWidget, allowed_by: Person | None) -> None:
    state, now = desk.infusion(infusion_id), desk.now()
    needed = needed_rate(state, now)
    notes = [say("{name} lets it go on.", name=allowed_by.name)] if allowed_by else []
    if needed:
        notes.append(say("To finish in time {rate} drops/min are needed.", rate=f"{needed:.0f}"))

    offered, said = rates_in_time(state, state.stage, now)

    def opened(person: Person) -> None:
        rates = Rates(state.stage, offered, state.rate_gtt_min)
        form = RateQuestion(desk, say("Resume the infusion"), say("Resumed"), state, rates, parent, [*notes, *said])
        submit_form(form, infusion_id, lambda a: c.Resume(a["rate"], allowed_by, a["reason"] or ""), person)
        form.open()

    desk_as(desk, parent, BEDSIDE, opened)
