"""A code that came from a scanner which is no keyboard goes where its keys would have gone."""

from PySide6.QtWidgets import QDialog, QWidget

from app.domain.texts import say
from ui.ask.code_field import CodeField
from ui.frame.desk import Desk
from ui.frame.window import Window

#: So many letters of a code that nobody waited for are shown.
_CODE_SHOWN = 40


def take_scan(code: str, desk: Desk, window: Window) -> None:
    """Behind the lock nothing is taken; where nothing waits for a code, it is said."""
    if desk.person is None:
        desk.tell(say("A code was scanned while the screen was locked: it was not taken."))
    elif not deliver(code, window):
        desk.tell(say("Scanned: {code}. Nothing here waits for a code.", code=code[:_CODE_SHOWN]))


def deliver(code: str, window: Window) -> bool:
    """Into the code line with the focus, else the first empty one, of the question or page in front; False: there is none."""
    front = _front(window)
    lines = [line for line in front.findChildren(CodeField) if line.isVisibleTo(front) and line.isEnabled()]
    focused = next((line for line in lines if line is front.focusWidget()), None)
    line = focused or next((line for line in lines if not line.text()), None)
    if line is not None:
        line.take_scan(code)
    return line is not None


def _front(window: Window) -> QWidget:
    """The newest question that is open, else the page."""
    questions = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    return questions[-1] if questions else window.pages[window.page]
