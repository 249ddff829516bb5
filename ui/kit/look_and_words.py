"""What every widget is given: the look, the words, and whether somebody is at the screen."""

from dataclasses import dataclass, field

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look

#: So long after the last touch what moves for a person's eyes moves on, by the mains and on battery.
MOVES_MS, MOVES_ON_BATTERY_MS = 60_000, 15_000


class Attendance(QObject):
    """Whether somebody is at the screen: a key, a touch or the pointer tells. `came`: after a while without."""

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.on_battery = False
        self._since = QElapsedTimer()
        self._since.start()

    def touched(self) -> None:
        was_gone = self.is_gone(self._since.restart())
        if was_gone:
            self.came.emit()

    def is_gone(self, still_ms: int | None = None) -> bool:
        """`still_ms`: for how long; None: since the last touch."""
        still_ms = self._since.elapsed() if still_ms is None else still_ms
        return still_ms >= (MOVES_ON_BATTERY_MS if self.on_battery else MOVES_MS)


@dataclass(frozen=True)
class Kit:
    """Passed as the first argument of every widget."""

    look: Look
    words: LiveWords
    attendance: Attendance = field(default_factory=Attendance)


def restyle(widget: QWidget, **properties: object) -> None:
    """Set style-sheet properties and polish the widget again, only if one of them changed."""
    changed = [name for name, value in properties.items() if widget.property(name) != value]
    for name in changed:
        widget.setProperty(name, properties[name])
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
