"""One row of a vital-sign check: the monitor's value or a typed one, looked at by a person, or missing with a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QMenu, QWidget

from app.domain.infusion.code_words import MISSING
from app.domain.infusion.facts import VitalEntry
from app.domain.texts import Text, joined, parts, say
from app.domain.vitals.entered import why_impossible
from app.domain.vitals.vital_signs import VITALS, Reading, Vital, limits_text, usable
from app.domain.vitals.worrying import JudgedBy, Worry, since_baseline, worries
from app.services.ward.bed_watch import BedWatch
from ui.ask.big_number import takes_a_number
from ui.ask.toggle_grid import Toggle
from ui.kit.labels_and_buttons import WordWideLabel, button, label
from ui.kit.look.tokens import SPACE_4
from ui.kit.look_and_words import Kit, restyle

#: What a person may give as the reason that a value is missing; another one is written.
REASONS = ("sensor_off", "refused", "asleep", "not_possible", "no_device")
_OTHER, _OTHER_REASON = "other", say("other reason")
_FIELD_WIDTH, _FIELD_HEIGHT, _WHY_WIDTH, _NAME_WIDTH = 66, 56, 96, 98


class VitalRow(QWidget):
    """Untouched fields follow the monitor; what was typed or looked at never changes under the fingers.

    The first of `codes` names the row; `optional` ones may stay empty; `by`: what worries. `changed`: value, tick or reason.
    """

    changed = Signal()

    def __init__(self, kit: Kit, name: Text, codes: Sequence[str], optional: Sequence[str], by: JudgedBy) -> None:
        super().__init__()
        self.kit, self.name, self.codes, self._optional, self._by = kit, name, tuple(codes), optional, by
        self.typed: set[str] = set()
        self.missing: str | None = None
        self._readings: dict[str, Reading] = {}
        self.fields = {code: self._field(VITALS[code]) for code in codes}
        self.note = label(kit, "", "hint", "quiet")
        self.looked = Toggle(kit)
        self.looked.setFixedWidth(176)
        self.looked.clicked.connect(self._looked)
        self.why = button(kit, say("Missing…"), "key")
        self.why.setFixedHeight(_FIELD_HEIGHT)
        self.why.setMinimumWidth(_WHY_WIDTH)
        self.why.clicked.connect(self.ask_why)
        self.other = QLineEdit()
        self.other.setMinimumHeight(44)
        self.other.hide()
        self.other.textEdited.connect(self._edited)
        kit.words.bind(self.other, accessibleName=say("Why is it missing?"), placeholderText=say("Why is it missing?"))
        kit.words.bind(self.why, accessibleName=say("{vital}: missing", vital=name))
        self._lay_out()
        self._say()

    def _field(self, vital: Vital) -> QLineEdit:
        made = takes_a_number(QLineEdit())
        made.setObjectName(vital.code)
        made.setFont(self.kit.look.font("code"))
        made.setFixedSize(_FIELD_WIDTH, _FIELD_HEIGHT)
        made.setProperty("narrow", True)
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        point = r"([.,。，]\d?)?" if vital.decimals else ""
        made.setValidator(QRegularExpressionValidator(QRegularExpression(rf"\d{{0,3}}{point}"), made))
        made.textEdited.connect(self._typed)
        made.editingFinished.connect(self._finished)
        self.kit.words.bind(made, accessibleName=vital.name)
        return made

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        values, below = QHBoxLayout(), QHBoxLayout()
        for row in (values, below):
            row.setSpacing(SPACE_4)
        for at, field in enumerate(self.fields.values()):
            if at:
                values.addWidget(label(self.kit, ("/", "(")[at - 1], "title", "quiet"))
            values.addWidget(field)
            if at == 2:
                values.addWidget(label(self.kit, ")", "title", "quiet"))
        (values if len(self.codes) == 1 else below).addWidget(label(self.kit, VITALS[self.codes[-1]].unit_words, "body", "quiet"))
        values.addStretch(1)
        below.addWidget(self.note, 1)
        names = (vital.name for vital in VITALS.values())
        grid.addWidget(WordWideLabel(self.kit, self.name, _NAME_WIDTH, names), 0, 0)
        grid.addLayout(values, 0, 1)
        grid.addWidget(self.looked, 0, 2)
        grid.addWidget(self.why, 0, 3)
        grid.addLayout(below, 1, 1, 1, 3)
        grid.addWidget(self.other, 2, 1, 1, 3)
        grid.setColumnStretch(1, 1)

    # --- what a person does

    def _typed(self) -> None:
        code = self.sender().objectName()
        self.typed.add(code)
        self._readings.pop(code, None)
        self._miss(None)
        self.looked.setChecked(False)
        self._edited()

    def _finished(self) -> None:
        """A typed value inside its limits was looked at by typing it."""
        if self.typed and self.problem_of_values() is None and not self.worrying() and self._whole():
            self.looked.setChecked(True)
        self._edited()

    def _whole(self) -> bool:
        return None not in self._needed().values()

    def owed(self) -> list[QLineEdit]:
        """The fields that are still to be typed."""
        return [f for code, f in self.fields.items() if not (self.missing or code in self._optional or f.text())]

    def look(self) -> None:
        """Tick it, as one of several: not what is worrying, impossible or not there."""
        if self._whole() and not self.worrying() and self.problem_of_values() is None and not self.looked.isChecked():
            self.looked.setChecked(True)
            self._edited()

    def _looked(self) -> None:
        self.looked.setChecked(self.looked.isChecked() and self._whole() and self.problem_of_values() is None)
        self._edited()

    def _edited(self) -> None:
        self._say()
        self.changed.emit()

    def ask_why(self) -> None:
        """Offer the reasons; the first entry takes the reason back."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = [(None, say("It is measured")), *((code, MISSING[code]) for code in REASONS), (_OTHER, say("Another: write it"))]
        for code, words in offered:
            action = menu.addAction(self.kit.words.tr(words))
            action.setObjectName(code or "")
            action.triggered.connect(self._reasoned)
        menu.popup(self.why.mapToGlobal(self.why.rect().bottomLeft()))

    def _reasoned(self) -> None:
        self.set_missing(self.sender().objectName() or None)

    def set_missing(self, reason: str | None) -> None:
        """A code of `MISSING`, “other” (then it is written), or None: it is measured."""
        self.typed.clear()
        self._readings.clear()
        self.looked.setChecked(False)
        self._miss(reason)
        for field in self.fields.values():
            field.clear()
        if reason == _OTHER:
            self.other.setFocus()
        self._edited()

    def _miss(self, reason: str | None) -> None:
        self.missing = reason
        self.other.setVisible(reason == _OTHER)

    # --- what the monitor says

    def follow(self, watched: BedWatch, now: datetime) -> None:
        """Fill what nobody touched or ticked with what a check may use now."""
        self._let_go(watched, now)
        if self.missing is None and not self.looked.isChecked():
            fresh = watched.for_check(now)
            for code in self.codes:
                if code not in self.typed:
                    self._fill(code, fresh.get(code))
        self._say(watched, now)

    def _let_go(self, watched: BedWatch, now: datetime) -> None:
        """A ticked value that grew too old before it was saved is looked at again."""
        if any(not usable(reading, now, watched.max_age_s(code)) for code, reading in self._readings.items()):
            self.looked.setChecked(False)

    def _fill(self, code: str, reading: Reading | None) -> None:
        if reading is None or reading.sample.value is None:
            self._readings.pop(code, None)
            self.fields[code].clear()
            return
        self._readings[code] = reading
        self.fields[code].setText(f"{reading.sample.value:.{VITALS[code].decimals}f}")

    # --- what it says

    def value(self, code: str) -> Decimal | None:
        text = self.fields[code].text()
        for comma in ",，。":
            text = text.replace(comma, ".")
        try:
            return Decimal(text)
        except InvalidOperation:
            return None

    def _needed(self) -> dict[str, Decimal | None]:
        return {code: value for code, value in self.values().items() if code not in self._optional}

    def values(self) -> dict[str, Decimal | None]:
        return {code: self.value(code) for code in self.codes}

    def worrying(self) -> dict[str, Worry]:
        """By code, what lies outside its limits or moved from the baseline as in a reaction."""
        return worries(self._by, self.values())

    def problem_of_values(self) -> Text | None:
        return why_impossible(self.values())

    def problem(self) -> Text | None:
        """What hinders saving this row."""
        if self.missing is not None:
            unsaid = self.missing == _OTHER and not self.other.text().strip()
            return say("Write why it is missing.") if unsaid else None
        if not self._whole():
            return say("Measure it, type it, or say why it is missing.")
        return self.problem_of_values() or (None if self.looked.isChecked() else say("Look at it and tick it."))

    def complain(self) -> bool:
        """Say in the row what hinders saving; whether anything does."""
        problem = self.problem()
        self._tell(problem, strong=True)
        for code, field in self.fields.items():
            wrong = problem is not None and not (code in self._optional and self.value(code) is None)
            restyle(field, refused=wrong)
        return problem is not None

    def entries(self, now: datetime) -> list[VitalEntry]:
        return [self._entry(code, now) for code in self.codes]

    def _entry(self, code: str, now: datetime) -> VitalEntry:
        value = self.value(code)
        if value is None:
            why = self.other.text().strip() if self.missing == _OTHER else self.missing
            return VitalEntry(code, None, "none", missing=why)
        reading = self._readings.get(code)
        if reading is None:
            return VitalEntry(code, value, "typed")
        return VitalEntry(code, value, "monitor", max(0, int(reading.age_s(now))))

    def _say(self, watched: BedWatch | None = None, now: datetime | None = None) -> None:
        self._name_the_tick()
        wrong = self.problem_of_values() if not any(field.hasFocus() for field in self.fields.values()) else None
        for field in self.fields.values():
            restyle(field, refused=wrong is not None)
        if wrong is not None:
            self._tell(wrong, strong=True)
        elif self.missing is not None:
            self._tell(say("missing: {why}", why=MISSING.get(self.missing, _OTHER_REASON)))
        elif self.typed:
            self._tell(say("typed"))
        elif watched is not None and now is not None:
            self._tell(self._source(watched, now))

    def _source(self, watched: BedWatch, now: datetime) -> Text:
        """Where the value comes from and how old it is, or why there is none."""
        reading, age = self._readings.get(self.codes[0]), self.kit.words.catalogue.age
        if reading is not None:
            source = say("simulated") if reading.simulated else say("monitor")
            return say("{source}, {age} old", source=source, age=age(reading.age_s(now)))
        newest = watched.newest(self.codes[0])
        if newest is None:
            return say("the monitor gives none: type it")
        return say("{age} old, too old to use: measure or type it", age=age(newest.age_s(now)))

    def _name_the_tick(self) -> None:
        worrying = self.worrying()
        text = say("I have looked")
        if worrying:
            text = say("Yes, it is {value}", value=joined("/", [self.fields[code].text() for code in worrying]))
        spoken = say("{vital}: {what}", vital=self.name, what=text)
        self.kit.words.bind(self.looked, text=text, accessibleName=spoken)
        possible = self._whole() and self.missing is None
        self.looked.setEnabled(possible)
        if not possible:
            self.looked.setChecked(False)

    def _tell(self, text: Text | None, strong: bool = False) -> None:
        if text is None:
            return
        worrying = self.worrying()
        text = say("▲ {what}", what=text) if strong else self._with_worries(text, worrying)
        restyle(self.note, tone="" if strong or worrying else "quiet")
        self.kit.words.bind(self.note, text=text)

    def _with_worries(self, text: Text, found: Mapping[str, Worry]) -> Text:
        """“▲ outside 50–120 · 66 → 131 ↑ · monitor, 2 s old”: what worries and the baseline before where the value comes from."""
        moved = next((one.word for one in found.values() if one.limit is None), None)
        since = [part for part in (since_baseline(self._by, self._needed()), moved) if part]
        line = parts(joined(" ", since), text) if since else text
        outside = [limits_text(self._by.rules.limits_of(code)) for code, one in found.items() if one.limit is not None]
        return say("▲ outside {limits} · {note}", limits=joined(", ", outside), note=line) if outside else line
