"""A field for one label: read by a scanner that acts as a keyboard, or typed by hand; it tells which of the two."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.texts import Text

from .kit import Kit

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
#: A scanner sends its letters faster than anybody types; fewer letters than this prove nothing.
_GAP_MS = 50
_LEAST_LETTERS = 4


class ScanField(QLineEdit):
    """Signal `taken(text, scanned)` on Enter. What was pasted, mended or typed is never called scanned."""

    taken = Signal(str, bool)

    def __init__(self, kit: Kit, name: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last_ms, self._letters, self._fast = 0, 0, False
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # a scanner's letters must not reach a Chinese keyboard
        self.setMinimumWidth(320)
        kit.words.bind(self, accessibleName=name, placeholderText=name)

    def take(self) -> None:
        """Hand over what stands in the field and empty it."""
        text, scanned = self.text(), self._fast and self._letters == len(self.text()) >= _LEAST_LETTERS
        self.clear()
        self._letters, self._fast = 0, False
        self.taken.emit(text, scanned)

    def event(self, event: QEvent) -> bool:
        """Enter with something in the field is the field's own; empty, it presses the page's primary button."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            event.setAccepted(bool(self.text()))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if self.text():
                self.take()
            return
        self._time(event)
        super().keyPressEvent(event)

    def _time(self, event: QKeyEvent) -> None:
        at_ms = event.timestamp()
        if not event.text().isprintable() or not event.text():
            self._fast = self._fast and event.key() == Qt.Key.Key_Shift
        elif not self.text():
            self._letters, self._fast = 1, at_ms > 0
        else:
            self._letters += 1
            self._fast = self._fast and 0 <= at_ms - self._last_ms <= _GAP_MS
        self._last_ms = at_ms
