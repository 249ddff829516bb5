"""Where the window opens: as it was left, within the screen there is now; on a small screen all of it."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from app.settings import WindowPlace

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
