"""A laboratory's file: its mapping, a dry run line by line, and only then what is taken."""

from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QComboBox, QFileDialog, QPlainTextEdit, QWidget

from app.domain.errors import Refused
from app.domain.texts import say
from app.domain.trial.subject.subject_commands import DeskCommand
from app.services.trial.lab_import import ImportLine, dry_run, parse_mapping
from app.services.trial.trial_desk import TrialDesk
from app.services.ward.ports import Outcome
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.table import Column, Table, TableLine, TableState

_COLUMNS = (
    Column(say("Line"), 0.5, right=True), Column(say("Subject"), 1.0, strong=True), Column(say("What becomes of it"), 1.0),
    Column(say("Values, or why not"), 4.0),
)  # fmt: skip
_TAKEN = {True: say("taken"), False: say("refused")}
_EXAMPLE = "ID = subject\nTaken = collected_at %Y-%m-%d %H:%M\nHGB = hb g/L 120 160\nNEU = anc 10^9/L\nPLT = plt 10^9/L"


class Laboratories(Protocol):
    """Where mappings are kept, by laboratory."""

    def laboratories(self) -> dict[str, str]: ...

    def put_laboratories(self, mappings: Mapping[str, str], /) -> "Future[None]": ...


class LabFileQuestion(Question):
    """`primary` first runs dry; once the lines are shown it takes those that can be taken."""

    keeps_draft = False

    def __init__(self, desk: Desk, trial: TrialDesk, kept: Laboratories, parent: QWidget) -> None:
        super().__init__(desk, say("A laboratory's file"), say("Show what will be taken"), parent, width=1100)
        self._trial, self._kept = trial, kept
        self.text, self.found = "", tuple[ImportLine, ...]()
        self.file = button(self.kit, say("Choose the file (CSV)"))
        self.name = QComboBox()
        self.name.setEditable(True)
        self.mapping = QPlainTextEdit(_EXAMPLE)
        self.mapping.setMaximumHeight(150)
        for name in self._kept.laboratories():
            self.name.addItem(name)
        self.kit.words.bind(self.name, accessibleName=say("Laboratory"))
        self.kit.words.bind(self.mapping, accessibleName=say("Mapping"))
        self.summary = label(
            self.kit, say("Each column of the file and what it holds; kept for this laboratory."), "body", wrap=True
        )
        self.table = Table(self.kit, say("What becomes of each line"))
        self.table.setMinimumHeight(240)
        for widget in (self.file, self.name, self.mapping, self.summary, self.table):
            self.body.addWidget(widget)
        self.file.clicked.connect(self._choose)
        self.name.currentTextChanged.connect(self._laboratory)
        self.mapping.textChanged.connect(self._anew)
        self.confirmed.connect(self._confirm)
        self._laboratory(self.name.currentText())

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "", "", "CSV (*.csv *.txt)")
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Take up a file; nothing is saved yet."""
        try:
            self.text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.say_no(say("{file} cannot be read: {why}.", file=path.name, why=str(error)))
            return
        self.kit.words.bind(self.file, text=path.name, accessibleName=path.name)
        self._anew()

    def _laboratory(self, name: str) -> None:
        known = self._kept.laboratories().get(name)
        if known is not None:
            self.mapping.setPlainText(known)

    def _anew(self) -> None:
        self.found = ()
        self.table.set_state(TableState(_COLUMNS))
        self.kit.words.bind(self.primary, text=say("Show what will be taken"))

    def _confirm(self) -> None:
        if self.found:
            self._take()
        else:
            self._run_dry()

    def _run_dry(self) -> None:
        person = self.desk.person
        if person is None or not self.text:
            self.say_no(say("Choose a file first."))
            return
        try:
            mapping = parse_mapping(self.name.currentText(), self.mapping.toPlainText())
            self.found = dry_run(self.text, mapping, self._trial.look(), person, self.desk.now())
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self._kept.put_laboratories({**self._kept.laboratories(), mapping.laboratory: self.mapping.toPlainText()})
        rows = tuple(TableLine(str(x.line), (str(x.line), x.subject, _TAKEN[x.command is not None], x.said)) for x in self.found)
        self.table.set_state(TableState(_COLUMNS, rows))
        n = sum(x.command is not None for x in self.found)
        self.kit.words.bind(self.summary, text=say("{n} of {all} lines can be taken.", n=n, all=len(rows)))
        self.kit.words.bind(self.primary, text=say("Take {n} lines", n=n))

    def _take(self) -> None:
        wanted: dict[str, list[DeskCommand]] = {}
        for line in self.found:
            if line.command is not None:
                wanted.setdefault(line.subject, []).append(line.command)
        if not wanted or self.desk.person is None:
            self.say_no(say("No line can be taken."))
            return
        self._trial.submit_all(wanted, self.desk.person, self._taken)

    def _taken(self, outcome: Outcome) -> None:
        text = outcome.refused or outcome.failed
        if text is None:
            self.accept()
        else:
            self.say_no(text)
