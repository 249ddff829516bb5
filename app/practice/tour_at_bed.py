"""Carries the practice tour out in the window: its own bed, its card, and the stop at its end."""

from collections.abc import Callable
from functools import partial

from app.domain.errors import Refused
from app.domain.people.roles import BEDSIDE
from app.domain.texts import Text, say
from app.practice.pace import PracticePace
from app.practice.practice_monitors import PracticeMonitors
from app.practice.tour import STEPS, Tour, running_infusion, stopped
from app.services.ward.ports import Outcome
from ui.frame.desk import Desk
from ui.frame.pages import PageKey
from ui.frame.window import Window
from ui.help.tour_card import TourCard, TourCardState

#: Beds that no ward has; each tour takes the next one that is free.
_BEDS = tuple(str(bed) for bed in range(91, 100))
_WAITS: dict[str, Text] = {
    "starting": say("The simulated monitor is getting ready…"),
    "breaking": say("It happens now…"),
}


class TourAtBed:
    """`begin` whenever it is asked for; `tick` after each look at the ward."""

    def __init__(self, desk: Desk, window: Window, monitors: PracticeMonitors, pace: PracticePace) -> None:
        self._desk, self._monitors, self._pace = desk, monitors, pace
        self.tour: Tour | None = None
        self.card = TourCard(desk.kit, window)
        desk.asking.connect(self.card.stand_beside)
        self.card.next_pressed.connect(self._next)
        self.card.leave_pressed.connect(self.leave)
        self.card.again_pressed.connect(self.begin)
        desk.tour_wanted.connect(self.begin)

    def begin(self) -> None:
        """From its beginning, at a bed of its own; what went on of one before is left."""
        desk, bedside = self._desk, self._desk.bedside
        if not desk.has_role(*BEDSIDE):
            desk.tell(say("Only a nurse or an investigator begins the tour: it is at the bed."))
            return
        self.leave()
        try:
            bed = next(filter(self._is_free, _BEDS), _BEDS[-1])
            bedside.bed_is_free(bed)
            entries = running_infusion(bedside.trial, bed, bedside.now())
        except Refused as refusal:
            desk.tell(refusal.text)
            return
        bedside.begin(entries[0].stream, entries, partial(self._begun, entries[0].stream))

    def _is_free(self, bed: str) -> bool:
        return all(found.state.order.bed != bed or not found.is_open for found in self._desk.bedside.look().values())

    def _begun(self, infusion_id: str, outcome: Outcome) -> None:
        if outcome.failed is not None:
            self._desk.tell(outcome.failed)
            return
        self.tour = Tour(infusion_id, self._monitors, self._pace)
        self._desk.show_page.emit(PageKey.INFUSION, infusion_id)
        self.tick()

    def tick(self) -> None:
        tour, desk = self.tour, self._desk
        if tour is None or not desk.bedside.knows(tour.infusion_id):
            return
        tour.look(desk.bedside.bed(tour.infusion_id), desk.now())
        self.card.set_state(self._state(tour) if desk.person is not None else None)

    def _next(self) -> None:
        self._with(Tour.next)

    def _with(self, act: Callable[[Tour], None]) -> None:
        if self.tour is not None:
            act(self.tour)
            self.tick()

    def leave(self) -> None:
        """Everything is well again, and the tour's drip is stopped."""
        tour, desk = self.tour, self._desk
        self.tour = None
        self.card.set_state(None)
        if tour is None:
            return
        tour.leave()
        by = desk.person
        if by is not None:
            why = desk.kit.words.tr(say("The tour is over"))
            stopped(desk.bedside.bed(tour.infusion_id), why, lambda stop: desk.submit(tour.infusion_id, stop, by))

    def _state(self, tour: Tour) -> TourCardState:
        if tour.state == "over":
            told = say("The bell, the bar and the red button are the same at a real bed. F1 explains each page.")
            return TourCardState(say("Practice tour"), say("The tour is over"), told, is_over=True)
        step = tour.step
        head = say("Practice tour · {n} of {of}", n=tour.at + 1, of=len(STEPS))
        do = step.do if tour.state == "acting" else ""
        return TourCardState(head, step.title, step.see, do, _WAITS.get(tour.state, ""))
