"""One group of the 3 + 3: a slot a subject, its DLT window as a bar that fills."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from app.domain.trial.board_columns import BoardPlace, GroupColumn
from app.domain.trial.enrolled import DltStatus
from ui.kit.canvas import RIGHT, Canvas
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

_HEAD = 34
_SLOT = 25
_FOOT = 28
_BAR = 9
#: more do not fit beside the lists below
MOST_SLOTS = 6


class GroupCard(Painted[GroupColumn]):
    """`rows`: how many slots there is room for, the same on all cards of the board."""

    rows = 3

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rows(self, rows: int) -> None:
        self.rows = rows
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(300, _HEAD + self.rows * _SLOT + _FOOT + SPACE_8)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self.sizeHint().height())

    def spoken(self, state: GroupColumn) -> str:
        shown = self.kit.words.shown
        slots = "; ".join(f"{slot.subject or '—'}: {shown(slot.words)}" for slot in state.slots)
        return f"{state.group}. {shown(self._doses(state))}. {slots}. {shown(state.said)}"

    @staticmethod
    def _doses(state: GroupColumn) -> Text:
        return say("1 dose") if state.doses == 1 else say("{n} doses, weekly", n=state.doses)

    def draw(self, canvas: Canvas, state: GroupColumn) -> None:
        theme = canvas.theme
        box = QRectF(0, 0, self.width(), self.height())
        canvas.block(box, theme.card, theme.line)
        inner = box.adjusted(SPACE_16, 0, -SPACE_16, 0)
        canvas.text(QRectF(inner.left(), 2, 60, _HEAD), state.group, "code", theme.text)
        canvas.text(QRectF(inner.left() + 60, 2, inner.width() - 60, _HEAD), self._doses(state), "body", theme.quiet, RIGHT)
        shown = state.slots[: self.rows]
        for at, slot in enumerate(shown):
            self._slot(canvas, slot, QRectF(inner.left(), _HEAD + at * _SLOT, inner.width(), _SLOT))
        left_out = len(state.slots) - len(shown)
        more = say("{said} And {n} more.", said=state.said, n=left_out) if left_out else state.said
        foot = QRectF(inner.left(), _HEAD + self.rows * _SLOT + 2, inner.width(), _FOOT)
        canvas.text(foot, more, "strong", theme.text, may_elide=True)

    def _slot(self, canvas: Canvas, slot: BoardPlace, row: QRectF) -> None:
        theme = canvas.theme
        name = row.width() * 0.27
        said = max(canvas.width_of(slot.words, "body") + 2, row.width() * 0.3)
        canvas.text(QRectF(row.left(), row.top(), name - SPACE_8, _SLOT), slot.subject or "—", "strong", theme.text, may_elide=True)
        canvas.text(QRectF(row.right() - said, row.top(), said, _SLOT), slot.words, "body", theme.quiet, RIGHT)
        track = QRectF(row.left() + name, row.center().y() - _BAR / 2, row.width() - name - said - SPACE_8, _BAR)
        canvas.block(track, theme.sunken, theme.line, radius=4)
        if slot.share and slot.standing is not DltStatus.REPLACED:
            ink = theme.text if slot.standing is DltStatus.DLT else theme.accent
            canvas.block(QRectF(track.left(), track.top(), track.width() * float(slot.share), _BAR), ink, radius=4)
