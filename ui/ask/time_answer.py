"""A time of today (or of the evening before), by steps for gloves or typed."""

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QHBoxLayout, QTimeEdit, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import button
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

from .answers import Answer

_STEPS_MIN = (-5, -1, 1, 5)
_HEIGHT = 52


def moment_of(time: QTime, now: datetime) -> datetime:
    """That time of today, or of yesterday where it would lie in the future; this minute is now."""
    local = now.astimezone()
    at = local.replace(hour=time.hour(), minute=time.minute(), second=0, microsecond=0)
    if (time.hour(), time.minute()) == (local.hour, local.minute):
        return now
    return at if at <= local else at - timedelta(days=1)


class TimeAnswer(Answer):
    """Filled with `first`; untouched it means exactly that moment."""

    def __init__(self, kit: Kit, name: Text, now: datetime, first: datetime | None = None) -> None:
        self._now, self._first = now, first or now
        self.field = QTimeEdit(_local(self._first))
        self.field.setDisplayFormat("HH:mm")
        self.field.setFont(kit.look.font("code"))
        self.field.setMinimumHeight(_HEIGHT)
        self.field.setMinimumWidth(110)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(self.field)
        for minutes in _STEPS_MIN:
            row.addWidget(self._step(kit, minutes))
        row.addStretch(1)
        super().__init__(kit, name, body, self.field)
        self.field.timeChanged.connect(self.changed)

    def _step(self, kit: Kit, minutes: int) -> QWidget:
        text = say("+{n} min", n=minutes) if minutes > 0 else say("−{n} min", n=-minutes)
        made = button(kit, text, "key")
        made.setMinimumHeight(_HEIGHT)
        made.setProperty("minutes", minutes)
        made.clicked.connect(self._stepped)
        return made

    def _stepped(self) -> None:
        minutes = self.sender().property("minutes")
        self.field.setTime(self.field.time().addSecs(60 * minutes))

    def value(self) -> datetime:
        if self.field.time() == _local(self._first):
            return self._first
        return moment_of(self.field.time(), self._now)


def _local(at: datetime) -> QTime:
    local = at.astimezone()
    return QTime(local.hour, local.minute)
