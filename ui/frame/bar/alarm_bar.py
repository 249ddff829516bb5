"""The alarm bar: there only while something is active; priority by colour and by triangles."""

from typing import Literal

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.domain.texts import Text, say
from app.domain.watch.priority import Priority
from ui.kit.canvas import Canvas
from ui.kit.labels_and_buttons import ElidedLabel
from ui.kit.look.tokens import RADIUS, SPACE_8, SPACE_16, TARGET, AlarmColours
from ui.kit.look_and_words import Kit

AlarmLook = Literal["high", "medium", "low"]
#: How each priority looks: its colours and triangles.
PRIORITIES: dict[Priority, AlarmLook] = {Priority.HIGH: "high", Priority.MEDIUM: "medium", Priority.LOW: "low"}
HEIGHT = 48
#: IEC 60601-1-8 table 2: time lit and dark, ms (2 Hz, 0.6 Hz; low stays lit)
_FLASH_MS = {"high": (250, 250), "medium": (850, 800)}
PRIORITY_WORDS: dict[AlarmLook, Text] = {
    "high": say("High priority"), "medium": say("Medium priority"), "low": say("Low priority"),
}  # fmt: skip


class AlarmState(msgspec.Struct, frozen=True):
    """`text` holds parameter, direction, value, limit and since when; `more` counts the others."""

    priority: AlarmLook
    text: Text | str
    more: int = 0
    acknowledged: bool = False


class AlarmBar(QWidget):
    """Hidden while its state is None. The triangles flash until the alarm is acknowledged."""

    acknowledge_pressed = Signal()
    more_pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: AlarmState | None = None
        self._lit = True
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._flash)
        self.setFixedHeight(HEIGHT)
        self.text = ElidedLabel(kit, "strong")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.acknowledge = self._button(say("Acknowledge"))
        self.more = self._button("")
        row = QHBoxLayout(self)
        row.setContentsMargins(96, 2, SPACE_8, 2)
        row.setSpacing(SPACE_8)
        for part in (self.text, self.acknowledge, self.more):
            row.addWidget(part)
        self.acknowledge.clicked.connect(self.acknowledge_pressed)
        self.more.clicked.connect(self.more_pressed)
        kit.look.changed.connect(self._colour)
        kit.words.changed.connect(self._name)
        self.hide()

    def _button(self, text: Text | str) -> QPushButton:
        made = QPushButton()
        made.setFont(self.kit.look.font("strong"))
        made.setMinimumHeight(TARGET)
        self.kit.words.bind(made, text=text, accessibleName=text)
        return made

    def set_state(self, state: AlarmState | None) -> None:
        if state == self._state:
            return
        self._state = state
        self.setVisible(state is not None)
        if state is None:
            self._timer.stop()
            return
        self.kit.words.bind(self.text, text=state.text, accessibleName=state.text)
        self.kit.words.bind(self.more, text=f"+{state.more}", accessibleName=say("{count} more alarms", count=state.more))
        self.more.setVisible(state.more > 0)
        self.acknowledge.setVisible(not state.acknowledged)
        self._colour()
        self._name()
        self._flash_on()

    def _flash_on(self) -> None:
        self._lit = True
        if self._state and not self._state.acknowledged and self._state.priority in _FLASH_MS:
            self._timer.start(_FLASH_MS[self._state.priority][0])
        else:
            self._timer.stop()
        self.update()

    def _flash(self) -> None:
        self._lit = not self._lit
        if self._state:
            self._timer.start(_FLASH_MS[self._state.priority][0 if self._lit else 1])
        self.update(0, 0, 96, HEIGHT)

    def _alarm(self, state: AlarmState) -> AlarmColours:
        return self.kit.look.theme.alarms[state.priority]

    def _name(self) -> None:
        if self._state:
            shown = self.kit.words.shown
            self.setAccessibleName(f"{shown(PRIORITY_WORDS[self._state.priority])}: {shown(self._state.text)}")

    def _colour(self) -> None:
        if self._state is None:
            return
        alarm = self._alarm(self._state)
        self.setStyleSheet(
            f"QLabel {{ color: {alarm.ink}; }}"
            f"QPushButton {{ background: transparent; color: {alarm.ink}; border: 2px solid {alarm.ink};"
            f" border-radius: {RADIUS}px; margin: 5px 0; padding: 0 16px; min-height: 26px; }}"
            f"QPushButton:hover, QPushButton:focus {{ background: {alarm.ink}; color: {alarm.ground}; }}"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._state is None:
            return
        alarm = self._alarm(self._state)
        with Canvas(self, self.kit) as canvas:
            canvas.block(QRectF(self.rect()), alarm.ground)
            step = 20
            left = SPACE_16 + (3 - alarm.triangles) * step / 2
            for at in range(alarm.triangles):
                box = QRectF(left + at * step, HEIGHT / 2 - 8, 17, 15)
                if self._lit:
                    canvas.triangle(box, alarm.ink)
                else:
                    canvas.setPen(QPen(QColor(alarm.ink), 1))
                    canvas.setBrush(Qt.BrushStyle.NoBrush)
                    tip = QPointF(box.center().x(), box.top())
                    canvas.drawPolygon([box.bottomLeft(), box.bottomRight(), tip])
