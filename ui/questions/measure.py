"""Tap along with the drops, or count them for 15 seconds. Taps are real time, whatever speed practice runs at."""

from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion.state import Infusion
from app.domain.infusion.taps import LEAST_TAPS, Tapped, counted, tapped
from app.domain.people.roles import BEDSIDE
from app.domain.texts import Text, number, say
from app.services.clock import steady_s
from ui.ask.answers import ChoiceAnswer, NumberAnswer
from ui.ask.question import Question
from ui.ask.tap_pad import TapPad, TapState
from ui.ask.who import desk_as
from ui.frame.desk import Desk
from ui.kit.look.tokens import SPACE_16
from ui.kit.parts import button, label

_COUNT_S = 15
_PER_MIN = 60 // _COUNT_S


class MeasureQuestion(Question):
    """The last of the two ways that was used counts; taps give way to a count and the other way round."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Tap at each drop, or count for 15 s"), say("Use this rate"), parent)
        self._infusion_id = infusion_id
        self._found: Tapped | None = None
        self.pad = TapPad(self.kit, steady_s)
        self.pad.tapped.connect(self._tapped)
        self.body.addWidget(self.pad)
        self.weighed = label(self.kit, _by_weight(desk, infusion_id), "body", wrap=True)
        self.weighed.setVisible(bool(self.weighed.text()))
        self.body.addWidget(self.weighed)
        counts = _likely_counts(desk.infusion(infusion_id))
        choices = [(n, say("{n} drops", n=n)) for n in counts]
        self.counted = ChoiceAnswer(self.kit, say("Or: drops in 15 s"), choices, columns=4, above=True)
        self.drops = NumberAnswer(self.kit, say("Another number of drops in 15 s"), decimals=0, digits=2, needed=False)
        self.counted.changed.connect(self._counted)
        self.drops.changed.connect(self._typed)
        row = QHBoxLayout()
        row.setSpacing(SPACE_16)
        row.addWidget(self.drops, 1)
        again = button(self.kit, say("Start again"))
        again.clicked.connect(self._again)
        row.addWidget(again)
        self.body.addWidget(self.counted)
        self.body.addLayout(row)
        self.confirmed.connect(self._confirm)
        self._show()
        self.pad.setFocus()

    def _tapped(self) -> None:
        self.counted.choose(None)
        self.drops.number.field.clear()
        self._found = tapped(self.pad.taps)
        self._show()

    def _counted(self) -> None:
        self.drops.number.field.clear()
        self._forget_taps()

    def _typed(self) -> None:
        """Clearing the line, as the other two ways do, is no count."""
        if self.drops.number.value() is not None:
            self.counted.choose(None)
            self._forget_taps()

    def _forget_taps(self) -> None:
        self.pad.clear()
        self._found = None
        self._show()

    def _again(self) -> None:
        self.counted.choose(None)
        self.drops.number.field.clear()
        self._forget_taps()
        self.pad.setFocus()

    def count(self) -> int | None:
        """Drops in 15 s, chosen or typed."""
        chosen, typed = self.counted.chosen(), self.drops.number.value()
        return chosen if chosen is not None else int(typed) if typed else None

    def _show(self) -> None:
        found, count = self._found, self.count()
        steadiness = "" if found is None else say("steady") if found.steady else say("unsteady: tap a few more")
        rate = f"{found.rate_gtt_min:.0f}" if found else f"{counted(count, _COUNT_S):.0f}" if count else ""
        self.pad.set_state(TapState(rate, say("drops/min"), say("counted") if count else steadiness, LEAST_TAPS))

    def _confirm(self) -> None:
        count, found = self.count(), self._found
        if count is not None:
            command = c.MeasureRate(counted(count, _COUNT_S), "count", count)
        elif found is not None:
            command = c.MeasureRate(Decimal(found.rate_gtt_min), "taps", found.drops, found.spread_pct)
        else:
            self.say_no(say("Tap at least {drops} drops, or say how many fell in 15 s.", drops=LEAST_TAPS))
            return
        desk_as(self.desk, self, BEDSIDE, lambda person: self.send(self._infusion_id, command, person))


def _by_weight(desk: Desk, infusion_id: str) -> Text | str:
    """What a scale under the bag says, beside the taps and never in their place."""
    try:
        found = desk.bedside.drip_by_weight(infusion_id)
    except Refused as refusal:
        return refusal.text
    if found is None:
        return ""
    if found.rate_gtt_min is None:
        return say("The scale under the bag: {ml} ml since it was hung.", ml=number(found.delivered_ml))
    return say("The scale under the bag: {rate} drops/min, {ml} ml since it was hung.",
               rate=number(found.rate_gtt_min), ml=number(found.delivered_ml))  # fmt: skip


def _likely_counts(state: Infusion) -> range:
    """What 15 s give at the rates of this stage, and a drop more or less."""
    low, high = state.protocol.infusion.stages[state.stage].rate_gtt_min
    return range(max(1, int(low) // _PER_MIN - 1), int(high) // _PER_MIN + 2)


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    MeasureQuestion(desk, infusion_id, parent).open()
