"""A page that is made piece by piece: whoever makes the window larger meanwhile finds it whole afterwards."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.domain.cast import TRIAL
from ui.dispense.dispense_layout import DispenseSheet
from ui.infusion.infusion_layout import InfusionSheet
from ui.kit.look_and_words import Kit

MAKERS: list[Callable[..., QWidget]] = [InfusionSheet, lambda kit, **how: DispenseSheet(kit, TRIAL, **how)]


@pytest.mark.parametrize("make", MAKERS, ids=["infusion", "dispense"])
def test_a_window_may_be_made_larger_between_any_two_pieces(make: Callable[..., QWidget], kit: Kit, qtbot: QtBot) -> None:
    pieces: list[Callable[[], object]] = []
    sheet = make(kit, later=pieces.append)
    qtbot.addWidget(sheet)
    sheet.resize(1000, 600)
    sheet.show()
    for larger, piece in enumerate(pieces, 1):
        piece()
        sheet.resize(1000 + larger, 600)
        QApplication.processEvents()
    stop = sheet.stop  # type: ignore[attr-defined]
    assert stop.geometry().width() == sheet.width()
