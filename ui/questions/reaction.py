"""A reaction: stopped, slowed or let run at once; then what was done, how bad it is, who was called; and its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QStackedWidget, QTimeEdit, QVBoxLayout, QWidget

from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction, slower_rate
from app.domain.infusion.code_words import ACTIONS, GRADES, REACTION_OUTCOMES
from app.domain.infusion.facts import ReactionNoted, StepDone
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import symptoms
from app.domain.people.roles import BEDSIDE
from app.domain.protocol import Protocol
from app.domain.texts import Text, joined, say
from ui.ask.answers import ChoiceAnswer, SeveralAnswer, TextAnswer
from ui.ask.form import Field, ask_form
from ui.ask.question import Question
from ui.ask.time_answer import TimeAnswer, moment_of
from ui.ask.toggle_grid import Toggle
from ui.ask.who import with_role
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_4, SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit
from ui.safety.reaction_answers import CalledAnswer, DrugsAnswer

from .vital_checks import ask_record_vitals

Act = Literal["stop", "slow", "continue"]
_PAGES: tuple[Text, ...] = (say("1 · What happens"), say("2 · What was done"), say("3 · How bad it is"))
_SAVES: tuple[Text, ...] = (say("Save, then the steps"), say("Save, then the grade"), say("Save and close"))
_ACT_HEIGHT = 64
_STEP_COLUMNS = 2
_STEP_HEIGHT = 56


def symptom_choices(protocol: Protocol) -> tuple[tuple[str, Text], ...]:
    """The symptoms that the infusion's protocol names, in its words."""
    return tuple((symptom.code, joined("", [symptom])) for symptom in protocol.reaction.symptoms)


