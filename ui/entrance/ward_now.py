"""A few lines that anybody may see: who is in which bed, how far, what is due, and how pressing its alarm is."""

import msgspec
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.alarm_bar import AlarmLook
from ui.frame.bar.alarm_mark import AlarmMark
from ui.kit.labels_and_buttons import Card, label
from ui.kit.look.tokens import SPACE_16
from ui.kit.look_and_words import Kit


class WardNowLine(msgspec.Struct, frozen=True):
    who: Text
    phase: Text
    task: Text
    left: Text | str
    late: bool
    alarm: AlarmLook | None = None


class WardNow(QWidget):
    """Nothing is shown where nothing goes on."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: tuple[WardNowLine, ...] = ()
        self.rows: list[tuple[QLabel, ...]] = []
        self.marks: list[AlarmMark] = []
        card = Card(kit, say("In the ward now"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_16)
        card.body.addLayout(self._grid)
        outer = QGridLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card.setFixedWidth(720)
        outer.addWidget(card, 0, 1)
        outer.setColumnStretch(0, 1)
        outer.setColumnStretch(2, 1)
        self.setVisible(False)

    def set_state(self, lines: tuple[WardNowLine, ...]) -> None:
        if lines == self._state:
            return
        self._state = lines
        while len(self.rows) < len(lines):
            self._add_row()
        for at, (row, mark) in enumerate(zip(self.rows, self.marks, strict=True)):
            self._show(row, mark, lines[at] if at < len(lines) else None)
        self.setVisible(bool(lines))

    def _add_row(self) -> None:
        made = tuple(label(self.kit, "", role) for role in ("strong", "body", "body", "strong"))
        for column, part in enumerate(made):
            self._grid.addWidget(part, len(self.rows), column)
        mark = AlarmMark(self.kit)
        mark.hide()
        self._grid.addWidget(mark, len(self.rows), len(made))
        self.rows.append(made)
        self.marks.append(mark)

    def _show(self, row: tuple[QLabel, ...], mark: AlarmMark, line: WardNowLine | None) -> None:
        texts = (line.who, line.phase, line.task, line.left) if line else ("",) * 4
        for part, text in zip(row, texts, strict=True):
            self.kit.words.bind(part, text=text)
            part.setVisible(line is not None)
        if line is not None and line.alarm is not None:
            mark.set_state(line.alarm)
        mark.setVisible(line is not None and line.alarm is not None)
