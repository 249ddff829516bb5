"""The practice tour's small card: what to see, what to do. It floats over the trend and never over what is pressed."""

import msgspec
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.rail import WIDTH
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

_WIDE, _LEFT, _ABOVE_DOCK = 540, WIDTH + 24, 164


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
        self.leave, self.again, self.next = button(kit, say("Leave the tour")), button(kit, say("Again")), button(kit, say("Next"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.again)
        row.addWidget(self.next)
        self.body.addLayout(row)
        self.leave.clicked.connect(self.leave_pressed)
        self.again.clicked.connect(self.again_pressed)
        self.next.clicked.connect(self.next_pressed)
        self.setFixedWidth(_WIDE)
        window.installEventFilter(self)
        self.hide()

    _state: TourCardState | None

    def set_state(self, state: TourCardState | None) -> None:
        self.setVisible(state is not None)
        if state is None or state == self._state:
            return
        self._state = state
        words = self.kit.words
        for part, text in ((self.head, state.head), (self.title, state.title), (self.see, state.see), (self.do, state.do),
                           (self.note, state.note)):  # fmt: skip
            words.bind(part, text=text)
            part.setVisible(bool(text))
        words.bind(self, accessibleName=state.title)
        self.again.setVisible(state.is_over)
        self.next.setHidden(state.is_over)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """Above the dock, at the left."""
        window = self.parentWidget()
        if window is not None:
            self.setFixedHeight(max(1, self.body.totalHeightForWidth(_WIDE)))
            self.move(_LEFT, max(0, window.height() - self.height() - _ABOVE_DOCK))
            self.raise_()
