"""The clamp is opened: the infusion starts at its starting rate."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import submit_form
from ui.ask.rate_form import RateQuestion, Rates, rates_in_time
from ui.ask.who import desk_as
from ui.frame.desk import Desk


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    first = state.protocol.infusion.stages[0].rate_gtt_min[0]
    offered, _said = rates_in_time(state, 0, desk.now())

    def opened(person: Person) -> None:
        rates = Rates(0, offered, first)
        form = RateQuestion(desk, say("Open the clamp and start"), say("Started"), state, rates, parent)
        submit_form(form, infusion_id, lambda a: c.Start(a["rate"], a["reason"] or ""), person)
        form.open()

    desk_as(desk, parent, BEDSIDE, opened)
