"""Every alarm that is active now: acknowledge each, or go to its bed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.texts import say
from app.domain.watch.active_alarm import ActiveAlarm
from ui.ask.question import Question
from ui.frame.bar.alarm_bar import AlarmBar, AlarmState
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8

Shown = Sequence[tuple[ActiveAlarm, AlarmState]]


class AlarmList(Question):
    """Stays true while it is open: `show_alarms` is called whenever the frame is. Nothing here stops a clock."""

    acknowledged = Signal(object)
    reset = Signal(object)
    bed_wanted = Signal(str)
    shows_alarm = False

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, say("Active alarms"), say("Close"), parent, width=960)
        self.cancel.hide()
        self.confirmed.connect(self.accept)
        self.none = label(self.kit, say("No alarm is active any more."), "body")
        self.body.addWidget(self.none)
        self.bars: list[AlarmBar] = []
        self._rows: list[QWidget] = []
        self._alarms: list[ActiveAlarm] = []
        self.body.addStretch(1)

    def show_alarms(self, shown: Shown) -> None:
        alarms = [alarm for alarm, _ in shown]
        if [_key(a) for a in alarms] != [_key(a) for a in self._alarms]:
            self._lay_rows(alarms)
        self._alarms = alarms
        for bar, (_, state) in zip(self.bars, shown, strict=True):
            bar.set_state(state)
        self.none.setVisible(not alarms)

    def _lay_rows(self, alarms: Sequence[ActiveAlarm]) -> None:
        for row in self._rows:
            row.deleteLater()
        self.bars = [AlarmBar(self.kit, wraps=True) for _ in alarms]
        self._rows = [self._row(at, bar, alarm) for at, (bar, alarm) in enumerate(zip(self.bars, alarms, strict=True))]

    def _row(self, at: int, bar: AlarmBar, alarm: ActiveAlarm) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        go = button(self.kit, say("Go to the bed"))
        go.setObjectName("go")
        bar.acknowledge_pressed.connect(lambda: self.acknowledged.emit(self._alarms[at]))
        bar.reset_pressed.connect(lambda: self.reset.emit(self._alarms[at]))
        go.clicked.connect(lambda: self._go(alarm.infusion_id))
        row.addWidget(bar, 1)
        row.addWidget(go)
        self.body.insertWidget(at, made)
        return made

    def _go(self, infusion_id: str) -> None:
        self.accept()
        self.bed_wanted.emit(infusion_id)


def _key(alarm: ActiveAlarm) -> tuple[str, str]:
    return alarm.infusion_id, alarm.key
