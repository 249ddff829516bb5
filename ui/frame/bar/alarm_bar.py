"""The alarm bar: there only while an alarm stands; priority by colour and by triangles."""

from typing import Literal

import msgspec
from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.texts import Text, parts, say
from app.domain.watch.alarm_words import PRIORITY_NAMES
from app.domain.watch.priority import Priority
from ui.kit.canvas import Canvas
from ui.kit.labels_and_buttons import ElidedLabel, label
from ui.kit.look.tokens import RADIUS, SPACE_8, SPACE_16, TARGET, AlarmColours
from ui.kit.look_and_words import Kit

AlarmLook = Literal["high", "medium", "low"]
#: How each priority looks: its colours and triangles.
PRIORITIES: dict[Priority, AlarmLook] = {Priority.HIGH: "high", Priority.MEDIUM: "medium", Priority.LOW: "low"}
HEIGHT = 48
#: IEC 60601-1-8 table 2: time lit and dark, ms (2 Hz, 0.6 Hz; low stays lit)
_FLASH_MS = {"high": (250, 250), "medium": (850, 800)}
_TURN_MS = 3000
#: so long after another alarm came into the bar a press on it means the one before
SETTLES_MS = 500
_MARK, _EDGE = 96, 3
PRIORITY_WORDS: dict[AlarmLook, Text] = {look: PRIORITY_NAMES[priority] for priority, look in PRIORITIES.items()}


class AlarmState(msgspec.Struct, frozen=True):
    """`text` holds parameter, direction, value before and now, limit, for whom and for how long; `others` the others' texts.

    `acknowledged_by`: the name of who did; `is_gone`: its value is gone, and a person may reset it. `key`: which alarm
    of which bed it is.
    """

    priority: AlarmLook
    text: Text | str
    to_do: Text | str = ""
    others: tuple[Text | str, ...] = ()
    acknowledged_by: str | None = None
    is_gone: bool = False
    key: str = ""

    @property
    def is_acknowledged(self) -> bool:
        return self.acknowledged_by is not None


