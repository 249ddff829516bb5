"""Labels at the bench: what a scan fills in, what is asked again, and what is refused."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.services.ward.dispensing import Holder, Past
from tests.fakes import BEGIN
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.bench import Bench, weighed
from tests.ui.pages.conftest import Furnish
from tests.ui.scanner import send, send_through_chinese_keyboard

GS1 = "]d201095060001343521726120010LOT7\x1d21S-104"


TAKEN_AT = BEGIN - timedelta(days=40)


def filled(bench: Bench) -> list[str]:
    return [field.text() for field in bench.dialog.findChildren(QLineEdit) if field.isVisible()]


def scanned(furnish: Furnish, text: str) -> Bench:
    bench = Bench(weighed("50.0"), furnish)
    send(bench.page.sheet.scan, f"\x02{text}\r")
    bench.settle()
    return bench


def test_a_site_label_with_bars_fills_the_form_and_the_person_confirms(furnish: Furnish) -> None:
    bench = scanned(furnish, "UC-2612-043|UC2612|2026-11-24 16:30|98765432|99.5")
    assert filled(bench) == ["UC2612", "0.98765432", "99.5", "2026-11-24 16:30"]
    bench.enter()
    bag = bench.ward.state.bags["UC-2612-043"].bag
    assert (bag.lot, bag.cells, bag.volume_ml, bag.entry) == ("UC2612", 98_765_432, Decimal("99.5"), "scan")
    assert bag.expires_at == datetime(2026, 11, 24, 16, 30).astimezone()


def test_a_gs1_datamatrix_with_a_day_of_zero_lasts_to_the_end_of_its_month(furnish: Furnish) -> None:
    bench = scanned(furnish, GS1)
    bench.enter()
    bag = bench.ward.state.bags["S-104"].bag
    assert (bag.lot, bag.entry, bag.expires_at) == ("LOT7", "scan", datetime(2026, 12, 31, 23, 59).astimezone())


def test_an_isbt_128_code_is_one_bag_of_its_donation(furnish: Furnish) -> None:
    bench = scanned(furnish, "=+03000=A99991712345600=<S12954A0&>0263281830")
    assert filled(bench)[-1] == "2026-11-24 18:30"
    bench.enter()
    assert list(bench.ward.state.bags) == ["A999917123456-S12954A0"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("=A99991712345600X", "The check character of A999917123456 is X, and should be 9"),
        ("UC-2611-043|UC2611|2026-02-30", "“2026-02-30” is not a date that exists."),
        ("]d201095060001343521726120010LOT7", "This code names no single bag"),
        ("01095060001343521726120010LOT72110", "seems to drop the mark FNC1"),
        ("=<S12954A0", "it has no donation number"),
        ("two words", "not a label of this site"),
    ],
)
def test_what_cannot_be_believed_is_told_and_nothing_is_taken(furnish: Furnish, text: str, told: str) -> None:
    bench = scanned(furnish, text)
    assert bench.dialogs == []
    assert len(bench.told) == 1
    assert told in bench.told[0]


def test_a_number_that_may_have_swallowed_another_field_is_typed_as_printed(furnish: Furnish) -> None:
    bench = scanned(furnish, "010950600013435221S1041017261231")
    bench.type("S104")
    bench.enter()
    assert not bench.ward.state.bags
    bench.dialog.findChildren(QLineEdit)[0].setText("S1041017261231")
    bench.enter()
    assert bench.ward.state.bags["S1041017261231"].bag.entry == "scan"


def test_a_scan_under_a_chinese_keyboard_arrives_whole(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    send_through_chinese_keyboard(bench.page.sheet.scan, f"\x02{GS1}\r")
    bench.enter()
    assert bench.ward.state.bags["S-104"].bag.entry == "scan"


def test_full_width_letters_are_the_same_number(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.page.sheet.scan.setText("ＵＣ－2611－051")
    bench.enter()
    bench.type("UC-2611-051")
    bench.enter()
    bench.type("no code")
    bench.enter()
    assert list(bench.ward.state.bags) == ["UC-2611-051"]


def test_a_scan_with_the_focus_elsewhere_finds_its_field(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.window.activateWindow()
    bench.page.dock.primary.setFocus()
    QTest.keyClick(bench.page.dock.primary, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.focusWidget() is bench.page.sheet.scan
    send(bench.page.sheet.scan, "UC-2611-051\r", gap_ms=60)
    bench.enter()
    assert bench.ward.state.bags["UC-2611-051"].bag.entry == "scan"


def test_a_scan_into_a_line_half_typed_takes_its_place(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.window.activateWindow()
    QTest.keyClicks(bench.page.sheet.scan, "UC-26")
    QTest.keyClick(bench.page.sheet.scan, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert bench.page.sheet.scan.text() == ""
    send(bench.page.sheet.scan, "UC-2611-051\r", gap_ms=60)
    bench.enter()
    assert bench.ward.state.bags["UC-2611-051"].bag.entry == "scan"


def test_a_prefix_and_then_fingers_are_no_scan(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    send(bench.page.sheet.scan, "\x02UC-2611-051\r", gap_ms=1200)
    bench.settle()
    bench.type("UC-2611-051")
    bench.enter()
    bench.type("no code")
    bench.enter()
    assert bench.ward.state.bags["UC-2611-051"].bag.entry == "typed"


def test_a_typed_number_needs_its_reason(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    QTest.keyClicks(bench.page.sheet.scan, "UC-2611-051")
    bench.enter()
    bench.type("UC-2611-051")
    bench.enter()
    assert not bench.ward.state.bags
    assert bench.dialogs


def test_a_bag_of_the_past_is_a_full_stop_that_says_when_and_for_whom(furnish: Furnish) -> None:
    past = Past(who_took=lambda _bag_id: [Holder("UC-2611-051", "old", "A-009", "3", TAKEN_AT)])
    ward = weighed("50.0", past=past)
    bench = Bench(ward, furnish)
    bench.scanner("uc-2611-051")
    assert (bench.step, bench.dialogs) == ("dismiss", [])
    stop = bench.page.sheet.stop
    assert stop.isVisible()
    assert stop.found.accessibleName() == f"A-009, {TAKEN_AT.astimezone():%Y-%m-%d %H:%M}"
    assert ward.store.events[-1] == "CommandRefused"


@pytest.mark.parametrize("again", ["UC-2611-051", "UC-2611-052|UC2611|2026-11-24", "]d201095060001343521021S-1"])
def test_a_label_scanned_once_more_while_the_form_is_open_is_no_lot(furnish: Furnish, again: str) -> None:
    bench = scanned(furnish, "UC-2611-051")
    send(bench.dialog.focusWidget(), again)
    bench.enter()
    assert not bench.ward.state.bags
    bench.dialog.findChildren(QLineEdit)[0].setText("UC2611")
    bench.enter()
    assert list(bench.ward.state.bags) == ["UC-2611-051"]


def test_a_key_held_down_is_no_scanner(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    scan = bench.page.sheet.scan
    for n in range(6):
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_7, Qt.KeyboardModifier.NoModifier, "7", n > 0)
        key.setTimestamp(1000 + 30 * n)
        QApplication.sendEvent(scan, key)
    assert (scan.text(), scan.is_scanned) == ("777777", False)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("text", "gap_ms"), [("UC-2611-051", 150), ("=A99991712345600", 4), ("010950600013435221S1041017261231", 4)]
)
def test_the_form_of_a_label_is_whole_in_both_languages(furnish: Furnish, language: str, text: str, gap_ms: int) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.desk.kit.words.set_language(language)
    bench.scanner(text, gap_ms)
    assert_nothing_cut(bench.dialog)
    bench.desk.kit.words.set_language("en")
