"""A mistake is mended: which entry, which field, what is right, and why. The first value stays in the record."""

from typing import Any

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import FIELDS, shown
from app.domain.infusion.code_words import REASONS
from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.wording import vital_line
from app.domain.log import Event
from app.domain.texts import Text, joined, say
from app.domain.vitals.vital_signs import VITALS
from app.services.words.event_words import describe
from ui.ask.answers import Answer, ChoiceAnswer, ReasonAnswer
from ui.ask.form import coded
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.infusion.timeline import Timeline
from ui.infusion.timeline_rows import correctable_rows
from ui.kit.parts import label

from .correct_field import editor

_WHY = ("mistyped", "misread", "wrong_patient", "asked_again")
_VALUES = "values"


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
        self.accept()
        CorrectQuestion(self.desk, self._infusion_id, key, self.parentWidget()).open()


class CorrectQuestion(Question):
    """Of vital signs each value is a field of its own."""

    def __init__(self, desk: Desk, infusion_id: str, event_id: str, parent: QWidget | None) -> None:
        super().__init__(desk, say("What is right?"), say("Correct it"), parent, width=900)
        self._infusion_id, self._event_id = infusion_id, event_id
        state = desk.infusion(infusion_id)
        entry = next(x for x in as_corrected(state.entries) if x.event_id == event_id)
        self.target = entry.event
        people = {person_id: person.name for person_id, person in desk.people.by_id.items()}
        line = joined(" · ", (entry.at, describe(entry, state, people)))
        self.body.addWidget(label(self.kit, line, "body", "quiet", wrap=True))
        fields = _fields(self.target)
        only = fields[0][0] if len(fields) == 1 else None
        self.field = ChoiceAnswer(self.kit, say("What is wrong in it?"), fields, only, columns=4, above=True)
        self.old = label(self.kit, "", "strong", wrap=True)
        self.new: Answer | None = None
        self._place = QVBoxLayout()
        self.reason = ReasonAnswer(self.kit, say("Why is it corrected?"), coded(REASONS, *_WHY), columns=5)
        self.field.setVisible(only is None)
        for part in (self.field, self.old):
            self.body.addWidget(part)
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
        old = _vital(self.target, vital) if vital else getattr(self.target, name)
        words: Text | str = vital_line(old) if vital else shown(name, msgspec.to_builtins(old, builtin_types=()))
        self.kit.words.bind(self.old, text=say("It says: {old}", old=words))
        self.new = editor(self.kit, self.target, name, vital, self.desk.now())
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
        command = c.Correct(self._event_id, name, msgspec.json.encode(value).decode(), reason)
        self.send(self._infusion_id, command)


def _fields(event: Event) -> tuple[tuple[tuple[str, str], Text], ...]:
    """(field, vital sign) with its name; a check's values one by one."""
    found: list[tuple[tuple[str, str], Text]] = []
    for name in event.correctable:
        if name == _VALUES and isinstance(event, e.VitalsRecorded):
            found += [((name, entry.vital), VITALS[entry.vital].name) for entry in event.values]
        else:
            found.append(((name, ""), FIELDS[name]))
    return tuple(found)


def _vital(event: Event, code: str) -> e.VitalEntry:
    assert isinstance(event, e.VitalsRecorded)
    return next(entry for entry in event.values if entry.vital == code)


def _with_vital(event: Event, code: str, value: object) -> list[e.VitalEntry]:
    """All values of the check with one replaced by what a person typed."""
    assert isinstance(event, e.VitalsRecorded)
    typed = e.VitalEntry(code, value, "typed")  # type: ignore[arg-type]
    return [typed if entry.vital == code else entry for entry in event.values]


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    EntryQuestion(desk, infusion_id, parent).open()


def ask_entry(desk: Desk, infusion_id: str, event_id: str, parent: QWidget) -> None:
    """The same for an entry that was chosen in the timeline."""
    CorrectQuestion(desk, infusion_id, event_id, parent).open()
