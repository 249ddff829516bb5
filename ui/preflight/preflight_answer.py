"""The list before a start, inside its question: all green it asks for nothing; amber takes one press."""

from datetime import datetime

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion.code_words import REASONS
from app.domain.infusion.facts import PreflightDone, PreflightItem
from app.domain.texts import Text, say
from app.domain.watch.preflight import PREFLIGHT_ASKED, PREFLIGHT_NAMES, minutes_off, typed_minutes
from ui.ask.answers import Answer, ReasonAnswer, SeveralAnswer
from ui.ask.form import coded
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import ElidedLabel, label
from ui.kit.look.tokens import SPACE_4, SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit, restyle
from ui.preflight.before_start import BeforeStart

_WHY_AMBER = ("cannot_wait", "seen_to", "stays_so")
_ROWS = (len(PREFLIGHT_NAMES) + 1) // 2
_NOT_A_TIME = say("Type the time as 14:05.")


class PreflightAnswer(Answer):
    """Read anew each second: what is plugged in meanwhile turns green. `value` is the event that is kept."""

    def __init__(self, desk: Desk, before: BeforeStart, infusion_id: str) -> None:
        kit = desk.kit
        self._desk, self._before, self._infusion_id = desk, before, infusion_id
        self._lines = {key: _Line(kit, name) for key, name in PREFLIGHT_NAMES.items()}
        self.clock = QLineEdit()
        self._off_min: int | None = None
        self.asked = SeveralAnswer(kit, Text(""), [(key, PREFLIGHT_ASKED[key]) for key in before.to_ask(infusion_id)], columns=3)
        self.reason = ReasonAnswer(kit, say("▲ Why start all the same?"), coded(REASONS, *_WHY_AMBER), columns=2)
        super().__init__(kit, say("The laptop, before the start"), self._body(), self.clock, above=True)
        kit.words.bind(self.clock, accessibleName=say("Ward clock now"), placeholderText="14:05")
        self.clock.textChanged.connect(self._clock_typed)
        self.asked.changed.connect(self.refresh)
        desk.looked.connect(self.refresh)
        self.refresh()

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addLayout(self._grid())
        column.addWidget(self._ward_clock())
        column.addWidget(self.asked)
        column.addWidget(self.reason)
        self.asked.setVisible(bool(self.asked.codes))
        return body

    def _grid(self) -> QGridLayout:
        """Two columns of lines: mark, name, what was found."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_8)
        grid.setVerticalSpacing(SPACE_4)
        for at, line in enumerate(self._lines.values()):
            for column, part in enumerate((line.mark, line.name, line.said), 3 * (at // _ROWS)):
                grid.addWidget(part, at % _ROWS, column)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(5, 1)
        return grid

    def _ward_clock(self) -> QWidget:
        """Asked once in a shift."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_16)
        self.clock.setFont(self._desk.kit.look.font("line"))
        self.clock.setFixedWidth(110)
        line.addWidget(label(self._desk.kit, say("Ward clock now"), "strong"))
        line.addWidget(self.clock)
        line.addStretch(1)
        if not self._before.asks_clock:
            row.hide()
        return row

    def _clock_typed(self) -> None:
        """Compared with the laptop's at the moment at which it is typed."""
        typed = typed_minutes(self.clock.text())
        self._off_min = None if typed is None else minutes_off(_minute_of_day(self._desk.now()), typed)
        restyle(self.clock, refused=False)
        self.complain(None)
        self.refresh()

    def _done(self, reason: str = "") -> PreflightDone:
        return self._before.done(self._infusion_id, self.asked.value(), self._off_min, reason)

    def refresh(self) -> None:
        done = self._done()
        for item in done.items:
            self._lines[item.key].show_item(item)
        self.reason.setVisible(bool(done.ambers))
        self.changed.emit()

    def complain(self, text: Text | None) -> None:
        """Below the reason, where it is the reason that is missing."""
        is_reason = text is not None and text != _NOT_A_TIME
        self.reason.complain(text if is_reason else None)
        super().complain(None if is_reason else text)

    def take_focus(self) -> None:
        if self.clock.text() and self._off_min is None:
            self.clock.setFocus()
        else:
            self.reason.take_focus()

    def value(self) -> PreflightDone:
        if self.clock.text().strip() and self._off_min is None:
            restyle(self.clock, refused=True)
            raise Refused(_NOT_A_TIME)
        self._before.laptop.answer(self.asked.value(), self._off_min)
        return self._done(self.reason.value()) if self._done().ambers else self._done()


class _Line:
    """Its mark says it as well as its weight does: red and yellow are the alarms'."""

    def __init__(self, kit: Kit, name: Text) -> None:
        self.kit = kit
        self.mark, self.name, self.said = label(kit, "", "strong", "accent"), label(kit, name, "body", "quiet"), ElidedLabel(kit)
        self._item: PreflightItem | None = None

    def show_item(self, item: PreflightItem) -> None:
        if item == self._item:
            return
        self._item = item
        self.kit.words.bind(self.mark, text="▲" if item.is_amber else "✓")
        restyle(self.mark, tone="" if item.is_amber else "accent")
        self.said.setFont(self.kit.look.font("strong" if item.is_amber else "body"))
        self.kit.words.bind(self.said, text=PREFLIGHT_ASKED[item.key] if item.asked else item.said)


def _minute_of_day(now: datetime) -> int:
    local = now.astimezone()
    return local.hour * 60 + local.minute
