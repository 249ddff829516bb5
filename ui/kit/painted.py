"""Bases of the widgets that paint themselves from one frozen state."""

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from .canvas import Canvas, Written
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

    def _begin(self, kit: Kit) -> None:
        self.kit = kit
        self.state = None
        self.cut_texts = ()
        self.written = ()
        self._hints: tuple[QSize, QSize] | None = None
        kit.look.changed.connect(self._again)
        kit.words.changed.connect(self._again)

    def set_state(self, state: S) -> None:
        """Show this; the same again costs nothing."""
        if state != self.state:
            self.state = state
            self._again()

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
            self.fitted(self.state)
            self.setAccessibleName(self.spoken(self.state))
            hints = (self.sizeHint(), self.minimumSizeHint())
            if hints != self._hints:
                self._hints = hints
                self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.state is not None:
            with Canvas(self, self.kit) as canvas:
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
