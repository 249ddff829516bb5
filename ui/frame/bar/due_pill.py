"""The pill in the middle of the top bar: what is due next, for whom, and how long is left."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_16, TARGET
from ui.kit.look_and_words import Kit
from ui.kit.painted import PaintedButton

#: the largest text after the numbers
_ROLE = "result"
_MARK, _EDGE = 28, 4
_RING = 4
#: of a turn: what is always seen of the ring
_LEAST = 0.04


class DueState(msgspec.Struct, frozen=True):
    """`text` such as “Next due: Vital signs · Bed 12”; `left` such as “01:30”, with `late` once overdue.

    `due`: its time has come; `more`: how many others are due. `share`: how much of the time for it has gone, 0 to 1.
    """

    text: Text | str = say("Nothing due")
    left: str = ""
    late: bool = False
    due: bool = False
    more: int = 0
    share: float = 0.0


class DuePill(PaintedButton[DueState]):
    """Signal `clicked`: open what is due."""

    ground = "card"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _left(self, state: DueState) -> Text | str:
        if state.late:
            return say("{left} late", left=state.left)
        return say("due now") if state.due else state.left

    def full_width(self) -> int:
        if self.state is None:
            return 0
        metrics, shown = self.kit.look.metrics(_ROLE), self.kit.words.shown
        left = shown(self._left(self.state))
        widths = metrics.horizontalAdvance(shown(self.state.text)) + metrics.horizontalAdvance(left)
        return int(widths + 1) + 2 * SPACE_16 + _MARK + SPACE_8 + (SPACE_8 if left else 0)

    def sizeHint(self) -> QSize:
        return QSize(self.full_width(), TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * TARGET, TARGET)

    def spoken(self, state: DueState) -> str:
        return " ".join(filter(None, map(self.kit.words.shown, (state.text, self._left(state)))))

    def fitted(self, state: DueState) -> None:
        self.set_tip(self.spoken(state))

    def draw(self, canvas: Canvas, state: DueState) -> None:
        """Amber when due; a red edge and a triangle when late; the words say it too."""
        theme = canvas.theme
        amber, red = theme.alarms["medium"], theme.alarms["high"]
        is_due = state.due or state.late
        box = QRectF(self.rect())
        edge = red.ground if state.late else amber.ground if is_due else theme.accent
        canvas.block(box, amber.ground if is_due else theme.card, edge, pen=_EDGE if state.late else 1)
        if self.hasFocus():
            canvas.focus_ring(box.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), amber.ink if is_due else theme.text)
        inner = box.adjusted(SPACE_16, 0, -SPACE_16, 0)
        self._mark(canvas, state, QRectF(inner.left(), inner.center().y() - _MARK / 2, _MARK, _MARK))
        inner.setLeft(inner.left() + _MARK + SPACE_8)
        left = self._left(state)
        taken = canvas.width_of(left, _ROLE) if left else 0
        if left:
            at = QRectF(inner.right() - taken, inner.top(), taken, inner.height())
            canvas.text(at, left, _ROLE, amber.ink if is_due else theme.accent)
            inner.setRight(inner.right() - taken - SPACE_8)
        canvas.text(inner, state.text, _ROLE, amber.ink if is_due else theme.text, may_elide=True)

    def _mark(self, canvas: Canvas, state: DueState, box: QRectF) -> None:
        """A ring that fills while there is time, a disc when it is due, a triangle when it is late."""
        theme, amber = canvas.theme, canvas.theme.alarms["medium"]
        if state.late:
            canvas.triangle(box.adjusted(2, 2, -2, -3), amber.ink)
            return
        ring = box.adjusted(_RING, _RING, -_RING, -_RING)
        canvas.setBrush(QColor(amber.ink) if state.due else Qt.BrushStyle.NoBrush)
        canvas.setPen(QPen(QColor(amber.ink if state.due else theme.line), _RING))
        canvas.drawEllipse(ring)
        if not state.due:
            canvas.setPen(QPen(QColor(theme.accent), _RING, c=Qt.PenCapStyle.FlatCap))
            canvas.drawArc(ring, 90 * 16, -round(360 * 16 * max(_LEAST, state.share)))
