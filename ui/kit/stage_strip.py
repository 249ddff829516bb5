"""The stage strip: done with its time, current with its time left, next with what it waits for."""

from typing import Literal

import msgspec
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.texts import Text, say
from ui.kit.live_words import plain_tip
from ui.kit.look.tokens import SPACE_4, SPACE_8

from .canvas import CENTRE, Canvas
from .look_and_words import Kit
from .painted import Painted

HEIGHT = 52
_TICK = 18
_SPOKEN = {"done": say("done"), "current": say("now"), "next": say("next"), "later": say("later")}


class StripStage(msgspec.Struct, frozen=True):
    """`note`: the time of a done stage, the time left of the current one, what the next one waits for."""

    name: Text | str
    status: Literal["done", "current", "next", "later"]
    note: Text | str = ""


class StageStrip(Painted[tuple[StripStage, ...]]):
    """52 px high; eight stages fit at 1280 px. A text too long ends in “…” and the tool tip says it whole."""

    ground = "ground"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT)

    def spoken(self, state: tuple[StripStage, ...]) -> str:
        return "; ".join(map(self._said, state))

    def _said(self, stage: StripStage) -> str:
        shown = self.kit.words.shown
        return " ".join(filter(None, (shown(stage.name), shown(_SPOKEN[stage.status]), shown(stage.note))))

    def boxes(self, stages: tuple[StripStage, ...]) -> list[QRectF]:
        """The place of each stage: its own width and an equal share of the rest, or all squeezed alike."""
        wants = [self._wanted(stage) for stage in stages]
        spare = self.width() - 2 * SPACE_4 - sum(wants)
        share, factor = max(0.0, spare / max(1, len(wants))), min(1.0, 1 + spare / max(1.0, sum(wants)))
        placed, left = [], float(SPACE_4)
        for want in wants:
            width = want * factor + share
            placed.append(QRectF(left, SPACE_4, width, HEIGHT - 2 * SPACE_4))
            left += width
        return placed

    def changed(self, before: tuple[StripStage, ...], after: tuple[StripStage, ...]) -> QRectF | None:
        """The one stage that is another one, while all keep their places."""
        boxes = self.boxes(after)
        others = [at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]]
        return boxes[others[0]] if len(others) == 1 and self.boxes(before) == boxes else None

    def _wanted(self, stage: StripStage) -> float:
        shown, width = self.kit.words.shown, self.kit.look.width
        name = width("strong" if stage.status == "current" else "body", shown(stage.name))
        tick = _TICK if stage.status == "done" else 0
        return max(name + tick, width("body", shown(stage.note))) + 2 * SPACE_8

    def draw(self, canvas: Canvas, state: tuple[StripStage, ...]) -> None:
        theme = canvas.theme
        canvas.block(QRectF(self.rect()), theme.card, theme.line)
        boxes = self.boxes(state)
        for at, (stage, box) in enumerate(zip(state, boxes, strict=True)):
            self._one(canvas, stage, box)
            beside = {stage.status, state[at + 1].status} if at + 1 < len(state) else {"current"}
            if "current" not in beside:
                self._chevron(canvas, box.right())

    def _one(self, canvas: Canvas, stage: StripStage, box: QRectF) -> None:
        theme, current = canvas.theme, stage.status == "current"
        if current:
            canvas.block(box, theme.accent)
        ink = theme.on_accent if current else theme.text if stage.status == "done" else theme.quiet
        inner = box.adjusted(SPACE_8, 0, -SPACE_8, 0)
        name = QRectF(inner.left(), box.top() + (1 if stage.note else 11), inner.width(), 22)
        role = "strong" if current else "body"
        if stage.status == "done":
            name = self._ticked(canvas, stage, name, ink)
        canvas.text(name, stage.name, role, ink, CENTRE, may_elide=True)
        if stage.note:
            note = QRectF(inner.left(), box.top() + 22, inner.width(), 21)
            canvas.text(note, stage.note, "body", ink if current else theme.quiet, CENTRE, may_elide=True)

    def _ticked(self, canvas: Canvas, stage: StripStage, box: QRectF, ink: str) -> QRectF:
        width = min(canvas.width_of(stage.name, "body"), box.width() - _TICK)
        left = box.center().x() - (width + _TICK) / 2
        canvas.icon(QRectF(left, box.top() + 4, 14, 14), "check", ink)
        return QRectF(left + _TICK, box.top(), width + 1, box.height())

    def _chevron(self, canvas: Canvas, x: float) -> None:
        y = HEIGHT / 2
        canvas.setPen(QPen(QColor(canvas.theme.edge), 1.5))
        canvas.drawPolyline([QPointF(x - 2, y - 4), QPointF(x + 2, y), QPointF(x - 2, y + 4)])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.state:
            for stage, box in zip(self.state, self.boxes(self.state), strict=True):
                if box.contains(QPointF(event.pos())):
                    QToolTip.showText(event.globalPos(), plain_tip(self._said(stage)), self)
            return True
        return super().event(event)
