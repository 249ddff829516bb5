"""The Devices page: every port, the monitor on it, its values, its raw bytes, its wiring; connect, let go, replay."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from app.jobs.play_recording import play_recording
from app.services.placements import AS_DELIVERED, PlacedHow
from devices.discovery import Port
from devices.link import LinkStatus, PortSettings
from devices.models import MODELS
from devices.recording import is_sealed
from ui.devices import view
from ui.devices.placed_question import ask_how_read
from ui.devices.port_detail import DeviceDetail
from ui.frame.desk import Desk
from ui.frame.pages import Later, Page, Piece, at_once
from ui.frame.shell import choose_file
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.table import Table, TableLine, TableState
from ui.questions.watching import Placed, PortTester, ask_monitor, ask_sources

#: Looking for them takes a while.
_LISTED_FOR = timedelta(seconds=3)


class Ports(Protocol):
    """What the page is told of the ports."""

    def links(self) -> list[LinkStatus]: ...

    def heard(self, port: str) -> view.PortHeard: ...

    def beds(self) -> Mapping[str, str]:
        """Port → the beds that take values from it."""

    def listed(self) -> Sequence[Port]:
        """The machine's own ports."""


class Placing(Protocol):
    """Which monitor stands at which bed, and how that is changed."""

    def placed(self) -> Placed:
        """Bed → its monitors' ports and protocols, the first first."""

    def preferred(self) -> Mapping[str, Mapping[str, str]]:
        """Bed → vital sign → the port that comes first for it."""

    def how(self, url: str, /) -> PlacedHow: ...

    def place(self, url: str, protocol: str, bed: str, line: PortSettings | None, choices: Sequence[str], /) -> None: ...

    def change(self, url: str, line: PortSettings | None, choices: Sequence[str], /) -> None: ...

    def let_in(self, url: str, address: str, /) -> None: ...

    def prefer(self, bed: str, key: str, url: str | None, /) -> None: ...

    def remove(self, url: str, /) -> None: ...


