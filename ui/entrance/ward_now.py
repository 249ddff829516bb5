"""A few lines that anybody may see: who is in which bed, how far, what is due, and how pressing its alarm is."""

import msgspec
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.alarm_bar import AlarmLook
from ui.frame.bar.alarm_mark import AlarmMark
from ui.kit.bed_mark import BedMark
from ui.kit.labels_and_buttons import Card, ElidedLabel, label
from ui.kit.look.tokens import SPACE_4, SPACE_16
from ui.kit.look_and_words import Kit

_MARK, _TASK, _NARROW = 20, 2, 560


class WardNowLine(msgspec.Struct, frozen=True):
    """`bed`: whose colour mark it wears."""

    bed: str
    who: Text
    phase: Text
    task: Text
    left: Text | str
    late: bool
    alarm: AlarmLook | None = None


class WardNow(QWidget):
    """Nothing is shown where nothing goes on. `alone`: nothing else tells of it, so that it is as wide as the card above it."""

    def __init__(self, kit: Kit, parent: QWidget | None = None, alone: bool = True) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: tuple[WardNowLine, ...] = ()
        self.rows: list[tuple[QLabel, ...]] = []
        self.marks: list[AlarmMark] = []
        self._bed_marks: list[BedMark] = []
        self._is_narrow = False
        card = Card(kit, say("In the ward now") if alone else "")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_16)
        self._grid.setVerticalSpacing(SPACE_4)
        for column in (2, 3):
            self._grid.setColumnStretch(column, 1)
        card.body.addLayout(self._grid)
        outer = QGridLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card, 0, 1)
        if alone:
            card.setFixedWidth(720)
            outer.setColumnStretch(0, 1)
            outer.setColumnStretch(2, 1)
        self.setVisible(False)

    def set_state(self, lines: tuple[WardNowLine, ...]) -> None:
        if lines == self._state:
            return
        self._state = lines
        while len(self.rows) < len(lines):
            self._add_row()
        for at, (row, mark, bed_mark) in enumerate(zip(self.rows, self.marks, self._bed_marks, strict=True)):
            self._show(row, mark, lines[at] if at < len(lines) else None)
            bed_mark.set_bed(lines[at].bed if at < len(lines) else "")
        self.setVisible(bool(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what is due next stands on top of the window alone."""
        super().resizeEvent(event)
        self._is_narrow = self.width() < _NARROW
        self._grid.setColumnStretch(_TASK + 1, int(not self._is_narrow))
        for row, _line in zip(self.rows, self._state, strict=False):
            row[_TASK].setHidden(self._is_narrow)

    def _add_row(self) -> None:
        made = (
            label(self.kit, "", "strong"),
            ElidedLabel(self.kit),
            ElidedLabel(self.kit),
            ElidedLabel(self.kit, "strong"),
        )
        mark, bed_mark = AlarmMark(self.kit), BedMark(self.kit, "")
        mark.hide()
        bed_mark.setFixedSize(_MARK, _MARK)
        for column, part in enumerate((bed_mark, *made, mark)):
            self._grid.addWidget(part, len(self.rows), column)
        self._bed_marks.append(bed_mark)
        self.rows.append(made)
        self.marks.append(mark)

    def _show(self, row: tuple[QLabel, ...], mark: AlarmMark, line: WardNowLine | None) -> None:
        texts = (line.who, line.phase, line.task, line.left) if line else ("",) * 4
        for part, text in zip(row, texts, strict=True):
            self.kit.words.bind(part, text=text)
            part.setVisible(line is not None and not (self._is_narrow and part is row[_TASK]))
        if line is not None and line.alarm is not None:
            mark.set_state(line.alarm)
        mark.setVisible(line is not None and line.alarm is not None)
