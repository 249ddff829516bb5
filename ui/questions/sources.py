"""Where several monitors stand at one bed: which one comes first for which vital sign."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import label

Placed = Mapping[str, Sequence[tuple[str, str]]]
Prefer = Callable[[str, str, str | None], None]
"""Bed, vital sign (or “nibp”), port or None."""

_KEYS: dict[str, Text] = {code: vital.name for code, vital in VITALS.items() if not code.startswith("nibp")}
_KEYS["nibp"] = say("Blood pressure")


class SourcesQuestion(Question):
    def __init__(
        self, desk: Desk, placed: Placed, preferred: Mapping[str, Mapping[str, str]], prefer: Prefer, parent: QWidget
    ) -> None:
        super().__init__(desk, say("Which monitor for what"), say("Save"), parent)
        self._placed, self._preferred, self._prefer = placed, preferred, prefer
        self.bed = QComboBox()
        self.bed.addItems([bed for bed, there in placed.items() if len(there) > 1])
        self.kit.words.bind(self.bed, accessibleName=say("Bed"))
        self.choices = {key: QComboBox() for key in _KEYS}
        self.none = label(self.kit, say("No bed has two monitors."), "body", wrap=True)
        self.none.setVisible(self.bed.count() == 0)
        self.primary.setEnabled(self.bed.count() > 0)
        self._lay_fields()
        self.bed.currentTextChanged.connect(self._show)
        self.confirmed.connect(self._confirm)
        self._show(self.bed.currentText())

    def _lay_fields(self) -> None:
        form = QFormLayout()
        form.addRow(label(self.kit, say("Bed")), self.bed)
        for key, choice in self.choices.items():
            self.kit.words.bind(choice, accessibleName=_KEYS[key])
            choice.setEnabled(self.bed.count() > 0)
            form.addRow(label(self.kit, _KEYS[key]), choice)
        why = say("Another monitor stands in while the first one has no value that may be charted.")
        self.body.addWidget(label(self.kit, why, "body", "quiet", wrap=True))
        self.body.addWidget(self.none)
        self.body.addLayout(form)

    def _show(self, bed: str) -> None:
        for key, choice in self.choices.items():
            choice.clear()
            choice.addItem(self.kit.words.tr(say("in the order they were connected")), None)
            for port, protocol in self._placed.get(bed, ()):
                choice.addItem(f"{port} · {protocol}", port)
            at = choice.findData(self._preferred.get(bed, {}).get(key))
            choice.setCurrentIndex(max(0, at))

    def _confirm(self) -> None:
        for key, choice in self.choices.items():
            self._prefer(self.bed.currentText(), key, choice.currentData())
        self.accept()


def ask(desk: Desk, placed: Placed, preferred: Mapping[str, Mapping[str, str]], prefer: Prefer, parent: QWidget) -> None:
    SourcesQuestion(desk, placed, preferred, prefer, parent).open()
