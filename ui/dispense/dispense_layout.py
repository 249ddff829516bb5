"""The lay-out of the Dispense page: identity, steps, dose and sets, bags or checklist, dock; the full stop over them."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from ui.ask.code_field import ScanField
from ui.dispense.checklist import Checklist
from ui.dispense.dose_chain import DoseChain
from ui.dispense.set_bars import SetBars
from ui.infusion.notices import StopState
from ui.infusion.stop_panel import StopPanel
from ui.kit.dock import Dock
from ui.kit.identity_banner import IdentityBanner
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.site_mark import MarkedCard
from ui.kit.stage_strip import StageStrip
from ui.kit.table import Table

_DOSE = ("dose.surplus_drawn_at_bench", "weight.accepted_kg", "weight.usual_kg", "weight.second_person_above_change_pct")
_SETS = ("infusion.drop_factors_gtt_per_ml", "infusion.duration_counts_from_stage")
_BAGS = ("product.label_within_factor", "product.expiry_without_time", "labels.scan_prefix", "labels.scan_suffix")


def _which_set(protocol: Protocol) -> Text:
    low, high = protocol.infusion.duration_min
    return say("Which giving set makes {low}–{high} min possible", low=low, high=high)


class DispenseSheet(QWidget):
    """Only shows; whoever holds it sets the states of its parts."""

    def __init__(self, kit: Kit, protocol: Protocol) -> None:
        super().__init__()
        self.kit, self._protocol = kit, protocol
        self.identity, self.strip, self.dock = IdentityBanner(kit), StageStrip(kit), Dock(kit)
        self.chain, self.sets = DoseChain(kit), SetBars(kit)
        self.dose_card = MarkedCard(kit, say("Dose"), protocol, _DOSE)
        self.sets_card = MarkedCard(kit, _which_set(protocol), protocol, _SETS)
        self.bags_card = MarkedCard(kit, say("Bags"), protocol, _BAGS)
        self.hint = label(kit, "", "body", "quiet")
        self.scan = ScanField(kit, say("Scan the label, or type the bag number"), protocol.labels)
        self.bags_card.beside(self.hint, self.scan)
        self.table, self.checklist = Table(kit, say("Bags")), Checklist(kit)
        self.bags = QStackedWidget()
        self._lay_out()
        self.stop = StopPanel(kit, self)

    def follow(self, protocol: Protocol) -> None:
        """What the infusion on the page was ordered by."""
        if protocol is not self._protocol:
            self._protocol = protocol
            self.kit.words.bind(self.sets_card.title, text=_which_set(protocol))
            for card in (self.dose_card, self.sets_card, self.bags_card):
                card.mark.follow(protocol)

    def _lay_out(self) -> None:
        for card, part in ((self.dose_card, self.chain), (self.sets_card, self.sets)):
            card.body.addWidget(part)
            card.body.addStretch(1)
        self.bags.addWidget(self.table)
        self.bags.addWidget(self._scrolled())
        self.bags_card.body.addWidget(self.bags, 1)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_8)
        middle.addWidget(self.dose_card, 1)
        middle.addWidget(self.sets_card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.identity)
        column.addWidget(self.strip)
        column.addLayout(middle)
        column.addWidget(self.bags_card, 1)
        column.addWidget(self.dock)

    def _scrolled(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("ground", "clear")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.checklist)
        column.addStretch(1)
        area.setWidget(inner)
        return area

    def show_checklist(self, shown: bool) -> None:
        self.bags.setCurrentIndex(int(shown))

    def set_stop(self, state: StopState | None) -> None:
        """A full stop covers all between identity and dock."""
        self.stop.set_state(state)
        self._fit()

    def _fit(self) -> None:
        top = self.identity.geometry().bottom() + 1 + SPACE_8
        self.stop.setGeometry(QRect(0, top, self.width(), self.dock.geometry().top() - SPACE_8 - top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
