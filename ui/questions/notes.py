"""What else stands in the record: a note, a correction, a hand-over, a review."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import FIELDS, Correct, shown
from app.domain.infusion.chapters.notes import AddNote, HandOver
from app.domain.infusion.code_words import REASONS
from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.wording import vital_line
from app.domain.log import Event
from app.domain.people.accounts import Reviewed
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, joined, say
from app.domain.typed_texts import sentence
from app.domain.vitals.vital_signs import VITALS
from app.services.words.event_words import describe
from app.services.words.trail_scope import looked_words, scope_words
from ui.ask.answers import Answer, ChoiceAnswer, NumberAnswer, ReasonAnswer, SeveralAnswer, TextAnswer
from ui.ask.bed import at_bed
from ui.ask.form import YES_NO, Field, ask_form, coded
from ui.ask.question import Question
from ui.ask.time_answer import TimeAnswer
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.frame.task_words import task_words
from ui.infusion.timeline import Timeline
from ui.infusion.timeline_rows import correctable_rows
from ui.kit.labels_and_buttons import label
from ui.kit.look_and_words import Kit
from ui.questions.reaction import symptom_choices

_WHY_CORRECTED = ("mistyped", "misread", "wrong_patient", "asked_again")
_VALUES = "values"
_SHOULD_SAY = say("It should say")
_NUMBER_FIELDS = ("dose_mg", "rate_gtt_min", "left_ml", "volume_ml")
_ONE_OF_A_LIST: Mapping[str, Mapping[Any, Text]] = {
    "baseline_blood": codes.BLOOD,
    "outcome": codes.OUTCOMES,
    "consciousness": codes.CONSCIOUSNESS,
    "grade": codes.GRADES,
}
_SEVERAL_OF_A_LIST: Mapping[str, Mapping[str, Text]] = {"flags": codes.FLAGS}
_TASKS_SHOWN = 3
REVIEWERS = (Role.INVESTIGATOR, Role.MONITOR)
ReviewSigned = Callable[[Reviewed, Person], object]


def ask_add_note(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A note: whatever else should stand in the record."""
    ask_form(desk, infusion_id, parent, say("What should stand in the record?"), say("Save"), (Field("text", say("Note")),),
             lambda a: AddNote(a["text"]))  # fmt: skip


class EntryQuestion(Question):
    """Which entry is wrong: all that can be corrected, newest first."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Which entry is wrong?"), say("Correct this entry"), parent, width=900)
        self._infusion_id = infusion_id
        people = {person_id: person.name for person_id, person in desk.people.by_id.items()}
        self.timeline = Timeline(self.kit)
        self.timeline.set_state(correctable_rows(desk.infusion(infusion_id), people, self.kit.words.catalogue))
        self.timeline.setMinimumHeight(400)
        self.timeline.correct_wanted.connect(self._confirm)
        self.timeline.correct.setVisible(False)
        self.body.addWidget(self.timeline)
        self.confirmed.connect(self._confirm)
        self.timeline.list.setFocus()

    def _confirm(self) -> None:
        key = self.timeline.chosen()
        if not key:
            self.say_no(say("Choose the entry that is wrong."))
            return
        page = self.parentWidget()
        assert page is not None
        self.accept()
        CorrectQuestion(self.desk, self._infusion_id, key, at_bed(self._infusion_id, page)).open()


class CorrectQuestion(Question):
    """Of vital signs each value is a field of its own."""

    def __init__(self, desk: Desk, infusion_id: str, event_id: str, parent: QWidget | None) -> None:
        super().__init__(desk, say("What is right?"), say("Correct it"), parent, width=900)
        self._infusion_id, self._event_id = infusion_id, event_id
        state = desk.infusion(infusion_id)
        entry = next(x for x in as_corrected(state.entries) if x.event_id == event_id)
        self.target, self._protocol = entry.event, state.protocol
        people = {person_id: person.name for person_id, person in desk.people.by_id.items()}
        line = joined(" · ", (entry.at, describe(entry, state, people)))
        self.body.addWidget(label(self.kit, line, "body", "quiet", wrap=True))
        fields = _correctable_fields(self.target)
        only = fields[0][0] if len(fields) == 1 else None
        self.field = ChoiceAnswer(self.kit, say("What is wrong in it?"), fields, only, columns=4, above=True)
        self.old = label(self.kit, "", "strong", wrap=True)
        self.new: Answer | None = None
        self._place = QVBoxLayout()
        self.reason = ReasonAnswer(self.kit, say("Why is it corrected?"), coded(REASONS, *_WHY_CORRECTED), columns=5)
        for part in (self.field, self.old):
            self.body.addWidget(part)
        self.field.setVisible(only is None)  # not before it has a parent, or it were a window of its own
        self.body.addLayout(self._place)
        self.body.addWidget(self.reason)
        self.field.changed.connect(self._chosen)
        self.confirmed.connect(self._confirm)
        if only is not None:
            self._chosen()
        else:
            self.field.take_focus()

    def _chosen(self) -> None:
        """The old value in words, and what the new one is answered with."""
        if self.new is not None:
            self._place.removeWidget(self.new)
            self.new.hide()
            self.new.deleteLater()
        name, vital = self.field.chosen()
        old = _vital_entry(self.target, vital) if vital else getattr(self.target, name)
        words: Text | str = vital_line(old) if vital else shown(name, msgspec.to_builtins(old, builtin_types=()), self._protocol)
        self.kit.words.bind(self.old, text=say("It says: {old}", old=words))
        if name == "symptoms":
            self.new = SeveralAnswer(self.kit, _SHOULD_SAY, symptom_choices(self._protocol), [*getattr(self.target, name)])
        else:
            self.new = _new_value(self.kit, self.target, name, vital, self.desk.now())
        self._place.addWidget(self.new)
        self.new.show()
        self.new.take_focus()

    def _confirm(self) -> None:
        answers = [self.field, *([self.new] if self.new else []), self.reason]
        found: list[Any] = []
        for answer in answers:
            try:
                found.append(answer.value())
                answer.complain(None)
            except Refused as refusal:
                answer.complain(refusal.text)
                answer.take_focus()
                return
        (name, vital), new, reason = found
        value = _with_vital(self.target, vital, new) if vital else new
        command = Correct(self._event_id, name, msgspec.json.encode(value).decode(), reason)
        self.send(self._infusion_id, command)


def ask_correct(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A mistake is mended: which entry, which field, what is right, and why. The first value stays in the record."""
    EntryQuestion(desk, infusion_id, parent).open()


