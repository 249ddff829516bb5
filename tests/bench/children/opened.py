"""The program on the store of its data folder, a nurse signed in.

`opened.py ward`: tells when the Ward page can be used. `opened.py INFUSION_ID`: tells when that infusion is on the screen
and its port is being read.
"""

import os
import sys
from typing import Any

from app.cli import main as bedside
from app.domain.people.roles import Person, Role
from app.main import ProgramStart
from devices.link import LinkState

shown = sys.argv.pop()
LI = Person("n1", "Li", Role.NURSE)
_WATCHING = (LinkState.NEGOTIATING, LinkState.LISTENING, LinkState.LIVE)


def opened(start: ProgramStart) -> None:
    """Behind its gate, where the program would wait for somebody's password."""
    why_not = start.run()
    assert why_not is None, why_not
    running: Any = start.program
    running.session.let_in(LI)
    if shown != "ward":
        running.desk.show_page.emit("infusion", shown)
        while not any(link.state in _WATCHING for link in running.record.ports.links()):
            running.shell.settle()
    running.shell.window.show()
    running.shell.settle()
    os.write(1, b"ready\n")
    os._exit(0)


setattr(ProgramStart, "open", opened)  # noqa: B010
sys.exit(bedside())
