"""From other threads to the GUI thread: the only signal that crosses threads."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Bridge(QObject):
    """`post` may be called on any thread; the call runs on the thread that made the bridge, in order.

    The signal carries nothing, so that Qt has nothing to wrap and copy: each one that arrives runs the next call.
    """

    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: deque[Callable[[], None]] = deque()
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        self._calls.append(call)
        self._posted.emit()

    @Slot()
    def _run(self) -> None:
        self._calls.popleft()()
