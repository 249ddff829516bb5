"""Large toggles, such as symptoms: each on or off, as a tick says as well as a colour. A grid of them is one tab stop."""

import msgspec
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.domain.texts import Text
from ui.kit.canvas import CENTRE, Canvas
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

ROW = 56
_LETTER_WIDTH = 24
#: no hand types faster; a scanner does
_BY_HAND_MS = 40
_ACROSS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ToggleItem(msgspec.Struct, frozen=True):
    """`letter`: the key that answers so and leads on to the next question, “Y” or “N”."""

    key: str
    text: Text | str
    letter: str = ""


class ToggleState(msgspec.Struct, frozen=True):
    """`exclusive`: choosing one lets go of the others."""

    items: tuple[ToggleItem, ...]
    columns: int = 3
    exclusive: bool = False


class Toggle(QPushButton):
    """56 px high; a tick box at its left, round where only one of several can be on; its letter at the right, if it has one."""

    def __init__(self, kit: Kit, exclusive: bool = False, letter: str = "") -> None:
        super().__init__()
        self.kit, self._radius, self.letter = kit, 11 if exclusive else 6, letter
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
            if self.letter and self.width() >= self.sizeHint().width() + _LETTER_WIDTH:
                right = QRectF(self.width() - _LETTER_WIDTH - 4, 0, _LETTER_WIDTH, self.height())
                canvas.text(right, self.letter, "hint", theme.quiet, CENTRE)


class ToggleGrid(QWidget):
    """Signals `changed(frozenset of keys)` and `led_on()`: it was answered by its letter, the next question is wanted.

    Arrow keys go from toggle to toggle, and where only one can be on they choose on the way; Space turns one on or off.
    """

    changed = Signal(object)
    led_on = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: ToggleState | None = None
        self._toggles: list[Toggle] = []
        self._key_ms = 0
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
        self._stop_at(self._first())

    @property
    def _is_exclusive(self) -> bool:
        return self._state is not None and self._state.exclusive

    def _toggle(self, item: ToggleItem) -> Toggle:
        made = Toggle(self.kit, self._is_exclusive, item.letter)
        made.setObjectName(item.key)
        self.kit.words.bind(made, text=item.text, accessibleName=item.text)
        made.clicked.connect(self._clicked)
        made.installEventFilter(self)
        return made

    def _clicked(self) -> None:
        pressed = self.sender()
        assert isinstance(pressed, Toggle)
        self._press(pressed)

    def _press(self, pressed: Toggle) -> None:
        """It was turned on or off."""
        if self._is_exclusive:
            for toggle in self._toggles:
                toggle.setChecked(toggle is pressed)
        self._stop_at(pressed)
        self.changed.emit(self.chosen())

    # --- the keyboard

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, Toggle):
            return self._key_pressed(watched, event)
        return super().eventFilter(watched, event)

    def _key_pressed(self, at: Toggle, event: QKeyEvent) -> bool:
        """Whether the key was one of the grid's own."""
        key, columns = Qt.Key(event.key()), self._state.columns if self._state else 1
        step = _ACROSS.get(key, columns * _DOWN.get(key, 0))
        if step:
            self._go(self._toggles.index(at) + step)
            return True
        answer = next((one for one in self._toggles if one.letter and one.letter == event.text().upper()), None)
        if not self._is_by_hand(event) or answer is None or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        answer.setChecked(True)
        answer.setFocus()
        self._press(answer)
        if answer.hasFocus():
            self.led_on.emit()
        return True

    def _is_by_hand(self, event: QKeyEvent) -> bool:
        """A scanner's letters answer nothing, and neither does a key that is held down."""
        since_ms, self._key_ms = event.timestamp() - self._key_ms, event.timestamp()
        return not event.isAutoRepeat() and (not event.timestamp() or since_ms >= _BY_HAND_MS)

    def _go(self, to: int) -> None:
        if not 0 <= to < len(self._toggles):
            return
        toggle = self._toggles[to]
        self._stop_at(toggle)
        toggle.setFocus(Qt.FocusReason.TabFocusReason)
        if self._is_exclusive:
            toggle.setChecked(True)
            self._press(toggle)

    def _stop_at(self, stop: Toggle | None) -> None:
        """Where Tab comes in."""
        for toggle in self._toggles:
            toggle.setFocusPolicy(Qt.FocusPolicy.StrongFocus if toggle is stop else Qt.FocusPolicy.ClickFocus)

    def _first(self) -> Toggle | None:
        """What is chosen, else the first."""
        chosen = (toggle for toggle in self._toggles if toggle.isChecked())
        return next(chosen, self._toggles[0] if self._toggles else None)

    def take_focus(self) -> None:
        """To what is chosen, else to the first."""
        first = self._first()
        if first is not None:
            self._stop_at(first)
            first.setFocus()

    def chosen(self) -> frozenset[str]:
        """The keys that are on."""
        return frozenset(toggle.objectName() for toggle in self._toggles if toggle.isChecked())

    def choose(self, keys: frozenset[str]) -> None:
        """Turn these on and the others off, without a signal."""
        for toggle in self._toggles:
            toggle.setChecked(toggle.objectName() in keys)
        self._stop_at(self._first())
