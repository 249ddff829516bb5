"""The running program as Qt sees it: application, look, words, window, timers."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.texts import Text
from ui.frame.opening_screen import application
from ui.frame.window import Window
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look.tokens import THEMES
from ui.kit.look_and_words import Kit


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
