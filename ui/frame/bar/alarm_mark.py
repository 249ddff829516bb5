"""The mark of an alarm beside a bed: its colour, and as many triangles as it is pressing."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.frame.bar.alarm_bar import PRIORITY_WORDS, AlarmLook
from ui.kit.canvas import Canvas
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

_HEIGHT = 22
_STEP = 14
_EDGE = 5


def paint_mark(canvas: Canvas, look: AlarmLook, left: float, top: float) -> None:
    alarm = canvas.theme.alarms[look]
    canvas.block(QRectF(left, top, _STEP * alarm.triangles + 2 * _EDGE, _HEIGHT), alarm.ground, radius=4)
    for at in range(alarm.triangles):
        canvas.triangle(QRectF(left + _EDGE + 1 + _STEP * at, top + 6, 11, 10), alarm.ink)


class AlarmMark(Painted[AlarmLook]):
    """As a widget; it keeps its place while it is not shown."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(3 * _STEP + 2 * _EDGE, _HEIGHT)

    def spoken(self, state: AlarmLook) -> str:
        return self.kit.words.shown(PRIORITY_WORDS[state])

    def draw(self, canvas: Canvas, state: AlarmLook) -> None:
        paint_mark(canvas, state, 0, 0)
