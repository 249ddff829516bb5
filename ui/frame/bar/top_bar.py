"""The top bar: mark, ward, what is due next, clock, sound, monitor, language, person, lock."""

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.kit.chip import Chip, ChipState
from ui.kit.labels_and_buttons import ElidedLabel, label
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit

from .due_pill import DuePill, DueState

HEIGHT = 52


class TopBarState(msgspec.Struct, frozen=True):
    """Everything in the bar; `clock` as HH:MM:SS."""

    ward: Text | str
    clock: str
    due: DueState = DueState()
    sound: ChipState = ChipState(say("Sound untested"), "sound-on")
    monitor: ChipState = ChipState(say("No monitor"), dot="none")
    person: ChipState | None = None


class TopBar(QWidget):
    """52 px high. When narrow it drops the ward, then the chips' words, never the clock or what is due."""

    due_pressed = Signal()
    more_pressed = Signal()
    sound_pressed = Signal()
    monitor_pressed = Signal()
    language_pressed = Signal()
    person_pressed = Signal()
    lock_pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: TopBarState | None = None
        self.setFixedHeight(HEIGHT)
        self.mark = label(kit, "● Bedside", "title", "accent")
        self.ward = ElidedLabel(kit, "body", "quiet")
        self.due = DuePill(kit)
        self.more = Chip(kit)
        self.more.hide()
        self.clock = label(kit, "", "title")
        self.sound, self.monitor, self.language, self.person, self.lock = (Chip(kit) for _ in range(5))
        self.language.set_state(ChipState("/ EN", "language", more=say("Change the language")))
        self.lock.set_state(ChipState(say("Lock F12"), "lock", more=say("Lock the screen (F12)")))
        self.person.hide()
        self._lay_out()
        for source, signal in (
            (self.due, self.due_pressed),
            (self.more, self.more_pressed),
            (self.sound, self.sound_pressed),
            (self.monitor, self.monitor_pressed),
            (self.language, self.language_pressed),
            (self.person, self.person_pressed),
            (self.lock, self.lock_pressed),
        ):
            source.clicked.connect(signal)
        kit.look.changed.connect(self.update)
        kit.words.changed.connect(self._fit)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_16, 0, SPACE_16, 0)
        row.setSpacing(SPACE_8)
        self.ward.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(self.mark)
        row.addSpacing(SPACE_8)
        row.addWidget(self.ward)
        row.addStretch(1)
        row.addWidget(self.due, 0, Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.more)
        row.addStretch(1)
        row.addWidget(self.clock)
        row.addSpacing(SPACE_8)
        for chip in self._chips():
            row.addWidget(chip)

    def _chips(self) -> tuple[Chip, ...]:
        return self.sound, self.monitor, self.language, self.person, self.lock

    def set_state(self, state: TopBarState) -> None:
        if state == self._state:
            return
        first = self._state is None or msgspec.structs.replace(state, clock=self._state.clock) != self._state
        self._state = state
        self.kit.words.bind(self.clock, text=state.clock)
        if first:
            self._rest(state)

    def _rest(self, state: TopBarState) -> None:
        self.kit.words.bind(self.ward, text=state.ward)
        self.due.set_state(state.due)
        self.more.set_state(ChipState(say("+{n} due", n=state.due.more), more=say("Show all that is due")))
        self.more.setVisible(state.due.more > 0)
        self.sound.set_state(state.sound)
        self.monitor.set_state(state.monitor)
        if state.person:
            self.person.set_state(state.person)
        self.person.setVisible(state.person is not None)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT)

    def _fit(self) -> None:
        """Drop what matters least until the rest fits; what gave way to something that is dropped itself comes back."""
        for chip in self._chips():
            chip.set_bare(False)
        self.ward.setVisible(self._fits())
        least_first = (self.lock, self.person, self.sound, self.monitor)
        for chip in least_first:
            chip.set_bare(not self._fits())
        for chip in reversed(least_first):
            if chip.is_bare:
                chip.set_bare(False)
                chip.set_bare(not self._fits())
        if self.ward.isHidden():
            self.ward.show()
            self.ward.setVisible(self._fits())
        self.mark.setVisible(self._fits() or self.width() > 900)

    def _fits(self) -> bool:
        return self._needed(self.ward) <= self.width()

    def _needed(self, ward: QLabel) -> int:
        shown = [chip.sizeHint().width() + SPACE_8 for chip in self._chips() if not chip.isHidden()]
        fixed = self.mark.sizeHint().width() + self.clock.sizeHint().width() + 2 * SPACE_16 + 5 * SPACE_8
        name = 0 if ward.isHidden() else ward.sizeHint().width() + SPACE_8
        more = 0 if self.more.isHidden() else self.more.sizeHint().width() + SPACE_8
        return sum(shown) + fixed + name + more + self.due.full_width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        theme = self.kit.look.theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.card)
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line)
