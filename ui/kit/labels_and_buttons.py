"""Small parts: labels that follow the language, buttons with a role, cards."""

from collections.abc import Callable, Iterable
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.texts import Text
from ui.kit.live_words import plain_tip
from ui.kit.look.tokens import SPACE_8, SPACE_16, TARGET

from .look_and_words import Kit


def label(kit: Kit, text: Text | str = "", role: str = "body", tone: str = "", wrap: bool = False) -> QLabel:
    """A label in a font role; `tone` is "", "quiet" or "accent"."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(kit.look.font(role))
    made.setWordWrap(wrap)
    if tone:
        made.setProperty("tone", tone)
    kit.words.bind(made, text=text)
    return made


class WordWideLabel(QLabel):
    """Wrapped, at least `least` px wide and as wide as the longest word of `all_texts`: so that rows of them stand in line."""

    def __init__(self, kit: Kit, text: Text, least: int, all_texts: Iterable[Text]) -> None:
        super().__init__()
        self._kit, self._least, self._all = kit, least, (text, *all_texts)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(kit.look.font("strong"))
        self.setWordWrap(True)
        kit.words.bind(self, text=text)
        kit.words.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        shown = self._kit.words.shown
        words = (word for text in self._all for word in shown(text).split())
        self.setFixedWidth(max(self._least, *(ceil(self._kit.look.width("strong", word)) for word in words)))


class ElidedLabel(QLabel):
    """One line that ends in “…” when it must, and then tells the whole in its tool tip."""

    def __init__(self, kit: Kit, role: str = "body", tone: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(kit.look.font(role))
        self.setProperty("mayElide", True)
        if tone:
            self.setProperty("tone", tone)

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
        self.setToolTip(plain_tip("" if fits else self.text()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        with QPainter(self) as painter:
            painter.drawText(self.rect(), self.alignment(), shown)


class Button(QPushButton):
    """Enter presses it while it has the focus, as Space does; a page's or dialog's own Enter comes first."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def button(kit: Kit, text: Text | str, role: str = "secondary", why: Text | str = "") -> QPushButton:
    """A button of a role: primary, secondary, ghost, pill, toggle; `why` is its tool tip."""
    made = Button()
    made.setProperty("role", role)
    made.setAutoDefault(False)
    made.setFont(kit.look.font("strong"))
    made.setMinimumHeight(TARGET)
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    kit.words.bind(made, text=text, accessibleName=text, toolTip=why)
    return made


class Card(QFrame):
    """A card with an optional title; put widgets into `body`."""

    def __init__(self, kit: Kit, title: Text | str = "", raised: bool = False) -> None:
        super().__init__()
        self.setProperty("card", "raised" if raised else "true")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, SPACE_8)
        self.body.setSpacing(SPACE_8)
        if title:
            self.body.addWidget(label(kit, title, "title"))


class _Shrinking(QWidget):
    """Holds what may become as low as its parts can be, before anything scrolls: Qt would stop at what they would like."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "clear")
        self._inner: QWidget | None = None

    def hold(self, inner: QWidget) -> None:
        self._inner = inner
        inner.setParent(self)
        inner.resize(self.size())
        if self.isVisible():
            inner.show()
        self.fit()

    def minimumSizeHint(self) -> QSize:
        return self._inner.minimumSizeHint().expandedTo(self._inner.minimumSize()) if self._inner else QSize()

    def sizeHint(self) -> QSize:
        return self._inner.sizeHint() if self._inner else QSize()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while it was hidden, nobody was told."""
        super().showEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().event(event)

    def fit(self) -> None:
        """Have the area look at it again; Qt tells it only of what happens while all is shown."""
        view = self.parentWidget()
        area = view.parentWidget() if view else None
        if area is not None:
            QApplication.postEvent(area, QEvent(QEvent.Type.LayoutRequest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._inner is not None:
            self._inner.resize(event.size())


def nowhere(_area: QWidget) -> None:
    """For what is put in its place later."""


def scrolled(inner: QWidget, put: Callable[[QWidget], object] = nowhere) -> QScrollArea:
    """What scrolls only where it finds no room, and is no stop of Tab itself.

    `put` puts it in its place while it is still empty: Qt dresses anew all that is in a widget whenever that gets a parent.
    """
    area, holder = QScrollArea(), _Shrinking()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    put(area)
    area.setWidget(holder)
    holder.hold(inner)
    return area


def clear_page(child: QWidget) -> QWidget:
    """Mark a widget as ground of the page, for scroll areas."""
    child.setProperty("ground", "page")
    return child
