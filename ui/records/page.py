"""The infusions of this store, the newest first, a page at a time, and their records as files."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion.phases import PHASE_NAMES, Phase
from app.domain.people.roles import CLINICAL
from app.domain.texts import Text, parts, say
from app.services.access.patient_names import PatientNames
from app.services.reading_room import Reads
from app.services.record.sheets.sheet_names import SHEET_NAMES
from ui.frame.desk import Desk
from ui.frame.leafing import Leafing
from ui.frame.pages import Later, Page, at_once
from ui.infusion.more_menu import show_more
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.progress import Progress, ProgressState
from ui.kit.table import Column, Table, TableLine, TableState
from ui.records.record_shelf import RecordShelf
from ui.records.view import RecordRow, SeenElsewhere

PAGE = 100
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
        self, desk: Desk, reads: Reads, names: PatientNames, seen: Callable[[], SeenElsewhere], later: Later = at_once
    ) -> None:
        super().__init__()
        self._seen = seen
        self.desk, self.kit, self._names = desk, desk.kit, names
        self.leaf: Leafing[RecordRow] = Leafing(reads, PAGE, lambda row: row.number, self, self)
        self.empty = EmptyPage(self.kit)
        self.empty.set_state(EmptyState(say("No infusion yet"), say("Each infusion stands here with its record.")))
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
        for piece in (self._put_table, self._put_words, self._put_buttons, self._connect):
            later(piece)

    def _put_table(self) -> None:
        self.table, self.finder = Table(self.kit, say("Records")), QLineEdit()
        name = say("Find a subject")
        self.kit.words.bind(self.finder, accessibleName=name, placeholderText=name)
        head = QHBoxLayout()
        head.addWidget(label(self.kit, say("Records"), "title"), 3)
        head.addWidget(self.finder, 1)
        self._column.addLayout(head)
        self._column.addWidget(self.table, 1)
        self.setTabOrder(self.table.view, self.finder)

    def _put_words(self) -> None:
        self.older, self.newer = button(self.kit, say("Older")), button(self.kit, say("Newer"))
        self.shown = label(self.kit, "", "body", "quiet")
        leafing = QHBoxLayout()
        for widget in (self.newer, self.older, self.shown):
            leafing.addWidget(widget)
        leafing.addStretch(1)
        self._column.addLayout(leafing)
        self.seen = label(self.kit, "", "body", "quiet", wrap=True)
        self.wrong = label(self.kit, "", "strong", wrap=True)
        self.progress = Progress(self.kit)
        self.progress.set_state(ProgressState(say("Making the record…"), can_cancel=False))
        self.progress.setVisible(self.desk.records.is_working)
        for part in (self.seen, self.wrong, self.progress):
            self._column.addWidget(part)

    def _put_buttons(self) -> None:
        self.pdf = button(self.kit, say("Open the record (PDF)"), "primary")
        self.sheets = button(self.kit, say("Print a sheet"))
        self.folder = button(self.kit, say("Show the files"))
        self.name = button(self.kit, say("The patient's name"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.pdf, 2)
        for pressed in (self.sheets, self.folder, self.name):
            row.addWidget(pressed, 1)
        self._column.addLayout(row)

    def _connect(self) -> None:
        self.name.clicked.connect(self._show_name)
        self.pdf.clicked.connect(self._open_record)
        self.folder.clicked.connect(self._show_files)
        self.sheets.clicked.connect(self._offer_sheets)
        self.finder.textEdited.connect(lambda: self.leaf.begin(RecordShelf(self.finder.text().strip())))
        self.older.clicked.connect(self.leaf.older)
        self.newer.clicked.connect(self.leaf.newer)
        self.table.opened.connect(self.desk.records.open)
        self.desk.changed.connect(self._changed)
        self.desk.records.working.connect(self.progress.setVisible)

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

        subject = next((row.subject for row in self.leaf.rows if row.infusion_id == self.table.current()), "")
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
        """Who may do what, and the page of the list once more."""
        self.name.setVisible(not self.desk.practice and self.desk.has_role(*CLINICAL))
        seen = self._seen()
        self.kit.words.bind(self.seen, text=seen.line)
        self.kit.words.bind(self.wrong, text=seen.wrong)
        self.wrong.setVisible(bool(seen.wrong))
        if self.leaf.shelf is None:
            self.stack.setCurrentIndex(1)
            self.leaf.begin(RecordShelf())
        else:
            self.leaf.again()

    def rows_came(self) -> None:
        rows, leaf = self.leaf.rows, self.leaf
        self.stack.setCurrentIndex(1 if rows or self.finder.text() or leaf.has_newer else 0)
        self.table.set_state(TableState(_COLUMNS, tuple(map(self._row, rows))))
        self.table.choose(self.table.current() or (rows[0].infusion_id if rows else ""))
        for pressed, leads_on in ((self.older, leaf.has_older), (self.newer, leaf.has_newer)):
            pressed.setEnabled(leads_on)
            pressed.setVisible(leaf.has_older or leaf.has_newer)
        for widget in (self.finder, self.shown):
            widget.setVisible(leaf.has_older or leaf.has_newer or bool(self.finder.text()))
        self.counted()

    def counted(self) -> None:
        leaf = self.leaf
        first, last = leaf.passed + 1, leaf.passed + len(leaf.rows)
        found = say("Infusions {first} to {last} of {all}", first=first, last=last, all="…" if leaf.total is None else leaf.total)
        self.kit.words.bind(self.shown, text=found if leaf.rows else say("Nothing found"))

    def takes_long(self) -> None:
        self.kit.words.bind(self.shown, text=say("Reading…"))
        self.shown.show()

    def read_failed(self, why: Text) -> None:
        self.desk.tell(why)

    def _row(self, row: RecordRow) -> TableLine:
        words = self.kit.words.catalogue
        started = words.date_time(row.started_at) if row.started_at else "—"
        group = f"{row.group} · {row.dose_number}" if row.group else "—"
        state: Text = PHASE_NAMES[Phase(row.phase)]
        if row.as_recorded:
            state = parts(state, say("as recorded: protocol file not at hand"))
        return TableLine(row.infusion_id, (row.subject, group, row.bed, started, row.given or "—", state))
