"""The vital-sign check: filled from the monitor with each value's age, confirmed or typed over by a person."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.domain import commands as c
from app.domain.checks import open_check
from app.domain.events import VitalEntry
from app.domain.news2 import Consciousness, news2
from app.domain.people import BEDSIDE
from app.domain.texts import Text, say
from app.domain.vitals import VITALS, Level, level
from ui.desk import Desk
from ui.widgets.parts import label

from .form import YES_NO
from .question import Question
from .who import desk_as

_CODES = ("hr", "spo2", "nibp_sys", "nibp_dia", "nibp_map", "rr", "temp")
_MISSING: tuple[tuple[str, Text], ...] = (
    ("", say("measured")), ("sensor off", say("sensor off")), ("refused", say("patient refused")),
    ("device fault", say("device fault")), ("other", say("other reason")),
)  # fmt: skip
_LEVELS: tuple[tuple[str, Text], ...] = (
    ("A", say("Alert")), ("C", say("New confusion")), ("V", say("Responds to voice")),
    ("P", say("Responds to pain")), ("U", say("Unresponsive")),
)  # fmt: skip


class VitalsQuestion(Question):
    """Untouched fields follow the monitor; a touched one never changes under the fingers."""

    def __init__(self, desk: Desk, infusion_id: str, title: Text, parent: QWidget) -> None:
        super().__init__(desk, title, say("Confirm these values"), parent, wide=True)
        self._infusion_id = infusion_id
        self._touched: set[str] = set()
        self._ages: dict[str, int] = {}
        self.fields: dict[str, QLineEdit] = {}
        self.notes = {code: label(self.kit, "", "body", "quiet") for code in _CODES}
        self.missing = {code: self._combo(_MISSING, VITALS[code].name, 0) for code in _CODES}
        self.body.addLayout(self._grid())
        self.oxygen = self._combo(YES_NO, say("Oxygen given"), 1)
        self.consciousness = self._combo(_LEVELS, say("Consciousness"), 0)
        self.discomfort = self._combo(YES_NO, say("Discomfort?"), -1)
        self.text, self.late = QLineEdit(), QLineEdit()
        self.body.addLayout(self._answers())
        self.score = label(self.kit, "", "strong")
        self.body.addWidget(self.score)
        self.confirmed.connect(self._confirm)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.follow)
        self._timer.start()
        self.follow()

    def _combo(self, choices: tuple[tuple[object, Text | str], ...], name: Text, first: int) -> QComboBox:
        made = QComboBox()
        for code, words in choices:
            made.addItem(self.kit.words.shown(words), code)
        made.setPlaceholderText(self.kit.words.tr(say("Choose")))
        made.setCurrentIndex(first)
        self.kit.words.bind(made, accessibleName=name)
        return made

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        for row, code in enumerate(_CODES):
            vital = VITALS[code]
            field = QLineEdit()
            field.setObjectName(code)
            field.setMaximumWidth(140)
            field.setFont(self.kit.look.font("result"))
            field.textEdited.connect(self._typed)
            self.kit.words.bind(field, accessibleName=vital.name)
            self.fields[code] = field
            parts = (label(self.kit, vital.name, "strong"), field, label(self.kit, vital.unit, "body", "quiet"),
                     self.notes[code], self.missing[code])  # fmt: skip
            for column, part in enumerate(parts):
                grid.addWidget(part, row, column)
        grid.setColumnStretch(3, 1)
        return grid

    def _answers(self) -> QGridLayout:
        grid = QGridLayout()
        named = (
            (say("Oxygen given"), self.oxygen), (say("Consciousness"), self.consciousness),
            (say("Discomfort?"), self.discomfort), (say("What discomfort"), self.text),
            (say("If late: why"), self.late),
        )  # fmt: skip
        for at, (name, widget) in enumerate(named):
            self.kit.words.bind(widget, accessibleName=name)
            cell = QHBoxLayout()
            cell.addWidget(label(self.kit, name))
            cell.addWidget(widget, 1)
            grid.addLayout(cell, at // 3, at % 3)
        return grid

    def _typed(self) -> None:
        self._touched.add(self.sender().objectName())
        self.follow()

    def follow(self) -> None:
        """Fill what nobody touched with what a check may use now; say of the others why not."""
        now = self.desk.now()
        watched = self.desk.bedside.watched(self._infusion_id)
        fresh = watched.for_check(now)
        for code in _CODES:
            if code in self._touched:
                self._note(code, say("typed"))
                continue
            reading = fresh.get(code)
            value = reading.sample.value if reading else None
            if reading is None or value is None:
                self.fields[code].clear()
                self._note(code, self._why(code, now))
                continue
            self._ages[code] = int(reading.age_s(now))
            self.fields[code].setText(f"{value:.{VITALS[code].decimals}f}")
            source = say("simulated") if reading.simulated else say("monitor")
            age = self.kit.words.catalogue.age(reading.age_s(now))
            self._note(code, say("{source}, {age} old", source=source, age=age))
        self._score()

    def _why(self, code: str, now: datetime) -> Text:
        newest = self.desk.bedside.watched(self._infusion_id).newest(code)
        if newest is None:
            return say("the monitor gives none: type it")
        return say("{age} old, too old to use: measure or type it", age=self.kit.words.catalogue.age(newest.age_s(now)))

    def _note(self, code: str, text: Text) -> None:
        value = self._value(code)
        outside = value is not None and level(VITALS[code], value)[0] is not Level.INSIDE
        shown = say("{note} · outside the limits: look again", note=text) if outside else text
        self.kit.words.bind(self.notes[code], text=shown)

    def _value(self, code: str) -> Decimal | None:
        try:
            return Decimal(self.fields[code].text().replace(",", "."))
        except InvalidOperation:
            return None

    def _score(self) -> None:
        values = {code: self._value(code) for code in _CODES}
        found = news2(values, self.oxygen.currentData(), Consciousness(self.consciousness.currentData()))
        self.kit.words.bind(self.score, text=say("NEWS2 {total}", total=found.total if found else "—"))

    def _entry(self, code: str) -> VitalEntry:
        value = self._value(code)
        if value is None:
            return VitalEntry(code, None, "none", missing=self.missing[code].currentData() or None)
        if code in self._touched:
            return VitalEntry(code, value, "typed")
        return VitalEntry(code, value, "monitor", self._ages.get(code))

    def _confirm(self) -> None:
        if self.discomfort.currentIndex() < 0:
            self.say_no(say("Ask whether there is discomfort."))
            return
        command = c.RecordVitals(
            tuple(map(self._entry, _CODES)), self.oxygen.currentData(), self.consciousness.currentData(),
            self.discomfort.currentData(), self.text.text(), self.late.text(),
        )  # fmt: skip
        desk_as(self.desk, self, BEDSIDE, lambda person: self.send(self._infusion_id, command, person))


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    check = open_check(desk.infusion(infusion_id), desk.now())
    title = say("Vital signs")
    if check is not None and check.slot_min is not None:
        title = say("Vital signs · {minute} min · due {due}", minute=check.slot_min, due=check.due_at)
    VitalsQuestion(desk, infusion_id, title, parent).open()
