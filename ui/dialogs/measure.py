"""Tap along with the drops, or count them for 15 seconds. Taps are real time, whatever speed practice runs at."""

from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain import commands as c
from app.domain.people import BEDSIDE
from app.domain.taps import LEAST_TAPS, Tapped, counted, tapped
from app.domain.texts import say
from app.services.clock import steady_s
from ui.desk import Desk
from ui.widgets.parts import button, label
from ui.widgets.tap_pad import TapPad, TapState

from .question import Question
from .who import desk_as


class MeasureQuestion(Question):
    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Tap at each drop"), say("Use this rate"), parent)
        self._infusion_id = infusion_id
        self._found: Tapped | None = None
        self.pad = TapPad(self.kit, steady_s)
        self.pad.tapped.connect(self._tapped)
        self.body.addWidget(self.pad)
        again = button(self.kit, say("Start again"))
        again.clicked.connect(self._again)
        row = QHBoxLayout()
        row.addWidget(again)
        row.addStretch(1)
        row.addWidget(label(self.kit, say("or drops in 15 s")))
        self.drops = QLineEdit()
        self.drops.setMaximumWidth(100)
        self.kit.words.bind(self.drops, accessibleName=say("Drops in 15 s"))
        row.addWidget(self.drops)
        self.body.addLayout(row)
        self.confirmed.connect(self._confirm)
        self._show()
        self.pad.setFocus()

    def _tapped(self) -> None:
        self._found = tapped(self.pad.taps)
        self._show()

    def _again(self) -> None:
        self.pad.clear()
        self._found = None
        self._show()

    def _show(self) -> None:
        found = self._found
        steadiness = "" if found is None else say("steady") if found.steady else say("unsteady: tap a few more")
        rate = "" if found is None else f"{found.rate_gtt_min:.0f}"
        self.pad.set_state(TapState(rate, say("drops/min"), steadiness, LEAST_TAPS))

    def _confirm(self) -> None:
        typed = self.drops.text().strip()
        if typed.isascii() and typed.isdigit() and int(typed) > 0:
            command = c.MeasureRate(counted(int(typed), 15), "count", int(typed))
        elif self._found is not None:
            found = self._found
            command = c.MeasureRate(Decimal(found.rate_gtt_min), "taps", found.drops, found.spread_pct)
        else:
            self.say_no(say("Tap at least {drops} drops, or type how many fell in 15 s.", drops=LEAST_TAPS))
            return
        desk_as(self.desk, self, BEDSIDE, lambda person: self.send(self._infusion_id, command, person))


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    MeasureQuestion(desk, infusion_id, parent).open()
