"""The Hand-over page: bed by bed what was done, is due, was missed, alarms and drafts; the next nurse confirms it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion.chapters.notes import HandOver
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import joined, say
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.frame.pages import Page, PageKey, Piece
from ui.handover.view import COLUMNS, BedToHandOver, beds_to_hand_over, said_in_one
from ui.kit.bed_mark import BedMark
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import Card, button, clear_page, label
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit

_WHO_WIDE = 120
_SHARES = (6, 7, 3, 6, 3)


class BedCard(Card):
    """One bed; `sheet` prints its hand-over sheet."""

    def __init__(self, kit: Kit, bed: str) -> None:
        super().__init__(kit)
        self.kit, self.subject, self.group, self.bed = kit, label(kit, "", "title"), label(kit), label(kit, "", "strong")
        self.sheet = button(kit, say("Print"), "ghost", say("Hand-over sheet (SBAR)"))
        who = QGridLayout()
        who.setSpacing(SPACE_8)
        who.addWidget(BedMark(kit, bed), 0, 0)
        who.addWidget(self.subject, 0, 1)
        who.addWidget(self.bed, 1, 0, 1, 2)
        who.addWidget(self.group, 2, 0, 1, 2)
        who.setColumnStretch(1, 1)
        who.setRowStretch(3, 1)
        who.setVerticalSpacing(2)
        left = QWidget()
        left.setProperty("ground", "clear")
        left.setFixedWidth(_WHO_WIDE)
        left.setLayout(who)
        who.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(SPACE_16)
        row.addWidget(left)
        self.texts = [self._column(row, at) for at in range(len(COLUMNS))]
        row.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)

    def _column(self, row: QHBoxLayout, at: int) -> QLabel:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(label(self.kit, COLUMNS[at], "body", "quiet"))
        text = label(self.kit, "", "body", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column.addWidget(text, 1)
        row.addLayout(column, _SHARES[at])
        return text

    def show_bed(self, state: BedToHandOver) -> None:
        words = self.kit.words
        words.bind(self.subject, text=state.subject)
        words.bind(self.bed, text=say("Bed {bed}", bed=state.bed))
        words.bind(self.group, text=state.group)
        for text, lines in zip(self.texts, state.columns, strict=True):
            words.bind(text, text=joined("\n", lines) if lines else "—")


class _Beds(QWidget):
    """The cards, each as high as what it tells; what finds no room scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_8)
        self.column.addStretch(1)

    def fit(self) -> None:
        self.setMinimumHeight(max(0, self.column.totalHeightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class HandoverPage(Page):
    """Read through together; whoever takes over gives the password, and every open bed's record says so."""

    is_fresh_when_shown = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self._shown: tuple[BedToHandOver, ...] = ()
        self.cards: dict[str, BedCard] = {}
        self.take_over = button(self.kit, say("The next nurse takes over"), "primary")
        self.take_over.clicked.connect(self._ask)
        self.empty = EmptyPage(self.kit)
        self.empty.set_state(EmptyState(say("No infusion is open"), say("There is nothing to hand over."), icon="handover"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        desk.looked.connect(self._looked)
        self.kit.words.changed.connect(self.refresh)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        head = QHBoxLayout()
        head.setSpacing(SPACE_16)
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(label(self.kit, say("Hand-over"), "title"))
        how = say("Read it through together, then go to each bed. Whoever takes over confirms it; it stands in each bed's record.")
        told.addWidget(label(self.kit, how, "body", "quiet", wrap=True))
        head.addLayout(told, 1)
        head.addWidget(self.take_over)
        column.addLayout(head)
        self.beds = _Beds()
        clear_page(self.beds)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.beds)
        column.addWidget(area, 1)
        return content

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def ahead(self) -> Sequence[Piece]:
        return (self.refresh,)

    def _looked(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        beds = beds_to_hand_over(self.desk.bedside, self.desk.half_filled, self.kit.words.catalogue)
        self.stack.setCurrentIndex(int(bool(beds)))
        if beds == self._shown:
            return
        if [bed.key for bed in beds] != list(self.cards):
            self._make(beds)
        for bed in beds:
            self.cards[bed.key].show_bed(bed)
        self._shown = beds
        self.beds.fit()

    def _make(self, beds: tuple[BedToHandOver, ...]) -> None:
        for card in self.cards.values():
            self.beds.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {bed.key: BedCard(self.kit, bed.bed) for bed in beds}
        for at, (key, card) in enumerate(self.cards.items()):
            self.beds.column.insertWidget(at, card)
            card.sheet.setObjectName(key)
            card.sheet.clicked.connect(self._print)

    def _print(self) -> None:
        self.desk.records.open_sheet(self.sender().objectName(), "sbar")

    # --- the next nurse

    def _ask(self) -> None:
        self.refresh()
        here = (self.desk.person.person_id,) if self.desk.person else ()
        notes = tuple(said_in_one(bed) for bed in self._shown)
        beds = tuple(bed.key for bed in self._shown)
        ask_who(self.desk, self, BEDSIDE, lambda person: self._taken(person, beds), here, say("Who takes over?"), notes)

    def _taken(self, person: Person, beds: tuple[str, ...]) -> None:
        """Recorded at every bed, then the next nurse is signed in. A bed whose hand-over is refused says why."""
        left = set(beds)

        def taken(infusion_id: str) -> None:
            left.discard(infusion_id)
            if not left:
                self.desk.sign_in(person)
                self.desk.tell(say("Handed over to {to}", to=person.name))
                self.desk.show_page.emit(PageKey.WARD, "")

        for infusion_id in beds:
            self.desk.submit(infusion_id, HandOver(person), then=partial(taken, infusion_id))
