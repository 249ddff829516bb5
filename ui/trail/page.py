"""The audit trail: what happened, found by filters, each event with all that is known of it, and the review signed off."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.log import PEOPLE, UnknownKind, stream_text
from app.domain.people.accounts import Reviewed, Scope
from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import Text, parts, say
from app.services.words.stream_words import stream_words
from app.services.words.trail import PAGE, Trail
from app.services.words.trail_scope import dose_of
from db.log.log_pages import Saved, TrailFilter
from ui.frame.desk import Desk
from ui.frame.pages import Page
from ui.kit.fact_list import FactList
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import restyle
from ui.kit.table import Table
from ui.questions.notes import ask_review
from ui.records.view import RecordRow
from ui.trail.looked_at import LookedAt
from ui.trail.view import FilterChoice, day, kind_choices, reviewed_line, reviewed_words, table, wanted

_TYPED_MS = 300


class TrailPage(Page):
    """Read-only. `infusions` are those that can be chosen. Seals of samples are left out until they are asked for."""

    def __init__(
        self, desk: Desk, trail: Trail, infusions: Callable[[], Sequence[RecordRow]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk, self.kit, self._trail, self._infusions = desk, desk.kit, trail, infusions
        self._found: list[Saved] = []
        self._newer: list[int | None] = []
        self._looked, self._count = LookedAt(), 0
        self._before: int | None = None
        self.reviewed = label(self.kit, "", "body", "quiet")
        self.details = FactList(self.kit)
        self.table = Table(self.kit, say("Audit trail"))
        self.older, self.newer = button(self.kit, say("Older")), button(self.kit, say("Newer"))
        self.sign = button(self.kit, say("Sign off a review"), "primary")
        self.shown = label(self.kit, "", "body", "quiet")
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._make_filters()
        self._lay_out()
        self._connect()

    def _make_filters(self) -> None:
        self.text, self.from_day, self.to_day = QLineEdit(), QLineEdit(), QLineEdit()
        self.person, self.kind, self.infusion = QComboBox(), QComboBox(), QComboBox()
        named: tuple[tuple[QLineEdit, Text], ...] = (
            (self.text, say("Text in the event")),
            (self.from_day, say("From, as 2026-11-22")),
            (self.to_day, say("Until, as 2026-11-22")),
        )
        for field, name in named:
            self.kit.words.bind(field, accessibleName=name, placeholderText=name)
        for box, name in ((self.person, say("Person")), (self.kind, say("Kind")), (self.infusion, say("Infusion"))):
            self.kit.words.bind(box, accessibleName=name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        head, filters, middle, below = (QHBoxLayout() for _ in range(4))
        head.addWidget(label(self.kit, say("Audit trail"), "title"), 1)
        head.addWidget(self.reviewed)
        for field in (self.text, self.person, self.kind, self.infusion, self.from_day, self.to_day):
            filters.addWidget(field, 1)
        middle.addWidget(self.table, 5)
        middle.addWidget(self.details, 3)
        for widget in (self.newer, self.older, self.shown):
            below.addWidget(widget)
        below.addStretch(1)
        below.addWidget(self.sign)
        for row, stretch in ((head, 0), (filters, 0), (middle, 1), (below, 0)):
            row.setSpacing(SPACE_8)
            column.addLayout(row, stretch)

    def _connect(self) -> None:
        self.table.chosen.connect(self._show)
        self.table.moved.connect(self._saw)
        self._typed.timeout.connect(self._from_the_newest)
        for field in (self.text, self.from_day, self.to_day):
            field.textEdited.connect(self._typed.start)
        for box in (self.person, self.kind, self.infusion):
            box.activated.connect(self._from_the_newest)
        self.older.clicked.connect(self._go_older)
        self.newer.clicked.connect(self._go_newer)
        self.sign.clicked.connect(self._sign)
        self.kit.words.changed.connect(self._in_other_words)

    # --- what is looked at

    def scope(self) -> Scope:
        """The filters that are set. Days as they are typed."""
        stream = _chosen(self.infusion)
        row = next((row for row in self._infusions() if row.infusion_id == stream), None)
        return Scope(self.text.text().strip(), _chosen(self.person), _chosen(self.kind), stream, row.subject if row else "",
                     row.dose_number if row else 0, self.from_day.text().strip(), self.to_day.text().strip())  # fmt: skip

    def refresh(self) -> None:
        """The newest again, with the filters that are set."""
        self._fill_choices()
        self.kit.words.bind(self.reviewed, text=reviewed_line(self._trail.reviewed(), self._trail))
        self._from_the_newest()

    def _fill_choices(self) -> None:
        words = self.kit.words
        people = [FilterChoice(p.person_id, f"{p.name} ({p.person_id}), {words.tr(ROLE_NAMES[p.role])}")
                  for p in self.desk.people.by_id.values()]  # fmt: skip
        infusions = [FilterChoice(row.infusion_id, dose_of(row.subject, row.dose_number)) for row in self._infusions()]
        accounts = FilterChoice(stream_text(PEOPLE), stream_words(PEOPLE))
        self._fill(self.person, [FilterChoice("", say("All people")), *people])
        self._fill(self.kind, kind_choices())
        self._fill(self.infusion, [FilterChoice("", say("All infusions")), accounts, *infusions])

    def _fill(self, box: QComboBox, choices: Sequence[FilterChoice]) -> None:
        before = box.currentData()
        box.clear()
        for choice in choices:
            box.addItem(self.kit.words.shown(choice.name), choice.key)
        box.setCurrentIndex(max(0, box.findData(before)))

    def _from_the_newest(self) -> None:
        self._newer.clear()
        self._look(None)

    def _go_older(self) -> None:
        self._newer.append(self._before)
        self._look(self._found[-1].seq)

    def _go_newer(self) -> None:
        self._look(self._newer.pop())

    def _look(self, before: int | None) -> None:
        asked = self._wanted()
        if asked is None:
            return
        self._before, self._found = before, self._read(asked, before)
        person = self.desk.person.person_id if self.desk.person else None
        self._looked.read([saved.seq for saved in self._found], person, self.scope(), before is None)
        self._count = self._trail.count(asked)
        self.older.setEnabled(len(self._found) == PAGE)
        self.newer.setEnabled(bool(self._newer))
        self._show_rows()
        self._saw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._saw)

    def _saw(self) -> None:
        """What stands on the screen now was looked at."""
        self._looked.saw(map(int, self.table.in_sight()))
        self.sign.setEnabled(bool(self._looked.events))
        found = say("Events {first} to {last}", first=self._found[-1].seq, last=self._found[0].seq) if self._found else None
        looked = say("looked at {n} of {all}", n=self._looked.events, all=self._count)
        self.kit.words.bind(self.shown, text=parts(found, looked) if found else say("Nothing found"))

    def _read(self, asked: TrailFilter, before: int | None) -> list[Saved]:
        """Nothing where a newer version wrote what this one does not know; it is told by name."""
        try:
            return self._trail.page(asked, before)
        except UnknownKind as unknown:
            self.desk.tell(unknown.text)
            return []

    def _wanted(self) -> TrailFilter | None:
        """None while a day is typed that is none; its field says so."""
        for field in (self.from_day, self.to_day):
            restyle(field, refused=not _is_day(field.text().strip()))
        try:
            return wanted(self.scope())
        except ValueError:
            return None

    def _show_rows(self) -> None:
        self.table.set_state(table(self._found, self._trail, self.kit.words.catalogue))
        if self._found and not any(str(x.seq) == self.table.current() for x in self._found):
            self.table.choose(str(self._found[0].seq))
        self._show(self.table.current())

    def _in_other_words(self) -> None:
        if self._found:
            self._fill_choices()
            self._show_rows()

    # --- one event

    def _show(self, key: str) -> None:
        saved = next((x for x in self._found if str(x.seq) == key), None)
        self.details.put(self._trail.details(saved) if saved else ())

    # --- the review

    def _sign(self) -> None:
        """Exactly what stood on the screen, on whichever pages."""
        looked = self._looked
        ask_review(self.desk, Reviewed(looked.newest, self.scope(), "", looked.events, looked.spans), self._signed, self)

    def _signed(self, event: Reviewed, person: Person) -> None:
        self.desk.people.happened(event, person)
        said = reviewed_words(event, self._trail.who(person.person_id), self.desk.now())
        self.kit.words.bind(self.reviewed, text=said)
        self.desk.tell(said)


def _is_day(typed: str) -> bool:
    try:
        day(typed)
    except ValueError:
        return False
    return True


def _chosen(box: QComboBox) -> str:
    return box.currentData() or ""
