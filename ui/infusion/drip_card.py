"""The drip tile: the measured rate and its age, the target, and a drop falling at the target tempo."""

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.infusion.tile import number_role
from ui.kit.canvas import RIGHT, Canvas
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.metronome import Metronome
from ui.kit.painted import Painted

_PAD = 12
_LINE = 20


class DripState(msgspec.Struct, frozen=True):
    """Rates in drops/min; `measured` None until somebody counted. The target is never shown as measured."""

    target: float | None = None
    measured: str | None = None
    age: Text | str = ""
    off_target: bool = False
    running: bool = True
    target_text: Text | str = ""


class DripCard(Painted[DripState]):
    """Same size as a tile. Its drop falls only while the infusion runs and the card is on screen."""

    ground = "ground"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.metronome = Metronome(kit, self)

    def sizeHint(self) -> QSize:
        return QSize(236, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(190, 94)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = min(64, self.height() - 42)
        self.metronome.setGeometry(_PAD, 30 + (self.height() - 36 - height) // 2, 32, height)

    def fitted(self, state: DripState) -> None:
        self.metronome.set_rate(state.target if state.running and state.target else 0.0)

    def _target(self, state: DripState) -> Text | str:
        return "" if state.target is None else state.target_text or say("target {rate}", rate=f"{state.target:g}")

    def spoken(self, state: DripState) -> str:
        measured = say("measured {rate}", rate=state.measured) if state.measured else say("not yet measured")
        shown = self.kit.words.shown
        return " ".join(map(shown, (say("Drip rate"), measured, state.age, self._target(state))))

    def draw(self, canvas: Canvas, state: DripState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        canvas.block(box, theme.card, theme.line)
        inner = box.adjusted(_PAD, 7, -_PAD, -6)
        head = QRectF(inner.left(), inner.top(), inner.width(), _LINE)
        taken = canvas.text(head, say("Drip"), "strong", theme.curves["drip"])
        canvas.text(head.adjusted(taken + SPACE_8, 0, 0, 0), state.age, "body", theme.quiet, RIGHT, may_elide=True)
        body = inner.adjusted(44, _LINE, 0, 0)
        ink = theme.text if state.measured else theme.quiet
        number = body.adjusted(0, 0, 0, -_LINE)
        width = canvas.text(number, state.measured or "—", number_role(canvas, state.measured or "—", number), ink)
        beside = number.adjusted(width + SPACE_8, 0, 0, 0)
        if state.measured:
            canvas.text(beside.adjusted(0, 8, 0, 8), say("drops/min"), "body", theme.quiet, may_elide=True)
        else:
            canvas.note(beside, say("not yet measured"), "body", theme.text)
        foot = QRectF(body.left(), inner.bottom() - _LINE, body.width(), _LINE)
        self._aim(canvas, state, foot)

    def _aim(self, canvas: Canvas, state: DripState, box: QRectF) -> None:
        target = self._target(state)
        role = "strong" if canvas.width_of(target, "strong") <= box.width() else "hint"
        taken = canvas.text(box, target, role, canvas.theme.text)
        if state.off_target:
            canvas.text(box.adjusted(taken + SPACE_8, 0, 0, 0), say("adjust"), "strong", canvas.theme.accent, RIGHT)
