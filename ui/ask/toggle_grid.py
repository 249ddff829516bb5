"""Large toggles, such as symptoms: each on or off, as a tick says as well as a colour."""

import msgspec
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.domain.texts import Text
from ui.kit.canvas import Canvas
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

ROW = 56


class ToggleItem(msgspec.Struct, frozen=True):
    key: str
    text: Text | str


class ToggleState(msgspec.Struct, frozen=True):
    """`exclusive`: choosing one lets go of the others."""

    items: tuple[ToggleItem, ...]
    columns: int = 3
    exclusive: bool = False


class Toggle(QPushButton):
    """56 px high; a tick box at its left, round where only one of several can be on."""

    def __init__(self, kit: Kit, exclusive: bool = False) -> None:
        super().__init__()
        self.kit, self._radius = kit, 11 if exclusive else 6
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("role", "toggle")
        self.setFont(kit.look.font("strong"))
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with Canvas(self, self.kit) as canvas:
            theme, box = canvas.theme, QRectF(12, self.height() / 2 - 11, 22, 22)
            if self.isChecked():
                canvas.block(box, theme.accent, radius=self._radius)
                canvas.icon(box.adjusted(2, 2, -2, -2), "check", theme.on_accent)
            else:
                canvas.block(box, theme.card, theme.edge, radius=self._radius, pen=2)


class ToggleGrid(QWidget):
    """Signal `changed(frozenset of keys)`."""

    changed = Signal(object)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: ToggleState | None = None
        self._toggles: list[Toggle] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_8)

    def set_state(self, state: ToggleState) -> None:
        """Which toggles there are; those still there keep what was chosen."""
        if state == self._state:
            return
        kept = self.chosen()
        self._state = state
        for old in self._toggles:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._toggles = [self._toggle(item) for item in state.items]
        for at, toggle in enumerate(self._toggles):
            toggle.setChecked(toggle.objectName() in kept)
            self._grid.addWidget(toggle, at // state.columns, at % state.columns)
            self._grid.setColumnStretch(at % state.columns, 1)

    def _toggle(self, item: ToggleItem) -> Toggle:
        made = Toggle(self.kit, self._state is not None and self._state.exclusive)
        made.setObjectName(item.key)
        self.kit.words.bind(made, text=item.text, accessibleName=item.text)
        made.clicked.connect(self._clicked)
        return made

    def _clicked(self) -> None:
        pressed = self.sender()
        if self._state and self._state.exclusive:
            for toggle in self._toggles:
                toggle.setChecked(toggle is pressed)
        self.changed.emit(self.chosen())

    def take_focus(self) -> None:
        """To what is chosen, else to the first."""
        chosen = (toggle for toggle in self._toggles if toggle.isChecked())
        first = next(chosen, self._toggles[0] if self._toggles else None)
        if first is not None:
            first.setFocus()

    def chosen(self) -> frozenset[str]:
        """The keys that are on."""
        return frozenset(toggle.objectName() for toggle in self._toggles if toggle.isChecked())

    def choose(self, keys: frozenset[str]) -> None:
        """Turn these on and the others off, without a signal."""
        for toggle in self._toggles:
            toggle.setChecked(toggle.objectName() in keys)
