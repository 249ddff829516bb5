"""What of the ward stays in sight while nobody is signed in: all beds in a line each, and one of them whole."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.texts import say
from app.services.ward.watch import BedNow, urgency
from ui.ask.toggle_grid import Toggle
from ui.entrance.locked_bed import LockedBed
from ui.frame.desk import Desk
from ui.kit.look.tokens import SPACE_8
from ui.ward.view import open_beds


class LockedBeds(QWidget):
    """The bed that comes first is shown, until somebody chooses another one; that takes no password."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.shown: str | None = None
        self._is_chosen = False
        self._ids: list[str] = []
        self.choice = QButtonGroup(self)
        self.choice.idClicked.connect(self._choose)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE_8)
        self.bed = LockedBed(desk.kit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addLayout(self._row)
        column.addWidget(self.bed, 1)

    def look_at(self, infusion_id: str) -> None:
        """Whoever presses its alarm sees its bed."""
        self.shown, self._is_chosen = infusion_id, True
        self.tick()

    def let_go(self) -> None:
        """The screen was locked again: what comes first is shown."""
        self._is_chosen = False

    def tick(self) -> None:
        """After each look at the ward while it is shown."""
        now = self.desk.now()
        beds = open_beds(self.desk.bedside)
        self._offer(beds)
        ids = [bed.state.infusion_id for bed in beds]
        first = min(beds, key=lambda bed: urgency(bed, now), default=None)
        if first is None:
            return
        if not self._is_chosen or self.shown not in ids:
            self.shown, self._is_chosen = first.state.infusion_id, False
        at = ids.index(self.shown)
        if self._ids:
            self.choice.button(at).setChecked(True)
        self.bed.show_bed(beds[at], self.desk.bedside.watched(self.shown), now)

    def _offer(self, beds: list[BedNow]) -> None:
        """A toggle a bed where there are several."""
        ids = [bed.state.infusion_id for bed in beds] if len(beds) > 1 else []
        if ids == self._ids:
            return
        self._ids = ids
        for old in self.choice.buttons():
            self.choice.removeButton(old)
            old.hide()
            old.deleteLater()
        for at, bed in enumerate(beds if ids else ()):
            order = bed.state.order
            text = say("{subject} · Bed {bed}", subject=order.subject, bed=order.bed)
            made = Toggle(self.desk.kit, exclusive=True)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # whoever types a password goes on typing it
            self.desk.kit.words.bind(made, text=text, accessibleName=text)
            self.choice.addButton(made, at)
            self._row.addWidget(made)

    def _choose(self, at: int) -> None:
        self.look_at(self._ids[at])
