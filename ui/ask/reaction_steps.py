"""The steps of a reaction as a checklist: each a tick with its time."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QGridLayout, QTimeEdit, QWidget

from app.domain.infusion.facts import StepDone
from app.domain.texts import joined, say
from ui.ask.time_answer import moment_of
from ui.ask.toggle_grid import Toggle
from ui.frame.desk import Desk
from ui.kit.look.tokens import SPACE_4, SPACE_8
from ui.kit.look_and_words import Kit

_STEP_HEIGHT = 48


class _TickedStep:
    """A tick and its time; an untouched time is the moment of the tick."""

    def __init__(self, tick: Toggle, time: QTimeEdit, done_at: datetime | None) -> None:
        self.tick, self.time, self.done_at = tick, time, done_at


class ReactionSteps(QWidget):
    def __init__(self, kit: Kit, desk: Desk, infusion_id: str, done: Sequence[StepDone]) -> None:
        super().__init__()
        self.kit, self.desk = kit, desk
        self.steps: dict[str, _TickedStep] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_8)
        grid.setVerticalSpacing(SPACE_4)
        known = {step.code: step.done_at for step in done}
        for at, step in enumerate(desk.infusion(infusion_id).protocol.reaction.steps):
            made = self._step(step.code, joined("", [step]), known.get(step.code))
            grid.addWidget(made.tick, at, 0)
            grid.addWidget(made.time, at, 1)
        grid.setColumnStretch(0, 1)

    def _step(self, code: str, text: object, done_at: datetime | None) -> _TickedStep:
        tick, time = Toggle(self.kit), QTimeEdit()
        tick.setObjectName(code)
        tick.setChecked(done_at is not None)
        tick.clicked.connect(self._ticked)
        self.kit.words.bind(tick, text=text, accessibleName=text)  # type: ignore[arg-type]
        time.setDisplayFormat("HH:mm")
        time.setFont(self.kit.look.font("line"))
        time.setFixedSize(96, _STEP_HEIGHT)
        time.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.kit.words.bind(time, accessibleName=say("{step}: when", step=text))
        made = self.steps[code] = _TickedStep(tick, time, done_at)
        self._show(made)
        return made

    def _ticked(self) -> None:
        step = self.steps[self.sender().objectName()]
        step.done_at = self.desk.now() if step.tick.isChecked() else None
        self._show(step)

    def _show(self, step: _TickedStep) -> None:
        """The time keeps its place, so that nothing jumps under the hand."""
        step.time.setEnabled(step.done_at is not None)
        step.time.setTime(_local(step.done_at) if step.done_at else QTime(0, 0))
        step.time.setSpecialValueText("" if step.done_at else "—")

    def take_focus(self) -> None:
        next(iter(self.steps.values())).tick.setFocus()

    def done(self) -> tuple[StepDone, ...]:
        """The ticked steps in the order of the protocol."""
        now = self.desk.now()
        return tuple(StepDone(code, _when_done(step, now)) for code, step in self.steps.items() if step.done_at is not None)


def _when_done(step: _TickedStep, now: datetime) -> datetime:
    assert step.done_at is not None
    return step.done_at if step.time.time() == _local(step.done_at) else moment_of(step.time.time(), now)


def _local(at: datetime) -> QTime:
    local = at.astimezone()
    return QTime(local.hour, local.minute)
