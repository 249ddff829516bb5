"""The running program as Qt sees it: application, look, words, window, timers."""

from collections.abc import Callable
from math import ceil
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.texts import Text
from ui.frame.opening_screen import application
from ui.frame.window import Window
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look.tokens import THEMES
from ui.kit.look_and_words import Kit

#: Should a look fail, the next one comes all the same.
_AFTER_A_FAULT_MS = 1000
#: What happens in a row is taken together; the window stands first.
_DENSEST_MS, _FIRST_MS = 100, 250


class Shell:
    """The window is not shown yet when it is made."""

    def __init__(self, language: str, theme: str, practice: bool, ward: Text | str) -> None:
        self.app = application()
        self.app.setApplicationName("Bedside")
        self.look = Look(THEMES[theme])
        self.look.dress(self.app)
        self.words = LiveWords(language)
        self.kit = Kit(self.look, self.words)
        self.window = Window(self.kit, practice, ward)
        self._timers: list[QTimer] = []

    def every(self, interval_ms: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self.window)
        timer.setInterval(interval_ms)
        timer.timeout.connect(call)
        timer.start()
        self._timers.append(timer)
        return timer

    def settle(self) -> None:
        """Let everything that waits be laid out and painted."""
        self.app.processEvents()

    def set_theme(self, theme: str) -> None:
        self.look.set_theme(self.app, THEMES[theme])

    def run(self) -> int:
        """Until the window is closed."""
        code = self.app.exec()
        for timer in self._timers:
            timer.stop()
        return code


class Beat(QObject):
    """When the window looks at the ward: one timer, set anew after each look, and sooner when something happened.

    Calls `look` and is told by `wait_s` how many real seconds to wait then. One beat is one wake-up of the processor.
    """

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
        wait_ms = max(0, _DENSEST_MS - self._looked.elapsed()) if self._looked.isValid() else 0
        if self.timer.isActive() and self.timer.remainingTime() > wait_ms:
            self.timer.start(wait_ms)

    def stop(self) -> None:
        self.timer.stop()


def open_file(path: Path) -> bool:
    """Open a file or folder with the system's own program for it; False where there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def choose_file(parent: QWidget, title: str, folder: Path, pattern: str) -> Path | None:
    """Ask for a file that is there; None when nobody chose one."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), pattern)
    return Path(chosen) if chosen else None


def choose_new_file(parent: QWidget, title: str, name: str, pattern: str) -> Path | None:
    """Ask for a file to write; None when nobody chose one."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(Path.home() / name), pattern)
    return Path(chosen) if chosen else None


def choose_folder(parent: QWidget, title: str, folder: Path) -> Path | None:
    """Ask for a folder; None when nobody chose one."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(folder))
    return Path(chosen) if chosen else None
