"""The Trial page. The board's answer in words comes first; below it the groups, the subjects and what is due this week."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app.domain.people.roles import CLINICAL, Role
from app.domain.texts import Text, say
from app.domain.trial.due import DueItem, due_items
from app.domain.trial.subject.subject_rules import judged_rows
from app.domain.trial.subject.subject_state import SubjectState
from app.services.trial.counts_curves import counts_curves
from app.services.trial.trial_desk import DeskLook, TrialDesk
from ui.frame.desk import Desk
from ui.frame.pages import Later, Page, Piece, at_once
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.table import TableLine, TableState
from ui.trial import view
from ui.trial.desk_forms import DeskForms
from ui.trial.enrolment_question import ask_send_enrolment, ask_take_in_enrolment, other_laptops
from ui.trial.group_card import MOST_SLOTS
from ui.trial.lab_file_question import LabFileQuestion, Laboratories
from ui.trial.response_view import response_headline, response_table
from ui.trial.tables_question import TrialFiles, TrialTables
from ui.trial.trial_layout import BoardLayout, SubjectLayout

if TYPE_CHECKING:
    from ui.trial.counts_plot import CountsPlot

_ACTIONS: tuple[tuple[str, Text], ...] = (
    ("enter", say("Record")), ("verdict", say("Sign the verdict")), ("enrol", say("Enrol")), ("send", say("Send the enrolment")),
    ("correct", say("Correct")),
    ("laboratory", say("Laboratory")), ("transfusion", say("Transfusion")), ("medication", say("Medication")),
    ("adverse", say("Adverse event")), ("dlt", say("DLT")), ("leave", say("Leaves")), ("note", say("Note")),
)  # fmt: skip


class TrialPage(Page):
    """`desk` None: the protocol in use has no rules of a trial desk."""

    def __init__(self, desk: Desk, trial: TrialDesk | None, kept: Laboratories, files: TrialFiles, later: Later = at_once) -> None:
        super().__init__()
        self.desk, self.kit, self.trial, self._kept, self._files = desk, desk.kit, trial, kept, files
        self.stack = QStackedWidget()
        self.look: DeskLook | None = None
        self._made = view.MadeOnce()
        self.code, self.tab = "", "response"
        self.plot: CountsPlot | None = None
        self.empty = EmptyPage(self.kit)
        self.empty.set_state(EmptyState(say("No trial here"), say("The protocol in use has no settings for a trial desk.")))
        self.stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        if trial is not None:
            self.forms = DeskForms(desk, trial, self)
            self.board = BoardLayout(self.kit, len(trial.rule.groups), self.stack.addWidget, later)
            self.stack.setCurrentWidget(self.board)
            self.subject = SubjectLayout(self.kit)
            self.stack.addWidget(self.subject)
            later(self.subject.put_parts)
            later(self._put_actions)
            later(lambda: self._connect(trial))

    def _put_actions(self) -> None:
        for key, name in _ACTIONS:
            self.subject.add_action(self.kit, key, name).clicked.connect(self._acts()[key])

    def _connect(self, trial: TrialDesk) -> None:
        board, subject = self.board, self.subject
        board.subjects.opened.connect(self.open_subject)
        board.due.opened.connect(self._open_due)
        board.open_one.clicked.connect(lambda: self.open_subject(board.subjects.current()))
        board.screen_one.clicked.connect(self.forms.screen)
        board.take_in.clicked.connect(self._take_in)
        board.lab_file.clicked.connect(lambda: LabFileQuestion(self.desk, trial, self._kept, self).open())
        board.report.clicked.connect(self._report)
        board.answer.sign.clicked.connect(self._sign)
        board.answer.advice.clicked.connect(self.forms.advice)
        board.answer.table.clicked.connect(self._decision_table)
        subject.back.clicked.connect(self.show_board)
        subject.table.opened.connect(lambda _key: self._enter())
        subject.table.chosen.connect(self._say_whole)
        for key, tab in subject.tabs.items():
            tab.clicked.connect(lambda _on, wanted=key: self.turn(wanted))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), subject).activated.connect(self.show_board)
        trial.when_changed(self._changed)
        self.desk.changed.connect(lambda _infusion_id: self._changed())
        self.desk.person_changed.connect(self._changed)
        self.kit.words.changed.connect(self._changed)

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    # --- what is shown

    def ahead(self) -> Sequence[Piece]:
        trial = self.trial
        return () if trial is None else (trial.look, lambda: self._made.of(trial.look()), self.refresh)

    def refresh(self) -> None:
        if self.trial is None:
            return
        self.look = self.trial.look()
        state = self.look.data.subject(self.code)
        if state is None:
            self.stack.setCurrentWidget(self.board)
            self._show_board(self.look)
        else:
            self.stack.setCurrentWidget(self.subject)
            self._show_subject(self.look, state)

    @property
    def may_act(self) -> bool:
        """Investigators decide; everybody else reads."""
        return self.desk.has_role(Role.INVESTIGATOR)

    def _show_board(self, look: DeskLook) -> None:
        board, (shown, subjects, due) = self.board, self._made.of(look)
        answer, bind = board.answer, self.kit.words.bind
        bind(answer.headline, text=shown.headline)
        bind(answer.reason, text=shown.reason)
        bind(answer.settings, text=shown.settings)
        bind(answer.notes, text=view.lines(shown.notes))
        answer.notes.setVisible(bool(shown.notes))
        answer.keep_whole()
        answer.sign.setEnabled(shown.may_sign)
        answer.sign.setVisible(self.may_act)
        answer.advice.setVisible(self.may_act)
        rows = min(MOST_SLOTS, max(len(column.slots) for column in shown.columns))
        for card, column in zip(board.groups, shown.columns, strict=True):
            card.set_rows(rows)
            card.set_state(column)
        bind(board.expansion, text=shown.expansion or "")
        board.expansion.setVisible(shown.expansion is not None)
        self._show_lists(subjects, due)

    def _show_lists(self, subjects: TableState, due: TableState) -> None:
        board = self.board
        board.subjects.set_state(subjects)
        board.due.set_state(due)
        board.due.setVisible(bool(due.rows))
        board.nothing.setVisible(not due.rows)
        board.screen_one.setVisible(self.may_act)
        board.take_in.setVisible(bool(other_laptops(self.desk)) and self.desk.has_role(*CLINICAL))
        board.lab_file.setVisible(self.may_act)
        board.open_one.setEnabled(bool(subjects.rows))
        if subjects.rows and not board.subjects.current():
            board.subjects.choose(subjects.rows[0].key)

    def _show_subject(self, look: DeskLook, s: SubjectState) -> None:
        page, bind = self.subject, self.kit.words.bind
        bind(page.name, text=view.subject_name(look, s))
        bind(page.standing, text=view.standing(look, s))
        for key, tab in page.tabs.items():
            tab.setChecked(key == self.tab)
        shown = self._table(look, s)
        page.table.set_state(shown)
        if shown.rows and not page.table.current():
            page.table.choose(shown.rows[0].key)
        self._plot(look, s)
        said = {"response": response_headline, "calendar": view.moved_words}.get(self.tab, view.verdict_words)
        bind(page.said, text=said(look, s))
        enrolled = s.enrolled is not None
        fitting = {
            "enter": self.tab in ("eligibility", "calendar"), "verdict": not enrolled, "enrol": not enrolled,
            "send": self._may_send(s), "dlt": enrolled, "leave": s.left is None, "correct": self.tab == "course",
        }  # fmt: skip
        for key, pressed in page.doing.items():
            pressed.setVisible(self.may_act and fitting.get(key, True))

    def _plot(self, look: DeskLook, s: SubjectState) -> None:
        """The counts, where there are any; the plot is made for the first subject that is opened."""
        shown = counts_curves(look, s) if self.tab == "response" else None
        if shown is not None and self.plot is None:
            from ui.trial.counts_plot import CountsPlot

            self.plot = CountsPlot(self.kit)
            self.subject.plot_room.addWidget(self.plot)
        if self.plot is not None:
            self.plot.setVisible(shown is not None)
            if shown is not None:
                self.plot.set_state(s.code, shown)

    def _table(self, look: DeskLook, s: SubjectState) -> TableState:
        made: dict[str, Callable[[DeskLook, SubjectState], TableState]] = {
            "response": response_table, "eligibility": view.eligibility_table, "calendar": view.calendar_table,
            "course": view.course_table,
        }  # fmt: skip
        return made[self.tab](look, s)

    def _say_whole(self, key: str) -> None:
        """The chosen row in full: a table's line may be cut."""
        if self.look is None or self.tab == "calendar":
            return
        state = self.look.data.subject(self.code)
        rows: tuple[TableLine, ...] = self._table(self.look, state).rows if state else ()
        row = next((row for row in rows if row.key == key), None)
        if row is not None:
            self.kit.words.bind(self.subject.said, text=view.whole(row, self.tab))

    # --- where one goes

    def show_board(self) -> None:
        self.code = ""
        self.refresh()
        self.board.subjects.view.setFocus()

    def open_subject(self, code: str) -> None:
        """A subject of this record; its calendar where it has begun, else its eligibility."""
        if not code or self.trial is None:
            return
        look = self.trial.look()
        self.code = code
        self.tab = "response" if look.data.doses.get(code) else "eligibility"
        self.refresh()
        self.subject.table.view.setFocus()

    def _open_due(self, key: str) -> None:
        if key != view.MORE:
            self.open_subject(key.partition("/")[0])
            self.turn("calendar")
            self.subject.table.choose(key.partition("/")[2])

    def turn(self, tab: str) -> None:
        self.tab = tab
        self.refresh()
        self.subject.table.view.setFocus()

    # --- what is done

    def _acts(self) -> dict[str, Callable[[], None]]:
        forms = self.forms
        return {
            "enter": self._enter,
            "verdict": self._verdict,
            "enrol": lambda: forms.enrol(self.code, self._seen()),
            "send": lambda: ask_send_enrolment(self.desk, self.code, self),
            "correct": self._enter,
            "laboratory": lambda: forms.laboratory(self.code),
            "transfusion": lambda: forms.transfusion(self.code),
            "medication": lambda: forms.medication(self.code),
            "adverse": lambda: forms.adverse(self.code),
            "dlt": lambda: forms.dlt(self.code, self._state().dlt is not None),
            "leave": lambda: forms.leave(self.code),
            "note": lambda: forms.note(self.code),
        }

    def _may_send(self, s: SubjectState) -> bool:
        is_here = s.enrolled is not None and not s.enrolled.elsewhere and s.left is None
        return is_here and self.tab == "eligibility" and bool(other_laptops(self.desk))

    def _take_in(self) -> None:
        ask_take_in_enrolment(self.desk, lambda parcel: self.open_subject(parcel.subject), self)

    def _seen(self) -> DeskLook:
        assert self.look is not None
        return self.look

    def _state(self) -> SubjectState:
        return next(s for s in self._seen().data.subjects if s.code == self.code)

    def _enter(self) -> None:
        """What the chosen row asks for."""
        key = self.subject.table.current()
        if not self.may_act or not key:
            return
        if self.tab == "eligibility":
            self.forms.criterion(self.code, key)
        elif self.tab == "calendar":
            item = self._due(key)
            if item is not None:
                self.forms.visit(item)
        elif self.tab == "course":
            self.forms.correct(self.code, key)

    def _due(self, key: str) -> DueItem | None:
        look = self._seen()
        items = due_items(look.data, self._state(), look.protocol, look.rules)
        return next((x for x in items if f"{x.kind}/{x.week}" == key), None)

    def _verdict(self) -> None:
        found = judged_rows(self._state(), self._seen().setting)
        self.forms.sign_verdict(self.code, view.eligible_words(found.eligible))

    def _sign(self) -> None:
        look = self._seen()
        self.forms.sign_decision(look, view.board_view(look).headline)

    def _report(self) -> None:
        """All tables and pictures as they are now."""
        TrialTables(self.desk, self._seen(), self._files, self).open()

    def _decision_table(self) -> None:
        look = self._seen()
        self.forms.decision_table(look, look.answer.group or look.answer.mtd or look.rule.groups[0])
