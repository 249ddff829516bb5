"""A moment with its date, typed; for what happened on another day."""

from datetime import datetime

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import QDateTimeEdit

from app.domain.texts import Text
from ui.ask.answers import Answer
from ui.kit.look_and_words import Kit

_HEIGHT = 52


class DatedAnswer(Answer):
    """Filled with `first`; untouched it means exactly that moment."""

    def __init__(self, kit: Kit, name: Text, first: datetime) -> None:
        self._first = first
        self.field = QDateTimeEdit(_shown(first))
        self.field.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.field.setFont(kit.look.font("code"))
        self.field.setMinimumHeight(_HEIGHT)
        super().__init__(kit, name, self.field)
        self.field.dateTimeChanged.connect(self.changed)

    def value(self) -> datetime:
        if self.field.dateTime() == _shown(self._first):
            return self._first
        return datetime.fromtimestamp(self.field.dateTime().toSecsSinceEpoch(), self._first.tzinfo)


def _shown(at: datetime) -> QDateTime:
    """To the minute."""
    return QDateTime.fromSecsSinceEpoch(int(at.timestamp()) // 60 * 60, QTimeZone.systemTimeZone())
