"""F8, on every page and over every question: the reaction of the bed that is meant, whose first button stops the drip."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.infusion.phases import INFUSING
from app.domain.texts import Text, say
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.priority import Priority
from ui.ask.bed import at_bed
from ui.ask.question import Question
from ui.ask.which_bed import BedMeant, WhichBed
from ui.frame.desk import Desk
from ui.frame.pages import Page, PageKey
from ui.frame.window import Window
from ui.infusion.dock_actions import may_note_reaction


class StopKey(QObject):
    """`put_aside` hides what is half filled in, for its own bed's page. With an alarm at another bed it asks which is meant."""

    def __init__(
        self, desk: Desk, window: Window, alarms: Callable[[], Sequence[ActiveAlarm]], put_aside: Callable[[], object]
    ) -> None:
        super().__init__(window)
        self._desk, self._window, self._alarms, self._put_aside = desk, window, alarms, put_aside
        for pressed in (window.stop_wanted, desk.stop_wanted):
            pressed.connect(self.pressed)

    def pressed(self) -> None:
        if self._desk.person is None or any(isinstance(one, WhichBed) for one in self._open()):
            return
        beds = self._meant(self._shown())
        if not beds:
            self._desk.tell(say("No infusion is open at which a reaction can be noted."))
        elif len(beds) == 1:
            self.open(beds[0].state.infusion_id)
        else:
            WhichBed(self._desk, beds, self.open, self._front()).open()

    def open(self, infusion_id: str, stops: bool = False) -> None:
        """Turn to the bed and ask; `stops`: the drip is stopped before anything is asked."""
        from ui.questions.reaction import ReactionQuestion

        known = next((one for one in self._open() if isinstance(one, ReactionQuestion) and one.about == infusion_id), None)
        if known is None:
            self._turn_to(infusion_id)
            known = ReactionQuestion(self._desk, infusion_id, at_bed(infusion_id, self._front()))
            known.open()
        known.begin_again()
        if stops:
            known.enter()

    def _turn_to(self, infusion_id: str) -> None:
        if any(one.about != infusion_id for one in self._open()):
            self._put_aside()
        if self._shown() != infusion_id:
            self._desk.show_page.emit(PageKey.INFUSION, infusion_id)

    def _open(self) -> list[Question]:
        return [one for one in self._window.findChildren(Question) if one.isVisible()]

    def _front(self) -> QWidget:
        """What a question is opened over: the one that is open, else the page."""
        questions = self._open()
        return questions[-1] if questions else self._window.pages.get(PageKey.INFUSION, self._window)

    # --- which beds may be meant

    def _shown(self) -> str | None:
        asked = next((one.about for one in reversed(self._open()) if one.about is not None), None)
        page = self._window.pages.get(PageKey.INFUSION)
        on_page = page.infusion_id if isinstance(page, Page) and self._window.page == PageKey.INFUSION else None
        return asked or on_page

    def _meant(self, shown: str | None) -> list[BedMeant]:
        """Those with an alarm, the most pressing first, then the one that is shown; without either all that drip."""
        loud = [one for one in self._alarms() if one.priority >= Priority.MEDIUM]
        why: dict[str, Text | str] = {}
        for one in sorted(loud, key=lambda found: (not found.alarm.finding.of_patient, -found.priority)):
            why.setdefault(one.infusion_id, one.text)
        if shown is not None:
            why.setdefault(shown, say("The bed that is shown"))
        looked = self._desk.bedside.look()
        if not why:
            dripping = [bed.state for bed in looked.values() if bed.state.phase in INFUSING] or [b.state for b in looked.values()]
            why = {s.infusion_id: say("No alarm") for s in dripping}
        now = self._desk.now()
        states = [(self._desk.infusion(infusion_id), text) for infusion_id, text in why.items()]
        return [BedMeant(state, text) for state, text in states if may_note_reaction(state, now)]
