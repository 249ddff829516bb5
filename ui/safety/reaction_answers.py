"""What a reaction is answered with besides ticks: the drugs that were given, and who was called when."""

from datetime import datetime

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTimeEdit, QVBoxLayout, QWidget

from app.domain.infusion.facts import DrugGiven
from app.domain.texts import Text, say
from ui.ask.answers import Answer
from ui.ask.time_answer import moment_of
from ui.kit.labels_and_buttons import button
from ui.kit.look.tokens import SPACE_4, SPACE_8
from ui.kit.look_and_words import Kit

_HEIGHT = 52
_TIME_WIDTH = 96


class TimedLine(QWidget):
    """Some lines of text and a time; untouched the time means exactly the moment it was filled with."""

    def __init__(self, kit: Kit, names: tuple[Text, ...], texts: tuple[str, ...], now: datetime, at: datetime | None) -> None:
        super().__init__()
        self._now, self._at = now, at or now
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        self.fields = tuple(QLineEdit(text) for text in texts)
        for field, name in zip(self.fields, names, strict=True):
            field.setFont(kit.look.font("line"))
            field.setFixedHeight(_HEIGHT)
            kit.words.bind(field, accessibleName=name, placeholderText=name)
            row.addWidget(field, 1)
        self.time = QTimeEdit(_local(self._at))
        self.time.setDisplayFormat("HH:mm")
        self.time.setFont(kit.look.font("line"))
        self.time.setFixedSize(_TIME_WIDTH, _HEIGHT)
        kit.words.bind(self.time, accessibleName=say("{step}: when", step=names[0]))
        row.addWidget(self.time)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(field.text().strip() for field in self.fields)

    @property
    def at(self) -> datetime:
        return self._at if self.time.time() == _local(self._at) else moment_of(self.time.time(), self._now)


class CalledAnswer(Answer):
    """Who was called, and when; nobody where nothing is written."""

    def __init__(self, kit: Kit, now: datetime, called: str = "", called_at: datetime | None = None) -> None:
        name = say("Who was called?")
        self.line = TimedLine(kit, (name,), (called,), now, called_at)
        self.field = self.line.fields[0]
        super().__init__(kit, name, self.line, self.field)

    def value(self) -> str:
        return self.line.texts[0]

    def when(self) -> datetime | None:
        return self.line.at if self.value() else None


class DrugsAnswer(Answer):
    """A line a drug: name, dose, when; one empty line stands ready."""

    def __init__(self, kit: Kit, now: datetime, given: tuple[DrugGiven, ...] = ()) -> None:
        self._kit, self._now = kit, now
        self.lines: list[TimedLine] = []
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_4)
        for drug in given:
            self._add(drug)
        self._add(None)
        self.another = button(kit, say("Another drug"))
        self.another.clicked.connect(self._another)
        self._column.addWidget(self.another)
        super().__init__(kit, say("Drugs given"), body, self.lines[0].fields[0])

    def _another(self) -> None:
        self._add(None).fields[0].setFocus()

    def _add(self, drug: DrugGiven | None) -> TimedLine:
        texts = (drug.drug, drug.dose) if drug else ("", "")
        line = TimedLine(self._kit, (say("Drug"), say("Dose and unit")), texts, self._now, drug.given_at if drug else None)
        self._column.insertWidget(len(self.lines), line)
        self.lines.append(line)
        return line

    def value(self) -> tuple[DrugGiven, ...]:
        """What is written; a drug without its dose is refused where it is saved."""
        return tuple(DrugGiven(line.texts[0], line.texts[1], line.at) for line in self.lines if any(line.texts))


def _local(at: datetime) -> QTime:
    local = at.astimezone()
    return QTime(local.hour, local.minute)
