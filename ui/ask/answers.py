"""What a form's questions are answered with: large, by touch or by keyboard; what is wrong stands below it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.domain.typed_texts import sentence
from ui.ask.big_number import BigNumber, NumberState
from ui.ask.toggle_grid import ToggleGrid, ToggleItem, ToggleState
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_4, SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit, restyle

Choices = Sequence[tuple[Any, Text | str]]
_NAME_WIDTH, _BESIDE_NAME = 168, 440
_LINE_HEIGHT = 52


def _letter(code: Any) -> str:
    """The key that answers so: Y and N, or a code that is itself a letter, as those of consciousness."""
    if isinstance(code, bool):
        return "Y" if code else "N"
    return code if isinstance(code, str) and len(code) == 1 and code.isupper() else ""


class Answer(QWidget):
    """The name on the left (or above, where the answer is wide), the answer, and below it what is wrong."""

    changed = Signal()
    #: It was answered by one key; the next question is wanted.
    led_on = Signal()

    def __init__(self, kit: Kit, name: Text, body: QWidget, focus: QWidget | None = None, above: bool = False) -> None:
        super().__init__()
        self.kit, self.name = kit, name
        self._focus = focus or body
        self.error = label(kit, "", "strong", wrap=True)
        self.error.hide()
        self.label = label(kit, name, "strong", wrap=True)
        if not name.msgid:
            self.label.hide()  # never shown by hand: it has no parent yet, and would be a window of its own
        kit.words.bind(self._focus, accessibleName=name)
        self._lay_out(body, above)

    def _lay_out(self, body: QWidget, above: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        if above:
            column.addWidget(self.label)
            column.addWidget(body)
        else:
            row = QHBoxLayout()
            row.setSpacing(SPACE_16)
            self.label.setFixedWidth(_NAME_WIDTH)
            row.addWidget(self.label)
            row.addWidget(body, 1, Qt.AlignmentFlag.AlignLeft if isinstance(body, BigNumber) else Qt.AlignmentFlag(0))
            column.addLayout(row)
        column.addWidget(self.error)

    def value(self) -> Any:
        """The answer. Raises `Refused` saying what is missing or wrong."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Whether Enter should lead here before it presses the primary button."""
        return False

    def complain(self, text: Text | None) -> None:
        """Say below the answer what is wrong with it; None: nothing."""
        self.kit.words.bind(self.error, text=say("▲ {what}", what=text) if text else "")
        self.error.setVisible(text is not None)

    def take_focus(self) -> None:
        self._focus.setFocus()

    def missing(self) -> Refused:
        return Refused(say("Answer this."))


def next_empty(answers: Iterable[Answer], at: QWidget | None) -> Answer | None:
    """The next that is shown and unanswered, after the one in which `at` is."""
    shown = [answer for answer in answers if not answer.isHidden()]
    here = next((n for n, answer in enumerate(shown) if at is not None and answer.isAncestorOf(at)), -1)
    return next((answer for answer in shown[here + 1 :] if answer.is_empty()), None)


class TextAnswer(Answer):
    """One line; what is typed or scanned."""

    def __init__(self, kit: Kit, name: Text, first: object = None, needed: bool = True, field: QLineEdit | None = None) -> None:
        self.field = field or QLineEdit("" if first is None else str(first))
        self.field.setFont(kit.look.font("line"))
        self.field.setMinimumHeight(_LINE_HEIGHT)
        super().__init__(kit, name, self.field)
        self._needed = needed
        self.field.textEdited.connect(self._edited)

    def _edited(self) -> None:
        self.complain(None)
        self.changed.emit()

    def complain(self, text: Text | None) -> None:
        super().complain(text)
        restyle(self.field, refused=text is not None)

    def is_empty(self) -> bool:
        return self._needed and not self.field.text().strip()

    def value(self) -> Any:
        text = self.field.text().strip()
        if self._needed and not text:
            raise self.missing()
        return sentence(text)


