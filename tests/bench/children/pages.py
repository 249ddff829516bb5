"""Every page of the program opened twice: tells page, and processor seconds of the first and of the second opening.

Of the whole process, its other threads too, until nothing waits to be done any more.
"""

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import process_time
from typing import Any

from app.cli import main as bedside
from app.main import ProgramStart
from tests.bench.children.way_in import come_in
from tests.bench.pauses import pause
from ui.frame.pages import PAGES, PageKey

#: How often one answer may bring the next question.
_ROUNDS = 3
_STILL_S = 0.1


def opened(start: ProgramStart) -> None:
    running = come_in(start, "i1")
    running.shell.window.show()
    running.pages.close()  # nothing is made ahead of the opening that is measured
    for _ in range(2):  # the rest of the record is read, and then told
        running._beat.look()
        _settle(running, _pools())
    running._beat.stop()
    while not _is_still(running):
        pass
    took: dict[PageKey, list[float]] = {row.key: [] for row in PAGES}
    for _ in range(2):
        for row in PAGES:
            pools = _pools()
            began = process_time()
            running.desk.show_page.emit(row.key, "")
            _settle(running, pools)
            took[row.key].append(process_time() - began)
    os.write(1, "".join(f"{key} {first!r} {second!r}\n" for key, (first, second) in took.items()).encode())
    os._exit(0)


def _pools() -> list[ThreadPoolExecutor]:
    return [one for one in gc.get_objects() if isinstance(one, ThreadPoolExecutor)]


def _is_still(running: Any) -> bool:
    """Threads that are not Python's, as that of the sound, work on for a while after the start."""
    pools = _pools()
    began = process_time()
    pause(_STILL_S)
    _settle(running, pools)
    return process_time() - began < _STILL_S / 50


def _settle(running: Any, pools: list[ThreadPoolExecutor]) -> None:
    """Every thread that works has done what it was given, and what came of it is shown, and asked for what is next."""
    for _ in range(_ROUNDS):
        for pool in pools:
            all_free = Barrier(pool._max_workers)
            for done in [pool.submit(all_free.wait) for _ in range(pool._max_workers)]:
                done.result()
        running.shell.settle()


setattr(ProgramStart, "open", opened)  # noqa: B010
sys.exit(bedside())
