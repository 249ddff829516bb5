"""The frame of everything that stands before the work: a card in the middle, what goes on below it."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8, SPACE_16, SPACE_24
from ui.kit.look_and_words import Kit

_WIDTH, _NARROW = 720, 340
#: logical pixels of a window from which the card stands beside what goes on
_SIDE_BY_SIDE = 850


class EntranceKey(StrEnum):
    """What the window calls them."""

    SIGN_IN = "sign_in"
    UNLOCK = "unlock"
    FIRST_ACCOUNT = "first_account"
    RECOVERY_KEY = "recovery_key"


class EntrancePage(QWidget):
    """Put widgets into `card.body`, buttons into `row`; `note` says what went wrong, `below` what goes on meanwhile.

    Where much goes on, `aside` holds it: the card stands at its right, or below it where there is no room.
    """

    def __init__(self, kit: Kit, title: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self._is_narrow = kit, False
        self.card = Card(kit, title, raised=True)
        self.card.body.setSpacing(SPACE_16)
        self.card.body.setContentsMargins(SPACE_24, SPACE_16, SPACE_24, SPACE_24)
        self.note = label(kit, "", "body", "quiet", wrap=True)
        self.row = QHBoxLayout()
        self.row.setSpacing(SPACE_8)
        self.below = QVBoxLayout()
        safe = say("Bedside guides and records one infusion. It does not replace the patient monitor"
                   " or the physician's order.")  # fmt: skip
        self.purpose = label(kit, safe, "body", "quiet", wrap=True)
        self.purpose.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.aside = QVBoxLayout()
        self.aside.setSpacing(SPACE_8)
        column = QVBoxLayout()
        column.addStretch(1)
        column.addLayout(_in_the_middle(self.card))
        column.addLayout(self.below)
        column.addLayout(_in_the_middle(self.purpose))
        column.addStretch(2)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(SPACE_8)
        self._both.addLayout(self.aside, 0)
        self._both.addLayout(column, 1)
        self.put_aside(False)
        self.card.installEventFilter(self)

    def put_aside(self, much: bool) -> None:
        """Whether what goes on takes most of the page."""
        self._is_narrow = much
        self._fit()
        self._both.setStretch(0, int(much))
        self._both.setStretch(1, int(not much))

    def _fit(self) -> None:
        """A narrow card is no narrower than its buttons need in this language and font."""
        needed = self.card.minimumSizeHint().width()
        for part in (self.card, self.purpose):
            part.setFixedWidth(max(_NARROW, needed) if self._is_narrow else _WIDTH)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of the card: other words, another font, and the buttons ask for another room."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._both.setDirection(QBoxLayout.Direction.TopToBottom if self.is_stacked else QBoxLayout.Direction.LeftToRight)

    @property
    def is_stacked(self) -> bool:
        """Whether the card stands below what goes on."""
        return self.window().width() < _SIDE_BY_SIDE

    def close_card(self) -> None:
        """Note and buttons come last."""
        self.card.body.addWidget(self.note)
        self.card.body.addLayout(self.row)

    def say_here(self, text: Text | str) -> None:
        self.kit.words.bind(self.note, text=text)


def _in_the_middle(card: QWidget) -> QHBoxLayout:
    """Between two stretches: with an alignment its height would be that of a card as wide as the window."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(card)
    row.addStretch(1)
    return row


def line(kit: Kit, name: Text, secret: bool = False) -> QLineEdit:
    """One line to type in, 48 px high."""
    made = QLineEdit()
    made.setFont(kit.look.font("code"))
    made.setFixedHeight(48)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    kit.words.bind(made, accessibleName=name, placeholderText=name)
    return made


def primary(kit: Kit, text: Text) -> QPushButton:
    return button(kit, text, "primary")
