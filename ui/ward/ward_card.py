"""One bed of the ward: who, which phase and how long, what is due next, the last vital signs."""

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.alarm_bar import AlarmLook
from ui.frame.bar.alarm_mark import paint_mark
from ui.kit.bed_mark import paint_bed_mark
from ui.kit.canvas import CENTRE, RIGHT, Canvas
from ui.kit.chip import Dot
from ui.kit.look.tokens import SPACE_4, SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit
from ui.kit.painted import PaintedButton
from ui.kit.time_ring import SIZE, RingState, paint_ring

HEIGHT = 200
_LINKS: dict[str, Text | str] = {
    "live": say("monitor live"),
    "lost": say("monitor lost"),
    "none": say("no monitor"),
    "": "",
}


def missed_words(count: int) -> Text:
    """The same on page, card and lock."""
    return say("✕ {n} missed", n=count)


class WardCardState(msgspec.Struct, frozen=True):
    """`group` such as “B · 1 of 2”; `task_left` such as “in 01:30”; `vitals` on one line, `vitals_age` beside it.

    `first`: its bed comes first now; the card keeps its place. `missed`: how many checks were missed; `mark`: whose colour
    mark it wears.
    """

    key: str
    code: str
    bed: Text | str
    group: Text | str
    phase: Text | str
    ring: RingState = RingState()
    task: Text | str = ""
    task_left: Text | str = ""
    late: bool = False
    vitals: Text | str = "—"
    vitals_age: Text | str = ""
    link: Dot = "none"
    alarm: AlarmLook | None = None
    first: bool = False
    missed: int = 0
    mark: str = ""


