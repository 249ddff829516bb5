"""A dock button: its words and, in a small frame, the key that presses it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from app.domain.texts import Text
from ui.kit.look.tokens import SPACE_8, SPACE_16, TARGET

from .canvas import Canvas
from .look_and_words import Kit

_HEIGHT = 48
#: what is written on a key: the names Qt gives it
_KEYS = {"Enter": ("Return", "Enter")}


class KeyButton(QPushButton):
    """`role` as in the style sheet: primary, secondary, reaction."""

    def __init__(self, kit: Kit, role: str = "secondary", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.hint = ""
        self.hint_shown = True
        self.may_elide = False
        self.cut_texts: tuple[str, ...] = ()
        self._keys = QShortcut(self)  # not QPushButton.setShortcut: a new text would take it away
        self._keys.activated.connect(self.click)
        self.setProperty("role", role)
        self.setProperty("paintsItself", True)
        self.setFont(kit.look.font("strong"))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_words(self, text: Text | str, hint: str = "", why: Text | str = "", *, owns_key: bool = True) -> None:
        """Words, key and, as a tool tip, why it cannot be pressed. A key it does not own is the window's."""
        self.kit.words.bind(self, text=text, accessibleName=text, toolTip=why)
        if hint != self.hint:
            self.hint = hint
            self._keys.setKeys([QKeySequence(key) for key in _KEYS.get(hint, (hint,)) if key and owns_key])
            self.updateGeometry()
            self.update()

    def show_hint(self, shown: bool) -> None:
        if shown is not self.hint_shown:
            self.hint_shown = shown
            self.updateGeometry()
            self.update()

    def _role(self) -> str:
        return "action" if self.property("role") == "primary" else "strong"

    def _hint_width(self) -> float:
        return self.kit.look.metrics("hint").horizontalAdvance(self.hint) + 12 if self.hint else 0.0

    def full_width(self, with_hint: bool = True) -> int:
        words = self.kit.look.metrics(self._role()).horizontalAdvance(self.text())
        hint = self._hint_width() if with_hint else 0.0
        return round(words + hint + (SPACE_8 if hint else 0) + 2 * SPACE_16 + 2)

    def sizeHint(self) -> QSize:
        return QSize(self.full_width(self.hint_shown), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Its key may go, its words may not."""
        return QSize(3 * TARGET if self.may_elide else self.full_width(with_hint=False), _HEIGHT)

    def _ink(self) -> str:
        theme = self.kit.look.theme
        if not self.isEnabled():
            return theme.quiet
        return {"primary": theme.on_accent, "reaction": theme.on_reaction}.get(self.property("role"), theme.text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        with Canvas(self, self.kit) as canvas:
            self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, canvas, self)
            self._words(canvas)
            self.cut_texts = tuple(canvas.cut)

    def _words(self, canvas: Canvas) -> None:
        box, hint = QRectF(self.rect()), self._hint_width() if self.hint_shown else 0.0
        room = box.width() - 2 * SPACE_8 - hint - (SPACE_8 if hint else 0)
        words = min(room, canvas.width_of(self.text(), self._role()))
        left = box.center().x() - (words + (hint + SPACE_8 if hint else 0)) / 2
        canvas.text(QRectF(left, 0, words, box.height()), self.text(), self._role(), self._ink(), may_elide=self.may_elide)
        if hint:
            frame = QRectF(left + words + SPACE_8, box.center().y() - 10, hint, 20)
            canvas.setPen(QPen(QColor(self._ink()), 1))
            canvas.setBrush(Qt.BrushStyle.NoBrush)
            canvas.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            canvas.text(frame.adjusted(6, 0, 0, 0), self.hint, "hint", self._ink())
