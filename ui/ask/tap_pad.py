"""Tap along with the drops: Space, click or touch at each; it keeps the times and nothing else."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.kit.canvas import CENTRE, Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit


class TapState(msgspec.Struct, frozen=True):
    """`rate` such as “55” once there are enough taps, else ""; `steadiness` in words."""

    rate: str = ""
    unit: Text | str = say("drops/min")
    steadiness: Text | str = ""
    needed: int = 5


class TapPad(QWidget):
    """Signal `tapped(now_s)`. `now_s` gives steady seconds; times are taken on the press, not the release."""

    tapped = Signal(float)

    def __init__(self, kit: Kit, now_s: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.taps: tuple[float, ...] = ()
        self.cut_texts: tuple[str, ...] = ()
        self._now_s = now_s
        self._state = TapState()
        self._down = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        kit.words.bind(self, accessibleName=say("Tap at each drop"))
        kit.words.changed.connect(self.update)
        kit.look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(420, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 190)

    def set_state(self, state: TapState) -> None:
        if state != self._state:
            self._state = state
            self.update()

    def clear(self) -> None:
        """Begin again."""
        self.taps = ()
        self.update()

    def _tap(self) -> None:
        now_s = self._now_s()
        self.taps = (*self.taps, now_s)
        self.tapped.emit(now_s)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._down = True
            self._tap()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._down = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._tap()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        with Canvas(self, self.kit) as canvas:
            theme, box = canvas.theme, QRectF(self.rect())
            canvas.block(box, theme.accent_soft if self._down else theme.sunken, theme.accent, pen=2)
            if self.hasFocus():
                canvas.focus_ring(box.adjusted(4, 4, -4, -4), theme.text)
            inner = box.adjusted(SPACE_16, SPACE_16, -SPACE_16, -SPACE_16)
            self._words(canvas, inner)
            self.cut_texts = tuple(canvas.cut)

    def _words(self, canvas: Canvas, box: QRectF) -> None:
        theme, state = canvas.theme, self._state
        head = QRectF(box.left(), box.top(), box.width(), 24)
        long, short = say("Press Space, click or tap at each drop"), say("Tap at each drop")
        fits = canvas.width_of(long, "title") <= head.width()
        canvas.text(head, long if fits else short, "title", theme.text, CENTRE)
        middle = QRectF(box.left(), box.center().y() - 36, box.width(), 64)
        if state.rate:
            width = canvas.width_of(state.rate, "huge") + SPACE_8 + canvas.width_of(state.unit, "title")
            left = middle.center().x() - width / 2
            taken = canvas.text(QRectF(left, middle.top(), width, 64), state.rate, "huge", theme.text)
            unit = QRectF(left + taken + SPACE_8, middle.top() + 12, width, 64)
            canvas.text(unit, state.unit, "title", theme.quiet)
        else:
            self._dots(canvas, middle)
        foot = QRectF(box.left(), box.bottom() - 24, box.width(), 24)
        count = say("{count} of {needed} drops", count=len(self.taps), needed=state.needed)
        canvas.text(foot, state.steadiness or count, "strong", theme.text, CENTRE)

    def _dots(self, canvas: Canvas, box: QRectF) -> None:
        theme, step = canvas.theme, 32
        left = box.center().x() - (self._state.needed - 1) * step / 2
        for at in range(self._state.needed):
            filled = at < len(self.taps)
            place = QRectF(left + at * step - 10, box.center().y() - 10, 20, 20)
            canvas.block(place, theme.accent if filled else theme.card, theme.accent, radius=10, pen=2)
