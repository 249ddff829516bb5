"""A question for a drip rate; a reason is asked for only where the rate needs one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from PySide6.QtWidgets import QWidget

from app.domain.infusion.code_words import REASONS
from app.domain.infusion.drip_volume import offered_rates
from app.domain.infusion.state import Infusion
from app.domain.texts import Text, say
from ui.ask.answers import ReasonAnswer
from ui.ask.form import FormQuestion, coded
from ui.ask.rate_answer import RateAnswer
from ui.frame.desk import Desk

_WHY_ANOTHER_RATE = ("discomfort", "drip_drifted", "behind", "doctor", "patient")


class Rates(msgspec.Struct, frozen=True):
    """What is offered for a stage, what is chosen beforehand, whether another rate may be typed.

    `slower_free`: a rate slower than this one needs no reason.
    """

    stage: int
    offered: Sequence[int]
    first: Decimal | None = None
    free: bool = True
    slower_free: Decimal | None = None


def rates_in_time(state: Infusion, stage: int, now: datetime) -> tuple[tuple[int, ...], tuple[Text, ...]]:
    """The rates to offer for a stage and what to say of them; where none is in time, those that can be counted."""
    found = offered_rates(state, stage, now)
    if found:
        return found, (say("All of these finish in time; the first ones can be counted in 15 s."),)
    rules = state.protocol.infusion
    low, high = map(int, rules.stages[stage].rate_gtt_min)
    easy = rules.preferred_rate_multiple_gtt_min
    counted = tuple(rate for rate in range(high, low - 1, -1) if rate % easy == 0) or (high,)
    return counted, (say("No rate from {low} to {high} finishes in time. The fastest comes nearest.", low=low, high=high),)


class RateQuestion(FormQuestion):
    """`rate` and `reason` are its answers."""

    def __init__(
        self, desk: Desk, title: Text, primary: Text, state: Infusion, rates: Rates, parent: QWidget, notes: Sequence[Text] = ()
    ) -> None:
        super().__init__(desk, title, primary, (), parent, notes)
        self._range = state.protocol.infusion.stages[rates.stage].rate_gtt_min
        self._slower_free = rates.slower_free
        name = say("Set the clamp by the falling drop.")
        self.rate = RateAnswer(self.kit, name, rates.offered, rates.first, rates.free)
        self.reason = ReasonAnswer(self.kit, say("Why another rate?"), coded(REASONS, *_WHY_ANOTHER_RATE))
        self.add("rate", self.rate)
        self.add("reason", self.reason)
        self.rate.changed.connect(self._ask_why)
        self._ask_why()
        self.rate.take_focus()

    def _ask_why(self) -> None:
        rate, (low, high) = self.rate.rate(), self._range
        outside = rate is not None and not low <= rate <= high
        slower = rate is not None and self._slower_free is not None and rate <= self._slower_free
        self.reason.setVisible(outside)
        self.reason.need(not slower)
        if outside:
            self.kit.words.bind(self.reason.label, text=say("Outside {low}–{high} drops/min: why?", low=low, high=high))
