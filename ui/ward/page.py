"""The Ward page: a card a bed, the next tasks of all of them, and what was closed today."""

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion.phases import Phase
from app.domain.people.roles import Role
from app.domain.texts import Text, say
from app.services.safety.acute_checks import AcuteChecks
from app.services.ward.watch import BedNow
from ui.frame.desk import Desk
from ui.frame.pages import Page, PageKey
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import Card, button, clear_page, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.table import Column, Table, TableState
from ui.ward.view import ACUTE, acute_rows, cards, closed_today, open_beds, task_rows
from ui.ward.ward_card import HEIGHT, WardCard

_TASKS = (Column(say("Time"), 0.9), Column(say("Bed"), 1.3, strong=True), Column(say("Next"), 2.6), Column(say("Left"), 1.0))
_CLOSED = (Column(say("Time"), 0.6), Column(say("Bed"), 1.2, strong=True), Column(say("Closed"), 2.0))
_TO_DO = say("Order one for a subject and a bed.")
_ACROSS = 4
#: what the lists below the cards keep of the height, px
_LISTS = 230


class WardPage(Page):
    """A card opens its infusion, by mouse, touch or Enter."""

    is_fresh_when_shown = True

    def __init__(self, desk: Desk, acute: AcuteChecks | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit, self._acute = desk, desk.kit, acute
        self.empty = EmptyPage(self.kit)
        self.cards: list[WardCard] = []
        self.tasks, self.closed = Table(self.kit, say("Next tasks")), Table(self.kit, say("Closed today"))
        self.new = button(self.kit, say("New infusion"))
        self.take_in = button(self.kit, say("Take in a release"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._connect()

    def _connect(self) -> None:
        self.desk.looked.connect(lambda: self._changed(""))
        self.desk.heard.connect(self._heard)
        for pressed in (self.empty.pressed, self.new.clicked):
            pressed.connect(self._order)
        for pressed in (self.empty.other.clicked, self.take_in.clicked):
            pressed.connect(self._take_in)
        for table in (self.tasks, self.closed):
            table.opened.connect(self._opened)
        self.desk.changed.connect(self._changed)
        if self._acute is not None:
            self._acute.when_changed(lambda: self._changed(""))
        self.kit.words.changed.connect(self.refresh)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        head = QHBoxLayout()
        head.addWidget(label(self.kit, say("Beds"), "title"))
        head.addStretch(1)
        head.addWidget(self.take_in)
        head.addWidget(self.new)
        column.addLayout(head)
        column.addWidget(self._beds())
        lists = QHBoxLayout()
        lists.setSpacing(SPACE_8)
        self.closed_card = Card(self.kit, say("Closed today"))
        tasks = Card(self.kit, say("Next tasks"))
        self.nothing = label(self.kit, say("Nothing is due on any bed."), "body", "quiet")
        tasks.body.addWidget(self.nothing, 1)
        for card, table, share in ((tasks, self.tasks, 63), (self.closed_card, self.closed, 37)):
            card.body.addWidget(table, 1)
            lists.addWidget(card, share)
        column.addLayout(lists, 1)
        return content

    def _beds(self) -> QScrollArea:
        inner = clear_page(QWidget())
        self.grid = QGridLayout(inner)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(SPACE_8)
        for at in range(_ACROSS):
            self.grid.setColumnStretch(at, 1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(inner)
        return self.area

    def _changed(self, _infusion_id: str) -> None:
        if self.isVisible():
            self.refresh()

    def _heard(self, _infusion_id: str) -> None:
        if self.isVisible():
            self._show_cards(open_beds(self.desk.bedside))

    def _show_cards(self, beds: list[BedNow]) -> None:
        self._make(len(beds))
        for card, shown in zip(self.cards, cards(beds, self.desk.now(), self.kit.words.catalogue), strict=True):
            card.set_state(shown)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def refresh(self) -> None:
        now, words, bedside = self.desk.now(), self.kit.words.catalogue, self.desk.bedside
        others = bool(self.desk.exchange.laptops)
        is_guest = self.desk.has_role(Role.EMERGENCY)
        self.take_in.setVisible(others and not is_guest)
        self.new.setHidden(is_guest)
        other = say("Take in a release") if others else ""
        self.empty.set_state(_empty(other if not is_guest else "", is_guest))
        beds = open_beds(bedside)
        closed = closed_today(bedside, now, words)
        waiting = acute_rows(self._acute.waiting(), now, words) if self._acute else ()
        self.stack.setCurrentIndex(int(bool(beds or closed or waiting)))
        self._show_cards(beds)
        rows = (*task_rows(beds, now, words), *waiting)
        self.tasks.set_state(TableState(_TASKS, rows))
        self.tasks.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.closed_card.setVisible(bool(closed))
        self.closed.set_state(TableState(_CLOSED, closed))

    def _make(self, count: int) -> None:
        if count == len(self.cards):
            return
        while len(self.cards) < count:
            card = WardCard(self.kit)
            card.chosen.connect(self._card)
            self.grid.addWidget(card, len(self.cards) // _ACROSS, len(self.cards) % _ACROSS)
            self.cards.append(card)
        while len(self.cards) > count:
            gone = self.cards.pop()
            self.grid.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._fit()

    def _fit(self) -> None:
        """As many rows of cards as there are; more than fit above the lists scroll."""
        lines = -(-len(self.cards) // _ACROSS)
        wanted = lines * HEIGHT + max(0, lines - 1) * SPACE_8
        self.area.setFixedHeight(min(wanted, max(HEIGHT, self.height() - _LISTS)))

    def _card(self, infusion_id: str) -> None:
        self.desk.show_page.emit(PageKey.INFUSION, infusion_id)

    def _opened(self, key: str) -> None:
        """What was sent to another laptop is at the bench, where its codes are."""
        if key.startswith(ACUTE):
            self._answer(key.removeprefix(ACUTE))
            return
        infusion_id = key.partition("/")[0]
        is_sent = self.desk.bedside.phase(infusion_id) is Phase.SENT
        self.desk.show_page.emit(PageKey.DISPENSE if is_sent else PageKey.INFUSION, infusion_id)

    def _answer(self, infusion_id: str) -> None:
        from ui.safety.acute_question import ask_acute_result

        assert self._acute is not None
        watch = self._acute.watch(infusion_id)
        if watch is not None:
            ask_acute_result(self.desk, self._acute, watch, self)

    def _take_in(self) -> None:
        from ui.questions.exchange import ask_take_in

        ask_take_in(self.desk, self.desk.exchange, self)

    def _order(self) -> None:
        from ui.questions.ordering import ask_order

        ask_order(self.desk, self)


def _empty(other: Text | str, is_guest: bool) -> EmptyState:
    """Whoever came by emergency access orders nothing."""
    title = say("No infusion is open")
    return EmptyState(title, "", "", "bed") if is_guest else EmptyState(title, _TO_DO, say("New infusion"), "bed", other)
