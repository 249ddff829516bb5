"""The identity banner: whose infusion this is; it never scrolls away."""

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text
from ui.kit.look.tokens import SPACE_8, SPACE_16, SPACE_24

from .bed_mark import SIZE, paint_bed_mark
from .canvas import RIGHT, Canvas
from .look_and_words import Kit
from .painted import Painted

_ROW = 44


class IdentityFact(msgspec.Struct, frozen=True):
    label: Text | str
    value: Text | str


class IdentityState(msgspec.Struct, frozen=True):
    """`code` is drawn largest; `clock` (“43:30”) stands at the right, `clock_name` says what it counts.

    `bed`: whose colour mark stands before the code.
    """

    code: str
    facts: tuple[IdentityFact, ...] = ()
    clock: str = ""
    clock_name: Text | str = ""
    bed: str = ""


class IdentityBanner(Painted[IdentityState]):
    """60 px high; facts that do not fit go to a second row."""

    ground = "ground"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._one_row = False
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_one_row(self, one: bool) -> None:
        """On a very small screen: what finds no room in the row is left to the tool tip."""
        if one is not self._one_row:
            self._one_row = one
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, SPACE_16 + _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, SPACE_16 + _ROW)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = len(self._placed(self.state, width)) if self.state else 1
        return SPACE_16 + _ROW * rows

    def spoken(self, state: IdentityState) -> str:
        shown = self.kit.words.shown
        facts = ", ".join(f"{shown(fact.label)} {shown(fact.value)}" for fact in state.facts)
        return f"{state.code}, {facts}"

    def fitted(self, state: IdentityState) -> None:
        self.set_tip(self.spoken(state) if self._one_row else "")
        if self.heightForWidth(self.width()) != self.height():
            self.updateGeometry()

    def changed(self, before: IdentityState, after: IdentityState) -> QRectF | None:
        """The clock alone, while it goes on and is no wider."""
        if msgspec.structs.replace(after, clock=before.clock) != before or self._end(before, 0) != self._end(after, 0):
            return None
        return QRectF(self.rect()).adjusted(SPACE_8 + self._end(after, self.width()), 0, 0, 0)

    def _width(self, text: Text | str, role: str) -> float:
        return self.kit.look.width(role, self.kit.words.shown(text))

    def _start(self, state: IdentityState) -> float:
        return SPACE_16 + self._mark(state) + self._width(state.code, "code") + SPACE_24

    @staticmethod
    def _mark(state: IdentityState) -> int:
        return SIZE + SPACE_8 if state.bed else 0

    def _end(self, state: IdentityState, width: float) -> float:
        clock = max(self._width(state.clock, "clock"), self._width(state.clock_name, "body"))
        return width - SPACE_16 - (clock + SPACE_16 if state.clock else 0)

    def _placed(self, state: IdentityState, width: float) -> list[list[tuple[float, IdentityFact]]]:
        """Where each fact begins, px, row by row."""
        rows: list[list[tuple[float, IdentityFact]]] = [[]]
        left, end = self._start(state), self._end(state, width)
        for fact in state.facts:
            room = max(self._width(fact.label, "body"), self._width(fact.value, "strong"))
            if left + room > end and rows[-1]:
                rows.append([])
                left = self._start(state)
            rows[-1].append((left, fact))
            left += room + SPACE_24
        return rows[:1] if self._one_row else rows

    def draw(self, canvas: Canvas, state: IdentityState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        canvas.block(box, theme.card, theme.line)
        inner = box.adjusted(SPACE_16, 0, -SPACE_16, 0)
        if state.bed:
            paint_bed_mark(canvas, state.bed, QRectF(inner.left(), inner.center().y() - SIZE / 2, SIZE, SIZE))
        canvas.text(inner.adjusted(self._mark(state), 0, 0, 0), state.code, "code", theme.text)
        end = self._end(state, self.width())
        for at, row in enumerate(self._placed(state, self.width())):
            top = SPACE_8 + at * _ROW
            for left, fact in row:
                canvas.text(QRectF(left, top, end - left, 20), fact.label, "body", theme.quiet)
                canvas.text(QRectF(left, top + 22, end - left, 22), fact.value, "strong", theme.text)
        if state.clock:
            shift = 8 if state.clock_name else 0
            canvas.text(inner.adjusted(0, shift, 0, shift), state.clock, "clock", theme.text, RIGHT)
            if state.clock_name:
                name = QRectF(inner.left(), 3, inner.width(), 20)
                canvas.text(name, state.clock_name, "body", theme.quiet, RIGHT)
