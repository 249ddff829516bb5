"""The program with a live infusion, hard at work: `busy.py SECONDS INFUSION_ID`.

Its record is made again and again, it is backed up again and again, and each second somebody turns to the next page. Tells,
second by second, the longest time in s for which the window's thread did anything else than paint.
"""

import os
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

from app.cli import main as bedside
from app.main import ProgramStart
from tests.bench.children.timed import Timed
from tests.bench.children.way_in import come_in
from tests.bench.children.work import keep_busy
from ui.frame.pages import PAGES


def main() -> None:
    shown, seconds = sys.argv.pop(), int(sys.argv.pop())
    app = Timed()
    pages = cycle(PAGES)

    def opened(start: ProgramStart) -> None:
        running = come_in(start, "i1")
        running.desk.show_page.emit("infusion", shown)
        running.backups.choose(Path(start.path.parent))
        running.shell.every(1000, lambda: second(running))
        running.shell.every(700, lambda: keep_busy(running, shown))

    def second(running: Any) -> None:
        if len(app.longest) == seconds + 1:
            os.write(1, "".join(f"{took!r}\n" for took in app.longest[1:]).encode())
            os._exit(0)
        app.longest.append(0.0)
        running.desk.show_page.emit(next(pages).key, "")

    setattr(ProgramStart, "open", opened)  # noqa: B010
    sys.exit(bedside())


if __name__ == "__main__":
    main()
