"""A reaction: stopped, slowed or let run at once; then what was done, how bad it is, who was called; and its end."""

from typing import Literal

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction, slower_rate
from app.domain.infusion.code_words import ACTIONS, GRADES, REACTION_OUTCOMES
from app.domain.infusion.facts import ReactionNoted
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import symptoms
from app.domain.people.roles import BEDSIDE
from app.domain.protocol import Protocol
from app.domain.texts import Text, joined, say
from ui.ask.answers import ChoiceAnswer, SeveralAnswer, TextAnswer
from ui.ask.form import Field, ask_form
from ui.ask.question import Question
from ui.ask.reaction_steps import ReactionSteps
from ui.ask.time_answer import TimeAnswer
from ui.ask.who import with_role
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.safety.reaction_answers import CalledAnswer, DrugsAnswer

from .vital_checks import ask_record_vitals

Act = Literal["stop", "slow", "continue"]
_PAGES: tuple[Text, ...] = (say("1 · What happens"), say("2 · What was done"), say("3 · How bad it is"))
_SAVES: tuple[Text, ...] = (say("Save, then the steps"), say("Save, then the grade"), say("Save and close"))
_ACT_HEIGHT = 56


def symptom_choices(protocol: Protocol) -> tuple[tuple[str, Text], ...]:
    """The symptoms that the infusion's protocol names, in its words."""
    return tuple((symptom.code, joined("", [symptom])) for symptom in protocol.reaction.symptoms)


class ReactionQuestion(Question):
    """The buttons at its top act before anything else is asked. Every page is saved when it is left by the primary button."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Reaction"), _SAVES[0], parent, width=1220)
        self._infusion_id, self._moved_on = infusion_id, False
        self._known = state.reaction if (state := desk.infusion(infusion_id)).reaction_open else None
        self.acts: dict[Act, QPushButton] = {}
        self.status = label(self.kit, "", "strong", wrap=True)
        self._act_row = QHBoxLayout()
        self._act_row.setSpacing(SPACE_8)
        self.body.addLayout(self._act_row)
        self.body.addWidget(self.status)
        self._offer_acts(state)
        self.pages, self.tabs = QStackedWidget(), QButtonGroup(self)
        self._make_answers()
        self._lay_out_tabs()
        self.body.addWidget(self.pages)
        self.confirmed.connect(self._save)
        self._turn(1 if self._known else 0)
        self._show_done()
        for answer in (self.symptoms, self.grade):
            answer.changed.connect(self._move_on)
        if self._known is None or state.phase is Phase.RUNNING:
            self.begin_again()

    def begin_again(self) -> None:
        """F8: while it drips, Enter stops it, whatever was noted before."""
        self._moved_on = False
        state = self.desk.infusion(self._infusion_id)
        if tuple(self.acts) != tuple(act for act, _ in _offered(state)):
            self._offer_acts(state)
        for act in tuple(self.acts.values())[:1]:
            act.setFocus()

    def returned(self) -> None:
        self.begin_again()

    def _move_on(self) -> None:
        self._moved_on = True

    # --- what acts at once

    def _offer_acts(self, state: Infusion) -> None:
        for gone in self.acts.values():
            self._act_row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.acts.clear()
        for act, text in _offered(state):
            made = button(self.kit, text, "primary" if act == "stop" else "secondary")
            made.setMinimumHeight(_ACT_HEIGHT)
            made.setFont(self.kit.look.font("action"))
            made.setObjectName(act)
            made.clicked.connect(self._act)
            self.acts[act] = made
            self._act_row.addWidget(made, 1)

    def _act(self) -> None:
        """Carried out before anything else is filled in."""
        act: Act = self.sender().objectName()  # type: ignore[assignment]
        slower = slower_rate(self.desk.infusion(self._infusion_id)) if act == "slow" else None
        command = NoteReaction(self.onset.value(), self.symptoms.value(), act, slower_gtt_min=slower)
        self.desk.submit(self._infusion_id, command, then=self._acted, refused=self.say_no)

    def _acted(self) -> None:
        self._known = self.desk.infusion(self._infusion_id).reaction
        self._move_on()
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
        """Before anything was done here Enter stops the drip (or notes the reaction); after that it saves the page."""
        drips = self.desk.infusion(self._infusion_id).phase is Phase.RUNNING
        untouched = not self._moved_on and self.focusWidget() in (*self.acts.values(), None)
        if self._known is None or (drips and untouched):
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
        self.tabs.idClicked.connect(self._move_on)
        self.body.addLayout(row)

    def _make_answers(self) -> None:
        known, kit = self._known, self.kit
        onset_at = known.onset_at if known else None
        self.onset = TimeAnswer(kit, say("Since when?"), self.desk.now(), onset_at)
        offered = symptom_choices(self.desk.infusion(self._infusion_id).protocol)
        self.symptoms = SeveralAnswer(kit, say("What happens? Choose all that are there."), offered,
                                      known.symptoms if known else (), columns=4)  # fmt: skip
        self.steps = ReactionSteps(kit, self.desk, self._infusion_id, known.steps if known else ())
        self.called = CalledAnswer(kit, self.desk.now(), known.called if known else "", known.called_at if known else None)
        self.drugs = DrugsAnswer(kit, self.desk.now(), known.drugs if known else ())
        self.measure = button(kit, say("Vital signs now"))
        self.measure.clicked.connect(lambda: ask_record_vitals(self.desk, self._infusion_id, self))
        grades = tuple((grade, say("{grade} · {words}", grade=grade, words=words)) for grade, words in GRADES.items())
        self.grade = ChoiceAnswer(kit, say("CTCAE 5.0 grade of the infusion related reaction: you judge, the program does not."),
                                  grades, known.grade if known else None, columns=1, above=True)  # fmt: skip
        self.text = TextAnswer(kit, say("More to say"), known.text if known else None, needed=False)
        for widgets in (
            (self.symptoms, self.onset),
            (self.steps, self.drugs, _beside(self.called, self.measure)),
            (self.grade, self.text),
        ):
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE_8)
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


def _beside(wide: QWidget, narrow: QWidget) -> QWidget:
    """In one row, so that all of the page is seen on a small screen."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_8)
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return both
