"""Codes at the bed: every form of a bag's label is the number that was dispensed, and another bag is a full stop."""

from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.task_kinds import TaskKind
from app.domain.log import Event
from tests.domain.cast import CHEN, LI
from tests.domain.play import certificate
from tests.fakes import BEGIN
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from tests.ui.questions.test_before_and_after import line, signed
from tests.ui.scanner import send, send_through_chinese_keyboard
from ui.ask.answers import ChoiceAnswer
from ui.ask.code_answer import CodeAnswer
from ui.ask.form import WHY_TYPED, FormQuestion

GS1 = "]d201095060001343521726112410LOT7\x1d21"
BARS = f"|LOT7|{(BEGIN + timedelta(days=2)).astimezone():%Y-%m-%d %H:%M}|100000000|100.0"


def received(*bag_ids: str) -> Ward:
    """On the ward, not yet verified, with bags of these numbers."""
    ward = Ward()
    ward.do(RecordWeight(Decimal("70.0")), LI)
    ward.do(ChooseSet(20), CHEN)
    for bag_id in bag_ids:
        bag = e.Bag(bag_id, "LOT7", 100_000_000, Decimal(100), ward.bedside.now() + timedelta(days=2), "scan")
        ward.do(ScanBag(bag), CHEN)
        ward.do(certificate(bag_id), CHEN)
    ward.do(Release(), CHEN)
    ward.do(Receive(), LI)
    return ward


def scan(bed: Bedside, form: FormQuestion, key: str, text: str) -> None:
    send(line(form, key).field, f"\x02{text}\r")
    bed.settle()


def looks_right(form: FormQuestion) -> None:
    looks = form.answers_by_key["looks"]
    assert isinstance(looks, ChoiceAnswer)
    looks.choose(True)


def last(ward: Ward) -> Event:
    return ward.state.entries[-1].event


@pytest.mark.parametrize(
    ("bags", "codes"),
    [
        (("UC-2611-043", "UC-2611-044"), ("UC-2611-044" + BARS, "UC-2611-043" + BARS)),
        (("S-1", "S-2"), (GS1 + "S-1", GS1 + "S-2")),
        (("A999917123456-S12954A0", "A999917123456-S12954B0"),
         ("=+02000=A99991712345600=<S12954A0", "=+02000=A99991712345600=<S12954B0")),
    ],
)  # fmt: skip
def test_scanned_labels_are_the_bags_that_were_dispensed(at: At, bags: tuple[str, ...], codes: tuple[str, ...]) -> None:
    bed = at(received(*bags))
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, code in (("subject", "B-001"), ("bag1", codes[0]), ("bag2", codes[1])):
        assert line(form, key).field.hasFocus()
        scan(bed, form, key, code)
    assert not bed.open_dialogs()
    checked = last(bed.ward)
    assert isinstance(checked, e.IdentityChecked)
    assert (checked.entry, set(checked.bag_ids)) == ("scan", set(bags))


