"""The faster rate: only rates that finish in time are offered; while something is owed it says what."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.chapters.drip import step_up_waits_for
from app.domain.infusion.state import Infusion
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say
from ui.ask.form import submit_form
from ui.ask.rate_form import RateQuestion, Rates, rates_in_time
from ui.ask.who import desk_as
from ui.frame.desk import Desk
from ui.kit.message_strip import MessageState


class StepUpQuestion(RateQuestion):
    """Watches what the step still waits for; its primary button opens when nothing is owed any more."""

    def __init__(self, desk: Desk, infusion_id: str, state: Infusion, parent: QWidget) -> None:
        stage = state.stage + 1
        offered, said = rates_in_time(state, stage, desk.now())
        rates = Rates(stage, offered, free=False)
        super().__init__(desk, say("Step up the drip"), say("Stepped up"), state, rates, parent, said)
        self._infusion_id = infusion_id
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.watch)
        self._timer.start()
        self.watch()

    def watch(self) -> None:
        """Say what is still owed, or let the button be pressed."""
        waits = step_up_waits_for(self.desk.infusion(self._infusion_id), self.desk.now())
        was_waiting = not self.primary.isEnabled()
        self.primary.setEnabled(waits is None)
        if waits is not None:
            self.strip.set_state(MessageState(say("Not yet."), waits, lasting=True, icon="clock"))
        elif was_waiting:
            self.strip.set_state(None)


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    if state.is_last_stage:
        desk.tell(say("The last rate stage runs already."))
        return

    def opened(person: Person) -> None:
        form = StepUpQuestion(desk, infusion_id, state, parent)
        submit_form(form, infusion_id, lambda a: c.StepUp(a["rate"], a["reason"] or ""), person)
        form.open()

    desk_as(desk, parent, BEDSIDE, opened)