class ReactionQuestion(Question):
    """The buttons at its top act before anything else is asked. Every page is saved when it is left by the primary button."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Reaction"), _SAVES[0], parent, width=1220)
        self._infusion_id = infusion_id
        self._known = state.reaction if (state := desk.infusion(infusion_id)).reaction_open else None
        self.acts: dict[Act, QPushButton] = {}
        self.status = label(self.kit, "", "strong", wrap=True)
        self._lay_out_acts(state)
        self.pages, self.tabs = QStackedWidget(), QButtonGroup(self)
        self._make_answers()
        self._lay_out_tabs()
        self.body.addWidget(self.pages)
        self.confirmed.connect(self._save)
        self._turn(1 if self._known else 0)
        self._show_done()
        if self._known is None:
            next(iter(self.acts.values())).setFocus()

    # --- what acts at once

    def _lay_out_acts(self, state: Infusion) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for act, text in _offered(state):
            made = button(self.kit, text, "primary" if act == "stop" else "secondary")
            made.setMinimumHeight(_ACT_HEIGHT)
            made.setFont(self.kit.look.font("action"))
            made.setObjectName(act)
            made.clicked.connect(self._act)
            self.acts[act] = made
            row.addWidget(made, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.status)

    def _act(self) -> None:
        """Carried out before anything else is filled in."""
        act: Act = self.sender().objectName()  # type: ignore[assignment]
        slower = slower_rate(self.desk.infusion(self._infusion_id)) if act == "slow" else None
        command = NoteReaction(self.onset.value(), self.symptoms.value(), act, slower_gtt_min=slower)
        self.desk.submit(self._infusion_id, command, then=self._acted, refused=self.say_no)

    def _acted(self) -> None:
        self._known = self.desk.infusion(self._infusion_id).reaction
        self.strip.set_state(None)
        self._show_done()
        self.symptoms.take_focus()

    def _show_done(self) -> None:
        """What the last press did, and how it is to be undone: never by this dialog alone."""
        state = self.desk.infusion(self._infusion_id)
        last = state.reactions[-1] if self._known else None
        if last is None:
            text = say("Press one: it is carried out at once. All else can be filled in afterwards.")
        else:
            assert isinstance(last.event, ReactionNoted)
            act = ACTIONS[last.event.action]
            text = say("{time} · {what}. An investigator lets a stopped infusion go on.", time=last.at, what=act)
            if state.phase is Phase.RUNNING:
                text = say("{time} · {what}. It runs at {rate} drops/min.", time=last.at, what=act, rate=state.rate_gtt_min)
        self.kit.words.bind(self.status, text=text)

    def enter(self) -> None:
        """Before anything was done Enter stops (or notes) it; after that it saves the page."""
        if self._known is None:
            next(iter(self.acts.values())).click()
        else:
            super().enter()

    # --- what is filled in afterwards

    def _lay_out_tabs(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for page, text in enumerate(_PAGES):
            tab = button(self.kit, text)
            tab.setCheckable(True)
            self.tabs.addButton(tab, page)
            row.addWidget(tab, 1)
        self.tabs.idClicked.connect(self._turn)
        self.body.addLayout(row)

    def _make_answers(self) -> None:
        known, kit = self._known, self.kit
        onset_at = known.onset_at if known else None
        self.onset = TimeAnswer(kit, say("Since when?"), self.desk.now(), onset_at)
        offered = symptom_choices(self.desk.infusion(self._infusion_id).protocol)
        self.symptoms = SeveralAnswer(kit, say("What happens? Choose all that are there."), offered,
                                      known.symptoms if known else (), columns=5)  # fmt: skip
        self.steps = ReactionSteps(kit, self.desk, self._infusion_id, known.steps if known else ())
        self.called = CalledAnswer(kit, self.desk.now(), known.called if known else "", known.called_at if known else None)
        self.drugs = DrugsAnswer(kit, self.desk.now(), known.drugs if known else ())
        self.measure = button(kit, say("Vital signs now"))
        self.measure.clicked.connect(lambda: ask_record_vitals(self.desk, self._infusion_id, self))
        grades = tuple((grade, say("{grade} · {words}", grade=grade, words=words)) for grade, words in GRADES.items())
        self.grade = ChoiceAnswer(kit, say("CTCAE 5.0 grade of the infusion related reaction: you judge, the program does not."),
                                  grades, known.grade if known else None, columns=1, above=True)  # fmt: skip
        self.text = TextAnswer(kit, say("More to say"), known.text if known else None, needed=False)
        for widgets in ((self.symptoms, self.onset), (self.steps, self.measure, self.drugs, self.called), (self.grade, self.text)):
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE_16)
            for widget in widgets:
                column.addWidget(widget)
            column.addStretch(1)
            self.pages.addWidget(page)

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.tabs.button(page).setChecked(True)
        self.kit.words.bind(self.primary, text=_SAVES[page], accessibleName=_SAVES[page])

    def _save(self) -> None:
        if self._known is None:
            self.say_no(say("First choose what happens with the drip: the buttons at the top."))
            return
        command = UpdateReaction(
            self.onset.value(), self.symptoms.value(), self.steps.done(), self.grade.chosen(), self.called.value(),
            self.text.value(), self.called.when(), self.drugs.value(),
        )  # fmt: skip
        with_role(self.desk, self, BEDSIDE, lambda person: self.desk.submit(
            self._infusion_id, command, person, self._saved, self.say_no))  # fmt: skip

    def _saved(self) -> None:
        self.strip.set_state(None)
        page = self.pages.currentIndex() + 1
        if page == self.pages.count():
            self.accept()
            return
        self._turn(page)
        (self.steps, self.grade)[page - 1].take_focus()


def _offered(state: Infusion) -> tuple[tuple[Act, Text], ...]:
    """What can be done with the drip now; where nothing drips, only noting it."""
    if state.phase is Phase.PAUSED:
        return () if state.reaction_open else (("stop", say("Keep it stopped, note the reaction")),)
    if state.phase is not Phase.RUNNING:
        return (("continue", say("Note the reaction")),)
    slower = slower_rate(state)
    slow: tuple[tuple[Act, Text], ...] = ()
    if slower is not None and state.rate_gtt_min is not None and slower < state.rate_gtt_min:
        slow = (("slow", say("Slow down to {rate} drops/min", rate=slower)),)
    return (("stop", say("STOP the infusion")), *slow, ("continue", say("Let it run")))


def ask_note_reaction(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A reaction: stopped, slowed or let run at once; then what happens, what was done, how bad it is, who was called."""
    ReactionQuestion(desk, infusion_id, parent).open()


