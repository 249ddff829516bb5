"""A large number field with its own keys, for gloves and for the keyboard."""

import re
from decimal import Decimal

import msgspec
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_4, SPACE_8
from ui.kit.look_and_words import Kit, restyle

_KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0", "⌫")


class NumberState(msgspec.Struct, frozen=True):
    """`message` stands below the field: what is wrong, or what the value means; `refused` marks the field."""

    name: Text | str
    unit: Text | str = ""
    decimals: int = 0
    digits: int = 3
    message: Text | str = ""
    refused: bool = False


class BigNumber(QWidget):
    """Signals `changed(Decimal or None)` and `accepted()` (Enter). `pad=False` leaves only the field."""

    changed = Signal(object)
    accepted = Signal()

    def __init__(self, kit: Kit, pad: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: NumberState | None = None
        self.field = QLineEdit()
        self.field.setFont(kit.look.font("vital"))
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setMinimumWidth(180)
        self.field.setFixedHeight(72)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._changed)
        self.field.returnPressed.connect(self.accepted)
        self.name = label(kit, "", "strong")
        self.unit = label(kit, "", "title", "quiet")
        self.message = label(kit, "", "body", wrap=True)
        self._lay_out(pad)

    def _lay_out(self, pad: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.field, 1)
        row.addWidget(self.unit)
        column.addWidget(self.name)
        column.addLayout(row)
        column.addWidget(self.message)
        self.keys = [self._key(key) for key in _KEYS] if pad else []
        if pad:
            grid = QGridLayout()
            grid.setSpacing(SPACE_8)
            for at, key in enumerate(self.keys):
                grid.addWidget(key, at // 3, at % 3)
            column.addLayout(grid)
        self.setFocusProxy(self.field)

    def _key(self, key: str) -> QPushButton:
        made = button(self.kit, key, "key")
        made.setFont(self.kit.look.font("action"))
        made.setMinimumSize(QSize(56, 56))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setObjectName(key)
        if key == "⌫":
            self.kit.words.bind(made, accessibleName=say("Delete the last digit"))
        made.clicked.connect(self._pressed)
        return made

    def set_state(self, state: NumberState) -> None:
        """The question; the number already typed stays."""
        if state == self._state:
            return
        self._state = state
        self.kit.words.bind(self.name, text=state.name)
        self.kit.words.bind(self.field, accessibleName=state.name)
        self.kit.words.bind(self.unit, text=state.unit)
        self.kit.words.bind(self.message, text=state.message)
        self.message.setVisible(bool(state.message))
        point = rf"([.]\d{{0,{state.decimals}}})?" if state.decimals else ""
        self.field.setValidator(QRegularExpressionValidator(rf"\d{{0,{state.digits}}}{point}", self.field))
        for key in self.keys:
            if key.objectName() == ".":
                key.setEnabled(state.decimals > 0)
        restyle(self.field, refused=state.refused)

    def value(self) -> Decimal | None:
        """What was typed, None while it is no number."""
        text = self.field.text()
        return Decimal(text) if re.fullmatch(r"\d+([.]\d*)?", text) else None

    def set_value(self, value: Decimal | None) -> None:
        self.field.setText("" if value is None else f"{value:f}")

    def _pressed(self) -> None:
        key = self.sender().objectName()
        if key == "⌫":
            self.field.backspace()
        else:
            self.field.insert(key)
        self.field.setFocus()

    def _changed(self) -> None:
        self.changed.emit(self.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A comma, as some keyboards have it, is a point."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text() in (",", "。", "，"):
            self.field.insert(".")
            return True
        return super().eventFilter(watched, event)
