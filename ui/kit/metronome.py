"""A drop that falls at the target tempo, in real time, to set the clamp by."""

from bisect import bisect_right

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import say

from .look_and_words import Kit

_RESTS = say("Falls at the target rate. It rests while nobody is at the screen: a key, a touch or the pointer lets it fall again.")
_FALL_MS = 420.0
_SPLASH_MS = 160.0
#: In a beat shorter than this the splash stands until the next drop lets go: each picture wakes the processor.
_SHORT_MS = 1500.0
#: How far the drop has fallen and how wide its splash is, each 0..1, in the four pictures of a beat: it has landed and the next
#: one hangs, that hangs alone, lets go, and is nearly down.
_PICTURES = ((0.0, 0.6), (0.0, 0.0), (0.2, 0.0), (0.75, 0.0))


def pictures_ms(period_ms: float) -> tuple[float, float, float, float]:
    """When each picture of a beat begins, ms since the drop before has landed; one that begins with the next is left out."""
    fall_ms = min(_FALL_MS, period_ms / 2)
    splash_ms = _SPLASH_MS if period_ms >= _SHORT_MS else period_ms - fall_ms
    return 0.0, splash_ms, period_ms - fall_ms, period_ms - fall_ms / 2


def picture_at(past_ms: float, period_ms: float) -> tuple[int, float]:
    """Which picture is shown so long after the drop before has landed, and in how many ms the next one begins."""
    begins = *pictures_ms(period_ms), period_ms
    at = bisect_right(begins, past_ms) - 1
    return at % len(_PICTURES), begins[at + 1] - past_ms


class Metronome(QWidget):
    """32 × 64 px. The drop lands on the beat; beats are reckoned from elapsed time, so none drifts.

    It hangs still, as an outline, while nobody is at the screen.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.rate_gtt_min = 0.0
        self.picture = 1
        self.is_resting = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._frame)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        kit.look.changed.connect(self.update)
        kit.attendance.came.connect(self._frame)
        kit.words.bind(self, accessibleName=say("Drop falling at the target rate"), toolTip=_RESTS)

    def sizeHint(self) -> QSize:
        return QSize(32, 64)

    def set_rate(self, rate_gtt_min: float) -> None:
        """The tempo in drops a minute; 0 holds the drop still. The same rate keeps its beat, another one is to be seen."""
        if rate_gtt_min != self.rate_gtt_min:
            self.rate_gtt_min = rate_gtt_min
            self._since.start()
            self.kit.attendance.touched()
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
        """Paint the picture of now where it is another one, and wait for the next."""
        before = self.picture, self.is_resting
        falls = self.rate_gtt_min > 0 and self.isVisible()
        self.picture, self.is_resting = 1, falls and self.kit.attendance.is_gone()
        if falls and not self.is_resting:
            past, left = self.phase_ms()
            self.picture, next_ms = picture_at(past, past + left)
            self._timer.start(int(next_ms) + 1)
        else:
            self._timer.stop()
        if (self.picture, self.is_resting) != before:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        theme = self.kit.look.theme
        fallen, splash = _PICTURES[self.picture]
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
            ink = QColor(theme.curves["drip"])
            painter.setPen(QPen(ink, 1.6) if self.is_resting else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if self.is_resting else ink)
            painter.drawPath(drop(QPointF(middle, 2 + fallen * (floor - 26)), 22))


def drop(top: QPointF, height: float) -> QPainterPath:
    """The outline of a drop hanging from `top`."""
    x, y, half = top.x(), top.y(), height * 0.36
    path = QPainterPath(top)
    path.cubicTo(x + half * 0.6, y + height * 0.35, x + half, y + height * 0.45, x + half, y + height * 0.65)
    path.cubicTo(x + half, y + height * 1.1, x - half, y + height * 1.1, x - half, y + height * 0.65)
    path.cubicTo(x - half, y + height * 0.45, x - half * 0.6, y + height * 0.35, x, y)
    return path
