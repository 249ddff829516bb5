"""The Devices page: every port, the monitor on it, its values, its raw bytes, its wiring; connect, let go, replay."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from devices.discovery import Port
from devices.link import LinkStatus
from ui.devices import view
from ui.devices.port_detail import DeviceDetail
from ui.frame.desk import Desk
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.table import Table, TableState

_EVERY_MS = 1000
_PORTS_EVERY = 3


class Ports(Protocol):
    """What the page is told of the ports."""

    def links(self) -> list[LinkStatus]: ...

    def heard(self, port: str) -> view.PortHeard: ...

    def beds(self) -> Mapping[str, str]:
        """Port → the beds that take values from it."""

    def listed(self) -> Sequence[Port]:
        """The machine's own ports."""


class DevicesPage(QWidget):
    """Signals `connect_wanted(port)`, `disconnect_wanted(port)`, `sources_wanted()`, `replay_wanted()`."""

    connect_wanted = Signal(str)
    disconnect_wanted = Signal(str)
    sources_wanted = Signal()
    replay_wanted = Signal()

    def __init__(self, desk: Desk, ports: Ports, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit, self._ports = desk, desk.kit, ports
        self._listed: Sequence[Port] = ()
        self._turns = 0
        self.empty = EmptyPage(self.kit)
        to_do = say("Plug in the monitor's serial cable, then choose its port and model.")
        self.empty.set_state(EmptyState(say("No monitor is connected"), to_do, say("Connect a monitor"), "devices"))
        self.empty.pressed.connect(lambda: self.connect_wanted.emit(""))
        self.table = Table(self.kit, say("Devices"))
        self.table.chosen.connect(self.refresh)
        self.detail = DeviceDetail(self.kit)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.refresh)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(label(self.kit, say("Devices"), "title"))
        column.addWidget(self.table, 2)
        column.addWidget(self.detail, 3)
        column.addLayout(self._buttons())
        return content

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.add, self.sources = self._button(say("Connect a monitor"), "primary"), self._button(say("Which monitor for what"))
        self.replay, self.drop = self._button(say("Play a recording")), self._button(say("Disconnect"))
        pressed: tuple[Callable[[], None], ...] = (self._connect, self.sources_wanted.emit, self.replay_wanted.emit, self._drop)
        for made, call, share in zip((self.add, self.sources, self.replay, self.drop), pressed, (3, 2, 2, 1), strict=True):
            made.clicked.connect(lambda _checked=False, call=call: call())
            row.addWidget(made, share)
        return row

    def _button(self, text: Text, role: str = "secondary") -> QPushButton:
        return button(self.kit, text, role)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._turns = 0
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self, _chosen: str = "") -> None:
        if self._turns % _PORTS_EVERY == 0:
            self._listed = self._ports.listed()
        self._turns += 1
        links, now, words = self._ports.links(), self.desk.now(), self.kit.words.catalogue
        self.stack.setCurrentIndex(1 if links or self._listed else 0)
        rows = view.port_rows(links, self._listed, self._ports.beds(), now, words)
        self.table.set_state(TableState(view.COLUMNS, rows))
        if rows and not self.table.current():
            self.table.choose(rows[0].key)
        chosen = next((status for status in links if status.port == self.table.current()), None)
        self.drop.setEnabled(chosen is not None and not self.desk.practice)
        self.add.setEnabled(not self.desk.practice)
        self.sources.setEnabled(not self.desk.practice)
        self.detail.show_port(chosen, self._ports.heard(chosen.port) if chosen else view.PortHeard(), now)

    def _connect(self) -> None:
        free = {port.name for port in self._listed} - {status.port for status in self._ports.links()}
        chosen = self.table.current()
        self.connect_wanted.emit(chosen if chosen in free else "")

    def _drop(self) -> None:
        if self.table.current():
            self.disconnect_wanted.emit(self.table.current())