class NumberAnswer(Answer):
    """A number with its unit. What is not needed may stay empty."""

    def __init__(
        self, kit: Kit, name: Text, first: object = None, unit: Text | str = "", decimals: int = 1, digits: int = 4,
        needed: bool = True,
    ) -> None:  # fmt: skip
        self.number = BigNumber(kit)
        self.number.set_state(NumberState("", unit, decimals, digits))
        self.number.name.hide()
        self.number.setMaximumWidth(320)
        super().__init__(kit, name, self.number, self.number.field)
        self._needed = needed
        if first is not None:
            self.number.set_value(Decimal(str(first)))
        self.number.changed.connect(self._edited)

    def _edited(self) -> None:
        self.complain(None)
        self.changed.emit()

    def complain(self, text: Text | None) -> None:
        super().complain(text)
        restyle(self.number.field, refused=text is not None)

    def is_empty(self) -> bool:
        return self._needed and not self.number.field.text()

    def value(self) -> Decimal | None:
        found = self.number.value()
        if found is None and (self._needed or self.number.field.text()):
            raise Refused(say("Type a number."))
        return found


class ChoiceAnswer(Answer):
    """One of several, as large toggles; none is chosen beforehand unless `first` says so."""

    def __init__(
        self, kit: Kit, name: Text, choices: Choices, first: Any = None, columns: int = 0, above: bool = False,
        exclusive: bool = True,
    ) -> None:  # fmt: skip
        self.grid = ToggleGrid(kit)
        self.codes = {str(at): code for at, (code, _) in enumerate(choices)}
        items = tuple(ToggleItem(str(at), words, _letter(code)) for at, (code, words) in enumerate(choices))
        self.grid.set_state(ToggleState(items, columns or min(len(items), 3), exclusive))
        super().__init__(kit, name, self.grid, above=above or self.grid.minimumSizeHint().width() > _BESIDE_NAME)
        self.choose(first)
        self.grid.changed.connect(self._edited)
        self.grid.led_on.connect(self.led_on)

    def _edited(self) -> None:
        self.complain(None)
        self.changed.emit()

    def choose(self, code: Any) -> None:
        """Choose a code, None for none; says nothing."""
        self.grid.choose(frozenset(key for key, known in self.codes.items() if known == code and code is not None))

    def chosen(self) -> Any:
        return next((self.codes[key] for key in self.grid.chosen()), None)

    def take_focus(self) -> None:
        self.grid.take_focus()

    def is_empty(self) -> bool:
        return not self.grid.chosen()

    def value(self) -> Any:
        if not self.grid.chosen():
            raise self.missing()
        return self.chosen()


class SeveralAnswer(ChoiceAnswer):
    """Any number of several, in the order in which they are offered."""

    def __init__(self, kit: Kit, name: Text, choices: Choices, first: Sequence[Any] = (), columns: int = 4) -> None:
        super().__init__(kit, name, choices, None, columns, above=True, exclusive=False)
        self.grid.choose(frozenset(key for key, code in self.codes.items() if code in first))

    def is_empty(self) -> bool:
        return False

    def value(self) -> tuple[Any, ...]:
        return tuple(code for key, code in self.codes.items() if key in self.grid.chosen())


class ReasonAnswer(Answer):
    """Common reasons as toggles, and a line for another one. A reason's code stands for its words."""

    def __init__(self, kit: Kit, name: Text, reasons: Choices, needed: bool = True, columns: int = 3) -> None:
        self.choice = ChoiceAnswer(kit, Text(""), (*reasons, (_OTHER, say("Another: write it"))), columns=columns, above=True)
        self.text = TextAnswer(kit, Text(""), needed=True)
        kit.words.bind(self.text.field, accessibleName=say("Reason in words"), placeholderText=say("Reason in words"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.choice)
        column.addWidget(self.text)
        self.text.hide()
        super().__init__(kit, name, body, self.choice.grid, above=True)
        self._needed = needed
        self.choice.changed.connect(self._chosen)
        self.text.changed.connect(self.changed)

    def _chosen(self) -> None:
        other = self.choice.chosen() is _OTHER
        self.text.setVisible(other)
        if other:
            self.text.take_focus()
        self.complain(None)
        self.changed.emit()

    def need(self, needed: bool) -> None:
        """Whether it must be answered."""
        self._needed = needed

    def is_empty(self) -> bool:
        chosen = self.choice.chosen()
        return self._needed and (chosen is None or (chosen is _OTHER and self.text.is_empty()))

    def take_focus(self) -> None:
        (self.text if self.choice.chosen() is _OTHER else self.choice).take_focus()

    def value(self) -> str:
        chosen = self.choice.chosen()
        if chosen is None:
            if self._needed:
                raise Refused(say("Give a reason."))
            return ""
        return self.text.value() if chosen is _OTHER else str(chosen)


class _AnotherReason:
    pass


_OTHER = _AnotherReason()
