"""A question whose answer has a few parts: text, a number, one or several of a list, a time, a reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.identity import CodeRead
from app.domain.people.roles import Person
from app.domain.texts import Text, say
from ui.ask.code_field import when_scanned
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8

from .answers import Answer, ChoiceAnswer, NumberAnswer, ReasonAnswer, SeveralAnswer, TextAnswer, next_empty
from .code_answer import CodeAnswer
from .question import Question
from .signer import SIGNER, MaySign, SignerAnswer, Then
from .time_answer import TimeAnswer

#: more stand closer
_MANY = 3
#: The key of the answer that is asked for once a code was typed and not scanned.
WHY_TYPED = "why typed"
Answers = Mapping[str, Any]
Make = Callable[[Answers], Command]


class Field(msgspec.Struct, frozen=True):
    """`first` is filled in beforehand; `choices` are (code, words); a choice without `first` must be made.

    `unit` and `decimals` belong to numbers, `columns` to choices, `read` to codes: it gives what
    a code means or raises `Refused`.
    """

    key: str
    name: Text
    kind: Literal["text", "number", "choice", "several", "time", "reason", "code"] = "text"
    first: Any = None
    choices: tuple[tuple[Any, Text | str], ...] = ()
    needed: bool = True
    unit: Text | str = ""
    decimals: int = 3
    columns: int = 0
    read: Callable[[str], CodeRead] = CodeRead


YES_NO: tuple[tuple[Any, Text | str], ...] = ((True, say("Yes")), (False, say("No")))


class FormQuestion(Question):
    """`make` turns the answers into a command; a refusal, also one that `make` raises, stays in the dialog."""

    def __init__(
        self,
        desk: Desk,
        title: Text,
        primary: Text,
        fields: Sequence[Field],
        parent: QWidget,
        notes: Sequence[Text] = (),
    ) -> None:
        super().__init__(desk, title, primary, parent)
        self._site = desk.bedside.trial.protocol.labels
        for note in notes:
            self.body.addWidget(label(self.kit, note, "body", wrap=True))
        if len(fields) > _MANY:
            self.body.setSpacing(SPACE_8)
        self.answers_by_key: dict[str, Answer] = {}
        self.signer: SignerAnswer | None = None
        self._was_shown = False
        for field in fields:
            self.add(field.key, self._answer(field))
        self._ask_why_typed()
        if any(field.key == "subject" and field.kind == "code" for field in fields):
            self.hide_subject()  # it is to be read off the wristband, not copied from above the line
        if any(field.kind == "code" for field in fields):
            when_scanned(self._site, self, self.scan_came)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self._begin()

    def _begin(self) -> None:
        """With the first question that is unanswered, else with the first."""
        shown = [answer for answer in self.answers_by_key.values() if not answer.isHidden()]
        first = next((answer for answer in shown if answer.is_empty()), shown[0] if shown else None)
        if first is None:
            self.primary.setFocus()
        else:
            self._go_to(first)

    def add(self, key: str, answer: Answer) -> None:
        self.keep(key, answer)
        self.body.addWidget(answer)

    def keep(self, key: str, answer: Answer) -> None:
        """It is laid out elsewhere; what follows it is the next that is kept."""
        self.answers_by_key[key] = answer
        answer.led_on.connect(self._lead_on)

    def ask_to_sign(self, may: MaySign) -> SignerAnswer:
        """The answers are signed on the same sheet, below them."""
        signer = self.signer = SignerAnswer(self.desk, may)
        self.add(SIGNER, signer)
        return signer

    def prove(self, signer: SignerAnswer, then: Then) -> None:
        """Go on with who signed it here, once the PIN or password is theirs."""
        self.primary.setEnabled(False)
        signer.prove(then, self.say_no)

    def _answer(self, field: Field) -> Answer:
        kit, choices = self.kit, field.choices
        if field.kind == "choice":
            return ChoiceAnswer(kit, field.name, choices, field.first, field.columns)
        if field.kind == "several":
            return SeveralAnswer(kit, field.name, choices, field.first or (), field.columns or 4)
        if field.kind == "reason":
            return ReasonAnswer(kit, field.name, choices, field.needed, field.columns or 3)
        if field.kind == "time":
            return TimeAnswer(kit, field.name, self.desk.now(), field.first)
        if field.kind == "number":
            return NumberAnswer(kit, field.name, field.first, field.unit, field.decimals, needed=field.needed)
        return self._line(field)

    def _line(self, field: Field) -> TextAnswer:
        if field.kind != "code":
            return TextAnswer(self.kit, field.name, field.first, field.needed)
        answer = CodeAnswer(self.kit, field.name, self._site, field.read)
        answer.code.entered.connect(self.enter)
        return answer

    def scan_came(self) -> None:
        """The scanner's prefix came while no code line had the focus: the first empty one takes the code."""
        codes = [a for a in self.answers_by_key.values() if isinstance(a, CodeAnswer) and not a.isHidden()]
        empty = next((a for a in codes if a.is_empty()), None)
        if empty is not None:
            empty.code.begin_scan()

    def answers(self) -> dict[str, Any]:
        """Says below each answer what is missing or wrong; raises the first of these as `Refused`."""
        self._ask_why_typed()
        found: dict[str, Any] = {}
        wrong: list[tuple[Answer, Refused]] = []
        for key, answer in self.answers_by_key.items():
            try:
                found[key] = None if answer.isHidden() else answer.value()
                answer.complain(None)
            except Refused as refusal:
                answer.complain(refusal.text)
                wrong.append((answer, refusal))
        if wrong:
            wrong[0][0].take_focus()
            self.area.ensureWidgetVisible(wrong[0][0])
            raise wrong[0][1]
        return found

    def _ask_why_typed(self) -> None:
        why = self.answers_by_key.get(WHY_TYPED)
        if why is not None:
            codes = [a for a in self.answers_by_key.values() if isinstance(a, CodeAnswer) and not a.is_empty()]
            why.setVisible(any(not a.code.is_scanned for a in codes))

    def enter(self) -> None:
        """Enter leads to the next unanswered question (a scanner sends one after each code), then presses the primary button."""
        self._ask_why_typed()
        at = self.focusWidget()
        here = next((a for a in self.answers_by_key.values() if at is not None and a.isAncestorOf(at)), None)
        if here is not None and _is_wrong(here):
            return
        empty = None if here is None or here.is_empty() else next_empty(self.answers_by_key.values(), at)
        if empty is not None:
            self._go_to(empty)
        else:
            self.primary.click()

    def _go_to(self, answer: Answer) -> None:
        """Once what appeared with the last answer stands."""
        answer.take_focus()
        QTimer.singleShot(0, self, self.see_focus)

    def _lead_on(self) -> None:
        empty = next_empty(self.answers_by_key.values(), self.focusWidget())
        if empty is not None:
            self._go_to(empty)
        else:
            self.primary.setFocus()


