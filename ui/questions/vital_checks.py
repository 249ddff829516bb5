"""The vital-sign check: every value looked at or typed by a person; “no change” is not an entry."""

from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.checks import Check, is_late, missed_unanswered, open_check
from app.domain.infusion.code_words import CONSCIOUSNESS, REASONS
from app.domain.infusion.given.taps import COUNT_S, counted
from app.domain.infusion.task_kinds import TaskKind
from app.domain.people.roles import BEDSIDE
from app.domain.texts import Text, parts, say
from app.domain.vitals.news2 import Consciousness, news2
from app.domain.watch.bed_seen import judged_by
from ui.ask.answers import Answer, ChoiceAnswer, NumberAnswer, ReasonAnswer, TextAnswer, next_empty
from ui.ask.form import YES_NO, coded
from ui.ask.question import Question
from ui.ask.vital_row import VitalRow
from ui.ask.who import with_role
from ui.frame.desk import Desk
from ui.infusion.early_warning import score_words
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8

_VITAL_ROWS: tuple[tuple[Text, tuple[str, ...], tuple[str, ...]], ...] = (
    (say("Heart rate"), ("hr",), ()),
    (say("SpO₂"), ("spo2",), ()),
    (say("Blood pressure"), ("nibp_sys", "nibp_dia", "nibp_map"), ("nibp_map",)),
    (say("Respiratory rate"), ("rr",), ()),
    (say("Temperature"), ("temp",), ()),
)
_WHY_MISSED = say("A check was missed. Why?")
_WHY_LATE = ("busy", "other_care", "no_monitor_near", "handover")


