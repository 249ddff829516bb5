"""A drip rate: those that suit as large toggles with a drop falling at that tempo, or another one typed."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import Card
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit
from ui.kit.metronome import Metronome

from .answers import Answer, ChoiceAnswer, NumberAnswer

_MOST_OFFERED = 8
_COLUMNS = 4


class _AnotherRate:
    pass


ANOTHER = _AnotherRate()


class RateAnswer(Answer):
    """Of the offered rates at most eight are shown; `first` is chosen beforehand where it is one of them."""

    def __init__(self, kit: Kit, name: Text, offered: Sequence[int], first: Decimal | None = None, free: bool = True) -> None:
        shown = [Decimal(rate) for rate in offered[:_MOST_OFFERED]]
        choices = [(rate, say("{rate} drops/min", rate=rate)) for rate in shown]
        other = [(ANOTHER, say("Another rate"))] if free else []
        chosen = first if first in shown else ANOTHER if free and first is not None else None
        self.choice = ChoiceAnswer(kit, Text(""), (*choices, *other), chosen, _COLUMNS, above=True)
        self.typed = NumberAnswer(kit, Text(""), first, say("drops/min"), decimals=0, digits=3)
        kit.words.bind(self.typed.number.field, accessibleName=say("Drops/min"))
        self.drop = Metronome(kit)
        super().__init__(kit, name, self._body(kit), self.choice.grid, above=True)
        self.choice.changed.connect(self._chosen)
        self.typed.changed.connect(self._show)
        self._show()

    def _body(self, kit: Kit) -> QWidget:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_16)
        column = QVBoxLayout()
        column.setSpacing(SPACE_8)
        column.addWidget(self.choice)
        column.addWidget(self.typed)
        row.addLayout(column, 1)
        shown = Card(kit)
        shown.body.addWidget(self.drop)
        row.addWidget(shown)
        return body

    def _chosen(self) -> None:
        self._show()
        if self.choice.chosen() is ANOTHER:
            self.typed.take_focus()

    def _show(self) -> None:
        self.typed.setVisible(self.choice.chosen() is ANOTHER)
        rate = self.rate()
        self.drop.set_rate(float(rate) if rate is not None else 0.0)
        self.complain(None)
        self.changed.emit()

    def rate(self) -> Decimal | None:
        """What is chosen or typed, None while nothing is."""
        chosen = self.choice.chosen()
        return self.typed.number.value() if chosen is ANOTHER else chosen

    def is_empty(self) -> bool:
        return self.rate() is None

    def take_focus(self) -> None:
        (self.typed if self.choice.chosen() is ANOTHER else self.choice).take_focus()

    def value(self) -> Decimal:
        rate = self.rate()
        if rate is None:
            raise Refused(say("Choose a rate or type one."))
        return rate
