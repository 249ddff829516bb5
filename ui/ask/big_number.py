"""A large number field; and the keys for gloves that stand in every question with a number in it."""

import re
from decimal import Decimal

import msgspec
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_4, SPACE_8
from ui.kit.look_and_words import Kit, restyle

_KEYS = (*"1234567890.", "⌫")
_KEY_SIZE = QSize(46, 44)
_NUMBER = "number"


def takes_a_number(field: QLineEdit) -> QLineEdit:
    """The keys of its question may type into it."""
    field.setProperty(_NUMBER, True)
    return field


class NumberKeys(QWidget):
    """One row; it types where a number was last typed in `around`, and is hidden while nothing there takes one."""

    def __init__(self, kit: Kit, around: QWidget) -> None:
        super().__init__(around)
        self.kit, self._around = kit, around
        self._last: QLineEdit | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_4)
        self.keys = {key: self._key(key) for key in _KEYS}
        for made in self.keys.values():
            row.addWidget(made, 1)
        self.hide()

    def _key(self, key: str) -> QPushButton:
        made = button(self.kit, key, "key")
        made.setFont(self.kit.look.font("action"))
        made.setMinimumSize(_KEY_SIZE)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setObjectName(key)
        if key == "⌫":
            self.kit.words.bind(made, accessibleName=say("Delete the last digit"))
        made.clicked.connect(self._pressed)
        return made

    def follow(self) -> None:
        """Something appeared or went."""
        self.setVisible(bool(self._fields()))

    def _fields(self) -> list[QLineEdit]:
        fields = self._around.findChildren(QLineEdit)
        return [one for one in fields if one.property(_NUMBER) and one.isVisibleTo(self._around) and one.isEnabled()]

    def _pressed(self) -> None:
        fields = self._fields()
        at: QWidget | None = self._around.focusWidget()
        if at not in fields:
            at = self._last if self._last in fields else fields[0] if fields else None
        if not isinstance(at, QLineEdit):
            return
        self._last = at
        at.setFocus()
        key = self.sender().objectName()
        code = Qt.Key.Key_Backspace if key == "⌫" else Qt.Key(ord(key))
        event = QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, "" if key == "⌫" else key)
        QApplication.sendEvent(at, event)


class NumberState(msgspec.Struct, frozen=True):
    """`message` stands below the field: what is wrong, or what the value means; `refused` marks the field."""

    name: Text | str
    unit: Text | str = ""
    decimals: int = 0
    digits: int = 3
    message: Text | str = ""
    refused: bool = False


class BigNumber(QWidget):
    """Signals `changed(Decimal or None)` and `accepted()` (Enter)."""

    changed = Signal(object)
    accepted = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: NumberState | None = None
        self.field = takes_a_number(QLineEdit())
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
        self._lay_out()

    def _lay_out(self) -> None:
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
        self.setFocusProxy(self.field)

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
        restyle(self.field, refused=state.refused)

    def value(self) -> Decimal | None:
        """What was typed, None while it is no number."""
        text = self.field.text()
        return Decimal(text) if re.fullmatch(r"\d+([.]\d*)?", text) else None

    def set_value(self, value: Decimal | None) -> None:
        self.field.setText("" if value is None else f"{value:f}")

    def _changed(self) -> None:
        self.changed.emit(self.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A comma, as some keyboards have it, is a point."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text() in (",", "。", "，"):
            self.field.insert(".")
            return True
        return super().eventFilter(watched, event)
