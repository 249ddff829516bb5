"""An entry of a subject is corrected: which part of it, how it should read, and why. The first value stays in the record."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.infusion.corrected import current
from app.domain.log import Entry, Event
from app.domain.people.roles import Person
from app.domain.safety.adverse_event import SERIOUSNESS
from app.domain.safety.ctcae_terms import Ctcae
from app.domain.texts import Text, joined, say
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.subject_commands import CorrectSubject
from app.domain.trial.subject.subject_state import SubjectState
from app.services.words.desk_words import CODED, FIELDS, describe_desk
from ui.ask.answers import Answer, ChoiceAnswer, SeveralAnswer, TextAnswer
from ui.ask.form import YES_NO, Answers, FormQuestion, coded
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.safety.adverse_question import TermAnswer, grade_choices
from ui.safety.dated_answer import DatedAnswer
from ui.trial.lab_question import COLUMNS, HEIGHT, MADE_SURE, WAYS, with_unit
from ui.trial.typed_answers import a_day, a_decimal, perhaps

_DISEASES, _SEXES = ("all", "lymphoma", "myeloma", "other"), ("female", "male")
_NEW = say("It should be")
_WHOLE = ("age_years", "icaht_grade", "tubes")
_DAYS = ("car_t_on", "consent_on", "on", "onset_on", "over_on", "from_on", "until_on")


class TypedAnswer(TextAnswer):
    """A line that is read as something; None where it may stay empty."""

    def __init__(self, kit: Kit, first: object, read: Callable[[str], Any], needed: bool) -> None:
        super().__init__(kit, _NEW, first, needed)
        self._read = read

    def value(self) -> Any:
        return perhaps(super().value(), self._read)


class ValuesAnswer(Answer):
    """The values of one collection, each on its line with its unit, what is changed twice; limits stay as they were."""

    def __init__(self, kit: Kit, values: Sequence[f.LabValue]) -> None:
        self._values, self._twice = values, True
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_8)
        self._head = label(kit, say("Each changed value again"), "body", "quiet")
        grid.addWidget(self._head, 0, 2)
        self.lines = [(QLineEdit(f"{x.value:f}"), QLineEdit()) for x in values]
        for row, (value, fields) in enumerate(zip(values, self.lines, strict=True), 1):
            grid.addWidget(label(kit, with_unit(value.test, value.unit), "strong"), row, 0)
            for column, (field, head) in enumerate(zip(fields, COLUMNS, strict=False), 1):
                field.setFont(kit.look.font("line"))
                field.setFixedHeight(HEIGHT)
                kit.words.bind(field, accessibleName=joined(": ", (f.TEST_NAMES[value.test], head)))
                grid.addWidget(field, row, column)
        super().__init__(kit, _NEW, body, self.lines[0][0], above=True)

    def ask_again(self, again: bool) -> None:
        """Whether what is changed is typed twice."""
        self._twice = again
        self._head.setVisible(again)
        for _first, second in self.lines:
            second.setVisible(again)

    def value(self) -> tuple[tuple[f.LabValue, ...], tuple[f.LabValue, ...]]:
        """As they should be, and typed again; a line that is left alone needs no second time. Raises `Refused`."""
        first, again = list[f.LabValue](), list[f.LabValue]()
        for known, (line, second) in zip(self._values, self.lines, strict=True):
            new = msgspec.structs.replace(known, value=a_decimal(line.text()))
            typed = perhaps(second.text(), a_decimal)
            if typed is None and self._twice and new != known:
                raise Refused(say("Type each value that you change twice."))
            first.append(new)
            again.append(new if typed is None else msgspec.structs.replace(known, value=typed))
        return tuple(first), tuple(again)


def answer_for(desk: Desk, event: Event, field: str, ctcae: Ctcae) -> Answer:
    """What a field of an entry is answered with, filled with what it says now."""
    kit, now = desk.kit, getattr(event, field)
    if field == "term":
        return TermAnswer(kit, ctcae, now)
    if field == "values":
        return ValuesAnswer(kit, now)
    if field == "criteria":
        return SeveralAnswer(kit, _NEW, tuple(SERIOUSNESS.items()), now, columns=3)
    choices, is_grade = _choices(event, field, ctcae), field == "grade"
    if choices:
        return ChoiceAnswer(kit, _NEW, choices, now, columns=1 if is_grade else 3, above=is_grade)
    return _line(desk, field, now)


def _choices(event: Event, field: str, ctcae: Ctcae) -> tuple[tuple[Any, Text | str], ...]:
    if field == "grade" and isinstance(event, f.AdverseEventNoted):
        return grade_choices(ctcae, event.term)
    if field in CODED:
        return coded(CODED[field], *{"sex": _SEXES, "disease": _DISEASES}.get(field, ()))
    return YES_NO if isinstance(getattr(event, field), bool) or field == "before_dexamethasone" else ()


def _line(desk: Desk, field: str, now: object) -> Answer:
    kit = desk.kit
    if isinstance(now, datetime) or field == "aware_at":
        return DatedAnswer(kit, _NEW, now if isinstance(now, datetime) else desk.now())
    if field in _DAYS:
        return TypedAnswer(kit, now, a_day, needed=now is not None)
    if field in _WHOLE:
        return TypedAnswer(kit, now, lambda text: int(a_decimal(text)), needed=now is not None)
    if isinstance(now, Decimal):
        return TypedAnswer(kit, f"{now:f}", a_decimal, needed=True)
    return TextAnswer(kit, _NEW, now, needed=field not in ("laboratory", "text"))


class EntryCorrection(FormQuestion):
    """What is asked changes with the part that is wrong."""

    def __init__(self, desk: Desk, event: Event, ctcae: Ctcae, parent: QWidget) -> None:
        super().__init__(desk, say("Correct an entry"), say("Keep"), (), parent, (describe_desk(event),))
        fields = fields_of(event)
        self.what = ChoiceAnswer(self.kit, say("What is wrong?"), tuple((x, FIELDS[x]) for x in fields), columns=4, above=True)
        self.add("what", self.what)
        for field in fields:
            self.add(f"to {field}", answer_for(desk, event, field, ctcae))
        self.how = ChoiceAnswer(self.kit, MADE_SURE, WAYS, "twice", columns=2)
        self.add("how", self.how)
        self.add("reason", TextAnswer(self.kit, say("Why it is corrected")))
        self.body.addWidget(
            label(self.kit, say("The first value stays in the record, beside the new one."), "body", "quiet", wrap=True)
        )
        self.what.changed.connect(self._chosen)
        self.how.changed.connect(self._chosen)
        self._chosen()

    def _chosen(self) -> None:
        wanted = self.what.chosen()
        for key, answer in self.answers_by_key.items():
            if key.startswith("to "):
                answer.setVisible(key == f"to {wanted}")
            if isinstance(answer, ValuesAnswer):
                answer.ask_again(self.how.chosen() != "second")
        self.how.setVisible(wanted == "values")


def fields_of(event: Event) -> tuple[str, ...]:
    """Those that a person may set; what follows from another is not asked for."""
    judged = isinstance(event, f.AdverseEventNoted) and event.relatedness
    return tuple(x for x in event.correctable if not (x == "is_related" and judged))


def correctable(s: SubjectState, event_id: str) -> Entry | None:
    """An entry that is corrected in this form; a criterion is entered anew instead."""
    found = next((x for x in s.entries if x.event_id == event_id), None)
    if found is None or not found.event.correctable or isinstance(found.event, f.CriterionRecorded):
        return None
    return msgspec.structs.replace(found, event=current(s.entries, found))


def needs_second(answers: Answers) -> bool:
    """Whether another person looks at the values before they are kept."""
    return bool(answers["what"] == "values" and answers["how"] == "second")


def correction_of(event_id: str, answers: Answers, second: Person | None = None) -> CorrectSubject:
    """`second` has compared the values with the laboratory's."""
    field = answers["what"]
    new, again = answers[f"to {field}"] if field == "values" else (answers[f"to {field}"], None)
    return CorrectSubject(event_id, field, msgspec.json.encode(new).decode(), answers["reason"], again, second)