def ask_resolve_reaction(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The open reaction is over."""
    known = desk.infusion(infusion_id).reaction
    notes = []
    if known is not None:
        notes = [
            say(
                "Reaction since {at}: {symptoms}",
                at=known.onset_at,
                symptoms=symptoms(known.symptoms, desk.infusion(infusion_id).protocol),
            )
        ]
        if known.grade is None:
            notes.append(say("It has no grade yet: open the reaction again to give one."))
    fields = (
        Field("outcome", say("Outcome"), "choice", "recovered", tuple(REACTION_OUTCOMES.items())),
        Field("at", say("Over since"), "time"),
        Field("text", say("How it went"), needed=False),
    )
    ask_form(desk, infusion_id, parent, say("Is the reaction over?"), say("It is over"), fields,
             lambda a: ResolveReaction(a["at"], a["text"], a["outcome"]), notes=notes)  # fmt: skip


class _TickedStep:
    """A tick and its time; an untouched time is the moment of the tick."""

    def __init__(self, tick: Toggle, time: QTimeEdit, done_at: datetime | None) -> None:
        self.tick, self.time, self.done_at = tick, time, done_at


class ReactionSteps(QWidget):
    def __init__(self, kit: Kit, desk: Desk, infusion_id: str, done: Sequence[StepDone]) -> None:
        super().__init__()
        self.kit, self.desk = kit, desk
        self.steps: dict[str, _TickedStep] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_8)
        grid.setVerticalSpacing(SPACE_4)
        known = {step.code: step.done_at for step in done}
        for at, step in enumerate(desk.infusion(infusion_id).protocol.reaction.steps):
            made = self._step(step.code, joined("", [step]), known.get(step.code))
            grid.addWidget(made.tick, at // _STEP_COLUMNS, at % _STEP_COLUMNS * 2)
            grid.addWidget(made.time, at // _STEP_COLUMNS, at % _STEP_COLUMNS * 2 + 1)
        for column in range(_STEP_COLUMNS):
            grid.setColumnStretch(column * 2, 1)

    def _step(self, code: str, text: object, done_at: datetime | None) -> _TickedStep:
        tick, time = Toggle(self.kit), QTimeEdit()
        tick.setObjectName(code)
        tick.setChecked(done_at is not None)
        tick.clicked.connect(self._ticked)
        self.kit.words.bind(tick, text=text, accessibleName=text)  # type: ignore[arg-type]
        time.setDisplayFormat("HH:mm")
        time.setFont(self.kit.look.font("line"))
        time.setFixedSize(96, _STEP_HEIGHT)
        time.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.kit.words.bind(time, accessibleName=say("{step}: when", step=text))
        made = self.steps[code] = _TickedStep(tick, time, done_at)
        self._show(made)
        return made

    def _ticked(self) -> None:
        step = self.steps[self.sender().objectName()]
        step.done_at = self.desk.now() if step.tick.isChecked() else None
        self._show(step)

    def _show(self, step: _TickedStep) -> None:
        """The time keeps its place, so that nothing jumps under the hand."""
        step.time.setEnabled(step.done_at is not None)
        step.time.setTime(_local(step.done_at) if step.done_at else QTime(0, 0))
        step.time.setSpecialValueText("" if step.done_at else "—")

    def take_focus(self) -> None:
        next(iter(self.steps.values())).tick.setFocus()

    def done(self) -> tuple[StepDone, ...]:
        """The ticked steps in the order of the protocol."""
        now = self.desk.now()
        return tuple(StepDone(code, _when_done(step, now)) for code, step in self.steps.items() if step.done_at is not None)


def _when_done(step: _TickedStep, now: datetime) -> datetime:
    assert step.done_at is not None
    return step.done_at if step.time.time() == _local(step.done_at) else moment_of(step.time.time(), now)


def _local(at: datetime) -> QTime:
    local = at.astimezone()
    return QTime(local.hour, local.minute)