def _is_wrong(answer: Answer) -> bool:
    """A code that cannot be understood is refused at once, before the next one is read."""
    return isinstance(answer, CodeAnswer) and not answer.is_empty() and not answer.is_understood()


def submit_form(form: FormQuestion, infusion_id: str, make: Make, by: Person | None = None) -> None:
    """What the form's primary button does: read, make the command, send it for whoever signs it in the form, for `by`, or the
    person signed in.
    """

    def confirm() -> None:
        try:
            answers = form.answers()
        except Refused:
            return
        try:
            command = make(answers)
        except Refused as refusal:
            form.say_no(refusal.text)
            return
        if form.signer is None:
            form.send(infusion_id, command, by)
        else:
            form.prove(form.signer, lambda person: form.send(infusion_id, command, person))

    form.confirmed.connect(confirm)


def lead_on(form: FormQuestion, then: Callable[[Answers], None]) -> None:
    """The primary button leads on to the next question, often another person's; what `then` refuses stays in the form."""

    def confirm() -> None:
        try:
            answers = form.answers()
        except Refused:
            return
        try:
            then(answers)
        except Refused as refusal:
            form.say_no(refusal.text)
            return
        form.accept()

    form.confirmed.connect(confirm)


def ask_form(
    desk: Desk,
    infusion_id: str,
    parent: QWidget,
    title: Text,
    primary: Text,
    fields: Sequence[Field],
    make: Make,
    by: Person | MaySign | None = None,
    notes: Sequence[Text] = (),
) -> FormQuestion:
    """Open the form; its answer is submitted for `by`, for the person signed in, or for who signs it in the form."""
    form = FormQuestion(desk, title, primary, fields, parent, notes)
    if isinstance(by, MaySign):
        form.ask_to_sign(by)
    submit_form(form, infusion_id, make, by if isinstance(by, Person) else None)
    form.open()
    return form


def ask_unseen(
    desk: Desk,
    infusion_id: str,
    parent: QWidget,
    title: Text,
    primary: Text,
    fields: Sequence[Field],
    make: Make,
    may: MaySign,
    notes: Sequence[Text] = (),
) -> None:
    """One of two independent readings, signed on its own sheet. Half filled it is never kept: the other person might see it."""
    ask_form(desk, infusion_id, parent, title, primary, fields, make, may, notes).keeps_draft = False


def coded(words: Mapping[str, Text], *codes: str) -> tuple[tuple[str, Text], ...]:
    """Some codes of a table with their words, to choose from."""
    return tuple((code, words[code]) for code in codes or tuple(words))
