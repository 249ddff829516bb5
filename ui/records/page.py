"""All infusions of this store, and their records as files."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion.phases import PHASE_NAMES, Phase
from app.domain.people.roles import CLINICAL
from app.domain.texts import Text, say
from ui.frame.desk import Desk
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.progress import Progress, ProgressState
from ui.kit.table import Column, Table, TableRow, TableState

_COLUMNS = (
    Column(say("Subject"), 1.2, strong=True),
    Column(say("Group"), 1.0),
    Column(say("Bed"), 0.6),
    Column(say("Started"), 1.4),
    Column(say("Given volume"), 1.2),
    Column(say("State"), 1.2),
)


class RecordRow(msgspec.Struct, frozen=True):
    """One infusion of the store; ml as text, None before the start or the end."""

    infusion_id: str
    subject: str
    group: str
    dose_number: int
    bed: str
    started_at: datetime | None
    given: Text | None
    phase: str


class RecordsPage(QWidget):
    """Signals `wanted(infusion_id)`: make and open the record; `folder_wanted(infusion_id)`; `name_wanted(subject)`."""

    wanted = Signal(str)
    folder_wanted = Signal(str)
    name_wanted = Signal(str)

    def __init__(self, desk: Desk, rows: Callable[[], list[RecordRow]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit, self._rows = desk, desk.kit, rows
        self.empty = EmptyPage(self.kit)
        self.empty.set_state(EmptyState(say("No infusion yet"), say("Each infusion stands here with its record.")))
        self.table = Table(self.kit, say("Records"))
        self.progress = Progress(self.kit)
        self.progress.hide()
        self.pdf = button(self.kit, say("Open the record (PDF)"), "primary")
        self.folder = button(self.kit, say("Show the files"))
        self.name = button(self.kit, say("The patient's name"))
        self.name.clicked.connect(self._want_name)
        self.pdf.clicked.connect(self._want_pdf)
        self.folder.clicked.connect(self._want_folder)
        self.table.opened.connect(self.wanted)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        desk.changed.connect(self._changed)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(label(self.kit, say("Records"), "title"))
        column.addWidget(self.table, 1)
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.pdf, 2)
        row.addWidget(self.folder, 1)
        row.addWidget(self.name, 1)
        column.addLayout(row)
        return content

    def _want_pdf(self) -> None:
        if self.table.current():
            self.wanted.emit(self.table.current())

    def _want_folder(self) -> None:
        if self.table.current():
            self.folder_wanted.emit(self.table.current())

    def _want_name(self) -> None:
        subject = next((row.subject for row in self._rows() if row.infusion_id == self.table.current()), "")
        if subject:
            self.name_wanted.emit(subject)

    def _changed(self, _infusion_id: str) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        rows = self._rows()
        self.name.setVisible(not self.desk.practice and self.desk.has_role(*CLINICAL))
        self.stack.setCurrentIndex(1 if rows else 0)
        self.table.set_state(TableState(_COLUMNS, tuple(map(self._row, rows))))

    def _row(self, row: RecordRow) -> TableRow:
        words = self.kit.words.catalogue
        started = words.date_time(row.started_at) if row.started_at else "—"
        group = f"{row.group} · {row.dose_number}"
        state: Text = PHASE_NAMES[Phase(row.phase)]
        return TableRow(row.infusion_id, (row.subject, group, row.bed, started, row.given or "—", state))

    def show_work(self, state: ProgressState | None) -> None:
        self.progress.setVisible(state is not None)
        if state is not None:
            self.progress.set_state(state)
