"""The Records page on a store with many infusions: the newest first, a page at a time, and a subject found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.services.access.patient_names import PatientNames
from app.services.store_settings import StoreSettings
from db.queries import StoreReader
from tests.db.making import recorder
from tests.db.many import infusion_of, many
from tests.fakes import ReadsAtOnce
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from ui.frame.pages import PageServices
from ui.records.page import PAGE, RecordsPage
from ui.records.view import seen_elsewhere

MANY = 2 * PAGE + 50


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    made = {count: tmp_path_factory.mktemp("stores") / f"{count}.db" for count in (0, 3, MANY)}
    for count, path in made.items():
        many(path, count)
    return made


@pytest.fixture
def page(request: pytest.FixtureRequest, furnish: Furnish, stores: dict[int, Path]) -> Iterator[RecordsPage]:
    path = stores[getattr(request, "param", MANY)]
    writing = recorder(path)
    with StoreReader(path) as reader:
        names = PatientNames(StoreSettings(reader, writing), True, lambda *_: None)
        window, _ = furnish(
            story.new_ward(), lambda desk: RecordsPage(desk, ReadsAtOnce(reader), names, lambda: seen_elsewhere((), None))
        )
        found = window.pages["page"]
        assert isinstance(found, RecordsPage)
        found.refresh()
        yield found
    writing.close()


def shown(page: RecordsPage) -> list[str]:
    return [row.infusion_id for row in page.leaf.rows]


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_newest_stand_first_and_the_oldest_on_the_last_page(page: RecordsPage) -> None:
    assert shown(page) == [infusion_of(n) for n in reversed(range(MANY - PAGE, MANY))]
    assert page.table.current() == infusion_of(MANY - 1)
    assert page.shown.text() == f"Infusions 1 to {PAGE} of {MANY}"
    press(page.older)
    press(page.older)
    assert shown(page) == [infusion_of(n) for n in reversed(range(50))]
    assert (page.shown.text(), page.older.isEnabled()) == (f"Infusions {2 * PAGE + 1} to {MANY} of {MANY}", False)
    page.refresh()
    press(page.newer)
    assert (page.shown.text(), page.newer.isEnabled()) == (f"Infusions {PAGE + 1} to {2 * PAGE} of {MANY}", True)


def test_keys_reach_the_list_first(page: RecordsPage) -> None:
    page.table.view.setFocus()
    QTest.keyClick(page.table.view, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.finder


def test_a_subject_is_found_however_old(page: RecordsPage) -> None:
    QTest.keyClicks(page.finder, "s-00003")
    assert (shown(page), page.shown.text()) == ([infusion_of(3)], "Infusions 1 to 1 of 1")
    QTest.keyClicks(page.finder, "?")
    assert (shown(page), page.shown.text(), page.stack.currentIndex()) == ([], "Nothing found", 1)
    assert page.table.current() == ""
    page.finder.clear()
    page.finder.textEdited.emit("")
    assert len(shown(page)) == PAGE


@pytest.mark.parametrize(("page", "is_empty"), [(0, True), (3, False)], indirect=["page"])
def test_a_small_store_is_one_list(page: RecordsPage, is_empty: bool) -> None:
    assert (page.stack.currentIndex(), len(shown(page))) == (0 if is_empty else 1, 0 if is_empty else 3)
    assert not any(widget.isVisibleTo(page) for widget in (page.finder, page.older, page.newer, page.shown))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut(page: RecordsPage, language: str) -> None:
    page.kit.words.set_language(language)
    QApplication.processEvents()
    assert_nothing_cut(page)


def test_no_page_is_given_a_reader_of_the_store() -> None:
    assert not [name for name, kind in PageServices.__annotations__.items() if "StoreReader" in str(kind)]
