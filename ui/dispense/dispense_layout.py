"""The lay-out of the Dispense page: identity, steps, dose and sets, bags or checklist, dock; the full stop over them."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from ui.ask.code_field import ScanField
from ui.dispense.checklist import Checklist
from ui.dispense.dose_chain import DoseChain
from ui.dispense.set_bars import SetBars
from ui.frame.pages import Later, at_once
from ui.infusion.notices import StopState
from ui.infusion.stop_panel import StopPanel
from ui.kit.dock import Dock
from ui.kit.identity_banner import IdentityBanner
from ui.kit.labels_and_buttons import label, nowhere
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

    def __init__(self, kit: Kit, protocol: Protocol, put: Callable[[QWidget], object] = nowhere, later: Later = at_once) -> None:
        super().__init__()
        self.kit, self._protocol = kit, protocol
        self._asked, self._is_whole = QRect(), False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_8)
        put(self)
        for part in (self._put_head, self._put_dose, self._put_bags, self._put_table, self._put_foot):
            later(part)

    def _put_head(self) -> None:
        self.identity, self.strip = IdentityBanner(self.kit), StageStrip(self.kit)
        for part in (self.identity, self.strip):
            self.column.addWidget(part)

    def _put_dose(self) -> None:
        self.chain, self.sets = DoseChain(self.kit), SetBars(self.kit)
        self.dose_card = MarkedCard(self.kit, say("Dose"), self._protocol, _DOSE)
        self.sets_card = MarkedCard(self.kit, _which_set(self._protocol), self._protocol, _SETS)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_8)
        self.column.addLayout(middle)
        for card, part in ((self.dose_card, self.chain), (self.sets_card, self.sets)):
            middle.addWidget(card, 1)
            card.body.addWidget(part)
            card.body.addStretch(1)

    def _put_bags(self) -> None:
        self.bags_card = MarkedCard(self.kit, say("Bags"), self._protocol, _BAGS)
        self.hint = label(self.kit, "", "body", "quiet")
        self.scan = ScanField(self.kit, say("Scan the label, or type the bag number"), self._protocol.labels)
        self.bags_card.beside(self.hint, self.scan)
        self.column.addWidget(self.bags_card, 1)

    def _put_table(self) -> None:
        self.table, self.checklist, self.bags = Table(self.kit, say("Bags")), Checklist(self.kit), QStackedWidget()
        self.bags_card.body.addWidget(self.bags, 1)
        self.bags.addWidget(self.table)
        self.bags.addWidget(self._scrolled())

    def _put_foot(self) -> None:
        self.dock = Dock(self.kit)
        self.column.addWidget(self.dock)
        self.stop = StopPanel(self.kit, self)
        self._is_whole = True

    def follow(self, protocol: Protocol) -> None:
        """What the infusion on the page was ordered by."""
        if protocol is not self._protocol:
            self._protocol = protocol
            self.kit.words.bind(self.sets_card.title, text=_which_set(protocol))
            for card in (self.dose_card, self.sets_card, self.bags_card):
                card.mark.follow(protocol)

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

    def set_asked(self, covered: QRect) -> None:
        """While a question stands at the right, a full stop is read whole beside it."""
        self._asked = covered
        self._fit()

    def _fit(self) -> None:
        top = self.identity.geometry().bottom() + 1 + SPACE_8
        wide = self._asked.left() - SPACE_8 if self._asked.left() > 0 else self.width()
        self.stop.setGeometry(QRect(0, top, wide, self.dock.geometry().top() - SPACE_8 - top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_whole:  # a window may be made larger while the page is still being made
            self._fit()