class DevicesPage(Page):
    """`placing` None: monitors come and go by themselves, as in practice. `raw_folder`: where recordings lie."""

    def __init__(
        self,
        desk: Desk,
        ports: Ports,
        placing: Placing | None,
        port_test: PortTester,
        raw_folder: Path,
        later: Later = at_once,
    ) -> None:
        super().__init__()
        self.desk, self.kit, self._ports, self._placing = desk, desk.kit, ports, placing
        self._port_test, self._raw_folder = port_test, raw_folder
        self._listed: Sequence[Port] = ()
        self._listed_at: datetime | None = None
        self._own_choice = ""
        self.empty = EmptyPage(self.kit)
        to_do = say("Plug in the monitor's serial cable, then choose its port and model.")
        self.empty.set_state(EmptyState(say("No monitor is connected"), to_do, say("Connect a monitor"), "devices"))
        self.empty.pressed.connect(lambda: self._ask_monitor(""))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        content = QWidget()
        self.stack.addWidget(content)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_8)
        later(self._put_table)
        later(self._put_detail)
        later(self._put_buttons)

    def _put_table(self) -> None:
        self.table = Table(self.kit, say("Devices"))
        self.table.chosen.connect(self.refresh)
        self._column.addWidget(label(self.kit, say("Devices"), "title"))
        self._column.addWidget(self.table, 2)

    def _put_detail(self) -> None:
        self.detail = DeviceDetail(self.kit)
        self.detail.let_in.clicked.connect(self._let_in)
        self._column.addWidget(self.detail, 3)

    def _put_buttons(self) -> None:
        self._column.addLayout(self._buttons())
        self.desk.looked.connect(self._looked)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.add, self.sources = self._button(say("Connect a monitor"), "primary"), self._button(say("Which monitor for what"))
        self.how = self._button(say("Line and choices"))
        self.replay, self.drop = self._button(say("Play a recording")), self._button(say("Disconnect"))
        pressed: tuple[tuple[QPushButton, Callable[[], None], int], ...] = (
            (self.add, self._connect, 3), (self.how, self._change_how, 2), (self.sources, self._choose_sources, 2),
            (self.replay, self._replay, 2), (self.drop, self._drop, 1),
        )  # fmt: skip
        for made, call, share in pressed:
            made.clicked.connect(lambda _checked=False, call=call: call())
            row.addWidget(made, share)
        return row

    def _button(self, text: Text, role: str = "secondary") -> QPushButton:
        return button(self.kit, text, role)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def ahead(self) -> Sequence[Piece]:
        return (self.refresh,)

    def _looked(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self, _chosen: str = "") -> None:
        now = self.desk.now()
        if self._listed_at is None or now - self._listed_at >= _LISTED_FOR:
            self._listed, self._listed_at = self._ports.listed(), now
        links, words = self._ports.links(), self.kit.words.catalogue
        self.stack.setCurrentIndex(1 if links or self._listed else 0)
        rows = view.port_rows(links, self._listed, self._ports.beds(), now, words)
        self.table.set_state(TableState(view.COLUMNS, rows))
        self._choose_itself(rows, {status.port for status in links})
        chosen = self._chosen_link(links)
        self.drop.setEnabled(chosen is not None and self._placing is not None)
        self.add.setEnabled(self._placing is not None)
        self.sources.setEnabled(self._placing is not None)
        self.how.setEnabled(self._placing is not None and chosen is not None and chosen.protocol in MODELS)
        self.detail.offer(chosen.stranger if chosen and self._placing else "")
        how = self._placing.how(chosen.port) if chosen and self._placing else AS_DELIVERED
        self.detail.show_port(chosen, self._ports.heard(chosen.port) if chosen else view.PortHeard(), now, how.choices)

    def _choose_itself(self, rows: Sequence[TableLine], read: set[str]) -> None:
        """The first port until somebody chooses; one that nobody chose makes room for a monitor that comes later."""
        current = self.table.current()
        if rows and (not current or (current == self._own_choice and current not in read and read)):
            self._own_choice = rows[0].key
            self.table.choose(self._own_choice)

    def _chosen_link(self, links: Sequence[LinkStatus]) -> LinkStatus | None:
        return next((status for status in links if status.port == self.table.current()), None)

    def _connect(self) -> None:
        free = {port.name for port in self._listed} - {status.port for status in self._ports.links()}
        chosen = self.table.current()
        self._ask_monitor(chosen if chosen in free else "")

    def _ask_monitor(self, port: str) -> None:
        if self._placing is not None:
            ask_monitor(self.desk, self._ports.listed(), port, self._port_test, self._place, self)

    def _place(self, url: str, protocol: str, bed: str, line: PortSettings | None, choices: Sequence[str]) -> None:
        """What was just connected is what is looked at next."""
        if self._placing is not None:
            self._placing.place(url, protocol, bed, line, choices)
            self.refresh()
            self.table.choose(url)

    def _change_how(self) -> None:
        chosen = self._chosen_link(self._ports.links())
        if chosen is not None and self._placing is not None:
            ask_how_read(self.desk, chosen, self._placing.how(chosen.port), self._placing.change, self)

    def _let_in(self) -> None:
        chosen = self._chosen_link(self._ports.links())
        if chosen is not None and chosen.stranger and self._placing is not None:
            self._placing.let_in(chosen.port, chosen.stranger)
            self.refresh()

    def _choose_sources(self) -> None:
        placing = self._placing
        if placing is not None:
            ask_sources(self.desk, placing.placed(), placing.preferred(), placing.prefer, self)

    def _replay(self) -> None:
        """In a window of its own, so that the ward's own store never sees it."""
        file = choose_file(self, self.kit.words.tr(say("Play a recording")), self._raw_folder, "*.raw.*")
        if file is not None and is_sealed(file):
            how = f'bedside replay "{file}" --recovery-key FILE'
            self.desk.tell(say("{file} is encrypted like its record: it plays with the recovery key.", file=file.name), to_do=how)
        elif file is not None:
            play_recording(file)

    def _drop(self) -> None:
        if self._placing is not None and self.table.current():
            self._placing.remove(self.table.current())