class AlarmBar(QWidget):
    """Hidden while its state is None. The triangles flash until the alarm is acknowledged; then the bar is an outline.

    Above, the most pressing alarm; below, what to do, who acknowledged it, and the others one after the other. `wraps`: narrower
    than the window, it grows in height rather than leave out a word.
    """

    acknowledge_pressed = Signal()
    reset_pressed = Signal()
    more_pressed = Signal()
    bed_pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None, wraps: bool = False) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: AlarmState | None = None
        self._lit = True
        self._turn = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._flash)
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._next_other)
        self._shown_for = QElapsedTimer()
        self.setMinimumHeight(HEIGHT)
        if not wraps:
            self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.text = label(kit, "", "title", wrap=True) if wraps else ElidedLabel(kit, "title")
        self.under = ElidedLabel(kit, "hint")
        self.acknowledge = self._button(say("Acknowledge"))
        self.reset = self._button(say("Reset"))
        self.more = self._button("")
        self._lay()
        self.acknowledge.clicked.connect(self._acknowledged)
        self.reset.clicked.connect(self._reset)
        self.more.clicked.connect(self.more_pressed)
        kit.look.changed.connect(self._colour)
        kit.words.changed.connect(self._name)
        self.hide()

    def _lay(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for line in (self.text, self.under):
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            lines.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARK, 2, SPACE_8, 2)
        row.setSpacing(SPACE_8)
        row.addLayout(lines, 1)
        for part in (self.acknowledge, self.reset, self.more):
            row.addWidget(part)

    def _button(self, text: Text | str) -> QPushButton:
        made = QPushButton()
        made.setFont(self.kit.look.font("strong"))
        made.setMinimumHeight(TARGET)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press takes the focus from no question that is open
        self.kit.words.bind(made, text=text, accessibleName=text)
        return made

    def set_state(self, state: AlarmState | None) -> None:
        if state == self._state:
            return
        before, self._state = self._state, state
        if state is not None and (before is None or before.key != state.key):
            self._shown_for.start()
        self.setVisible(state is not None)
        if state is None:
            self._timer.stop()
            self._turning.stop()
            return
        self.kit.words.bind(self.text, text=state.text, accessibleName=state.text)
        more = len(state.others)
        self.kit.words.bind(self.more, text=f"+{more}", accessibleName=say("{count} more alarms", count=more))
        self.more.setVisible(more > 0)
        self.acknowledge.setVisible(not state.is_acknowledged)
        self.reset.setVisible(state.is_gone)
        self._tell_under()
        self._name()
        if more and not self._turning.isActive():
            self._turning.start()
        if before is None or _look_of(before) != _look_of(state):
            self._colour()
            self._flash_on()

    def _is_settled(self) -> bool:
        """Whether what is shown stood long enough to be meant by a press; the second half of a double click is not."""
        return self._shown_for.hasExpired(SETTLES_MS)

    def _acknowledged(self) -> None:
        if self._is_settled():
            self.acknowledge_pressed.emit()

    def _reset(self) -> None:
        if self._is_settled():
            self.reset_pressed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The text leads to its bed."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.bed_pressed.emit()

    def _next_other(self) -> None:
        self._turn += 1
        self._tell_under()

    def _tell_under(self) -> None:
        state = self._state
        if state is None:
            return
        told: list[Text | str | None] = [state.to_do]
        if state.is_gone:
            told.append(say("value gone"))
        if state.acknowledged_by is not None:
            told.append(say("acknowledged by {name}", name=state.acknowledged_by))
        if state.others:
            at = self._turn % len(state.others)
            told.append(say("{n} of {m}: {what}", n=at + 2, m=len(state.others) + 1, what=state.others[at]))
        line = parts(*told)
        self.kit.words.bind(self.under, text=line, accessibleName=line)
        self.under.setVisible(any(told))

    def _flash_on(self) -> None:
        self._lit = True
        if self._state and not self._state.is_acknowledged and self._state.priority in _FLASH_MS:
            self._timer.start(_FLASH_MS[self._state.priority][0])
        else:
            self._timer.stop()
        self.update()

    def _flash(self) -> None:
        self._lit = not self._lit
        if self._state:
            self._timer.start(_FLASH_MS[self._state.priority][0 if self._lit else 1])
        self.update(0, 0, _MARK, self.height())

    def _alarm(self, state: AlarmState) -> AlarmColours:
        """An acknowledged one keeps its colour at its edge and in its triangles alone."""
        alarm = self.kit.look.theme.alarms[state.priority]
        if not state.is_acknowledged:
            return alarm
        return alarm._replace(ground=self.kit.look.theme.card, ink=self.kit.look.theme.text)

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
            f" border-radius: {RADIUS}px; padding: 0 16px; min-height: {TARGET - 4}px; }}"
            f"QPushButton:hover, QPushButton:focus {{ background: {alarm.ink}; color: {alarm.ground}; }}"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._state is None:
            return
        alarm, colour = self._alarm(self._state), self.kit.look.theme.alarms[self._state.priority].ground
        with Canvas(self, self.kit) as canvas:
            canvas.block(QRectF(self.rect()), colour)
            if self._state.is_acknowledged:
                canvas.block(QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), alarm.ground)
            step = 20
            left = SPACE_16 + (3 - alarm.triangles) * step / 2
            for at in range(alarm.triangles):
                box = QRectF(left + at * step, self.height() / 2 - 8, 17, 15)
                if self._lit and not self._state.is_acknowledged:
                    canvas.triangle(box, alarm.ink)
                else:
                    canvas.setPen(QPen(QColor(alarm.ink), 1))
                    canvas.setBrush(Qt.BrushStyle.NoBrush)
                    tip = QPointF(box.center().x(), box.top())
                    canvas.drawPolygon([box.bottomLeft(), box.bottomRight(), tip])


def _look_of(state: AlarmState) -> tuple[AlarmLook, bool]:
    return state.priority, state.is_acknowledged