def test_another_bag_of_the_same_lot_is_a_full_stop(at: At) -> None:
    bed = at(received("S-1", "S-2"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, code in (("subject", "B-001"), ("bag1", GS1 + "S-1"), ("bag2", GS1 + "S-3")):
        scan(bed, form, key, code)
    found = last(bed.ward)
    assert isinstance(found, e.MismatchFound)
    assert (found.what, found.found, found.entry) == ("bag", "S-1, S-3", "scan")
    assert bed.ward.state.mismatch is not None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("=A99991712345600X", "check character"),
        ("UC-2611-043|UC2611|2026-02-30", "not a date that exists"),
        ("010950600013435221S1041017261231", "FNC1"),
        ("]d201095060001343521726120010LOT7", "names no single bag"),
    ],
)
def test_a_damaged_code_is_told_below_its_line_and_scanned_again(at: At, code: str, why: str) -> None:
    bed = at(received("UC-2611-043", "UC-2611-044"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    scan(bed, form, "subject", "B-001")
    before = len(bed.ward.state.entries)
    scan(bed, form, "bag1", code)
    assert why in line(form, "bag1").error.text()
    assert line(form, "bag1").field.hasFocus()
    scan(bed, form, "bag1", "UC-2611-043" + BARS)
    assert line(form, "bag1").error.isHidden()
    assert line(form, "bag2").field.hasFocus()
    assert len(bed.ward.state.entries) == before


def test_some_other_code_is_a_mismatch_not_a_damaged_label(at: At) -> None:
    bed = at(received("UC-2611-043", "UC-2611-044"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, code in (("subject", "B-001"), ("bag1", "UC-2611-043"), ("bag2", "ward fridge 2")):
        scan(bed, form, key, code)
    assert isinstance(last(bed.ward), e.MismatchFound)


@pytest.mark.parametrize(("typed", "entry"), [(("subject", "bag1", "bag2"), "typed"), (("bag2",), "mixed")])
def test_how_the_codes_were_entered_is_recorded(at: At, typed: tuple[str, ...], entry: str) -> None:
    bed = at(received("UC-2611-043", "UC-2611-044"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, code in (("subject", "B-001"), ("bag1", "UC-2611-043"), ("bag2", "UC-2611-044")):
        if key in typed:
            bed.type_in(line(form, key).field, code)
            bed.press(line(form, key).field)
        else:
            scan(bed, form, key, code)
    form.answers_by_key[WHY_TYPED].choice.choose("scanner_fails")  # type: ignore[attr-defined]
    bed.press(form)
    checked = last(bed.ward)
    assert isinstance(checked, e.IdentityChecked)
    assert (checked.entry, checked.reason) == (entry, "scanner_fails")


def test_a_scan_that_was_mended_by_hand_is_typed(at: At) -> None:
    bed = at(received("UC-2611-043", "UC-2611-044"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    answer = form.answers_by_key["bag1"]
    assert isinstance(answer, CodeAnswer)
    scan(bed, form, "bag1", "UC-2611-04")
    assert answer.value().is_scanned
    bed.type_in(answer.field, "3")
    assert answer.value().text == "UC-2611-043"
    assert not answer.value().is_scanned


def test_a_scan_under_a_chinese_keyboard_arrives_whole_at_the_bed(at: At) -> None:
    bed = at(received("S-1", "S-2"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, code in (("subject", "B-001"), ("bag1", GS1 + "S-1"), ("bag2", GS1 + "S-2")):
        send_through_chinese_keyboard(line(form, key).field, f"\x02{code}\r")
        bed.settle()
    assert bed.ward.state.identity_checked_by == ("n1",)


def test_a_thawed_bag_is_scanned_whole(at: At) -> None:
    bed = at(stops.thawed())
    form = signed(bed, TaskKind.CHECK_BAG, "n1")
    bag = bed.ward.state.bags[stops.BAGS[0]].bag
    scan(bed, form, "subject", "B-007")
    scan(bed, form, "found", f"{bag.bag_id}|{bag.lot}|{bag.expires_at.astimezone():%Y-%m-%d %H:%M}")
    looks_right(form)
    bed.press(form)
    checked = last(bed.ward)
    assert isinstance(checked, e.BagChecked)
    assert (checked.found_id, checked.subject, checked.entry) == (stops.BAGS[0], "B-007", "scan")


def test_another_patient_s_wristband_at_hanging_is_a_full_stop_and_both_are_read_again(at: At) -> None:
    bed = at(stops.thawed())
    form = signed(bed, TaskKind.CHECK_BAG, "n1")
    scan(bed, form, "subject", "B-009")
    scan(bed, form, "found", stops.BAGS[0])
    looks_right(form)
    bed.press(form)
    found = last(bed.ward)
    assert isinstance(found, e.MismatchFound)
    assert (found.what, found.expected, found.found) == ("patient", "B-007", "B-009")
    again = signed(bed, TaskKind.CLEAR_MISMATCH, "n1")
    for key, text in (("subject", "B-007"), ("found", stops.BAGS[0])):
        scan(bed, again, key, text)
    looks_right(again)
    bed.press(again)
    assert isinstance(last(bed.ward), e.BagChecked)
    assert bed.ward.state.mismatch is None


@pytest.mark.parametrize(
    ("code", "differs", "title"),
    [("|LOT8|2026-11-24", "lot", "lot LOT8"), ("|LOT7|2026-11-30", "expiry", "expiry 2026-11-30 23:59")],
)
def test_the_right_number_on_another_label_is_a_full_stop(at: At, code: str, differs: str, title: str) -> None:
    bed = at(received("UC-2611-043", "UC-2611-044"))
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, text in (("subject", "B-001"), ("bag1", "UC-2611-044" + code), ("bag2", "UC-2611-043" + BARS)):
        scan(bed, form, key, text)
    found = last(bed.ward)
    assert isinstance(found, e.MismatchFound)
    assert (found.what, found.differs, found.bag_id) == ("bag", differs, "UC-2611-044")
    assert bed.page.sheet.stop.found.accessibleName() == title
    assert "UC-2611-044" in bed.page.sheet.stop.accessibleName()
    for language in ("zh_CN", "en"):
        bed.kit.words.set_language(language)
        bed.settle()
        assert_nothing_cut(bed.window)
    scan_all_again(bed)
    assert bed.ward.state.mismatch is None


def scan_all_again(bed: Bedside) -> None:
    """Both read anew, now the right labels."""
    for person in ("n1", "n2"):
        form = signed(bed, TaskKind.CLEAR_MISMATCH if bed.ward.state.mismatch else TaskKind.VERIFY, person)
        for key, text in (("subject", "B-001"), ("bag1", "UC-2611-043" + BARS), ("bag2", "UC-2611-044" + BARS)):
            scan(bed, form, key, text)


def test_a_label_past_its_expiry_is_refused_and_recorded(at: At) -> None:
    bed = at(received("UC-2611-043", "UC-2611-044"))
    bed.ward.clock.move(seconds=2 * 86400)
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, text in (("subject", "B-001"), ("bag1", "UC-2611-043" + BARS), ("bag2", "UC-2611-044")):
        scan(bed, form, key, text)
    assert form.isVisible()
    assert isinstance(last(bed.ward), e.CommandRefused)
    assert not bed.ward.state.identity_checked_by


def test_a_scan_with_the_focus_on_a_toggle_goes_to_the_empty_line(at: At) -> None:
    bed = at(stops.thawed())
    form = signed(bed, TaskKind.CHECK_BAG, "n1")
    form.answers_by_key["looks"].take_focus()
    bed.settle()
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    bed.settle()
    assert line(form, "subject").field.hasFocus()
