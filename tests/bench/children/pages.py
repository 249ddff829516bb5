"""Every page of the program opened twice: tells page, and processor seconds of the first and of the second opening.

Of the whole process, its other threads too, until nothing waits to be done any more.
"""

import os
import sys
from time import process_time
from typing import Any

from app.cli import main as bedside
from app.main import ProgramStart
from tests.bench.children.way_in import come_in
from ui.frame.pages import PAGES, PageKey


def opened(start: ProgramStart) -> None:
    running = come_in(start, "i1")
    running.shell.window.show()
    running._ticks.stop()
    _settle(running)
    took: dict[PageKey, list[float]] = {row.key: [] for row in PAGES}
    for _ in range(2):
        for row in PAGES:
            began = process_time()
            running.desk.show_page.emit(row.key, "")
            _settle(running)
            took[row.key].append(process_time() - began)
    os.write(1, "".join(f"{key} {first!r} {second!r}\n" for key, (first, second) in took.items()).encode())
    os._exit(0)


def _settle(running: Any) -> None:
    """Both of the threads that work have done what they were given, and what came of it is shown."""
    for _ in range(2):
        for done in [running.record.executor.submit(os.getpid) for _ in range(2)]:
            done.result()
        running.shell.settle()


setattr(ProgramStart, "open", opened)  # noqa: B010
sys.exit(bedside())
