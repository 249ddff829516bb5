"""All infusions of this store, and their records as files."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion.phases import PHASE_NAMES, Phase
from app.domain.people.roles import CLINICAL
from app.domain.texts import Text, parts, say
from app.services.access.patient_names import PatientNames
from app.services.record.sheets.sheet_names import SHEET_NAMES
from ui.frame.desk import Desk
from ui.frame.pages import Page
from ui.infusion.more_menu import show_more
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.progress import Progress, ProgressState
from ui.kit.table import Column, Table, TableLine, TableState
from ui.records.view import RecordRow, SeenElsewhere

_COLUMNS = (
    Column(say("Subject"), 1.2, strong=True),
    Column(say("Group"), 1.0),
    Column(say("Bed"), 0.6),
    Column(say("Started"), 1.4),
    Column(say("Given volume"), 1.2),
    Column(say("State"), 1.2),
)


class RecordsPage(Page):
    """The record of the infusion that is chosen is made and opened, its files shown, and its patient named if asked for.

    `seen`: who else has seen the record, as `seen_elsewhere` says it.
    """

    def __init__(
        self, desk: Desk, rows: Callable[[], list[RecordRow]], names: PatientNames, seen: Callable[[], SeenElsewhere],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._seen = seen
        self.desk, self.kit, self._rows, self._names = desk, desk.kit, rows, names
        self.empty = EmptyPage(self.kit)
        self.empty.set_state(EmptyState(say("No infusion yet"), say("Each infusion stands here with its record.")))
        self.table = Table(self.kit, say("Records"))
        self.progress = Progress(self.kit)
        self.progress.set_state(ProgressState(say("Making the record…"), can_cancel=False))
        self.progress.setVisible(desk.records.is_working)
        self.seen = label(self.kit, "", "body", "quiet", wrap=True)
        self.wrong = label(self.kit, "", "strong", wrap=True)
        self.pdf = button(self.kit, say("Open the record (PDF)"), "primary")
        self.folder = button(self.kit, say("Show the files"))
        self.sheets = button(self.kit, say("Print a sheet"))
        self.name = button(self.kit, say("The patient's name"))
        self.name.clicked.connect(self._show_name)
        self.pdf.clicked.connect(self._open_record)
        self.folder.clicked.connect(self._show_files)
        self.sheets.clicked.connect(self._offer_sheets)
        self.table.opened.connect(desk.records.open)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        desk.changed.connect(self._changed)
        desk.records.working.connect(self.progress.setVisible)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(label(self.kit, say("Records"), "title"))
        column.addWidget(self.table, 1)
        column.addWidget(self.seen)
        column.addWidget(self.wrong)
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.pdf, 2)
        row.addWidget(self.sheets, 1)
        row.addWidget(self.folder, 1)
        row.addWidget(self.name, 1)
        column.addLayout(row)
        return content

    def _open_record(self) -> None:
        if self.table.current():
            self.desk.records.open(self.table.current())

    def _offer_sheets(self) -> None:
        """Flowsheet, hand-over and downtime sheet of the infusion that is chosen."""
        infusion_id = self.table.current()
        if infusion_id:
            show_more(self.kit, SHEET_NAMES.items(), self.sheets, lambda sheet: self.desk.records.open_sheet(infusion_id, sheet))

    def _show_files(self) -> None:
        if self.table.current():
            self.desk.records.show_folder(self.table.current())

    def _show_name(self) -> None:
        """Asked for, and written down, each time; where none is kept, it may be typed."""
        from ui.questions.identity import ask_patient_name, show_patient_name

        subject = next((row.subject for row in self._rows() if row.infusion_id == self.table.current()), "")
        if not subject:
            return
        name = self._names.show(subject, self.desk.person)

        def keep(given: str) -> None:
            self._names.keep(subject, given, self.desk.person)

        if name:
            show_patient_name(self.desk, subject, name, keep, self)
        else:
            ask_patient_name(self.desk, subject, "", keep, self)

    def _changed(self, _infusion_id: str) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        rows = self._rows()
        self.name.setVisible(not self.desk.practice and self.desk.has_role(*CLINICAL))
        self.stack.setCurrentIndex(1 if rows else 0)
        seen = self._seen()
        self.kit.words.bind(self.seen, text=seen.line)
        self.kit.words.bind(self.wrong, text=seen.wrong)
        self.wrong.setVisible(bool(seen.wrong))
        self.table.set_state(TableState(_COLUMNS, tuple(map(self._row, rows))))
        self.table.choose(self.table.current() or (rows[0].infusion_id if rows else ""))

    def _row(self, row: RecordRow) -> TableLine:
        words = self.kit.words.catalogue
        started = words.date_time(row.started_at) if row.started_at else "—"
        group = f"{row.group} · {row.dose_number}" if row.group else "—"
        state: Text = PHASE_NAMES[Phase(row.phase)]
        if row.as_recorded:
            state = parts(state, say("as recorded: protocol file not at hand"))
        return TableLine(row.infusion_id, (row.subject, group, row.bed, started, row.given or "—", state))
