"""The program with a live infusion, its record being made and a backup running: `shown.py INFUSION_ID`.

Tells for every heart rate on its tile when it was painted: the number as it stands there, and seconds.
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from app.cli import main as bedside
from app.main import ProgramStart
from app.services.clock import steady_s
from tests.bench.children.way_in import come_in
from tests.bench.children.work import keep_busy
from ui.infusion.tile import Tile


class Seen(QApplication):
    """Looks at the tile of the heart rate after each painting."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self._last: str | None = None

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        done = super().notify(receiver, event)
        if isinstance(event, QPaintEvent) and isinstance(receiver, Tile) and receiver.state is not None:
            state = receiver.state
            if state.colour == "heart" and state.value is not None and state.value != self._last:
                self._last = state.value
                os.write(1, f"{state.value} {steady_s()!r}\n".encode())
        return done


def main() -> None:
    shown = sys.argv.pop()
    _app = Seen()

    def opened(start: ProgramStart) -> None:
        running = come_in(start)
        running.backups.choose(Path(start.path.parent))
        running.desk.show_page.emit("infusion", shown)
        running.shell.every(500, lambda: keep_busy(running, shown))
        os.write(1, b"ready\n")

    setattr(ProgramStart, "open", opened)  # noqa: B010
    sys.exit(bedside())


if __name__ == "__main__":
    main()
