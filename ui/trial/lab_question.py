"""Results of a laboratory: value and limits a test, typed twice or looked at by a second person."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.people.roles import CLINICAL, Person
from app.domain.texts import Text, joined, say
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.lab_rules import refuse_values
from app.domain.trial.subject.subject_commands import RecordLab
from app.domain.trial.subject.subject_state import SubjectState
from app.services.trial.trial_desk import TrialDesk
from app.services.ward.ports import Outcome
from app.services.words.desk_words import lab_value
from ui.ask.answers import Answer, ChoiceAnswer, TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.safety.dated_answer import DatedAnswer
from ui.trial.typed_answers import a_decimal, perhaps

HEIGHT = 44
#: The tests of each panel with the unit they are typed in; nothing is converted.
PANELS: Mapping[str, tuple[Text, Mapping[f.Test, str]]] = {
    "counts": (say("Blood count"), {"hb": "g/L", "anc": "10^9/L", "plt": "10^9/L", "wbc": "10^9/L", "lymphocytes": "10^9/L"}),
    "chemistry": (
        say("Liver and kidney"),
        {"alt": "U/L", "ast": "U/L", "bilirubin": "µmol/L", "creatinine": "µmol/L", "bun": "mmol/L"},
    ),
    "clotting": (say("Coagulation"), {"aptt": "s", "inr": "1", "fibrinogen": "g/L"}),
    "inflammation": (
        say("Inflammation"),
        {"ferritin": "µg/L", "crp": "mg/L", "ldh": "U/L", "il6": "pg/mL", "ifn_g": "pg/mL", "tnf_a": "pg/mL"},
    ),
    "immunology": (
        say("Immunology"),
        {"cd3": "cells/µL", "cd4": "cells/µL", "cd8": "cells/µL", "cd19": "cells/µL", "nk": "cells/µL", "igg": "g/L", "iga": "g/L",
         "igm": "g/L"},
    ),
}  # fmt: skip
COLUMNS = (say("Value"), say("Value again"), say("Lower limit of normal"), say("Upper limit of normal"))
_AGAIN = 1
MADE_SURE = say("Made sure of")
WAYS = (("twice", say("I type each value twice")), ("second", say("A second person checks them")))


def with_unit(test: f.Test, unit: str) -> Text:
    return f.TEST_NAMES[test] if unit == "1" else say("{what} ({unit})", what=f.TEST_NAMES[test], unit=unit.replace("^9", "⁹"))


class PanelAnswer(Answer):
    """One line a test: value, value again, limits; a line without a value is not recorded. Limits are those of the last result."""

    def __init__(self, kit: Kit, tests: Mapping[f.Test, str], last: Mapping[f.Test, f.LabValue]) -> None:
        self.tests = tests
        self.lines: dict[f.Test, list[QLineEdit]] = {}
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_8)
        self._heads = [label(kit, name, "body", "quiet") for name in COLUMNS]
        for at, head in enumerate(self._heads, 1):
            grid.addWidget(head, 0, at)
        for row, (test, unit) in enumerate(tests.items(), 1):
            grid.addWidget(label(kit, with_unit(test, unit), "strong"), row, 0)
            known = last.get(test)
            limits = (known.lln, known.uln) if known and known.unit == unit else (None, None)
            self.lines[test] = [QLineEdit("" if x is None else f"{x:f}") for x in (None, None, *limits)]
            for at, (field, column) in enumerate(zip(self.lines[test], COLUMNS, strict=True), 1):
                field.setFont(kit.look.font("line"))
                field.setFixedHeight(HEIGHT)
                kit.words.bind(field, accessibleName=joined(": ", (f.TEST_NAMES[test], column)))
                grid.addWidget(field, row, at)
        super().__init__(kit, Text(""), body, next(iter(self.lines.values()))[0], above=True)

    def ask_again(self, again: bool) -> None:
        """Whether each value is typed twice."""
        self._heads[_AGAIN].setVisible(again)
        for fields in self.lines.values():
            fields[_AGAIN].setVisible(again)

    def value(self) -> tuple[tuple[f.LabValue, ...], tuple[f.LabValue, ...]]:
        """What was typed first, and again. Raises `Refused`."""
        first, again = list[f.LabValue](), list[f.LabValue]()
        for test, fields in self.lines.items():
            typed = [field.text() for field in fields]
            lln, uln = (perhaps(text, a_decimal) for text in typed[2:])
            for text, found in ((typed[0], first), (typed[_AGAIN], again)):
                if text.strip():
                    found.append(f.LabValue(test, a_decimal(text), self.tests[test], lln, uln))
        return tuple(first), tuple(again)


class LabQuestion(FormQuestion):
    """One panel of one collection."""

    def __init__(self, desk: Desk, code: str, state: SubjectState | None, parent: QWidget) -> None:
        super().__init__(desk, say("{subject}: laboratory results", subject=code), say("Keep"), (), parent)
        last: dict[f.Test, f.LabValue] = {x.test: x for lab in state.labs for x in lab.values} if state else {}
        self.panel = ChoiceAnswer(self.kit, say("Panel"), tuple((x, name) for x, (name, _) in PANELS.items()), "counts", columns=3)
        self.how = ChoiceAnswer(self.kit, MADE_SURE, WAYS, "twice", columns=2)
        self.add("panel", self.panel)
        self.add("at", DatedAnswer(self.kit, say("Collected at"), desk.now()))
        self.add(
            "laboratory",
            TextAnswer(self.kit, say("Laboratory"), state.labs[-1].laboratory if state and state.labs else None, False),
        )
        self.add("how", self.how)
        self.panels = {x: PanelAnswer(self.kit, tests, last) for x, (_, tests) in PANELS.items()}
        for key, panel in self.panels.items():
            self.add(key, panel)
        self.panel.changed.connect(self._chosen)
        self.how.changed.connect(self._chosen)
        self._chosen()

    def _chosen(self) -> None:
        for key, panel in self.panels.items():
            panel.setVisible(key == self.panel.chosen())
            panel.ask_again(self.how.chosen() != "second")

    def results(self) -> tuple[datetime, tuple[f.LabValue, ...], tuple[f.LabValue, ...] | None, str]:
        """When, what, what was typed again (None: a second person looks), by which laboratory. Raises `Refused`."""
        answers: dict[str, Any] = self.answers()
        first, again = answers[self.panel.chosen()]
        return answers["at"], first, None if answers["how"] == "second" else again, answers["laboratory"] or ""


def ask_second_person(desk: Desk, parent: QWidget, values: Sequence[f.LabValue], then: Callable[[Person], object]) -> None:
    """Somebody else than who is signed in has looked at the values."""
    mine = () if desk.person is None else (desk.person.person_id,)
    why = say("Second person: I compared these values with the laboratory's")
    ask_who(desk, parent, CLINICAL, then, mine, why, tuple(lab_value(x) for x in values))


def ask_laboratory(desk: Desk, trial: TrialDesk, code: str, parent: QWidget) -> None:
    """Kept by who is signed in, at once or after a second person has looked at the values."""
    form = LabQuestion(desk, code, trial.look().data.subject(code), parent)

    def told(outcome: Outcome) -> None:
        text = outcome.refused or outcome.failed
        if text is None:
            form.accept()
        else:
            form.say_no(text)

    def confirm() -> None:
        person = desk.person
        try:
            at, values, again, laboratory = form.results()
            refuse_values(values)
        except Refused as refusal:
            form.say_no(refusal.text)
            return
        if person is None:
            return

        def keep(second: Person | None) -> None:
            trial.submit(code, RecordLab(at, values, again, second, laboratory=laboratory), person, told)

        if again is None:
            ask_second_person(desk, form, values, keep)
        else:
            keep(None)

    form.confirmed.connect(confirm)
    form.open()