def ask_correct_entry(desk: Desk, infusion_id: str, event_id: str, parent: QWidget) -> None:
    """The same for an entry that was chosen in the timeline."""
    CorrectQuestion(desk, infusion_id, event_id, parent).open()


def _correctable_fields(event: Event) -> tuple[tuple[tuple[str, str], Text], ...]:
    """(field, vital sign) with its name; a check's values one by one."""
    found: list[tuple[tuple[str, str], Text]] = []
    for name in event.correctable:
        if name == _VALUES and isinstance(event, e.VitalsRecorded):
            found += [((name, entry.vital), VITALS[entry.vital].name) for entry in event.values]
        else:
            found.append(((name, ""), FIELDS[name]))
    return tuple(found)


def _vital_entry(event: Event, code: str) -> e.VitalEntry:
    assert isinstance(event, e.VitalsRecorded)
    return next(entry for entry in event.values if entry.vital == code)


def _with_vital(event: Event, code: str, value: object) -> list[e.VitalEntry]:
    """All values of the check with one replaced by what a person typed."""
    assert isinstance(event, e.VitalsRecorded)
    typed = e.VitalEntry(code, value, "typed")  # type: ignore[arg-type]
    return [typed if entry.vital == code else entry for entry in event.values]


def _new_value(kit: Kit, event: Event, field: str, vital: str, now: datetime) -> Answer:
    """Filled with nothing where a number is wanted, so that the new value is really read and typed."""
    if vital:
        return NumberAnswer(kit, _SHOULD_SAY, None, VITALS[vital].unit_words, VITALS[vital].decimals, digits=3)
    old = getattr(event, field)
    if field in _NUMBER_FIELDS:
        return NumberAnswer(kit, _SHOULD_SAY, None, decimals=1)
    return TimeAnswer(kit, _SHOULD_SAY, now, old) if isinstance(old, datetime) else _new_words(kit, field, old)


def _new_words(kit: Kit, field: str, old: Any) -> Answer:
    if field in _ONE_OF_A_LIST:
        columns = 1 if field == "grade" else 3
        return ChoiceAnswer(kit, _SHOULD_SAY, tuple(_ONE_OF_A_LIST[field].items()), old, columns, above=True)
    if field in _SEVERAL_OF_A_LIST:
        return SeveralAnswer(kit, _SHOULD_SAY, tuple(_SEVERAL_OF_A_LIST[field].items()), old)
    if field in ("oxygen", "discomfort"):
        return ChoiceAnswer(kit, _SHOULD_SAY, YES_NO, old)
    return TextAnswer(kit, _SHOULD_SAY, old, needed=False)


def ask_hand_over(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Handed over to another nurse, who signs and goes on."""
    here = (desk.person.person_id,) if desk.person else ()

    def taken(person: Person) -> None:
        desk.submit(infusion_id, HandOver(person), then=lambda: desk.sign_in(person))

    ask_who(desk, parent, BEDSIDE, taken, here, say("Who takes over?"), _what_comes_next(desk, infusion_id))


def _what_comes_next(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    """What the next nurse has to know first: whose it is and what is due."""
    state, now, words = desk.infusion(infusion_id), desk.now(), desk.kit.words.catalogue
    tasks = [task_words(task, state, now, words) for task in desk.bedside.bed(infusion_id).tasks[:_TASKS_SHOWN]]
    return (say("{subject}, bed {bed}. Next:", subject=state.order.subject, bed=state.order.bed), *tasks)


class ReviewQuestion(Question):
    """`signed` is called once somebody has given the password."""

    def __init__(self, desk: Desk, review: Reviewed, signed: ReviewSigned, parent: QWidget) -> None:
        super().__init__(desk, say("Sign off a review"), say("Go on"), parent)
        self._review, self._signed, self._over = review, signed, parent
        names = {key: person.name for key, person in desk.people.by_id.items()}
        self._notes = (looked_words(review), say("Of: {scope}", scope=scope_words(review.scope, names)))
        self.remark = QLineEdit()
        self.kit.words.bind(self.remark, accessibleName=say("Remark"), placeholderText=say("Remark"))
        for note in self._notes:
            self.body.addWidget(label(self.kit, note, "body", wrap=True))
        self.body.addWidget(self.remark)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        try:
            remark = sentence(self.remark.text().strip())
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        event = msgspec.structs.replace(self._review, remark=remark)
        self.accept()
        why = say("Name and password of the person who has read the trail")
        ask_who(self.desk, self._over, REVIEWERS, lambda person: self._signed(event, person), why=why, notes=self._notes)


def ask_review(desk: Desk, review: Reviewed, signed: ReviewSigned, parent: QWidget) -> None:
    """Signing off a review of the trail: exactly what was looked at, a remark, and who has read it."""
    ReviewQuestion(desk, review, signed, parent).open()
