"""The drawer: questions stand inside the window, at its right; what is beneath stays in sight and alive, and cannot be pressed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget

from ui.frame.pages import Page
from ui.kit.look.tokens import SMALL, SPACE_8

#: of the window's width
_SHARE = 0.55
#: from so much of the room on it takes all of it
_NEARLY = 0.85


class Asked(QDialog):
    """What can stand in the drawer."""

    def wanted_height(self, wide: int) -> int:
        """px, at this width."""
        raise NotImplementedError

    def focusNextPrevChild(self, onwards: bool) -> bool:
        """Tab goes round in the question, as it does in a box: in a window it would lead on to the bars around it."""
        stops, now = _stops(self), QApplication.focusWidget()
        if self.isWindow() or not stops:
            return super().focusNextPrevChild(onwards)
        reason = Qt.FocusReason.TabFocusReason if onwards else Qt.FocusReason.BacktabFocusReason
        at = stops.index(now) + (1 if onwards else -1) if now in stops else 0  # what had it may just have gone
        stops[at % len(stops)].setFocus(reason)
        return True


class Drawer(QObject):
    """The newest question stands in front; all are equally large, so that a second person never sees the first one's answers.

    `pages`: over whose right half it opens; `beneath`: what cannot be pressed meanwhile. The page itself says what becomes of
    it: `Page.set_asked`.
    """

    def __init__(
        self, window: QWidget, pages: QStackedWidget, beneath: Sequence[QWidget], shown: Callable[[], Page | None]
    ) -> None:
        super().__init__(window)
        self._window, self._pages, self._beneath, self._shown = window, pages, beneath, shown
        self._standing: list[Asked] = []
        self._page: Page | None = None
        pages.installEventFilter(self)

    def take(self, asked: Asked) -> None:
        """It belongs to the window from now on; it opens, closes and is put aside like any dialog."""
        asked.setParent(self._window, Qt.WindowType.Widget)
        asked.hide()
        asked.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        asked.setProperty("covers", True)
        asked.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        return bool(self._standing)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched is self._pages:
            self.fit()
        elif event.type() == QEvent.Type.Show and isinstance(watched, Asked) and watched not in self._standing:
            self._opened(watched)
        elif event.type() == QEvent.Type.Hide and isinstance(watched, Asked) and watched.isHidden() and watched in self._standing:
            self._closed(watched)
        return False

    def _opened(self, asked: Asked) -> None:
        self._standing.append(asked)
        asked.raise_()
        asked.setEnabled(True)
        _focus(asked)  # before what is beneath is switched off, or Qt would hand the focus on to anything
        self._settle()

    def _closed(self, asked: Asked) -> None:
        self._standing.remove(asked)
        self._settle()
        _focus(self._standing[-1] if self._standing else self._pages)

    def _settle(self) -> None:
        for one in self._beneath:
            one.setEnabled(not self.is_open)
        for asked in self._standing:
            asked.setEnabled(asked is self._standing[-1])
        self.fit()

    def fit(self) -> None:
        """As high as what is asked needs: it grows and never shrinks under the hand."""
        page = self._shown() if self.is_open else None
        if self._page is not None and self._page is not page:
            self._page.set_asked(QRect())
        self._page = page
        if not self.is_open:
            return
        room = self._room()
        wanted = max(max(asked.wanted_height(room.width()), asked.height()) for asked in self._standing)
        if not self._is_small and wanted < _NEARLY * room.height():
            room.setHeight(wanted)
        if page is not None:
            page.set_asked(QRect(page.mapFrom(self._window, room.topLeft()), room.size()))
        for asked in self._standing:
            asked.setGeometry(room)

    @property
    def _is_small(self) -> bool:
        return self._window.width() < SMALL[0] or self._window.height() < SMALL[1]

    def _room(self) -> QRect:
        """In the window's pixels. On a very small screen all of it under the alarm bar and whose infusion is shown."""
        at = QRect(self._pages.mapTo(self._window, QPoint(0, 0)), self._pages.size())
        if not self._is_small:
            at.setLeft(at.right() + 1 - min(round(_SHARE * self._window.width()), at.width()))
            return at
        page = self._shown()
        top = at.top() + (page.head_height + SPACE_8 if page else 0)
        return QRect(0, top, self._window.width(), self._window.height() - top)


def _focus(part: QWidget) -> None:
    """To what had it last in there, else to the first that can have it."""
    wanted = part.focusWidget() or next(iter(_stops(part)), part)
    wanted.setFocus()


def _stops(part: QWidget) -> list[QWidget]:
    """Where Tab stops in there, in its order."""
    found, one = [], part.nextInFocusChain()
    while one is not None and one is not part:
        takes = one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None
        if takes and part.isAncestorOf(one):
            found.append(one)
        one = one.nextInFocusChain()
    return found
