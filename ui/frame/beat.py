"""When the window looks at the ward: one timer, set anew after each look, and sooner when something happened."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

#: Should a look fail, the next one comes all the same.
_AFTER_A_FAULT_MS = 1000
#: What happens in a row is taken together; the window stands first.
_DENSEST_MS, _FIRST_MS = 100, 250


class Beat(QObject):
    """Calls `look` and is told by `wait_s` how many real seconds to wait then. One beat is one wake-up of the processor."""

    def __init__(self, look: Callable[[], None], wait_s: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._wait_s = look, wait_s
        self.timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.look)
        self._looked = QElapsedTimer()
        self._is_wanted = False

    def begin(self) -> None:
        self.timer.start(_FIRST_MS)

    def look(self) -> None:
        self._looked.start()
        self._is_wanted = False
        self.timer.start(_AFTER_A_FAULT_MS)
        self._look()
        self.timer.start(max(1, ceil(self._wait_s() * 1000)))
        if self._is_wanted:
            self.soon()

    def soon(self) -> None:
        """Look as soon as what is being done now is over; what happens during a look is looked at after it."""
        self._is_wanted = True
        wait_ms = max(0, _DENSEST_MS - self._looked.elapsed())
        if self.timer.isActive() and self.timer.remainingTime() > wait_ms:
            self.timer.start(wait_ms)

    def stop(self) -> None:
        self.timer.stop()
