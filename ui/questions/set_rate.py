"""Another rate in the stage that runs."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.drip_volume import needed_rate
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import submit_form
from ui.ask.rate_form import RateQuestion, Rates, rates_in_time
from ui.ask.who import desk_as
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    needed = needed_rate(state, desk.now())
    notes = [say("It runs at {rate} drops/min.", rate=state.rate_gtt_min)]
    if needed:
        notes.append(say("To finish in time {rate} drops/min are needed.", rate=f"{needed:.0f}"))
    offered, said = rates_in_time(state, state.stage, desk.now())

    def opened(person: Person) -> None:
        rates = Rates(state.stage, offered, slower_free=state.rate_gtt_min)
        form = RateQuestion(desk, say("Change the rate"), say("Set rate"), state, rates, parent, [*notes, *said])
        submit_form(form, infusion_id, lambda a: c.SetRate(a["rate"], a["reason"] or ""), person)
        form.open()

    desk_as(desk, parent, BEDSIDE, opened)
