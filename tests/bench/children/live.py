"""The program on the record of its data folder, one infusion on the screen and watched: `live.py MS INFUSION_ID [paint]`.

Tells every so many ms what it has used; with `paint` how often its window's thread woke, and how many screens were painted.
"""

import os
import sys
from typing import Any

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QPoint
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from app.cli import main as bedside
from app.main import ProgramStart
from tests.bench.children.meter import slept, used
from tests.bench.children.way_in import come_in

is_counting = sys.argv[-1] == "paint"
if is_counting:
    sys.argv.pop()
shown, every_ms = sys.argv.pop(), int(sys.argv.pop())


class Counted(QApplication):
    """Counts what is painted. What several widgets paint at one place in one go counts once."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.painted = 0.0
        self._regions: dict[QWidget, tuple[QRegion, int]] = {}

    def watch(self) -> None:
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._woke)

    def _woke(self) -> None:
        """The loop goes round: also without having slept."""
        for region, screen in self._regions.values():
            self.painted += _area(region) / screen
        self._regions.clear()

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent) and isinstance(receiver, QWidget):
            window = receiver.window()
            region = event.region().translated(receiver.mapTo(window, QPoint(0, 0)))
            before, _ = self._regions.get(window, (QRegion(), 0))
            self._regions[window] = before.united(region), window.width() * window.height()
        return super().notify(receiver, event)

    def told(self) -> bytes:
        return f"{slept()} {self.painted!r}\n".encode()


def _area(region: QRegion) -> int:
    parts: Any = region
    return sum(part.width() * part.height() for part in parts)


counted = Counted() if is_counting else None


def opened(start: ProgramStart) -> None:
    running = come_in(start)
    running.desk.show_page.emit("infusion", shown)
    if counted is not None:
        counted.watch()
    running.shell.every(every_ms, lambda: os.write(1, used() if counted is None else counted.told()))


setattr(ProgramStart, "open", opened)  # noqa: B010
sys.exit(bedside())
