"""The Ward page: a card a bed, and the next tasks of all of them."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion import Phase
from app.domain.texts import say
from ui.desk import Desk
from ui.dialogs import order
from ui.look.tokens import SPACE_8
from ui.views.ward import cards, task_rows
from ui.widgets.empty import Empty, EmptyState
from ui.widgets.parts import button, label
from ui.widgets.table import Column, Table, TableState
from ui.widgets.ward_card import WardCard

_COLUMNS = (Column(say("Time"), 0.6), Column(say("Bed"), 1.2, strong=True), Column(say("Next"), 2.4),
            Column(say("Left"), 1.0))  # fmt: skip
_ACROSS = 4
_ENDED = (Phase.SIGNED, Phase.ABANDONED)


class WardPage(QWidget):
    """A card opens its infusion."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self.empty = Empty(self.kit)
        self.empty.set_state(EmptyState(say("No infusion is open"), say("Order one for a subject and a bed."),
                                        say("New infusion"), "bed"))  # fmt: skip
        self.empty.pressed.connect(self._order)
        self.cards: list[WardCard] = []
        self.grid = QGridLayout()
        self.grid.setSpacing(SPACE_8)
        self.table = Table(self.kit, say("Next tasks"))
        self.table.opened.connect(self._opened)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._timer = QTimer(self, interval=500)
        self._timer.timeout.connect(self.refresh)
        desk.changed.connect(self._changed)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        head = QHBoxLayout()
        head.addWidget(label(self.kit, say("Ward"), "title"))
        head.addStretch(1)
        new = button(self.kit, say("New infusion"))
        new.clicked.connect(self._order)
        head.addWidget(new)
        column.addLayout(head)
        column.addLayout(self.grid)
        column.addWidget(label(self.kit, say("Next tasks"), "title"))
        column.addWidget(self.table, 1)
        return content

    def _changed(self, _infusion_id: str) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        now, words = self.desk.now(), self.kit.words.catalogue
        states = [s for s in self.desk.bedside.infusions if s.phase is not Phase.ABANDONED]
        live = [s for s in states if s.phase not in _ENDED]
        self.stack.setCurrentIndex(1 if states else 0)
        shown = cards(live, self.desk.bedside, now, words) + cards(
            [s for s in states if s.phase in _ENDED], self.desk.bedside, now, words
        )
        self._make(len(shown))
        for card, state in zip(self.cards, shown, strict=True):
            card.set_state(state)
        self.table.set_state(TableState(_COLUMNS, task_rows(live, now, words)))

    def _make(self, count: int) -> None:
        while len(self.cards) < count:
            card = WardCard(self.kit)
            card.clicked.connect(self._card)
            self.grid.addWidget(card, len(self.cards) // _ACROSS, len(self.cards) % _ACROSS)
            self.cards.append(card)
        while len(self.cards) > count:
            self.cards.pop().deleteLater()

    def _card(self) -> None:
        card = self.sender()
        if isinstance(card, WardCard) and card.state:
            self.desk.show_page.emit("infusion", card.state.key)

    def _opened(self, key: str) -> None:
        self.desk.show_page.emit("infusion", key.partition("/")[0])

    def _order(self) -> None:
        order.ask(self.desk, self)
