"""Bases of the widgets that paint themselves from one frozen state."""

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from .canvas import Canvas, Written
from .live_words import plain_tip
from .look_and_words import Kit

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object

S = TypeVar("S")


class _Paints(Generic[S], _Widget):
    """What `Painted` and `PaintedButton` share; of the last painting: `written` all texts, `cut_texts` the cut ones."""

    kit: Kit
    state: S | None
    cut_texts: tuple[str, ...]
    written: tuple[Written, ...]
    #: What it stands on, a colour of the theme by name: it paints that too, so that nothing below it is painted for its sake.
    ground = ""

    def _begin(self, kit: Kit) -> None:
        self.kit = kit
        self.state = None
        self.cut_texts = ()
        self.written = ()
        self._hints: tuple[QSize, QSize] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, bool(self.ground))
        kit.look.changed.connect(self._again)
        kit.words.changed.connect(self._again)

    def set_state(self, state: S) -> None:
        """Show this; the same again costs nothing."""
        before = self.state
        if state == before:
            return
        self.state = state
        part = None if before is None else self.changed(before, state)
        self._told(state)
        self.update() if part is None else self.update(part.toAlignedRect())

    def changed(self, before: S, after: S) -> QRectF | None:  # noqa: ARG002
        """The part to be painted anew after such a change; None: all of it."""
        return None

    def set_tip(self, text: str) -> None:
        if plain_tip(text) != self.toolTip():
            self.setToolTip(plain_tip(text))

    def draw(self, canvas: Canvas, state: S) -> None:
        """Paint the state."""
        raise NotImplementedError

    def spoken(self, state: S) -> str:
        """The state in words, for a screen reader."""
        raise NotImplementedError

    def fitted(self, state: S) -> None:
        """Called after the state, the language or the theme changed, before painting."""

    def _again(self) -> None:
        if self.state is not None:
            self._told(self.state)
            self.update()

    def _told(self, state: S) -> None:
        self.fitted(state)
        spoken = self.spoken(state)
        if spoken != self.accessibleName():
            self.setAccessibleName(spoken)
        hints = (self.sizeHint(), self.minimumSizeHint())
        if hints != self._hints:
            self._hints = hints
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.state is not None:
            with Canvas(self, self.kit) as canvas:
                if self.ground:
                    canvas.fillRect(self.rect(), QColor(getattr(canvas.theme, self.ground)))
                self.draw(canvas, self.state)
                self.cut_texts, self.written = tuple(canvas.cut), tuple(canvas.written)


class Painted(_Paints[S], QWidget):
    """A widget that only shows."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin(kit)


class PaintedButton(_Paints[S], QAbstractButton):
    """A widget that shows and can be pressed, by mouse, touch or Space."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin(kit)
