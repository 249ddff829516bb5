"""How far long work is, on stderr for somebody who looks at it; Ctrl-C gives it up."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class ShareShown:
    """`goes_on` is asked by the work, `told` is told the share done, 0 to 1."""

    def __init__(self) -> None:
        self._given_up = False
        self._shown = ""
        self._is_seen = sys.stderr.isatty()

    def goes_on(self) -> bool:
        return not self._given_up

    def told(self, share: float) -> None:
        percent = f"{int(share * 100)} %"
        if self._is_seen and percent != self._shown:
            self._shown = percent
            print(f"\r{percent}", end="", file=sys.stderr, flush=True)

    def give_up(self, _signal: int, _frame: FrameType | None) -> None:
        self._given_up = True

    def clear(self) -> None:
        """Nothing of it is left in front of the lines that follow."""
        if self._shown:
            print("\r" + " " * len(self._shown), end="\r", file=sys.stderr, flush=True)


@contextmanager
def share_shown() -> Iterator[ShareShown]:
    """For the main thread."""
    shown = ShareShown()
    before = signal.signal(signal.SIGINT, shown.give_up)
    try:
        yield shown
    finally:
        signal.signal(signal.SIGINT, before)
        shown.clear()
