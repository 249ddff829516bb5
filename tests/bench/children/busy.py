"""The program with a live infusion, its record made again and again: `busy.py SECONDS INFUSION_ID`.

Tells, second by second, the longest time in s for which the window's thread did anything else than paint.
"""

import os
import sys
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.cli import main as bedside
from app.domain.people import Person, Role
from app.main import _Program
from app.services.clock import steady_s

LI = Person("n1", "Li", Role.NURSE)
PAINTING = (QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.Expose, QEvent.Type.UpdateLater)
shown, seconds = sys.argv.pop(), int(sys.argv.pop())
longest = [0.0]


class Timed(QApplication):
    """Times every event from outside; what one event sends while it is handled belongs to it."""

    inside = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self.inside or event.type() in PAINTING:
            return super().notify(receiver, event)
        self.inside, began = True, steady_s()
        done = super().notify(receiver, event)
        self.inside = False
        longest[-1] = max(longest[-1], steady_s() - began)
        return done


app = Timed(sys.argv[:1])
_open = _Program.open


def opened(program: _Program) -> None:
    _open(program)
    running: Any = program.running
    running.sign_in.signed_in.emit(LI)
    running.desk.show_page.emit("infusion", shown)
    running.shell.every(1000, lambda: second(running))


def second(running: Any) -> None:
    """A new record as soon as the last one is there."""
    if len(longest) > seconds:
        os.write(1, "".join(f"{took!r}\n" for took in longest[1:]).encode())
        os._exit(0)
    longest.append(0.0)
    if running.parts.executor._work_queue.empty():
        running.desk.record_wanted.emit(shown)


setattr(_Program, "open", opened)  # noqa: B010
sys.exit(bedside())
