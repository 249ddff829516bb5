"""Closing the program while an infusion is open: it names the bed and what stops, and takes a second, deliberate act."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.infusion.phases import PHASE_NAMES
from app.domain.texts import parts, say
from app.services.ward.watch import BedNow
from ui.ask.question import Question
from ui.ask.toggle_grid import Toggle
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.labels_and_buttons import label


class LeaveQuestion(Question):
    """Enter does nothing here until the box was ticked by hand."""

    keeps_draft = False
    is_box = True

    def __init__(self, desk: Desk, beds: Sequence[BedNow], parent: QWidget) -> None:
        super().__init__(desk, say("An infusion is open. Close the program all the same?"), say("Close the program"), parent)
        for bed in beds:
            order = bed.state.order
            text = say("{subject} · Bed {bed} · {phase}", subject=order.subject, bed=order.bed, phase=PHASE_NAMES[bed.state.phase])
            reaction = say("reaction open") if bed.state.reaction_open else None
            self.body.addWidget(label(self.kit, parts(text, reaction), "result", wrap=True))
        if desk.practice:
            self.body.addWidget(label(self.kit, say("PRACTICE · simulated patient"), "strong", "quiet"))
        what = say("The alarms stop. Nothing is reminded, measured or recorded until Bedside is opened again; the drip goes on"
                   " as it is.")  # fmt: skip
        self.body.addWidget(label(self.kit, what, "body", wrap=True))
        self.knows = Toggle(self.kit)
        known = say("Somebody watches the patient without Bedside")
        self.kit.words.bind(self.knows, text=known, accessibleName=known)
        self.knows.toggled.connect(self.primary.setEnabled)
        self.body.addWidget(self.knows)
        self.primary.setEnabled(False)
        self.confirmed.connect(self.accept)


class Leaving:
    """Stands between the window's close button and its closing."""

    def __init__(self, desk: Desk, window: Window) -> None:
        self._desk, self._window = desk, window
        self._sure = False
        window.may_close = self.may_close

    def may_close(self) -> bool:
        """Whether nothing is open, or somebody was sure; else it is asked."""
        beds = [bed for bed in self._desk.bedside.look().values() if bed.is_open]
        if self._sure or not beds:
            return True
        if not self._window.findChildren(LeaveQuestion):
            asked = LeaveQuestion(self._desk, sorted(beds, key=lambda bed: bed.state.order.bed), self._window)
            asked.accepted.connect(self._leave)
            asked.open()
        return False

    def _leave(self) -> None:
        self._sure = True
        self._window.close()
