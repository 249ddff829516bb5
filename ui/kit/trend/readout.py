"""The small card beside the trend's cursor: the time and every value then."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import RIGHT, Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_24
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

from .cursor_reading import CursorReading

_ROW = 22


class ReadoutState(msgspec.Struct, frozen=True):
    t_s: float
    readings: tuple[CursorReading, ...]


class Readout(Painted[ReadoutState]):
    """Hidden until the cursor stands."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def _time(self, state: ReadoutState) -> Text:
        seconds = round(abs(state.t_s))
        sign = "−" if state.t_s < 0 else ""
        return say("at {time}", time=f"{sign}{seconds // 60}:{seconds % 60:02}")

    def spoken(self, state: ReadoutState) -> str:
        shown = self.kit.words.shown
        values = ", ".join(f"{shown(one.name)} {one.text}" for one in state.readings)
        return f"{shown(self._time(state))}: {values}"

    def sizeHint(self) -> QSize:
        if self.state is None:
            return QSize(0, 0)
        strong, shown = self.kit.look.metrics("strong"), self.kit.words.shown
        names = max(strong.horizontalAdvance(shown(one.name)) for one in self.state.readings)
        values = max(strong.horizontalAdvance(one.text) for one in self.state.readings)
        time = strong.horizontalAdvance(shown(self._time(self.state)))
        width = max(time, names + SPACE_24 + values) + 2 * SPACE_8 + 2
        return QSize(round(width), (len(self.state.readings) + 1) * _ROW + 2 * SPACE_8)

    def draw(self, canvas: Canvas, state: ReadoutState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        canvas.block(box, theme.card, theme.edge)
        row = QRectF(SPACE_8, SPACE_8, box.width() - 2 * SPACE_8, _ROW)
        canvas.text(row, self._time(state), "strong", theme.text)
        for one in state.readings:
            row.translate(0, _ROW)
            canvas.text(row, one.name, "body", theme.curves[one.colour])
            canvas.text(row, one.text, "strong", theme.text, RIGHT)
