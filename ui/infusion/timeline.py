"""The timeline: every event in words, newest first; a correction shows the old value struck through."""

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.labels_and_buttons import button
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

_TIME = 76
_WRAP = int(Qt.TextFlag.TextWordWrap)
_Index = QModelIndex | QPersistentModelIndex


class TimelineRow(msgspec.Struct, frozen=True):
    """`old` is struck through before `text`; `reason` says why it was corrected; `unsaved` not yet on disk.

    `key` names an entry that can be corrected; `worrying` says what of a check worries, with its marks.
    """

    time: str
    text: Text | str
    person: str = ""
    old: Text | str = ""
    reason: Text | str = ""
    unsaved: bool = False
    key: str = ""
    worrying: Text | str = ""


class _TimelineModel(QAbstractListModel):
    def __init__(self, kit: Kit, parent: QWidget) -> None:
        super().__init__(parent)
        self.kit = kit
        self.rows: tuple[TimelineRow, ...] = ()

    def put(self, rows: tuple[TimelineRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(filter(None, (self.rows[index.row()].time, *self.lines(index.row()))))
        return None

    def lines(self, at: int) -> tuple[str, str, str, str]:
        """The old value, the event, what worries, and who and why below it."""
        row, shown = self.rows[at], self.kit.words.shown
        why = say("Reason: {reason}", reason=row.reason) if row.reason else ""
        below = (row.person, shown(why), shown(say("not yet saved")) if row.unsaved else "")
        return shown(row.old), shown(row.text), shown(row.worrying), " · ".join(filter(None, below))


class _TimelinePainter(QStyledItemDelegate):
    """Paints a row: time, old value struck through, text, person and reason."""

    def __init__(self, kit: Kit, rows: _TimelineModel, parent: QListView) -> None:
        super().__init__(parent)
        self.kit, self.rows, self.list = kit, rows, parent

    def _boxes(self, at: int, box: QRect) -> list[tuple[QRect, str, str]]:
        """Place, font role and text of each line."""
        left, width = box.left() + _TIME, box.width() - _TIME - SPACE_8
        top, placed = box.top() + 6, []
        roles = ("body", "strong" if self.rows.rows[at].old else "body", "strong", "hint")
        for role, text in zip(roles, self.rows.lines(at), strict=True):
            if text:
                metrics = self.kit.look.metrics(role)
                height = int(metrics.boundingRect(QRect(0, 0, width, 4000), _WRAP, text).height()) + 1
                placed.append((QRect(left, top, width, height), role, text))
                top += height
        return placed

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        width = self.list.viewport().width()
        last = self._boxes(index.row(), QRect(0, 0, width, 0))[-1][0]
        return QSize(width, max(44, last.bottom() + 7))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, row = self.kit.look.theme, self.rows.rows[index.row()]
        box: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(theme.accent_soft))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(theme.line))
        painter.setPen(QColor(theme.quiet))
        painter.setFont(self.kit.look.font("body"))
        painter.drawText(QRect(box.left() + SPACE_8, box.top() + 6, _TIME, 24), 0, row.time)
        for at, (place, role, text) in enumerate(self._boxes(index.row(), box)):
            struck = bool(row.old) and at == 0
            font = QFont(self.kit.look.font(role))
            font.setStrikeOut(struck)
            painter.setFont(font)
            painter.setPen(QColor(theme.quiet if struck or role == "hint" else theme.text))
            painter.drawText(place, _WRAP, text)


class Timeline(QWidget):
    """Fills what it is given; a drawer or a page puts it where it belongs. `correct_wanted(key)` of the chosen row."""

    correct_wanted = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._rows = _TimelineModel(kit, self)
        self.list = QListView()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_TimelinePainter(kit, self._rows, self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)  # laid out again when the width changes, by the scroll bar too
        self.empty = EmptyPage(kit)
        self.empty.set_state(EmptyState(say("Nothing recorded yet"), say("Every step appears here as it is done.")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.correct = button(kit, say("Correct this entry"))
        self.correct.clicked.connect(self._correct)
        self.list.activated.connect(self._correct)
        self.list.selectionModel().currentChanged.connect(self._offer)
        column.addWidget(self.list)
        column.addWidget(self.correct)
        column.addWidget(self.empty)
        self.list.hide()
        kit.words.bind(self.list, accessibleName=say("Timeline, newest first"))
        kit.words.changed.connect(self._again)
        kit.look.changed.connect(self.list.viewport().update)

    def set_state(self, rows: tuple[TimelineRow, ...]) -> None:
        """Newest first."""
        if rows != self._rows.rows:
            kept = self._rows.rows[self.list.currentIndex().row()] if self.list.currentIndex().isValid() else None
            self._rows.put(rows)
            if kept in rows:
                self.list.setCurrentIndex(self._rows.index(rows.index(kept)))
            self._offer()
            self.list.setVisible(bool(rows))
            self.empty.setVisible(not rows)

    def chosen(self) -> str:
        """The key of the chosen row, "" where none is or where it cannot be corrected."""
        at = self.list.currentIndex().row()
        return self._rows.rows[at].key if 0 <= at < len(self._rows.rows) else ""

    def _offer(self) -> None:
        self.correct.setEnabled(bool(self.chosen()))

    def _correct(self) -> None:
        if self.chosen():
            self.correct_wanted.emit(self.chosen())

    def _again(self) -> None:
        self._rows.put(self._rows.rows)