class WardCard(PaintedButton[WardCardState]):
    """Signal `chosen(key)`: pressed and released while it was the same bed. `first` marks the bed whose task comes first."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pressed_on = ""
        self.pressed.connect(self._went_down)
        self.clicked.connect(self._came_up)

    def _went_down(self) -> None:
        self._pressed_on = self.state.key if self.state else ""

    def _came_up(self) -> None:
        """Where another bed came under the finger meanwhile, nothing opens."""
        if self.state and self._pressed_on == self.state.key:
            self.chosen.emit(self.state.key)

    def sizeHint(self) -> QSize:
        return QSize(304, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(264, HEIGHT)

    def spoken(self, state: WardCardState) -> str:
        parts = (state.code, state.bed, state.group, state.phase, state.task, state.task_left, _LINKS[state.link],
                 missed_words(state.missed) if state.missed else "")  # fmt: skip
        return ", ".join(filter(None, map(self.kit.words.shown, parts)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def draw(self, canvas: Canvas, state: WardCardState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        edge, pen = (theme.accent, 2) if state.first else (theme.line, 1)
        if state.alarm:
            edge, pen = theme.alarms[state.alarm].ground, 4
        canvas.block(box, theme.sunken if self.underMouse() else theme.card, edge, pen=pen)
        if self.hasFocus():
            canvas.focus_ring(box.adjusted(4, 4, -4, -4), theme.text)
        inner = box.adjusted(SPACE_16, 12, -SPACE_16, -12)
        paint_ring(canvas, QRectF(inner.right() - SIZE, inner.top(), SIZE, SIZE), state.ring)
        beside = inner.adjusted(0, 0, -SIZE - SPACE_8, 0)
        self._who(canvas, state, beside)
        self._chip(canvas, state, QRectF(inner.left(), inner.top() + 62, inner.width(), 30))
        self._task(canvas, state, QRectF(inner.left(), inner.top() + 100, inner.width(), 24))
        self._vitals(canvas, state, QRectF(inner.left(), inner.top() + 128, inner.width(), 22))
        self._link(canvas, state, QRectF(inner.left(), inner.top() + 153, inner.width(), 22))

    def _who(self, canvas: Canvas, state: WardCardState, box: QRectF) -> None:
        theme = canvas.theme
        top = QRectF(box.left(), box.top(), box.width(), 32)
        taken = canvas.text(top, state.code, "code", theme.text)
        if state.alarm:
            paint_mark(canvas, state.alarm, top.left() + taken + SPACE_8, top.top() + 5)
        low = QRectF(box.left(), box.top() + 36, box.width(), 22)
        if state.mark:
            paint_bed_mark(canvas, state.mark, QRectF(low.left(), low.top() + 2, 18, 18))
            low.setLeft(low.left() + 18 + SPACE_8)
        taken = canvas.text(low, state.bed, "strong", theme.text) + SPACE_16
        canvas.text(low.adjusted(taken, 0, 0, 0), state.group, "body", theme.quiet, may_elide=True)

    def _chip(self, canvas: Canvas, state: WardCardState, box: QRectF) -> None:
        theme = canvas.theme
        room = box.width() - SIZE - SPACE_8
        width = min(room, canvas.width_of(state.phase, "strong") + 2 * SPACE_8 + 2)
        chip = QRectF(box.left(), box.top(), width, box.height())
        canvas.block(chip, theme.accent_soft, theme.accent)
        inner = chip.adjusted(SPACE_8, 0, -SPACE_8, 0)
        canvas.text(inner, state.phase, "strong", theme.text, CENTRE, may_elide=True)
        if state.missed:
            rest = QRectF(chip.right() + SPACE_8, box.top(), box.right() - SIZE - chip.right() - 2 * SPACE_8, box.height())
            whole = missed_words(state.missed)
            told = whole if canvas.width_of(whole, "strong") <= rest.width() else f"✕ {state.missed}"
            canvas.text(rest, told, "strong", theme.text, may_elide=True)

    def _task(self, canvas: Canvas, state: WardCardState, box: QRectF) -> None:
        """A little smaller rather than cut."""
        theme, both = canvas.theme, (state.task, state.task_left)
        least = {"title": SPACE_16, "strong": SPACE_8, "body": SPACE_8}
        fits = (r for r, gap in least.items() if sum(canvas.width_of(one, r) for one in both) + gap <= box.width())
        role = next(fits, "hint")
        left = canvas.width_of(state.task_left, role)
        room = QRectF(box.left(), box.top(), box.width() - left - SPACE_8, box.height())
        taken = canvas.text(room, state.task, role, theme.text, may_elide=True) + SPACE_8
        rest = box.adjusted(taken, 0, 0, 0)
        if state.late:
            plate = QRectF(rest.left(), rest.top(), left + 2 * SPACE_4, rest.height())
            canvas.block(plate, theme.accent, radius=4)
            canvas.text(rest.adjusted(SPACE_4, 0, SPACE_4, 0), state.task_left, role, theme.on_accent)
        else:
            canvas.text(rest, state.task_left, role, theme.accent)

    def _vitals(self, canvas: Canvas, state: WardCardState, box: QRectF) -> None:
        canvas.text(box, state.vitals, "body", canvas.theme.text, may_elide=True)

    def _link(self, canvas: Canvas, state: WardCardState, box: QRectF) -> None:
        theme = canvas.theme
        middle = QPointF(box.left() + 6, box.center().y())
        ink = QColor(theme.accent if state.link == "live" else theme.quiet)
        canvas.setPen(QPen(ink, 2))
        canvas.setBrush(ink if state.link == "live" else Qt.BrushStyle.NoBrush)
        canvas.drawEllipse(middle, 5, 5)
        if state.link == "lost":
            canvas.drawLine(middle + QPointF(-6, 6), middle + QPointF(6, -6))
        taken = canvas.text(box, state.vitals_age, "body", theme.quiet, RIGHT)
        words = box.adjusted(18, 0, -taken - SPACE_8, 0)
        role = "strong" if state.link == "lost" else "body"
        canvas.text(words, _LINKS[state.link], role, theme.text if state.link == "lost" else theme.quiet, may_elide=True)
