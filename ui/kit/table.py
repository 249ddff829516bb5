"""A quiet table: a head, thin lines, rows that can be chosen by mouse, touch or keys."""

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.domain.texts import Text
from ui.kit.live_words import plain_tip
from ui.kit.look.tokens import TARGET

from .look_and_words import Kit

_Index = QModelIndex | QPersistentModelIndex
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Column(msgspec.Struct, frozen=True):
    """`share` of the width; `strong` for the column that names the row; `right` for numbers."""

    name: Text | str
    share: float = 1.0
    strong: bool = False
    right: bool = False


class TableLine(msgspec.Struct, frozen=True):
    key: str
    cells: tuple[Text | str, ...]


class TableState(msgspec.Struct, frozen=True):
    columns: tuple[Column, ...]
    rows: tuple[TableLine, ...] = ()
    head: bool = True


class _TableModel(QAbstractTableModel):
    def __init__(self, kit: Kit, parent: QWidget) -> None:
        super().__init__(parent)
        self.kit = kit
        self.state = TableState(())

    def put(self, state: TableState) -> None:
        self.beginResetModel()
        self.state = state
        self.endResetModel()

    def put_cells(self, state: TableState) -> bool:
        """Of the same rows only the cells that say something else; False where the rows are others."""
        before = self.state
        are_same = [row.key for row in before.rows] == [row.key for row in state.rows]
        if not are_same or (before.columns, before.head) != (state.columns, state.head):
            return False
        self.state = state
        for at, (old, new) in enumerate(zip(before.rows, state.rows, strict=True)):
            for column, pair in enumerate(zip(old.cells, new.cells, strict=True)):
                if pair[0] != pair[1]:
                    cell = self.index(at, column)
                    self.dataChanged.emit(cell, cell)
        return True

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.state.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.state.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self.state.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            shown = self.kit.words.shown(self.state.rows[index.row()].cells[index.column()])
            return plain_tip(shown) if role == Qt.ItemDataRole.ToolTipRole else shown
        if role == Qt.ItemDataRole.FontRole:
            return self.kit.look.font("strong" if column.strong else "body")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft) | _MIDDLE
        return None

    def headerData(self, at: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way == Qt.Orientation.Vertical:
            return None
        column = self.state.columns[at]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.kit.words.shown(column.name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft) | _MIDDLE
        return None


class _TableView(QTableView):
    """Shares its width among the columns."""

    shares: tuple[float, ...] = ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share()

    def share(self) -> None:
        total = sum(self.shares) or 1.0
        for at, share in enumerate(self.shares):
            self.setColumnWidth(at, int(self.viewport().width() * share / total))


class Table(QWidget):
    """Signals `chosen(key)` when a row is selected, `opened(key)` on Enter or double click, `moved` when others are in sight."""

    chosen = Signal(str)
    opened = Signal(str)
    moved = Signal()

    def __init__(self, kit: Kit, name: Text | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._model = _TableModel(kit, self)
        self.view = _TableView()
        self.view.setModel(self._model)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(TARGET)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.horizontalHeader().setMinimumSectionSize(24)
        kit.words.bind(self.view, accessibleName=name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.selectionModel().currentRowChanged.connect(self._chosen)
        self.view.activated.connect(self._opened)
        bar = self.view.verticalScrollBar()
        bar.valueChanged.connect(self.moved)
        bar.rangeChanged.connect(self.moved)
        kit.words.changed.connect(self._again)
        kit.look.changed.connect(self.view.viewport().update)

    def set_state(self, state: TableState) -> None:
        """The row chosen before stays chosen if it is still there."""
        if state is self._model.state or state == self._model.state or self._model.put_cells(state):
            return
        key = self.current()
        self._model.put(state)
        self.view.horizontalHeader().setVisible(state.head)
        self.view.shares = tuple(column.share for column in state.columns)
        self.view.share()
        self.choose(key)

    def current(self) -> str:
        """The key of the chosen row, "" if none."""
        at, rows = self.view.currentIndex().row(), self._model.state.rows
        return rows[at].key if 0 <= at < len(rows) else ""

    def in_sight(self) -> tuple[str, ...]:
        """The keys of the rows that stand whole on the screen now."""
        if not self.view.isVisible() or not self._model.state.rows:
            return ()
        view, most = self.view, self.view.viewport().height()
        at = max(0, view.rowAt(0))
        found: list[str] = []
        for row in self._model.state.rows[at:]:
            top, high = view.rowViewportPosition(at), view.rowHeight(at)
            at += 1
            if top + high > most:
                break
            if top >= 0:
                found.append(row.key)
        return tuple(found)

    def choose(self, key: str) -> None:
        """Choose a row without a signal."""
        at = next((at for at, row in enumerate(self._model.state.rows) if row.key == key), None)
        if at is not None:
            blocked = self.blockSignals(True)
            self.view.selectRow(at)
            self.blockSignals(blocked)

    def _chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._model.state.rows[index.row()].key)

    def _opened(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.state.rows[index.row()].key)

    def _again(self) -> None:
        key = self.current()
        self._model.put(self._model.state)
        self.choose(key)
