"""The audit trail: what happened, found by filters, each event with all that is known of it, and the review signed off."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.people.accounts import Reviewed, Scope
from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import Text, parts, say
from app.services.reading_room import Awaited, Reads
from app.services.words.trail import PAGE, TrailLine, details, who
from db.log.log_pages import Saved, TrailFilter
from ui.frame.desk import Desk
from ui.frame.leafing import Leafing, answered
from ui.frame.pages import Later, Page, at_once
from ui.kit.fact_list import FactList
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import restyle
from ui.kit.table import Table
from ui.questions.notes import ask_review
from ui.records.view import RecordRow
from ui.trail.looked_at import LookedAt
from ui.trail.trail_shelf import MOST_INFUSIONS, Counted, TrailShelf, infusions_to_choose, newest_review
from ui.trail.view import FilterChoice, RowsInWords, day, infusion_choices, kind_choices, reviewed_line, reviewed_words, wanted

_TYPED_MS = 300
_FACTS_AT_ONCE = 8


class TrailPage(Page):
    """Read-only, and read by `reads`; `names`: those of people by id. Seals of samples are left out until they are asked for."""

    def __init__(self, desk: Desk, reads: Reads, names: Callable[[], Mapping[str, str]], later: Later = at_once) -> None:
        super().__init__()
        self.desk, self.kit, self._reads, self._names = desk, desk.kit, reads, names
        self.leaf: Leafing[TrailLine] = Leafing(reads, PAGE, lambda line: line.saved.seq, self, self)
        self._looked, self._counted = LookedAt(), Counted()
        self._infusions: Sequence[RecordRow] = ()
        self._chosen_infusion: RecordRow | None = None
        self._choices = Awaited()
        self._pressed: QWidget | None = None
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_8)
        some_facts = (partial(self._put_facts, _FACTS_AT_ONCE),) * 2
        for piece in (self._put_head, self._put_filters, self._put_table, *some_facts, self._put_foot, self._connect):
            later(piece)

    def _put_head(self) -> None:
        self.reviewed = label(self.kit, "", "body", "quiet")
        head = self._row()
        head.addWidget(label(self.kit, say("Audit trail"), "title"), 1)
        head.addWidget(self.reviewed)

    def _put_filters(self) -> None:
        self.text, self.from_day, self.to_day = QLineEdit(), QLineEdit(), QLineEdit()
        self.person, self.kind, self.infusion = QComboBox(), QComboBox(), QComboBox()
        filters = self._row()
        for field in (self.text, self.person, self.kind, self.infusion, self.from_day, self.to_day):
            filters.addWidget(field, 1)
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

    def _put_table(self) -> None:
        self.table, self.details = Table(self.kit, say("Audit trail")), FactList(self.kit)
        middle = self._row(1)
        middle.addWidget(self.table, 5)
        middle.addWidget(self.details, 3)

    def _put_facts(self, rows: int) -> None:
        """Of the details, so many; there are seldom more than two such pieces of them."""
        self.details.make_room(rows)

    def _put_foot(self) -> None:
        self.older, self.newer = button(self.kit, say("Older")), button(self.kit, say("Newer"))
        self.shown = label(self.kit, "", "body", "quiet")
        self.sign = button(self.kit, say("Sign off a review"), "primary")
        below = self._row()
        for widget in (self.newer, self.older, self.shown):
            below.addWidget(widget)
        below.addStretch(1)
        below.addWidget(self.sign)

    def _row(self, stretch: int = 0) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self._column.addLayout(row, stretch)
        return row

    def _connect(self) -> None:
        self.table.chosen.connect(self._show)
        self.table.moved.connect(self._saw)
        self._typed.timeout.connect(self._was_typed)
        for field in (self.text, self.from_day, self.to_day):
            field.textEdited.connect(self._typed.start)
        for box in (self.person, self.kind):
            box.activated.connect(self._from_the_newest)
        self.infusion.activated.connect(self._choose_infusion)
        self.older.clicked.connect(self._go_older)
        self.newer.clicked.connect(self._go_newer)
        self.sign.clicked.connect(self._sign)
        self.kit.words.changed.connect(self._in_other_words)

    # --- what is looked at

    def scope(self) -> Scope:
        """The filters that are set. Days as they are typed."""
        text, from_day, to_day = (field.text().strip() for field in (self.text, self.from_day, self.to_day))
        person, kind, stream = map(_chosen, (self.person, self.kind, self.infusion))
        row = self._chosen_infusion
        return Scope(text, person, kind, stream, row.subject if row else "", row.dose_number if row else 0, from_day, to_day)

    def refresh(self) -> None:
        """The newest again, with the filters that are set."""
        self._fill_choices()
        self._from_the_newest()
        self._ask_infusions()
        self._reads.ask(newest_review, self._show_review)

    def _show_review(self, answer: Callable[[], Saved | None]) -> None:
        self.kit.words.bind(self.reviewed, text=reviewed_line(answered(answer, self.read_failed), self._names()))

    def _ask_infusions(self) -> None:
        """Which can be chosen."""
        typed = self.text.text().strip()
        self._choices.drop()
        self._choices = self._reads.ask(lambda store: infusions_to_choose(store, typed), self._take_infusions)

    def _take_infusions(self, answer: Callable[[], Sequence[RecordRow]]) -> None:
        self._infusions = answered(answer, self.read_failed) or ()
        if not self.infusion.view().isVisible():  # nothing moves under a finger that chooses
            self._fill_infusions()

    def _fill_choices(self) -> None:
        words = self.kit.words
        people = [FilterChoice(p.person_id, f"{p.name} ({p.person_id}), {words.tr(ROLE_NAMES[p.role])}")
                  for p in self.desk.people.by_id.values()]  # fmt: skip
        self._fill(self.person, [FilterChoice("", say("All people")), *people])
        self._fill(self.kind, kind_choices())
        self._fill_infusions()

    def _fill_infusions(self) -> None:
        self._fill(self.infusion, infusion_choices(self._infusions, self._chosen_infusion, MOST_INFUSIONS))

    def _fill(self, box: QComboBox, choices: Sequence[FilterChoice]) -> None:
        before = box.currentData()
        box.clear()
        for choice in choices:
            box.addItem(self.kit.words.shown(choice.name), choice.key)
        box.setCurrentIndex(max(0, box.findData(before)))

    def _choose_infusion(self) -> None:
        chosen, offered = _chosen(self.infusion), [*self._infusions, self._chosen_infusion]
        self._chosen_infusion = next((row for row in offered if row is not None and row.infusion_id == chosen), None)
        if not chosen and self.infusion.currentIndex() > 0:  # how to find older ones
            self.infusion.setCurrentIndex(0)
            self.text.setFocus()
        self._from_the_newest()

    def _was_typed(self) -> None:
        self._from_the_newest()
        self._ask_infusions()

    def _from_the_newest(self) -> None:
        asked = self._wanted()
        if asked is None:
            return
        person = self.desk.person.person_id if self.desk.person else None
        self._pressed = None
        names = dict(self._names())
        shown = RowsInWords(names, self.kit.words.catalogue)
        self.leaf.begin(TrailShelf(self.scope(), person, asked, names, self._counted, shown))
        self._wait()

    def _go_older(self) -> None:
        self.leaf.older()
        self._wait()

    def _go_newer(self) -> None:
        self.leaf.newer()
        self._wait()

    def _wait(self) -> None:
        """Nothing is signed, and nobody leafs on, before what was asked for stands on the screen."""
        if self.leaf.is_reading:
            self._pressed = next((one for one in (self.older, self.newer) if one.hasFocus()), self._pressed)
            for pressed in (self.older, self.newer, self.sign):
                pressed.setEnabled(False)

    def rows_came(self) -> None:
        shelf = self.leaf.shelf
        if isinstance(shelf, TrailShelf):
            self._looked.read([line.saved.seq for line in self.leaf.rows], shelf.person_id, shelf.scope, self.leaf.is_newest)
        self.older.setEnabled(self.leaf.has_older)
        self.newer.setEnabled(self.leaf.has_newer)
        self._leaf_on()
        self._show_rows()
        self._saw()

    def _leaf_on(self) -> None:
        """The focus is back where the keys leaf on: a button that rests while it is read hands it to anything."""
        pressed = self._pressed if self._pressed is None or self._pressed.isEnabled() else self.table.view
        self._pressed = None
        if pressed is not None:
            pressed.setFocus()

    def counted(self) -> None:
        self._saw()

    def takes_long(self) -> None:
        self.kit.words.bind(self.shown, text=say("Reading…"))

    def read_failed(self, why: Text) -> None:
        self.desk.tell(why)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._saw)

    def _saw(self) -> None:
        """What stands on the screen now was looked at."""
        self._looked.saw(map(int, self.table.in_sight()))
        if self.leaf.is_reading:
            return
        rows, total = self.leaf.rows, self.leaf.total
        self.sign.setEnabled(bool(self._looked.events))
        found = say("Events {first} to {last}", first=rows[-1].saved.seq, last=rows[0].saved.seq) if rows else None
        looked = say("looked at {n} of {all}", n=self._looked.events, all="…" if total is None else total)
        self.kit.words.bind(self.shown, text=parts(found, looked) if found else say("Nothing found"))

    def _wanted(self) -> TrailFilter | None:
        """None while a day is typed that is none; its field says so."""
        for field in (self.from_day, self.to_day):
            restyle(field, refused=not _is_day(field.text().strip()))
        try:
            return wanted(self.scope())
        except ValueError:
            return None

    def _show_rows(self) -> None:
        rows, shelf = self.leaf.rows, self.leaf.shelf
        if isinstance(shelf, TrailShelf):
            self.table.set_state(shelf.shown.table(rows, self.kit.words.catalogue))
        if rows and self.table.current() not in {str(line.saved.seq) for line in rows}:
            self.table.choose(str(rows[0].saved.seq))
        self._show(self.table.current())

    def _in_other_words(self) -> None:
        if self.leaf.rows:
            self._fill_choices()
            self._show_rows()

    # --- one event

    def _show(self, key: str) -> None:
        line = next((line for line in self.leaf.rows if str(line.saved.seq) == key), None)
        self.details.put(details(line, self._names()) if line else ())

    # --- the review

    def _sign(self) -> None:
        """Exactly what stood on the screen, on whichever pages."""
        looked, shelf = self._looked, self.leaf.shelf
        if isinstance(shelf, TrailShelf):
            ask_review(self.desk, Reviewed(looked.newest, shelf.scope, "", looked.events, looked.spans), self._signed, self)

    def _signed(self, event: Reviewed, person: Person) -> None:
        self.desk.people.happened(event, person)
        said = reviewed_words(event, who(person.person_id, self._names()), self.desk.now())
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
