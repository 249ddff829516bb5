"""The program with a live infusion, its record made again and again: `busy.py SECONDS INFUSION_ID`.

Tells, second by second, the longest time in s for which the window's thread did anything else than paint.
"""

import os
import sys
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.cli import main as bedside
from app.domain.people.roles import Person, Role
from app.main import ProgramStart
from app.services.clock import steady_s

LI = Person("n1", "Li", Role.NURSE)
PAINTING = (QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.Expose, QEvent.Type.UpdateLater)


class Timed(QApplication):
    """Times every event from outside, less the painting in it. `longest`: in each second."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.longest = [0.0]
        self._event_is_timed = self._is_painting = False
        self._painted_s = 0.0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if event.type() in PAINTING and not self._is_painting:
            return self._paint(receiver, event)
        if self._event_is_timed or self._is_painting:
            return super().notify(receiver, event)
        self._event_is_timed, self._painted_s, began = True, 0.0, steady_s()
        done = super().notify(receiver, event)
        self._event_is_timed = False
        self.longest[-1] = max(self.longest[-1], steady_s() - began - self._painted_s)
        return done

    def _paint(self, receiver: QObject, event: QEvent) -> bool:
        self._is_painting, began = True, steady_s()
        done = super().notify(receiver, event)
        self._is_painting = False
        self._painted_s += steady_s() - began
        return done


def main() -> None:
    shown, seconds = sys.argv.pop(), int(sys.argv.pop())
    app = Timed()

    def opened(start: ProgramStart) -> None:
        start.run()
        running: Any = start.program
        running.session.let_in(LI)
        running.desk.show_page.emit("infusion", shown)
        running.shell.every(1000, lambda: second(running))

    def second(running: Any) -> None:
        """A new record as soon as the last one is begun."""
        if len(app.longest) == seconds + 1:
            os.write(1, "".join(f"{took!r}\n" for took in app.longest[1:]).encode())
            app.quit()
        app.longest.append(0.0)
        if running.record.executor._work_queue.empty():
            running.desk.records.open(shown)

    setattr(ProgramStart, "open", opened)  # noqa: B010
    sys.exit(bedside())


if __name__ == "__main__":
    main()
