"""The delivery strip: ml delivered between “at least” and “at most”, finish time, the rate that would finish."""

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, parts, say
from ui.kit.canvas import RIGHT, Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_16, SPACE_24
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

HEIGHT = 60
_BAR, _SECOND = 12, 54


class DeliveryState(msgspec.Struct, frozen=True):
    """Volumes in ml, None while unknown; the texts are written out: “14:47–14:49 · 59–61 min”, “limit 60 min”.

    `share`: of the dose in cells, “65–70 % of the dose”.
    """

    at_least_ml: float | None
    at_most_ml: float | None
    planned_ml: float
    finish: Text | str = ""
    limit: Text | str = ""
    over_limit: bool = False
    needed: Text | str = ""
    share: Text | str = ""


class DeliveryStrip(Painted[DeliveryState]):
    """60 px high; narrow, the finish stands below the bar."""

    ground = "ground"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_narrow(self, narrow: bool) -> None:
        """Beside a question."""
        if narrow is not self._narrow:
            self._narrow = narrow
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(800, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT + _SECOND if self._narrow else HEIGHT)

    def delivered(self, state: DeliveryState) -> Text:
        """“91–97 ml”, one number where both agree, “—” while unknown."""
        if state.at_least_ml is None or state.at_most_ml is None:
            return say("{n} ml", n="—")
        least, most = f"{state.at_least_ml:.0f}", f"{state.at_most_ml:.0f}"
        return say("{n} ml", n=least if least == most else f"{least}–{most}")

    def spoken(self, state: DeliveryState) -> str:
        shown = self.kit.words.shown
        share = (state.share,) if state.share else ()
        said = (say("Delivered"), self.delivered(state), *share, say("Finish"), state.finish, state.limit)
        return " ".join(map(shown, (*said, say("To finish in time"), state.needed)))

    def draw(self, canvas: Canvas, state: DeliveryState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        canvas.block(box, theme.card, theme.line)
        inner = box.adjusted(12, 5, -12, -5)
        third = max(canvas.width_of(say("To finish in time"), "body"), canvas.width_of(state.needed, "strong"))
        role = "strong" if state.over_limit else "body"
        second = canvas.width_of(state.finish, "strong") + SPACE_8 + canvas.width_of(state.limit, role) + 2
        second = max(second, canvas.width_of(say("Finish"), "body"))
        if self._narrow:
            self._bar(canvas, state, QRectF(inner.left(), inner.top(), inner.width(), HEIGHT))
            low = inner.adjusted(0, _SECOND, 0, 0)
            self._finish(canvas, state, QRectF(low.left(), low.top(), low.width() - third - SPACE_16, low.height()))
            self._pair(
                canvas, QRectF(low.right() - third, low.top(), third + 1, low.height()), say("To finish in time"), state.needed
            )
            return
        spare = inner.width() - third - second - 2 * SPACE_24
        first = max(260.0, spare * 0.7)
        self._bar(canvas, state, QRectF(inner.left(), inner.top(), first, inner.height()))
        left = inner.left() + first + SPACE_24
        middle = QRectF(left, inner.top(), second, inner.height())
        last_left = max(middle.right() + SPACE_24, inner.right() - max(third, 150))
        self._finish(canvas, state, middle)
        last = QRectF(last_left, inner.top(), inner.right() - last_left, inner.height())
        self._pair(canvas, last, say("To finish in time"), state.needed)

    def _pair(self, canvas: Canvas, box: QRectF, name: Text, value: Text | str) -> float:
        canvas.text(QRectF(box.left(), box.top(), box.width(), 22), name, "body", canvas.theme.quiet)
        low = QRectF(box.left(), box.top() + 24, box.width(), 22)
        return canvas.text(low, value, "strong", canvas.theme.text)

    def _finish(self, canvas: Canvas, state: DeliveryState, box: QRectF) -> None:
        taken = self._pair(canvas, box, say("Finish"), state.finish)
        rest = QRectF(box.left() + taken + SPACE_8, box.top() + 24, box.width() - taken - SPACE_8 + 1, 22)
        role, ink = ("strong", canvas.theme.text) if state.over_limit else ("body", canvas.theme.quiet)
        canvas.text(rest, state.limit, role, ink, may_elide=True)

    def _bar(self, canvas: Canvas, state: DeliveryState, box: QRectF) -> None:
        theme = canvas.theme
        head = QRectF(box.left(), box.top(), box.width(), 22)
        taken = canvas.text(head, say("Delivered"), "body", theme.quiet) + SPACE_8
        taken += canvas.text(head.adjusted(taken, 0, 0, 0), self.delivered(state), "strong", theme.text) + SPACE_8
        taken += canvas.text(head.adjusted(taken, 0, 0, 0), f"/ {state.planned_ml:g}", "body", theme.quiet)
        told = say("at least – at most")
        both = parts(state.share, told)
        note = next((n for n in (both, state.share or told) if canvas.width_of(n, "body") + taken + SPACE_16 < head.width()), None)
        if note is not None:
            canvas.text(head, note, "body", theme.quiet, RIGHT)
        track = QRectF(box.left(), box.top() + 31, box.width(), _BAR)
        canvas.block(track, theme.sunken, theme.edge, radius=_BAR / 2)
        if state.at_least_ml is not None and state.at_most_ml is not None:
            self._fill(canvas, track, state.at_most_ml / state.planned_ml, theme.accent_half)
            self._fill(canvas, track, state.at_least_ml / state.planned_ml, theme.accent)

    def _fill(self, canvas: Canvas, track: QRectF, share: float, colour: str) -> None:
        width = track.width() * min(1.0, max(0.0, share))
        if width >= 1:
            full = QRectF(track.left(), track.top(), max(width, _BAR), _BAR)
            canvas.block(full, colour, canvas.theme.accent, radius=_BAR / 2)
