"""The program on the store of its data folder, one infusion on the screen and watched: `live.py MS INFUSION_ID`.

Tells every so many ms what it has used.
"""

import os
import sys
from typing import Any

from app.cli import main as bedside
from app.domain.people.roles import Person, Role
from app.main import ProgramStart
from tests.bench.children.meter import used

LI = Person("n1", "Li", Role.NURSE)
shown, every_ms = sys.argv.pop(), int(sys.argv.pop())


def opened(start: ProgramStart) -> None:
    start.run()
    running: Any = start.program
    running.session.let_in(LI)
    running.desk.show_page.emit("infusion", shown)
    running.shell.every(every_ms, lambda: os.write(1, used()))


setattr(ProgramStart, "open", opened)  # noqa: B010
sys.exit(bedside())
