"""F8 while more than one bed may be meant: which of them, the alarming one first."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.texts import Text, say
from ui.ask.bed_head import dose_words
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.bed_mark import BedMark
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8, SPACE_16

_HEIGHT = 72


class BedMeant(msgspec.Struct, frozen=True):
    """`why`: what its alarm says, or that its page is open."""

    state: Infusion
    why: Text | str


class WhichBed(Question):
    """`chosen(infusion_id, stops)`: with `stops` its drip is stopped at once. Enter presses the button that has the focus."""

    keeps_draft = False

    def __init__(self, desk: Desk, beds: Sequence[BedMeant], chosen: Callable[[str, bool], object], parent: QWidget) -> None:
        super().__init__(desk, say("Which bed?"), say("Close"), parent, width=960)
        self._chosen = chosen
        self.stops: list[QPushButton] = []
        self.opens: list[QPushButton] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_16)
        grid.setVerticalSpacing(SPACE_16)
        grid.setColumnStretch(0, 1)
        for at, bed in enumerate(beds):
            self._row(grid, at, bed)
        self.body.addLayout(grid)
        self.primary.hide()
        self.stops[0].setFocus()

    def _row(self, grid: QGridLayout, at: int, bed: BedMeant) -> None:
        order, drips = bed.state.order, bed.state.phase is Phase.RUNNING
        who = {"subject": order.subject, "bed": order.bed}
        act = say("STOP {subject} · Bed {bed}", **who) if drips else say("Reaction {subject} · Bed {bed}", **who)
        stop, only = button(self.kit, act, "primary"), button(self.kit, say("Open without stopping"))
        stop.setFont(self.kit.look.font("action"))
        for made in (stop, only):
            made.setMinimumHeight(_HEIGHT)
            made.setObjectName(bed.state.infusion_id)
        only.setVisible(drips)
        stop.clicked.connect(self._stop)
        only.clicked.connect(self._open)
        head = QHBoxLayout()
        head.setSpacing(SPACE_8)
        head.addWidget(BedMark(self.kit, order.bed))
        head.addWidget(label(self.kit, bed.why, "strong", wrap=True), 1)
        head.addWidget(label(self.kit, dose_words(bed.state, self.kit.words.catalogue), "body", "quiet"))
        grid.addLayout(head, 2 * at, 0, 1, 2)
        grid.addWidget(stop, 2 * at + 1, 0)
        grid.addWidget(only, 2 * at + 1, 1)
        self.stops.append(stop)
        self.opens.append(only)

    def enter(self) -> None:
        focused = self.focusWidget()
        (focused if focused in (*self.stops, *self.opens, self.cancel) else self.stops[0]).click()

    def _stop(self) -> None:
        self._choose(self.sender().objectName(), True)

    def _open(self) -> None:
        self._choose(self.sender().objectName(), False)

    def _choose(self, infusion_id: str, stops: bool) -> None:
        self.accept()
        self._chosen(infusion_id, stops)
