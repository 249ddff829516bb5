"""A checklist: under each heading its points in a flow, each with a mark for passed, failed or not yet known."""

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy

from app.domain.texts import Text, say
from ui.kit.canvas import Canvas
from ui.kit.look.tokens import SPACE_4, SPACE_16, SPACE_24
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

_LINE = 25
_MARK = 20
_SPOKEN = {True: say("passed"), False: say("not passed"), None: say("not entered")}


class ChecklistPoint(msgspec.Struct, frozen=True):
    """`passed` is None for what nobody has entered yet."""

    text: Text | str
    passed: bool | None


class ChecklistGroup(msgspec.Struct, frozen=True):
    """`beside` stands on the title's own line, `items` below it."""

    title: Text | str
    beside: ChecklistPoint
    items: tuple[ChecklistPoint, ...]


class ChecklistState(msgspec.Struct, frozen=True):
    rows: tuple[ChecklistGroup, ...] = ()


class Checklist(Painted[ChecklistState]):
    """As high as its flow needs at the width it gets."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(600, self.heightForWidth(max(600, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(300, self.width())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = self.state.rows if self.state else ()
        return sum(_LINE * (1 + len(self._flow(row, width))) + SPACE_4 for row in rows) - (SPACE_4 if rows else 0)

    def spoken(self, state: ChecklistState) -> str:
        shown = self.kit.words.shown
        rows = (
            f"{shown(row.title)}: " + ", ".join(f"{shown(i.text)} {shown(_SPOKEN[i.passed])}" for i in (row.beside, *row.items))
            for row in state.rows
        )
        return "; ".join(rows)

    def _wanted(self, item: ChecklistPoint) -> float:
        role = "body" if item.passed else "strong"
        return _MARK + SPACE_4 + self.kit.look.metrics(role).horizontalAdvance(self.kit.words.shown(item.text))

    def _gap(self, row: ChecklistGroup, width: float) -> int:
        """px between the items: they stand closer where that spares a second line."""
        all_items = sum(map(self._wanted, row.items))
        free = (width - all_items) / max(1, len(row.items) - 1)
        return SPACE_16 if SPACE_16 <= free < SPACE_24 else SPACE_24

    def _flow(self, row: ChecklistGroup, width: float) -> list[list[ChecklistPoint]]:
        """The items line by line."""
        lines: list[list[ChecklistPoint]] = [[]]
        left, gap = 0.0, self._gap(row, width)
        for item in row.items:
            wanted = self._wanted(item)
            if lines[-1] and left + wanted > width:
                lines.append([])
                left = 0.0
            lines[-1].append(item)
            left += wanted + gap
        return lines

    def draw(self, canvas: Canvas, state: ChecklistState) -> None:
        top = 0.0
        for row in state.rows:
            width = canvas.text(QRectF(0, top, self.width(), _LINE), row.title, "strong", canvas.theme.text)
            gap = self._gap(row, self.width())
            self._line(canvas, [row.beside], top, gap, width + SPACE_24)
            for line in self._flow(row, self.width()):
                top += _LINE
                self._line(canvas, line, top, gap)
            top += _LINE + SPACE_4

    def _line(self, canvas: Canvas, items: list[ChecklistPoint], top: float, gap: int, left: float = 0.0) -> None:
        for item in items:
            self._mark(canvas, item, QRectF(left, top, _MARK, _LINE))
            wanted = self._wanted(item)
            box = QRectF(left + _MARK + SPACE_4, top, wanted - _MARK - SPACE_4 + gap, _LINE)
            ink = canvas.theme.quiet if item.passed is None else canvas.theme.text
            canvas.text(box, item.text, "body" if item.passed else "strong", ink)
            left += wanted + gap

    def _mark(self, canvas: Canvas, item: ChecklistPoint, box: QRectF) -> None:
        square = QRectF(box.center().x() - 8, box.center().y() - 8, 16, 16)
        if item.passed is None:
            canvas.block(square, canvas.theme.card, canvas.theme.edge, radius=4, pen=1.5)
            return
        canvas.icon(square, "check" if item.passed else "close", canvas.theme.accent if item.passed else canvas.theme.text)
