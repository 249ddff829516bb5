"""The practice tour's small card: what to see, what to do. It floats over the trend and never over what is pressed.

Beside an open question there is room for what to do alone, left of Reaction.
"""

import msgspec
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.rail import WIDTH
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

_WIDE, _LEFT, _ABOVE_DOCK = 540, WIDTH + 24, 164
_NARROW, _BELOW = 300, 10


class TourCardState(msgspec.Struct, frozen=True):
    """`do` is empty until it is the person's turn; `note`: what the tour waits for meanwhile. `is_over`: it may begin again."""

    head: Text
    title: Text
    see: Text | str = ""
    do: Text | str = ""
    note: Text | str = ""
    is_over: bool = False


class TourCard(Card):
    """Signals `next_pressed`, `leave_pressed`, `again_pressed`. Hidden while its state is None."""

    next_pressed = Signal()
    leave_pressed = Signal()
    again_pressed = Signal()

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__(kit, raised=True)
        self.kit, self._state = kit, None
        self.setParent(window)
        self.head, self.title = label(kit, "", "hint", "quiet"), label(kit, "", "title")
        self.see, self.do = label(kit, "", "body", wrap=True), label(kit, "", "strong", "accent", wrap=True)
        self.note = label(kit, "", "body", "quiet", wrap=True)
        for part in (self.head, self.title, self.see, self.do, self.note):
            self.body.addWidget(part)
        self._buttons = QWidget()
        self.leave, self.again, self.next = button(kit, say("Leave the tour")), button(kit, say("Again")), button(kit, say("Next"))
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.again)
        row.addWidget(self.next)
        self.body.addWidget(self._buttons)
        self.leave.clicked.connect(self.leave_pressed)
        self.again.clicked.connect(self.again_pressed)
        self.next.clicked.connect(self.next_pressed)
        window.installEventFilter(self)
        self._is_beside = False
        self.hide()

    _state: TourCardState | None

    def stand_beside(self, asked: bool) -> None:
        """A question is open, or none is any more."""
        self._is_beside = asked
        self._show()

    def set_state(self, state: TourCardState | None) -> None:
        self.setVisible(state is not None)
        if state is None or state == self._state:
            return
        self._state = state
        words = self.kit.words
        for part, text in self._said(state):
            words.bind(part, text=text)
        words.bind(self, accessibleName=state.title)
        self.again.setVisible(state.is_over)
        self.next.setHidden(state.is_over)
        self._show()

    def _said(self, state: TourCardState) -> tuple[tuple[QLabel, Text | str], ...]:
        return (
            (self.head, state.head), (self.title, state.title), (self.see, state.see), (self.do, state.do), (self.note, state.note),
        )  # fmt: skip

    def _show(self) -> None:
        state = self._state
        if state is None:
            return
        for part, text in self._said(state):
            part.setVisible(bool(text) and (not self._is_beside or part in (self.title, self.do)))
        self._buttons.setHidden(self._is_beside)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """Above the dock, at the left; beside a question in the dock's place."""
        window = self.parentWidget()
        if window is not None:
            wide, above = (_NARROW, _BELOW) if self._is_beside else (_WIDE, _ABOVE_DOCK)
            layout = self.body
            high = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
            self.setFixedSize(wide, high)
            self.move(_LEFT, max(0, window.height() - self.height() - above))
            self.raise_()
