"""A drop that falls at the target tempo, in real time, to set the clamp by."""

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import say

from .look_and_words import Kit

_FRAME_MS = 40
_FALL_MS = 420.0
_SPLASH_MS = 160.0


class Metronome(QWidget):
    """32 × 64 px. The drop lands on the beat; beats are reckoned from elapsed time, so none drifts."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.rate_gtt_min = 0.0
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._frame)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        kit.look.changed.connect(self.update)
        kit.words.bind(self, accessibleName=say("Drop falling at the target rate"))

    def sizeHint(self) -> QSize:
        return QSize(32, 64)

    def set_rate(self, rate_gtt_min: float) -> None:
        """The tempo in drops a minute; 0 holds the drop still. The same rate keeps its beat."""
        if rate_gtt_min != self.rate_gtt_min:
            self.rate_gtt_min = rate_gtt_min
            self._since.start()
            self._frame()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._frame()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def phase_ms(self) -> tuple[float, float]:
        """Time since the last beat and until the next, ms."""
        period = 60_000 / self.rate_gtt_min
        past = self._since.nsecsElapsed() / 1e6 % period
        return past, period - past

    def _frame(self) -> None:
        self.update()
        if self.rate_gtt_min <= 0 or not self.isVisible():
            self._timer.stop()
            return
        past, left = self.phase_ms()
        resting = past > _SPLASH_MS and left > _FALL_MS
        self._timer.start(max(1, int(left - _FALL_MS if resting else min(_FRAME_MS, left + 1))))

    def _height(self) -> tuple[float, float]:
        """How far the drop has fallen and how wide its splash is, each 0..1."""
        if self.rate_gtt_min <= 0 or not self._since.isValid():
            return 0.0, 0.0
        past, left = self.phase_ms()
        fall_ms = min(_FALL_MS, past + left)
        fallen = max(0.0, 1 - left / fall_ms) ** 2
        return fallen, past / _SPLASH_MS if past < _SPLASH_MS else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        theme = self.kit.look.theme
        fallen, splash = self._height()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.card))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, floor = self.width() / 2, self.height() - 4.0
            painter.setPen(QPen(QColor(theme.edge), 2))
            painter.drawLine(QPointF(middle - 9, floor + 2), QPointF(middle + 9, floor + 2))
            if splash:
                painter.setPen(QPen(QColor(theme.curves["drip"]), 2))
                reach = 4 + 10 * splash
                painter.drawArc(QRectF(middle - reach, floor - 5, 2 * reach, 10), 0, 180 * 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.curves["drip"]))
            painter.drawPath(drop(QPointF(middle, 2 + fallen * (floor - 26)), 22))


def drop(top: QPointF, height: float) -> QPainterPath:
    """The outline of a drop hanging from `top`."""
    x, y, half = top.x(), top.y(), height * 0.36
    path = QPainterPath(top)
    path.cubicTo(x + half * 0.6, y + height * 0.35, x + half, y + height * 0.45, x + half, y + height * 0.65)
    path.cubicTo(x + half, y + height * 1.1, x - half, y + height * 1.1, x - half, y + height * 0.65)
    path.cubicTo(x - half, y + height * 0.45, x - half * 0.6, y + height * 0.35, x, y)
    return path
