"""The pill in the middle of the top bar: what is due next, for whom, and how long is left."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_16, TARGET
from ui.kit.look_and_words import Kit
from ui.kit.painted import PaintedButton


class DueState(msgspec.Struct, frozen=True):
    """`text` such as “Next due: Vital signs · Bed 12”; `left` such as “01:30”, with `late` once overdue."""

    text: Text | str = say("Nothing due")
    left: str = ""
    late: bool = False


class DuePill(PaintedButton[DueState]):
    """Signal `clicked`: open what is due."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _left(self, state: DueState) -> Text | str:
        return say("{left} late", left=state.left) if state.late else state.left

    def full_width(self) -> int:
        if self.state is None:
            return 0
        metrics, shown = self.kit.look.metrics("strong"), self.kit.words.shown
        left = shown(self._left(self.state))
        widths = metrics.horizontalAdvance(shown(self.state.text)) + metrics.horizontalAdvance(left)
        return int(widths + 1) + 2 * SPACE_16 + (SPACE_8 if left else 0)

    def sizeHint(self) -> QSize:
        return QSize(self.full_width(), TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * TARGET, TARGET)

    def spoken(self, state: DueState) -> str:
        return " ".join(filter(None, map(self.kit.words.shown, (state.text, self._left(state)))))

    def fitted(self, state: DueState) -> None:
        self.setToolTip(self.spoken(state))

    def draw(self, canvas: Canvas, state: DueState) -> None:
        theme = canvas.theme
        box = QRectF(self.rect()).adjusted(0, 6, 0, -6)
        canvas.block(box, theme.accent if state.late else theme.card, theme.accent)
        if self.hasFocus():
            canvas.focus_ring(box, theme.text)
        inner = box.adjusted(SPACE_16, 0, -SPACE_16, 0)
        left = self._left(state)
        ink = theme.on_accent if state.late else theme.accent
        taken = canvas.width_of(left, "strong") if left else 0
        if left:
            at = QRectF(inner.right() - taken, inner.top(), taken, inner.height())
            canvas.text(at, left, "strong", ink)
            inner.setRight(inner.right() - taken - SPACE_8)
        ink = theme.on_accent if state.late else theme.text
        canvas.text(inner, state.text, "strong", ink, may_elide=True)
