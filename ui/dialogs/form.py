"""A question whose answer is a few plain fields: text, a number, a choice, yes or no, a time of today."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QTime
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QTimeEdit, QWidget

from app.domain import commands as c
from app.domain.errors import Refused
from app.domain.people import Person
from app.domain.texts import Text, say
from ui.desk import Desk
from ui.widgets.parts import label

from .question import Question

Answers = Mapping[str, Any]
Make = Callable[[Answers], c.Command]


class Field(msgspec.Struct, frozen=True):
    """`first` is filled in beforehand; `choices` are (code, words); a choice without `first` must be made."""

    key: str
    name: Text
    kind: Literal["text", "number", "choice", "time"] = "text"
    first: Any = None
    choices: tuple[tuple[Any, Text | str], ...] = ()
    needed: bool = True


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
        self._fields = fields
        self._widgets: dict[str, QWidget] = {}
        for note in notes:
            self.body.addWidget(label(self.kit, note, "body", wrap=True))
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for field in fields:
            widget = self._widget(field)
            self.kit.words.bind(widget, accessibleName=field.name)
            form.addRow(label(self.kit, field.name), widget)
            self._widgets[field.key] = widget
        self.body.addLayout(form)
        if fields:
            self._widgets[fields[0].key].setFocus()

    def _widget(self, field: Field) -> QWidget:
        if field.kind == "choice":
            return self._choice(field)
        if field.kind == "time":
            local = (field.first or self.desk.now()).astimezone()
            made = QTimeEdit(QTime(local.hour, local.minute))
            made.setDisplayFormat("HH:mm")
            return made
        return QLineEdit("" if field.first is None else str(field.first))

    def _choice(self, field: Field) -> QComboBox:
        made = QComboBox()
        for code, words in field.choices:
            made.addItem(self.kit.words.shown(words), code)
        wanted = [code for code, _ in field.choices]
        made.setCurrentIndex(wanted.index(field.first) if field.first in wanted else -1)
        made.setPlaceholderText(self.kit.words.tr(say("Choose")))
        return made

    def answers(self) -> dict[str, Any]:
        """Raises `Refused` for what is missing or no number."""
        return {field.key: self._answer(field) for field in self._fields}

    def _answer(self, field: Field) -> Any:
        widget = self._widgets[field.key]
        if isinstance(widget, QComboBox):
            if widget.currentIndex() < 0:
                raise Refused(say("{field}: answer this.", field=field.name))
            return widget.currentData()
        if isinstance(widget, QTimeEdit):
            return self._at(widget.time())
        assert isinstance(widget, QLineEdit)
        text = widget.text().strip()
        if field.kind == "number":
            return self._number(field, text)
        if field.needed and not text:
            raise Refused(say("{field}: answer this.", field=field.name))
        return text

    def _number(self, field: Field, text: str) -> Decimal | None:
        if not text and not field.needed:
            return None
        try:
            return Decimal(text.replace(",", "."))
        except InvalidOperation:
            raise Refused(say("{field}: type a number.", field=field.name)) from None

    def _at(self, time: QTime) -> datetime:
        """That time of today, or of yesterday where it would lie in the future."""
        now = self.desk.now()
        local = now.astimezone()
        at = local.replace(hour=time.hour(), minute=time.minute(), second=0, microsecond=0)
        if (time.hour(), time.minute()) == (local.hour, local.minute):
            return now
        return at if at <= local else at - timedelta(days=1)


def ask_form(
    desk: Desk,
    infusion_id: str,
    parent: QWidget,
    title: Text,
    primary: Text,
    fields: Sequence[Field],
    make: Make,
    by: Person | None = None,
    notes: Sequence[Text] = (),
) -> FormQuestion:
    """Open the form; its answer is submitted for `by` or the person signed in."""
    form = FormQuestion(desk, title, primary, fields, parent, notes)

    def confirm() -> None:
        try:
            command = make(form.answers())
        except Refused as refusal:
            form.say_no(refusal.text)
            return
        form.send(infusion_id, command, by)

    form.confirmed.connect(confirm)
    form.open()
    return form
