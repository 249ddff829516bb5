"""Pages speak with the program's own catalogue, and stand in the program's own window."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.services.ward import Ward
from tests.ui.conftest import let_go
from tests.ui.pages.story import desk_of
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look_and_words import Kit

Furnish = Callable[[Ward, Callable[[Desk], QWidget]], tuple[Window, Desk]]


@pytest.fixture
def kit(qtbot: QtBot, qapp: QApplication) -> Iterator[Kit]:  # noqa: ARG001
    look = Look()
    look.dress(qapp)
    yield Kit(look, LiveWords("en"))
    let_go()


@pytest.fixture
def furnish(kit: Kit, qtbot: QtBot) -> Iterator[Furnish]:
    """A window of 1366 × 768 with one page in it, Li signed in; in the end it stands empty and nothing ticks."""
    kept: list[tuple[Ward, Window]] = []

    def made(ward: Ward, page_of: Callable[[Desk], QWidget]) -> tuple[Window, Desk]:
        window = Window(kit, True, "Ward 3")
        kept.append((ward, window))
        qtbot.addWidget(window)
        desk = desk_of(ward, kit, window)
        window.add_page("page", page_of(desk))
        window.show_page("page")
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        return window, desk

    yield made
    for ward, window in kept:
        ward.bedside.news.forget()
        window.close()
        window.deleteLater()
