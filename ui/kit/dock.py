"""The dock: one primary button, the next thing to do; the others; Reaction always in the same corner.

Reaction shows its key and leaves it to the window, where it works on every page and over every question.
"""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.kit.look.tokens import SPACE_8

from .key_button import KeyButton
from .look_and_words import Kit

#: on a very small screen
_LENT_IN_A_ROW = 3


class DockAction(msgspec.Struct, frozen=True):
    """`hint` is the key that presses it, such as “F3”; `why` tells why it is not enabled."""

    key: str
    text: Text | str
    hint: str = ""
    enabled: bool = True
    why: Text | str = ""


class DockState(msgspec.Struct, frozen=True):
    primary: DockAction
    others: tuple[DockAction, ...] = ()
    reaction: bool = True


REACTION = DockAction("reaction", say("Reaction"), "F8")


class Dock(QWidget):
    """Signal `chosen(key)`. Its buttons own their keys: every `hint` but Reaction's, Enter for both Enter keys."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: DockState | None = None
        self._others: list[KeyButton] = []
        self.primary = KeyButton(kit, "primary")
        self.primary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.reaction = KeyButton(kit, "reaction")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_8)
        self._row.addWidget(self.primary, 1)
        self.rest = QWidget()
        self._others_in = QGridLayout(self.rest)
        self._others_in.setContentsMargins(0, 0, 0, 0)
        self._others_in.setSpacing(SPACE_8)
        self._row.addWidget(self.rest)
        self._row.addWidget(self.reaction)
        self._lent = self._asked = False
        self._show(self.reaction, REACTION)
        for button in (self.primary, self.reaction):
            button.clicked.connect(self._pressed)
        kit.words.changed.connect(self._fit, Qt.ConnectionType.QueuedConnection)  # after the buttons have their new words

    def set_state(self, state: DockState) -> None:
        if state == self._state:
            return
        self._state = state
        self._make(len(state.others))
        self._show(self.primary, state.primary)
        for button, action in zip(self._others, state.others, strict=True):
            self._show(button, action)
        self.reaction.setVisible(state.reaction)
        self._fit()

    def _make(self, count: int) -> None:
        while len(self._others) < count:
            button = KeyButton(self.kit)
            button.clicked.connect(self._pressed)
            self._others.append(button)
            self._others_in.addWidget(button, *self._cell(len(self._others) - 1))
            QWidget.setTabOrder(self._others[-2] if len(self._others) > 1 else self.primary, button)
        QWidget.setTabOrder(self._others[-1] if self._others else self.primary, self.reaction)
        while len(self._others) > count:
            gone = self._others.pop()
            self._others_in.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.rest.setHidden(self._asked or not self._others)

    def _cell(self, at: int) -> tuple[int, int]:
        return divmod(at, _LENT_IN_A_ROW) if self._lent else (0, at)

    def lend(self, into: QBoxLayout | None) -> None:
        """On a very small screen the others stand elsewhere, several rows of them; None: they come back."""
        if self._lent is (into is not None):
            return
        self._lent = into is not None
        for at, button in enumerate(self._others):
            self._others_in.addWidget(button, *self._cell(at))
        if into is None:
            self._row.insertWidget(1, self.rest)
        else:
            into.addWidget(self.rest)
        self.rest.setHidden(self._asked or not self._others)
        self.primary.may_elide = self._lent
        self._fit()

    def set_asked(self, asked: bool) -> None:
        """While a question is open Reaction alone is in reach."""
        if asked is self._asked:
            return
        self._asked = asked
        self.primary.setHidden(asked)
        self.rest.setHidden(asked or not self._others)
        self._row.setAlignment(self.reaction, Qt.AlignmentFlag.AlignRight if asked else Qt.AlignmentFlag(0))
        self._fit()

    def _show(self, button: KeyButton, action: DockAction) -> None:
        button.setObjectName(action.key)
        button.set_words(action.text, action.hint, action.why, owns_key=action is not REACTION)
        button.setEnabled(action.enabled)

    def _pressed(self) -> None:
        self.chosen.emit(self.sender().objectName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Without the key hints where the words need the room."""
        shown = [] if self._asked else [self.primary, *self._others]
        buttons = [*shown, *([self.reaction] if self._reacts() else [])]
        needed = sum(button.full_width() for button in buttons) + SPACE_8 * (len(buttons) - 1)
        for button in buttons:
            button.show_hint(needed <= self.width() and not self._lent)

    def _reacts(self) -> bool:
        return self._state is None or self._state.reaction
