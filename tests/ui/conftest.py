"""What every test of the screen needs: a kit dressed as the program is."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.look.holder import Look
from ui.widgets.kit import Kit
from ui.words import LiveWords


@pytest.fixture
def kit(qtbot: QtBot, qapp: QApplication) -> Kit:  # noqa: ARG001
    look = Look()
    look.dress(qapp)
    return Kit(look, LiveWords("en"))
