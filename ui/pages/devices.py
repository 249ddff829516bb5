"""The monitors that are read: port, state, ages, counts; connect another, or let one go."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from devices.link import LinkState, LinkStatus
from devices.models import MODELS
from ui.desk import Desk
from ui.look.tokens import SPACE_8
from ui.widgets.empty import Empty, EmptyState
from ui.widgets.parts import button, label
from ui.widgets.table import Column, Row, Table, TableState

_COLUMNS = (
    Column(say("Port"), 1.6, strong=True),
    Column(say("Monitor"), 1.8),
    Column(say("State"), 1.0),
    Column(say("Last byte"), 0.8),
    Column(say("Good records"), 0.8, right=True),
    Column(say("Bad records"), 0.8, right=True),
)

STATES: dict[LinkState, Text] = {
    LinkState.ABSENT: say("not there"),
    LinkState.OPENING: say("opening"),
    LinkState.LISTENING: say("listening"),
    LinkState.NEGOTIATING: say("asking"),
    LinkState.LIVE: say("live"),
    LinkState.STALE: say("silent"),
    LinkState.LOST: say("lost"),
}


class DevicesPage(QWidget):
    """Signals `connect_wanted`, `disconnect_wanted(port)`."""

    connect_wanted = Signal()
    disconnect_wanted = Signal(str)

    def __init__(self, desk: Desk, links: Callable[[], list[LinkStatus]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit, self._links = desk, desk.kit, links
        self.empty = Empty(self.kit)
        to_do = say("Plug in the monitor's serial cable, then choose its port and model.")
        self.empty.set_state(EmptyState(say("No monitor is connected"), to_do, say("Connect a monitor"), "devices"))
        self.empty.pressed.connect(self.connect_wanted)
        self.table = Table(self.kit, say("Devices"))
        self.hint = label(self.kit, "", "body", wrap=True)
        self.add = button(self.kit, say("Connect a monitor"), "primary")
        self.drop = button(self.kit, say("Disconnect"))
        self.add.clicked.connect(self.connect_wanted)
        self.drop.clicked.connect(self._drop)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.refresh)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(label(self.kit, say("Devices"), "title"))
        column.addWidget(self.table, 1)
        column.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.add, 2)
        row.addWidget(self.drop, 1)
        column.addLayout(row)
        return content

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        links, now = self._links(), self.desk.now()
        self.stack.setCurrentIndex(1 if links else 0)
        self.table.set_state(TableState(_COLUMNS, tuple(self._row(s, now) for s in links)))
        hints = [s.hint for s in links if s.hint is not None]
        self.kit.words.bind(self.hint, text=hints[0] if hints else "")

    def _row(self, status: LinkStatus, now: datetime) -> Row:
        age_s = status.byte_age_s(now)
        age = "—" if age_s is None else self.kit.words.catalogue.age(age_s)
        model = say("{label} · simulated", label=MODELS[status.protocol].label)
        name = model if status.simulated else MODELS[status.protocol].label
        return Row(status.port, (status.port, name, STATES[status.state], age, str(status.good), str(status.bad)))

    def _drop(self) -> None:
        chosen = self.table.current()
        if chosen:
            self.disconnect_wanted.emit(chosen)
