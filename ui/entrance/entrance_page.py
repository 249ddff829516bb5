"""The frame of everything that stands before the work: a card in the middle, what goes on below it."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8, SPACE_16, SPACE_24
from ui.kit.look_and_words import Kit

_WIDTH = 720


class EntranceKey(StrEnum):
    """What the window calls them."""

    SIGN_IN = "sign_in"
    UNLOCK = "unlock"
    FIRST_ACCOUNT = "first_account"
    RECOVERY_KEY = "recovery_key"


class EntrancePage(QWidget):
    """Put widgets into `card.body`, buttons into `row`; `note` says what went wrong, `below` what goes on meanwhile."""

    def __init__(self, kit: Kit, title: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.card = Card(kit, title, raised=True)
        self.card.setFixedWidth(_WIDTH)
        self.card.body.setSpacing(SPACE_16)
        self.card.body.setContentsMargins(SPACE_24, SPACE_16, SPACE_24, SPACE_24)
        self.note = label(kit, "", "body", "quiet", wrap=True)
        self.row = QHBoxLayout()
        self.row.setSpacing(SPACE_8)
        self.below = QVBoxLayout()
        safe = say("Bedside guides and records one infusion. It does not replace the patient monitor"
                   " or the physician's order.")  # fmt: skip
        purpose = label(kit, safe, "body", "quiet", wrap=True)
        purpose.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addLayout(_in_the_middle(self.card))
        column.addLayout(self.below)
        column.addWidget(purpose)
        column.addStretch(2)

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
