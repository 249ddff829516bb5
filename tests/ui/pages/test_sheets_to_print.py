"""The sheets are within reach: on the Records page, behind “More” at the bed, and at the bench from the release on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.infusion.chapters.bench import Release
from app.domain.texts import Text
from app.services.access.patient_names import PatientNames
from app.services.record.sheets.sheet_names import SHEET_NAMES
from app.services.store_settings import StoreSettings
from db.log.batch import Batch, projection
from db.queries import StoreReader
from tests.db.making import recorder
from tests.domain.cast import CHEN
from tests.domain.play import prepared
from tests.fakes import NoRecords, ReadsAtOnce
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.bench import Bench, with_bags
from tests.ui.pages.conftest import Furnish
from tests.ui.questions import stops
from ui.frame.desk import Desk
from ui.frame.record_files import RecordFiles
from ui.infusion.more_menu import MoreMenu
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit
from ui.records.page import RecordsPage
from ui.records.view import seen_elsewhere


class Sheets(NoRecords):
    """Remembers which sheet of which infusion was asked for, and makes it where `lies` says so."""

    def __init__(self, lies: Path | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._lies = lies

    def make(self, infusion_id: str, language: str, done: Callable[[dict[str, Path] | Text], None], sheet: str = "") -> None:
        self.asked.append((infusion_id, sheet))
        if self._lies is None:
            super().make(infusion_id, language, done, sheet)
        else:
            done({self._lies.name: self._lies})


def remembering(desk: Desk, lies: Path | None = None) -> Sheets:
    sheets = Sheets(lies)
    desk.records = RecordFiles(sheets, desk.kit.words, desk.tell, desk)
    return sheets


def choose(menu: MoreMenu, key: str) -> None:
    next(one for one in menu.actions() if one.objectName() == key).trigger()
    menu.close()


@pytest.mark.qt_log_ignore("does not support")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_records_page_offers_each_sheet_of_the_infusion_that_is_chosen(
    language: str, furnish: Furnish, kit: Kit, tmp_path: Path
) -> None:
    writing, play = recorder(tmp_path / "ward.db"), prepared("running")
    writing.append(Batch(tuple(play.entries), (projection(play.state),))).result()
    with StoreReader(tmp_path / "ward.db") as reader:
        names = PatientNames(StoreSettings(reader, writing), True, lambda *_: None)
        made: dict[str, Any] = {}

        def page_of(desk: Desk) -> RecordsPage:
            made["sheets"] = remembering(desk)
            return RecordsPage(desk, ReadsAtOnce(reader), names, lambda: seen_elsewhere((), None))

        window, _ = furnish(story.new_ward(), page_of)
        page = window.pages["page"]
        assert isinstance(page, RecordsPage)
        page.refresh()
        kit.words.set_language(language)
        assert_nothing_cut(window)
        page.table.view.selectRow(0)
        for name in SHEET_NAMES:
            page.sheets.click()
            choose(page.findChildren(MoreMenu)[-1], name)
            QApplication.processEvents()
    writing.close()
    assert made["sheets"].asked == [("inf", name) for name in SHEET_NAMES]


@pytest.mark.qt_log_ignore("does not support")
def test_more_at_the_bed_offers_them(furnish: Furnish) -> None:
    ward = stops.running()
    window, desk = furnish(ward, InfusionPage)
    page = window.pages["page"]
    assert isinstance(page, InfusionPage)
    page.show_infusion(ward.infusion_id)
    sheets = remembering(desk)
    page.act("more")
    menu = window.findChildren(MoreMenu)[0]
    offered = [one.objectName() for one in menu.actions()]
    assert offered[-3:] == ["sheet_flowsheet", "sheet_sbar", "sheet_downtime"]
    choose(menu, "sheet_sbar")
    assert sheets.asked == [(ward.infusion_id, "sbar")]


def test_the_bench_offers_the_downtime_sheet_from_the_release_on(furnish: Furnish) -> None:
    ward = with_bags("UC-2611-001", "UC-2611-002")
    bench = Bench(ward, furnish)
    sheets = remembering(bench.desk)
    assert "downtime" not in bench.actions
    ward.do(Release(), CHEN)
    bench.page.refresh()
    bench.settle()
    assert "downtime" in bench.actions
    assert_nothing_cut(bench.window)
    bench.page.act("downtime")
    assert sheets.asked == [(ward.infusion_id, "downtime")]


@pytest.mark.qt_log_ignore("openDocument", "propagateSizeHints")
def test_where_a_sheet_lies_is_told(furnish: Furnish, tmp_path: Path) -> None:
    _window, desk = furnish(stops.running(), InfusionPage)
    told: list[str] = []
    desk.message.connect(lambda state: told.append(str(state.happened)))
    remembering(desk, tmp_path / "sbar.pdf")
    desk.records.open_sheet("inf", "sbar")
    assert told == [f"The sheet is ready: {tmp_path / 'sbar.pdf'}"]
