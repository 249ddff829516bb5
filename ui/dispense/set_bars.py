"""Which giving set makes the infusion possible: a bar for each drop factor on the weight axis."""

from math import ceil

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import CENTRE, Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

_ROW = 32
_BAR = 22
#: px that no text reaches
_HIGH = 10_000
#: below the bars: the weight's line; the advice, two lines of it or more
_BELOW, _ADVICE = 26, 48


class SetRow(msgspec.Struct, frozen=True):
    """`name` such as “20 gtt/ml”; the set can be used from `low_kg` to `high_kg`. `possible` None: no weight yet."""

    name: Text | str
    low_kg: float
    high_kg: float
    possible: bool | None
    chosen: bool = False


class SetBarsState(msgspec.Struct, frozen=True):
    """`axis_kg`: ends of the weight axis; `weight_kg` None draws no line. `advice` is written below."""

    rows: tuple[SetRow, ...]
    weight_kg: float | None = None
    axis_kg: tuple[float, float] = (20.0, 160.0)
    advice: Text | str = ""


class SetBars(Painted[SetBarsState]):
    """32 px a set, the weight below, and the advice in as many lines as it needs at the width it gets."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(560, self.heightForWidth(max(560, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(380, self.heightForWidth(max(380, self.width())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows, advice = (len(self.state.rows), self.state.advice) if self.state else (3, "")
        room = QRectF(0, 0, width, _HIGH)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = self.kit.look.metrics("strong").boundingRect(room, flags, self.kit.words.shown(advice)).height()
        return rows * _ROW + _BELOW + max(_ADVICE, ceil(needed))

    def spoken(self, state: SetBarsState) -> str:
        shown = self.kit.words.shown
        rows = "; ".join(f"{shown(row.name)}: {shown(self._verdict(row))}" for row in state.rows if row.possible is not None)
        weight = "" if state.weight_kg is None else f"{state.weight_kg:g} kg. "
        return f"{weight}{rows}. {shown(state.advice)}"

    def _verdict(self, row: SetRow) -> Text:
        if row.chosen and row.possible:
            return say("chosen")
        return say("possible") if row.possible else say("not possible")

    def draw(self, canvas: Canvas, state: SetBarsState) -> None:
        names = max(canvas.width_of(row.name, "body") for row in state.rows) + SPACE_16
        verdicts = max(canvas.width_of(self._verdict(row), "strong") for row in state.rows) + SPACE_16 + 24
        track = QRectF(names, 0, self.width() - names - verdicts, _BAR)
        low, high = state.axis_kg

        def x(weight_kg: float) -> float:
            return track.left() + track.width() * (min(high, max(low, weight_kg)) - low) / (high - low)

        line_x = None if state.weight_kg is None else x(state.weight_kg)
        for at, row in enumerate(state.rows):
            top = at * _ROW + (_ROW - _BAR) / 2
            bar = QRectF(x(row.low_kg), top, x(row.high_kg) - x(row.low_kg), _BAR)
            self._row(canvas, row, QRectF(track.left(), top, track.width(), _BAR), bar)
            self._range(canvas, row, QRectF(track.left(), top, track.width(), _BAR), bar, line_x)
        if state.weight_kg is not None and line_x is not None:
            self._weight(canvas, state.weight_kg, len(state.rows), line_x)
        if state.advice:
            top = len(state.rows) * _ROW + _BELOW
            canvas.lines(QRectF(0, top, self.width(), self.height() - top), state.advice, "strong", canvas.theme.text)

    def _row(self, canvas: Canvas, row: SetRow, track: QRectF, bar: QRectF) -> None:
        theme = canvas.theme
        canvas.text(QRectF(0, track.top(), track.left(), _BAR), row.name, "body", theme.text)
        canvas.block(track, theme.sunken, theme.line, radius=5)
        canvas.block(bar, theme.accent if row.possible else theme.card, theme.accent, radius=5, pen=1.5)
        if row.possible is None:
            return
        left = track.right() + SPACE_16
        icon = QRectF(left, track.center().y() - 8, 16, 16)
        canvas.icon(icon, "check" if row.possible else "close", theme.text if row.possible else theme.quiet)
        words = QRectF(left + 22, track.top(), self.width() - left - 22, _BAR)
        role = "strong" if row.possible else "body"
        canvas.text(words, self._verdict(row), role, theme.text if row.possible else theme.quiet)

    def _range(self, canvas: Canvas, row: SetRow, track: QRectF, bar: QRectF, line_x: float | None) -> None:
        """The weights in words: inside the bar where they fit and the line leaves them alone, else beside it."""
        words = f"{row.low_kg:g}–{row.high_kg:g} kg"
        width = canvas.width_of(words, "hint") + 2
        inside = [bar.left() + 6, bar.right() - 6 - width] if bar.width() >= width + 12 else []
        beside = [left for left in (bar.right() + 6, bar.left() - 6 - width) if track.left() <= left <= track.right() - width]
        free = [left for left in (*inside, *beside) if line_x is None or not left - 4 < line_x < left + width + 4]
        left = (free or inside or beside or [track.left()])[0]
        ink = canvas.theme.on_accent if left in inside and row.possible else canvas.theme.quiet
        canvas.text(QRectF(left, bar.top(), width, _BAR), words, "hint", ink)

    def _weight(self, canvas: Canvas, weight_kg: float, rows: int, x: float) -> None:
        bottom = rows * _ROW
        for colour, width in ((canvas.theme.card, 5), (canvas.theme.text, 2)):
            canvas.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            canvas.drawLine(QPointF(x, 0), QPointF(x, bottom))
        words = f"{weight_kg:.1f} kg"
        half = canvas.width_of(words, "strong") / 2 + SPACE_8
        middle = min(max(x, half), self.width() - half)
        canvas.text(QRectF(middle - half, bottom + 2, 2 * half, 22), words, "strong", canvas.theme.text, CENTRE)