class VitalsQuestion(Question):
    def __init__(self, desk: Desk, infusion_id: str, title: Text, parent: QWidget) -> None:
        super().__init__(desk, title, say("Record these vital signs"), parent, width=1220)
        self._infusion_id = infusion_id
        by = judged_by(desk.infusion(infusion_id), desk.now())
        self.rows = [VitalRow(self.kit, *row, by) for row in _VITAL_ROWS]
        self.fields = {code: field for row in self.rows for code, field in row.fields.items()}
        self.all_looked = button(self.kit, say("I have looked at every value"))
        self.all_looked.setMinimumHeight(56)
        self.all_looked.clicked.connect(self._look_at_all)
        self.oxygen = ChoiceAnswer(self.kit, say("Oxygen given?"), YES_NO)
        self.consciousness = ChoiceAnswer(self.kit, say("Consciousness"), coded(CONSCIOUSNESS), columns=3, above=True)
        self.discomfort = ChoiceAnswer(self.kit, say("Discomfort?"), YES_NO)
        self.what = TextAnswer(self.kit, say("What discomfort?"))
        self.late = ReasonAnswer(self.kit, say("This check is late. Why?"), coded(REASONS, *_WHY_LATE), columns=2)
        self.drops = NumberAnswer(self.kit, say("Drops in 15 s, if counted"), decimals=0, digits=2, needed=False)
        self.score = label(self.kit, "", "title", wrap=True)
        self._lay_out_values()
        self.drops.setVisible(_drip_is_due(desk, infusion_id))  # not before it has a parent, or it were a window of its own
        self._connect()
        self.follow()
        self._to_values()

    def _to_values(self, then: QWidget | None = None) -> None:
        """Where a value is owed, else on: to looking at them all."""
        owed = next((field for row in self.rows for field in row.owed()), None)
        (owed or then or self.all_looked).setFocus()

    def enter(self) -> None:
        """From value to value that is owed, to looking at them all, to what is asked, and then the primary button."""
        at = self.focusWidget()
        if at is self.all_looked:
            self.all_looked.click()
        elif at in self.fields.values():
            self._to_values(self.all_looked if self.drops.isHidden() else self.drops.number.field)
        elif at is self.drops.number.field:
            self._to_values()
        elif (empty := self._next_asked(at)) is not None:
            empty.take_focus()
        else:
            self.primary.click()

    def _next_asked(self, at: QWidget | None) -> Answer | None:
        """After an answer that was given."""
        here = next((answer for answer in self._questions() if at is not None and answer.isAncestorOf(at)), None)
        return None if here is None or here.is_empty() else next_empty(self._questions(), at)

    def _lay_out_values(self) -> None:
        self.body.setSpacing(SPACE_8)
        for row in self.rows:
            self.body.addWidget(row)
        self.body.addWidget(self.drops)
        card = Card(self.kit)
        card.body.addWidget(self.score)
        both = QHBoxLayout()
        both.setSpacing(SPACE_8)
        for answer in (self.oxygen, self.discomfort):
            answer.label.setFixedWidth(96)
            both.addWidget(answer, 1)
        self.body.addWidget(self.all_looked)
        self.body.addWidget(self.consciousness)
        self.body.addLayout(both)
        for part in (self.what, self.late, card):
            self.body.addWidget(part)

    def _connect(self) -> None:
        for row in self.rows:
            row.changed.connect(self._show)
        for answer in self._questions():
            answer.changed.connect(self._show)
            answer.led_on.connect(self._lead_on)
        self.confirmed.connect(self._confirm)
        self.desk.looked.connect(self.follow)

    def _questions(self) -> tuple[Answer, ...]:
        return self.consciousness, self.oxygen, self.discomfort, self.what, self.late

    def _lead_on(self) -> None:
        empty = next_empty(self._questions(), self.focusWidget())
        if empty is not None:
            empty.take_focus()
        else:
            self.primary.setFocus()

    def _look_at_all(self) -> None:
        """Those outside their limits are looked at one by one."""
        for row in self.rows:
            row.look()
        left = next((row for row in self.rows if row.problem() is not None), None)
        if left is None:
            self.consciousness.take_focus()
        else:
            (left.looked if left.looked.isEnabled() else next(iter(left.fields.values()))).setFocus()

    def follow(self) -> None:
        """Fill what nobody touched with what a check may use now; say of the others why not."""
        watched, now = self.desk.bedside.watched(self._infusion_id), self.desk.now()
        for row in self.rows:
            row.follow(watched, now)
        self._show()

    def _show(self) -> None:
        self.what.setVisible(self.discomfort.chosen() is True)
        missed = self._is_missed()
        self.late.setVisible(missed or self._is_late())
        self.kit.words.bind(self.late.label, text=_WHY_MISSED if missed else self.late.name)
        values: dict[str, Decimal | None] = {}
        for row in self.rows:
            values |= row.values()
        level = self.consciousness.chosen()
        state = self.desk.infusion(self._infusion_id)
        found = news2(values, self.oxygen.chosen(), Consciousness(level) if level else None, state.scale)
        scale = say("SpO₂ scale {n}", n=state.scale) if state.scale != 1 else None
        self.kit.words.bind(self.score, text=parts(score_words(found, state.protocol.news2), scale))

    def _is_late(self) -> bool:
        check = self._check()
        rules = self.desk.infusion(self._infusion_id).protocol.vitals
        return check is not None and is_late(rules, check.due_at, self.desk.now())

    def _is_missed(self) -> bool:
        return bool(missed_unanswered(self.desk.infusion(self._infusion_id), self.desk.now()))

    def _check(self) -> Check | None:
        return open_check(self.desk.infusion(self._infusion_id), self.desk.now())

    def _confirm(self) -> None:
        owed = [row for row in self.rows if row.complain()]
        wrong = [answer for answer in self._questions() if not answer.isHidden() and not _answered(answer)]
        if owed:
            (owed[0].looked if owed[0].looked.isEnabled() else next(iter(owed[0].fields.values()))).setFocus()
        elif wrong:
            wrong[0].take_focus()
        else:
            commands = (self._command(), *self._drip())
            with_role(self.desk, self, BEDSIDE, lambda person: self.send_in_turn(self._infusion_id, commands, person))

    def _drip(self) -> list[Command]:
        """What was counted at the drip chamber by the way."""
        count = None if self.drops.isHidden() else self.drops.value()
        return [MeasureRate(counted(int(count), COUNT_S), "count", int(count))] if count else []

    def _command(self) -> RecordVitals:
        now = self.desk.now()
        entries = tuple(entry for row in self.rows for entry in row.entries(now))
        what = "" if self.what.isHidden() else self.what.value()
        late = "" if self.late.isHidden() else self.late.value()
        return RecordVitals(
            entries, self.oxygen.value(), self.consciousness.value(), self.discomfort.value(), what, late
        )  # fmt: skip


def _drip_is_due(desk: Desk, infusion_id: str) -> bool:
    """Whoever is at the bed for a check counts the drops too, unless the rate is about to be changed."""
    rules, tasks = desk.infusion(infusion_id).protocol.vitals, desk.bedside.bed(infusion_id).tasks
    soon = desk.now() + timedelta(minutes=float(rules.early_min))
    due = {task.kind for task in tasks if task.due_at <= soon}
    return TaskKind.MEASURE in due and not due & {TaskKind.STEP_UP, TaskKind.END, TaskKind.STOP_DOSE_REACHED}


def _answered(answer: Answer) -> bool:
    try:
        answer.value()
    except Refused as refusal:
        answer.complain(refusal.text)
        return False
    answer.complain(None)
    return True


def ask_record_vitals(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    check = open_check(desk.infusion(infusion_id), desk.now())
    title = say("Vital signs")
    if check is not None and check.slot_min is not None:
        title = say("Vital signs · {minute} min · due {due}", minute=check.slot_min, due=check.due_at)
    VitalsQuestion(desk, infusion_id, title, parent).open()
