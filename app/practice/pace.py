"""How fast time runs in practice: as chosen, but ×1 while a question is open or a task is due; the tour may hurry it."""

from app.services.clock import ScaledClock
from app.services.ward.ward import Bedside


class PracticePace:
    """`asking`: a question is open. `hurried`: as fast as that, even while something is due; 0: not. `settle` sets the clock and
    gives back the speed that holds now.
    """

    def __init__(self, bedside: Bedside, clock: ScaledClock) -> None:
        self.chosen = 1.0
        self.asking = False
        self.hurried = 0.0
        self._bedside, self._clock = bedside, clock

    def settle(self) -> float:
        wanted = self.hurried or (1.0 if self._something_due() else self.chosen)
        wanted = 1.0 if self.asking else wanted
        if wanted != self._clock.speed:
            self._clock.speed = wanted
        return wanted

    def _something_due(self) -> bool:
        now = self._bedside.now()
        return any(t.due_at <= now and t.is_open(now) for bed in self._bedside.look().values() for t in bed.tasks)
