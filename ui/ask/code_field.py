"""A line for one code of a label or wristband: scanned or typed, and it knows which.

A Chinese keyboard is off in it, so that neither a scanner's letters nor typed ones reach it.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import protocol
from app.domain.texts import Text
from app.services.codes.wedge import MARKS, Key, Wedge
from ui.kit.look_and_words import Kit

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
#: Held down while a scanner sends a capital letter or a control character.
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock)


def char_of(event: QKeyEvent) -> str:
    """The character a key stands for, control characters too; "" for a key that stands for none."""
    if event.key() in _ENTER:
        return "\r"
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
    if held == Qt.KeyboardModifier.ControlModifier and Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Underscore:
        return chr(event.key() & 0x1F)
    return event.text()


class CodeField(QLineEdit):
    """Signal `entered`: Enter or the scanner's suffix came, and something stands in the field."""

    entered = Signal()

    def __init__(self, site: protocol.Labels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wedge = Wedge(site)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def inputMethodQuery(self, query: Qt.InputMethodQuery, *argument: Any) -> Any:
        """The keyboard asks here before it takes a key; a QLineEdit says yes whatever its attribute says."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query, *argument)

    @property
    def is_scanned(self) -> bool:
        return self._wedge.is_scan(self.text())

    def begin_scan(self) -> None:
        """The scanner's prefix came while the focus was elsewhere: the letters that follow belong here."""
        self.setFocus()
        self.clear()
        self._wedge.begin()

    def take_scan(self, code: str) -> None:
        """A scanner that is no keyboard sent a whole code."""
        self.begin_scan()
        self.insert(code)
        self._wedge.whole(len(self.text()))
        if self.text():
            self.entered.emit()

    def clear(self) -> None:
        super().clear()
        self._wedge.forget()

    def event(self, event: QEvent) -> bool:
        """Enter with something in the field, and the characters of a scan, are the field's own; else Enter is the page's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._settle(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._is_tab_suffix(event):
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def _settle(self, event: QKeyEvent) -> bool:
        """Whether it is settled here who gets the key."""
        if event.key() in _ENTER:
            event.setAccepted(bool(self.text()))
            return True
        char = char_of(event)
        if _is_control(char) and char in self._marks():
            event.accept()
            return True
        return False

    def _marks(self) -> str:
        return f"{self._wedge.prefix}{self._wedge.suffix}\x1d\x1e\x04"

    def _is_tab_suffix(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Tab and self._wedge.suffix == "\t" and bool(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _HELD:
            return
        char = char_of(event)
        fresh = not self.text() or self.selectedText() == self.text()
        found = self._wedge.key("" if event.isAutoRepeat() else char, event.timestamp(), fresh)
        if found is Key.BEGIN:
            self.begin_scan()
        elif found is Key.WHOLE:
            if self.text():
                self.entered.emit()
        elif found is Key.LETTER and _is_control(char):
            self.insert(char)
        else:
            super().keyPressEvent(event)


class ScanField(CodeField):
    """Signal `taken(text, scanned)` on Enter or the scanner's suffix."""

    taken = Signal(str, bool)

    def __init__(self, kit: Kit, name: Text, site: protocol.Labels, parent: QWidget | None = None) -> None:
        super().__init__(site, parent)
        self.setMinimumWidth(320)
        self.entered.connect(self.take)
        kit.words.bind(self, accessibleName=name, placeholderText=name)

    def take(self) -> None:
        """Hand over what stands in the field and empty it."""
        text, scanned = self.text(), self.is_scanned
        self.clear()
        self.taken.emit(text, scanned)


def _is_control(char: str) -> bool:
    return len(char) == 1 and char < " "


def when_scanned(site: protocol.Labels, parent: QWidget, call: Callable[[], None]) -> None:
    """Call when the scanner's prefix comes while the focus in `parent`'s window is on something else than a code line."""
    prefix = MARKS[site.scan_prefix]
    if prefix:
        QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key(ord(prefix) | 0x40)), parent).activated.connect(call)
