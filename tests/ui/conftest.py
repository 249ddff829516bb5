"""What every test of the screen needs: a kit dressed as the program is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.gallery import words_from
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look_and_words import Kit

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a screen Qt notes at every window that it cannot hand its size to a window manager."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """What was closed is gone before the next one is dressed."""
    yield
    let_go()


def let_go() -> None:
    """A style sheet is laid on everything that is there, also on what was closed."""
    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True, scope="package")
def undressed() -> Iterator[None]:
    """The look stays from test to test: a style sheet that is set again is read again. Other rooms' tests begin without."""
    yield
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setStyleSheet("")


@pytest.fixture
def kit(qtbot: QtBot, qapp: QApplication) -> Iterator[Kit]:  # noqa: ARG001
    """English and light; `kit.words.set_language("zh_CN")` has the Chinese of the scenes."""
    look = Look()
    look.dress(qapp)
    yield Kit(look, LiveWords("en", words_from()))
    let_go()
