"""Large toggles, such as symptoms: each on or off, as a tick says as well as a colour. A grid of them is one tab stop."""

import msgspec
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

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
_WIDE = 16_777_215
_TEXT_LEFT, _SHORT = 46, 140
#: of a text's width, when it is broken in two where a word ends
_HALF = 0.62


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
        self.cut_texts: tuple[str, ...] = ()
        self._measured_of, self._measured = ("", 0, 0), QSize()
        self.setProperty("role", "toggle")
        self.setProperty("paintsItself", True)
        self.setFont(kit.look.font("strong"))
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A long text may take two lines. Measured once a text and font: a layout asks it a thousand times."""
        one = self.sizeHint()
        of = self.text(), one.width(), one.height()
        if of != self._measured_of:
            self._measured_of, self._measured = of, self._least(one)
        return self._measured

    def _least(self, one: QSize) -> QSize:
        advance = self.fontMetrics().horizontalAdvance
        word = max((advance(word) for word in self.text().split()), default=0)
        two = _TEXT_LEFT + 2 * SPACE_8 + max(round(advance(self.text()) * _HALF), word)
        return QSize(min(one.width(), max(two, _SHORT)), one.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        with Canvas(self, self.kit) as canvas:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, canvas, self)
            theme, box = canvas.theme, QRectF(12, self.height() / 2 - 11, 22, 22)
            if self.isChecked():
                canvas.block(box, theme.accent, radius=self._radius)
                canvas.icon(box.adjusted(2, 2, -2, -2), "check", theme.on_accent)
            else:
                canvas.block(box, theme.card, theme.edge, radius=self._radius, pen=2)
            if self.letter and self.width() >= self.sizeHint().width() + _LETTER_WIDTH:
                right = QRectF(self.width() - _LETTER_WIDTH - 4, 0, _LETTER_WIDTH, self.height())
                canvas.text(right, self.letter, "hint", theme.quiet, CENTRE)
            words = QRectF(self.rect()).adjusted(_TEXT_LEFT, 0, -SPACE_8, 0)
            ink = theme.text if self.isEnabled() else theme.quiet
            if self.fontMetrics().horizontalAdvance(self.text()) <= words.width():
                canvas.text(words, self.text(), "strong", ink)
            else:
                canvas.lines(words.adjusted(0, 5, 0, -5), self.text(), "strong", ink)
            self.cut_texts = tuple(canvas.cut)


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

    def set_state(self, state: ToggleState) -> None:
        """Which toggles there are; those still there keep what was chosen."""
        if state == self._state:
            return
        kept = self.chosen()
        self._state = state
        for old in self._toggles:
            old.hide()
            old.deleteLater()
        self._toggles = [self._toggle(item) for item in state.items]
        for toggle in self._toggles:
            toggle.setChecked(toggle.objectName() in kept)
        self._place()
        self._stop_at(self._first())

    @property
    def _is_exclusive(self) -> bool:
        return self._state is not None and self._state.exclusive

    # --- how many stand in a row

    def _columns_in(self, wide: int) -> list[int]:
        """How wide the toggles of each column must be: as many columns as asked for where they find room, else fewer."""
        lines = [[toggle.sizeHint().width() for toggle in self._toggles], [t.minimumSizeHint().width() for t in self._toggles]]
        for columns in range(min(self._state.columns, len(self._toggles)) if self._state else 0, 1, -1):
            for widths in lines:
                needed = [max(widths[at::columns]) for at in range(columns)]
                if sum(needed) + SPACE_8 * (columns - 1) <= wide:
                    return needed
        return [max(lines[1], default=0)]

    def _place(self) -> None:
        """By hand: Qt asks a layout, and not its widget, how high it is at a width."""
        columns = self._columns_in(self.width())
        spare = max(0, self.width() - sum(columns) - SPACE_8 * (len(columns) - 1)) // len(columns)
        for at, toggle in enumerate(self._toggles):
            row, column = divmod(at, len(columns))
            left = sum(columns[:column]) + (spare + SPACE_8) * column
            toggle.setGeometry(left, row * (ROW + SPACE_8), columns[column] + spare, ROW)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        columns = self._columns_in(_WIDE)
        return QSize(sum(columns) + SPACE_8 * (len(columns) - 1), self.heightForWidth(_WIDE))

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._columns_in(0)), ROW)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, wide: int) -> int:
        rows = -(-len(self._toggles) // len(self._columns_in(wide)))
        return max(0, rows * (ROW + SPACE_8) - SPACE_8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Words or style of a toggle changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _toggle(self, item: ToggleItem) -> Toggle:
        made = Toggle(self.kit, self._is_exclusive, item.letter)
        made.setParent(self)
        made.show()
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
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, Toggle):
            return self._key_pressed(watched, event)
        return super().eventFilter(watched, event)

    def _key_pressed(self, at: Toggle, event: QKeyEvent) -> bool:
        """Whether the key was one of the grid's own."""
        key, columns = Qt.Key(event.key()), len(self._columns_in(self.width()))
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
