"""A barcode scanner that acts as a keyboard, plugged into one field; and a Chinese keyboard that stands before the field."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_CONTROL = Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier


def send(field: QWidget, text: str, gap_ms: int = 4) -> None:
    """Every character as a key press; control characters as Ctrl and a letter, as such scanners do."""
    for n, letter in enumerate(text):
        event = _press(letter)
        event.setTimestamp(1000 + n * gap_ms)
        QApplication.sendEvent(field, event)


def _press(letter: str) -> QKeyEvent:
    if letter == "\r":
        return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, _NONE, letter)
    if letter < " ":
        return QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(letter) | 0x40), _CONTROL, letter)
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(letter.upper())), _NONE, letter)


def send_through_chinese_keyboard(field: QWidget, text: str, gap_ms: int = 4) -> None:
    """As Qt does it: where the field takes an input method, the letters go there and come back as something else."""
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QApplication.sendEvent(field, asked)
    if asked.value(Qt.InputMethodQuery.ImEnabled):
        event = QInputMethodEvent()
        event.setCommitString("优成")
        QApplication.sendEvent(field, event)
    else:
        send(field, text, gap_ms)
