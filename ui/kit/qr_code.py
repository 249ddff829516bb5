"""A text as a QR code on the screen, black on white in every theme, so that a scanner reads it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.codes.qr import QUIET_ZONE, qr_modules

#: The width of the square, px; a module of the largest code is 4 px wide.
SIDE = 372


def qr_image(text: str) -> QImage:
    """One pixel a module, with the quiet zone a reader needs."""
    modules = qr_modules(text)
    side = len(modules) + 2 * QUIET_ZONE
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    for y, row in enumerate(modules, QUIET_ZONE):
        for x, dark in enumerate(row, QUIET_ZONE):
            if dark:
                image.setPixel(x, y, 0)
    return image


class QrCode(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def show_text(self, text: str) -> None:
        self._image = qr_image(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Whole pixels a module: a blurred edge is read badly."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            if self._image.isNull():
                return
            side = self._image.width() * max(1, self.width() // self._image.width())
            left = (self.width() - side) // 2
            painter.drawImage(QRect(left, left, side, side), self._image)
