"""A field for one code after the other: it hands over what was scanned or typed, and is empty again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain import protocol
from app.domain.texts import Text
from ui.ask.code_field import CodeField
from ui.kit.look_and_words import Kit


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
