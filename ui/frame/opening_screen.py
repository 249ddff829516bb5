"""What stands on the screen while the program is imported and its record is opened, and where: as the window was left."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.settings import WindowPlace
from ui.kit.look.fonts import font
from ui.kit.look.tokens import SPACE_24, THEMES, Theme

Lines = Sequence[tuple[str, str]]
"""A font's role and the text in it, from above."""


def application() -> QApplication:
    """The one of this process, made when it is first asked for."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    return app


USUAL = QSize(1366, 768)
#: what a window's frame takes around it
_FRAME = QSize(16, 40)


def first_place(available: QRect, kept: WindowPlace | None) -> tuple[QRect, bool]:
    """The window's own rectangle in logical pixels, and whether it takes the whole screen."""
    small = available.width() < USUAL.width() + _FRAME.width() or available.height() < USUAL.height() + _FRAME.height()
    if kept is None:
        size = USUAL.boundedTo(available.size())
        return QRect(available.center() - QRect(0, 0, size.width(), size.height()).center(), size), small
    wanted = QRect(kept.left, kept.top, kept.wide, kept.high)
    within = QRect(wanted.topLeft(), wanted.size().boundedTo(available.size()))
    within.moveLeft(max(available.left(), min(within.left(), available.right() + 1 - within.width())))
    within.moveTop(max(available.top(), min(within.top(), available.bottom() + 1 - within.height())))
    return within, small or kept.whole


def put(window: QWidget, kept: WindowPlace | None) -> None:
    """Show it there."""
    place, whole = first_place(window.screen().availableGeometry(), kept)
    window.setGeometry(place)
    if whole:
        window.showMaximized()
    else:
        window.show()


def place_of(window: QWidget) -> WindowPlace:
    """To be kept when it closes; of one that takes the whole screen, where it would go back to."""
    box = window.normalGeometry() if window.isMaximized() else window.geometry()
    return WindowPlace(box.left(), box.top(), box.width(), box.height(), window.isMaximized())


def _palette(theme: Theme) -> QPalette:
    """A window paints its own ground, and text, in these."""
    made = QPalette()
    made.setColor(QPalette.ColorRole.Window, QColor(theme.ground))
    made.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
    return made


class OpeningScreen(QWidget):
    """Lines in the middle of a window, painted as soon as it is made.

    Nothing here imports a widget of ours, or asks for a pen, a brush or an alignment: these build all of Qt's
    enumerations, which alone takes as long as the rest of this frame.
    """

    def __init__(self, title: str, lines: Lines, theme: str, place: WindowPlace | None = None) -> None:
        super().__init__()
        self._lines = lines
        self.setPalette(_palette(THEMES[theme]))
        self.setWindowTitle(title)
        self.setAccessibleName(" ".join(text for _, text in lines))
        put(self, place)
        QApplication.processEvents()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        below = self.height() / 2 - SPACE_24 * len(self._lines)
        for role, text in self._lines:
            painter.setFont(font(role))
            metrics = painter.fontMetrics()
            below += metrics.height() + SPACE_24
            painter.drawText(QPointF((self.width() - metrics.horizontalAdvance(text)) / 2, below), text)
        painter.end()

    def give_way(self, window: QWidget) -> None:
        """Put the program's window in its place; of this one nothing stays, nor the picture of it."""
        window.setGeometry(self.normalGeometry() if self.isMaximized() else self.geometry())
        if self.isMaximized():
            window.showMaximized()
        else:
            window.show()
        self.close()
        self.deleteLater()
