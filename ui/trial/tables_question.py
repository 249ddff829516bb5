"""The trial's tables and pictures, one at a time: as the report prints them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.texts import Text, say
from app.services.record.blocks import PlotBlock
from app.services.trial.figures import SWIMMER_LEGEND, board_figure, swimmer_figure, waterfall_figure
from app.services.trial.table_parts import ReportTable, judged_responses
from app.services.trial.trial_desk import DeskLook
from app.services.trial.trial_tables import all_tables
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.table import Column, Table, TableLine, TableState
from ui.trial.figure_view import FigureView

Picture = tuple[Text, PlotBlock, Text | str]
_NARROW, _WIDE = 1.0, 3.0


class TrialFiles(Protocol):
    """Makes the report's files, off this thread: the folder, or why there are none."""

    def make(self, done: Callable[[Path | Text], None], /) -> None: ...


class TrialTables(Question):
    """Chosen from a list; every table has its denominator and freeze date above it."""

    keeps_draft = False

    def __init__(self, desk: Desk, look: DeskLook, files: TrialFiles, parent: QWidget) -> None:
        super().__init__(desk, say("Trial report"), say("Make the files"), parent, width=1100)
        self._files = files
        self._pictures = self._drawn(look)
        self._tables = {table.key: table for table in all_tables(look, ())}
        self.choice = QComboBox()
        self.kit.words.bind(self.choice, accessibleName=say("Table or picture"))
        for key, (name, _plot, _note) in self._pictures.items():
            self.choice.addItem(self.kit.words.tr(name), key)
        for key, table in self._tables.items():
            self.choice.addItem(self.kit.words.tr(table.title), key)
        self.note = label(self.kit, "", "body", "quiet", wrap=True)
        self.table, self.picture = Table(self.kit, say("Trial report")), FigureView(self.kit)
        self.table.setMinimumHeight(380)
        self.picture.setMinimumHeight(380)
        how = say("The files: the report as PDF, its tables as data, all visits as iCalendar, labels for tubes.")
        for widget in (self.choice, self.note, self.table, self.picture, label(self.kit, how, "hint", "quiet", wrap=True)):
            self.body.addWidget(widget)
        self.choice.currentIndexChanged.connect(self._chosen)
        self.confirmed.connect(self._make)
        self._chosen()

    def _drawn(self, look: DeskLook) -> dict[str, tuple[Text, PlotBlock, Text | str]]:
        tr, found = self.kit.words.tr, judged_responses(look)
        made: dict[str, tuple[Text, PlotBlock, Text | str]] = {
            "board": (say("The board"), board_figure(look, tr), look.answer.reason)
        }
        if found:
            made["swimmer"] = say("Course of all subjects"), swimmer_figure(look, found, tr), SWIMMER_LEGEND
            for lineage in ("hb", "anc", "plt"):
                plot = waterfall_figure(found, lineage, tr)
                made[lineage] = say("Best change over the baseline"), plot, plot.alt
        return made

    def _make(self) -> None:
        tell = self.desk.tell

        def done(found: Path | Text) -> None:
            tell(say("The trial report lies in {folder}", folder=str(found)) if isinstance(found, Path) else found)

        self._files.make(done)
        self.accept()

    def _chosen(self) -> None:
        key = self.choice.currentData()
        picture = self._pictures.get(key)
        self.picture.setVisible(picture is not None)
        self.table.setVisible(picture is None)
        if picture is not None:
            self.picture.set_state(picture[1])
            self.kit.words.bind(self.note, text=picture[2])
        else:
            self._show(self._tables[key])

    def _show(self, table: ReportTable) -> None:
        last = len(table.columns) - 1
        columns = tuple(Column(name, _WIDE if n == last else _NARROW, strong=n == 0) for n, name in enumerate(table.columns))
        rows = tuple(TableLine(str(n), row) for n, row in enumerate(table.rows))
        self.table.set_state(TableState(columns, rows))
        self.kit.words.bind(self.note, text=table.note)
