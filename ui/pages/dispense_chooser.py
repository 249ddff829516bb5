"""The bars of the sets, to choose one by click or key."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

from ui.widgets.canvas import Canvas
from ui.widgets.kit import Kit
from ui.widgets.set_bars import SetBars, SetBarsState

_ROW_PX = 36


class SetChooser(SetBars):
    """Signal `picked(factor)`, also for a set that cannot be used: whoever listens says why.

    Up and Down move along the sets, Space picks one, a click picks the one under it.
    """

    picked = Signal(int)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.factors: tuple[int, ...] = ()
        self.chosen: int | None = None
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_sets(self, factors: tuple[int, ...], chosen: int | None, state: SetBarsState) -> None:
        self.factors, self.chosen = factors, chosen
        self.at = min(self.at, max(0, len(factors) - 1))
        self.set_state(state)
        self.update()

    def draw(self, canvas: Canvas, state: SetBarsState) -> None:
        for at, factor in enumerate(self.factors):
            box = QRectF(-1, at * _ROW_PX + 1, self.width() + 2, _ROW_PX - 2)
            if factor == self.chosen:
                canvas.block(box, canvas.theme.accent_soft, canvas.theme.accent)
            if self.hasFocus() and at == self.at:
                canvas.focus_ring(box)
        super().draw(canvas, state)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y() // _ROW_PX)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self.factors):
            self.at = at
            self._pick()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self.factors:
            self.at = min(max(0, self.at + step), len(self.factors) - 1)
            self.update()
        elif event.key() == Qt.Key.Key_Space and self.factors:
            self._pick()
        else:
            super().keyPressEvent(event)

    def _pick(self) -> None:
        self.update()
        self.picked.emit(self.factors[self.at])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
