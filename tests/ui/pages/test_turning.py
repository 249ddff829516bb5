"""Who turns to a page sees what is true now; it is worked out once."""

from typing import Any

import pytest
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from tests.services.ward import Ward
from tests.ui.pages.conftest import Furnish
from ui.frame.pages import PAGES, Page, PageKey, Pages


class Counted(Page):
    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


class Fresh(Counted):
    is_fresh_when_shown = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()


@pytest.mark.parametrize("kind", [Counted, Fresh])
def test_a_page_is_refreshed_once_whenever_somebody_turns_to_it(
    furnish: Furnish, monkeypatch: pytest.MonkeyPatch, kind: type[Counted]
) -> None:
    made: list[Counted] = []

    def make(*_: Any) -> Counted:
        made.append(kind())
        return made[-1]

    monkeypatch.setattr("ui.frame.pages.PAGES", tuple(row._replace(make=make) for row in PAGES[:2]))
    window, desk = furnish(Ward(), lambda _desk: QWidget())
    none: Any = None
    pages = Pages(desk, window, none)
    for key in (PageKey.WARD, PageKey.INFUSION, PageKey.WARD):
        pages.turn_to(key)
    assert [page.refreshed for page in made] == [2, 1]
    pages.turn_to(PageKey.WARD)
    assert made[0].refreshed == 3
    window.hide()
    pages.turn_to(PageKey.WARD)
    assert made[0].refreshed >= 4
    assert all(page.is_fresh_when_shown for page in made) is (kind is Fresh)
