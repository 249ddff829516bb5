"""What is opened next, loaded on a thread of its own once the first page stands: nobody waits for it when it is opened."""

import ctypes
import gc
import linecache
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from threading import Thread

from PySide6.QtCore import QTimer

#: In the order in which it is likely to be wanted. What draws the trend takes longest of all.
NEXT = (
    "ui.infusion.page", "ui.questions.reaction", "ui.kit.trend.chart", "ui.infusion.trend_points", "ui.questions.actions",
    "ui.dispense.page", "ui.handover.page", "ui.records.page", "ui.trail.page", "ui.devices.page", "ui.settings.page",
    "ui.trial.page", "app.jobs.port_test",
)  # fmt: skip
#: After the program is made: its first page stands by then.
_AFTER_MS = 500


class Ahead:
    """`is_coming`: it will be there soon, without anybody waiting for it. `is_over`: nothing more will come."""

    def __init__(self, modules: Iterable[str] = NEXT) -> None:
        self._modules = [module for module in modules if module not in sys.modules]
        self._coming = set(self._modules)
        self.is_over = self._is_closed = False
        self._thread = Thread(target=self._load, name="ahead", daemon=True)
        self._soon = QTimer(singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._thread.start)

    def start(self) -> None:
        """Soon, from the GUI thread."""
        self._soon.start()

    def is_coming(self, module: str) -> bool:
        return module in self._coming

    def close(self) -> None:
        self._is_closed = True
        self._soon.stop()
        if self._thread.is_alive():
            self._thread.join()
        self._coming.clear()

    def _load(self) -> None:
        """One that cannot be loaded is told where it is opened. What is loaded stays: it is not looked through again and again."""
        gc.disable()
        try:
            for module in self._modules:
                if not self._is_closed:
                    import_module(module)
                    linecache.clearcache()  # PySide looks for its own name in the source of each, and keeps what it read
                    self._coming.discard(module)
        finally:
            self._coming.clear()
            self.is_over = True
            gc.freeze()
            gc.enable()
            _give_back()


def _give_back() -> None:
    """What loading took for a moment goes back to the system, where the C library (glibc) keeps it until it is asked."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
