"""The bench: one order from weight to receipt by keyboard, and what the page must not let by."""

from datetime import datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from app.domain.infusion.chapters.bags import ReportBroken
from app.domain.infusion.chapters.bench import ChooseSet, Release, ReleaseBag
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity, VerifyBag
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.phases import Phase
from app.services.ward.orders import Prescription
from tests.domain.cast import CHEN, LI, SUN, WANG, ZHAO
from tests.services.test_scales import weighs
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.bench import Bench, certify, scan, site_that_draws_off, weighed, with_bags
from tests.ui.pages.conftest import Furnish
from ui.ask.form import FormQuestion
from ui.ask.who import WhoQuestion
from ui.kit.site_mark import SiteMark
from ui.questions.actions import ACTIONS
from ui.questions.weighing import WeightQuestion

YES = ("Y",) * 6


def test_an_order_from_weight_to_receipt_by_keyboard_alone(furnish: Furnish) -> None:
    bench = Bench(Ward(), furnish)
    assert bench.step == "weight"
    bench.enter()
    bench.type("50.0")
    bench.enter()
    assert bench.step == "set"
    bench.enter()
    bench.type("20")
    bench.enter()
    assert (bench.step, bench.ward.state.drop_factor) == ("bag", 20)
    QTest.keyClicks(bench.window.focusWidget(), "UC-2611-001")
    bench.enter()
    bench.type("UC-2611-001")
    bench.enter()
    bench.type("no code")
    bench.enter()
    bag = bench.ward.state.bags["UC-2611-001"]
    assert (bag.bag.entry, bag.bag.reason, bench.step) == ("typed", "no_code", "certificate")
    bench.enter()
    bench.type("85", *YES)
    bench.enter()
    assert bench.step == "release"
    bench.enter()
    bench.sign(CHEN)
    assert (bench.ward.state.phase, bench.step) == (Phase.RELEASED, "receive")
    bench.enter()
    bench.sign(LI)
    assert (bench.ward.state.phase, bench.ward.state.received_by) == (Phase.RECEIVED, LI.person_id)


def test_a_scanned_number_is_recorded_as_scanned_and_not_asked_again(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.scanner("UC-2611-051")
    bench.enter()
    assert bench.ward.state.bags["UC-2611-051"].bag.entry == "scan"


@pytest.mark.parametrize(("text", "gap_ms"), [("UC-2611-051", 120), ("U51", 4)])
def test_what_comes_at_the_speed_of_fingers_or_is_too_short_is_not_called_scanned(furnish: Furnish, text: str, gap_ms: int) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.scanner(text, gap_ms)
    bench.enter()
    assert not bench.ward.state.bags
    bench.type(text)
    bench.enter()
    bench.type("scanner does not")
    bench.enter()
    assert bench.ward.state.bags[text].bag.entry == "typed"


def test_a_pasted_or_mended_number_is_not_called_scanned(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.page.sheet.scan.setText("UC-")
    bench.scanner("2611-051")
    bench.type("UC-2611-051")
    bench.enter()
    bench.type("code damaged")
    bench.enter()
    assert bench.ward.state.bags["UC-2611-051"].bag.entry == "typed"


def test_practice_fills_in_no_bag_number(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    assert bench.desk.practice
    assert bench.page.sheet.scan.text() == ""
    bench.enter()
    assert (bench.dialogs, bench.told) == ([], ["B-001 · Bed 12: Scan the label, or type the bag's number."])
    QTest.keyClicks(bench.window.focusWidget(), "UC-2611-001")
    bench.enter()
    fields = [field.text() for field in bench.dialog.findChildren(QLineEdit) if field.isVisible()]
    assert fields == ["", "UC2611", "1.00", "100", "2026-11-24 18:00"]


def test_two_different_bag_numbers_are_refused(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    QTest.keyClicks(bench.page.sheet.scan, "UC-2611-001")
    bench.enter()
    bench.type("UC-2611-010")
    bench.enter()
    assert not bench.ward.state.bags
    assert bench.dialogs


@pytest.mark.parametrize("cells", ["98", "0.098"])
def test_a_slip_of_the_decimal_point_is_refused(furnish: Furnish, cells: str) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.scanner("UC-2611-051")
    bench.type("UC2611", cells)
    bench.enter()
    assert not bench.ward.state.bags
    assert bench.dialogs


@pytest.mark.parametrize(
    ("typed", "at"),
    [("2026-11-24", datetime(2026, 11, 24, 23, 59)), ("2026-11-23 09:30", datetime(2026, 11, 23, 9, 30))],
)
def test_the_expiry_is_the_labels_own_date_and_time(furnish: Furnish, typed: str, at: datetime) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.scanner("UC-2611-051")
    bench.type("UC2611", "1.00", "100", typed)
    bench.enter()
    assert bench.ward.state.bags["UC-2611-051"].bag.expires_at == at.astimezone()


@pytest.mark.parametrize("typed", ["2026-11-20", "2026-11-21 12:00", "2", "24.11.2026"])
def test_an_expiry_that_is_past_or_no_date_is_refused(furnish: Furnish, typed: str) -> None:
    bench = Bench(weighed("50.0"), furnish)
    bench.scanner("UC-2611-051")
    bench.type("UC2611", "1.00", "100", typed)
    bench.enter()
    assert not bench.ward.state.bags


# --- the weight


def test_an_unusual_weight_is_asked_twice_and_confirmed(furnish: Furnish) -> None:
    bench = Bench(Ward(), furnish)
    bench.enter()
    question = bench.dialog
    assert isinstance(question, WeightQuestion)
    bench.type("160.5")
    bench.enter()
    assert (question.asks_again, question.primary.text()) == (True, "Confirm 160.5 kg")
    QTest.keyClicks(question.again, "165.0")
    bench.enter()
    assert "WeightRecorded" not in bench.ward.store.events
    question.again.setText("160.5")
    bench.enter()
    weight = bench.ward.state.weight
    assert weight is not None
    assert (weight.weight_kg, weight.typed_twice) == (Decimal("160.5"), True)


@pytest.mark.parametrize("typed", ["19.9", "250.1", "70.05", "70,5", "seventy", ""])
def test_an_impossible_weight_is_refused(furnish: Furnish, typed: str) -> None:
    bench = Bench(Ward(), furnish)
    bench.enter()
    bench.type(typed)
    bench.enter()
    assert bench.ward.state.weight is None
    assert bench.dialogs


def test_the_weight_of_the_dose_before_is_known_and_a_large_change_needs_a_second_person(furnish: Furnish) -> None:
    ward = weighed("60.0", 20)
    ward.do(Abandon("fever"), CHEN)
    ward.clock.move(minutes=5)
    ward.infusion_id = ward.bedside.order("B-001", "12", "B", 2, ZHAO, prescription=Prescription(reason="the first one elsewhere"))
    bench = Bench(ward, furnish, LI)
    bench.enter()
    assert [field.text() for field in bench.dialog.findChildren(QLineEdit)][:2] == ["", "60.0"]
    bench.type("66.1")
    bench.enter()
    assert bench.step == "confirm"
    bench.enter()
    assert isinstance(bench.dialog, WhoQuestion)
    assert LI.person_id not in bench.dialog.names.codes.values()
    bench.sign(WANG)
    assert (ward.state.weight_confirmed_by, bench.step) == (WANG.person_id, "set")


def test_an_order_that_was_given_up_has_no_step_done_that_was_not(furnish: Furnish) -> None:
    ward = weighed()
    ward.do(Abandon("fever"), CHEN)
    shown = [(stage.status, str(stage.note)) for stage in Bench(ward, furnish).page.sheet.strip.state or ()]
    assert shown == [
        ("done", "70.0 kg"),
        ("done", "1.40 × 10⁸"),
        ("current", "Abandoned"),
        ("next", ""),
        ("later", ""),
        ("later", ""),
    ]


# --- the set


@pytest.mark.parametrize(
    ("kg", "step", "advice"),
    [
        ("75.0", "bag", "With 20 gtt/ml: 60 drops/min after the first 15 min."),
        ("75.1", "set", "Too slow: 3004.0 drops at 20 drops/ml take at least 60.1 min at 60 drops/min, and 60 min are "
                        "allowed. Use a set with 10, 15 drops/ml."),
    ],
)  # fmt: skip
def test_75_kg_is_the_last_for_20_drops_per_ml(furnish: Furnish, kg: str, step: str, advice: str) -> None:
    ward = weighed("74.0", 20)
    ward.do(RecordWeight(Decimal(kg)), LI)
    bench = Bench(ward, furnish)
    assert bench.step == step
    state = bench.page.sheet.sets.state
    assert state is not None
    assert str(state.advice) == advice


def test_where_no_set_is_possible_the_page_says_so_before_a_bag_is_taken(furnish: Furnish) -> None:
    ward = Ward()
    ward.do(RecordWeight(Decimal(160), None, Decimal(160)), LI)
    bench = Bench(ward, furnish)
    assert (bench.step, bench.page.dock.primary.text()) == ("weight", "Weigh again: no set is possible")
    assert not bench.page.sheet.scan.isVisible()


def test_a_set_that_the_bags_own_counts_rule_out_is_chosen_again(furnish: Furnish) -> None:
    ward = weighed("75.0")
    for bag_id in ("UC-2611-001", "UC-2611-002"):
        scan(ward, bag_id, 98_000_000)
    assert Bench(ward, furnish).step == "set"


# --- full stops, bags set aside


@pytest.mark.parametrize(("viability", "wanted"), [("84.9", "reject"), ("85.0", "release"), ("85", "release")])
def test_a_bag_below_the_least_viability_is_a_full_stop(furnish: Furnish, viability: str, wanted: str) -> None:
    ward = weighed("50.0")
    scan(ward, "UC-2611-001")
    certify(ward, "UC-2611-001", viability)
    bench = Bench(ward, furnish)
    assert bench.step == wanted
    assert bench.page.sheet.stop.isVisible() is (wanted == "reject")


def test_a_bag_that_fails_is_set_aside_with_its_reason_and_replaced(furnish: Furnish) -> None:
    ward = weighed("50.0")
    scan(ward, "UC-2611-001")
    certify(ward, "UC-2611-001", purity=False)
    bench = Bench(ward, furnish)
    bench.enter()
    bench.enter()
    assert ward.state.bags["UC-2611-001"].rejected == "bad_certificate"
    assert (bench.step, bench.page.sheet.stop.isVisible()) == ("bag", False)
    bench.scanner("UC-2611-002")
    bench.enter()
    assert bench.step == "certificate"


def test_a_slip_in_a_certificate_costs_no_bag_where_two_people_read_it_again(furnish: Furnish) -> None:
    ward = weighed("50.0")
    scan(ward, "UC-2611-001")
    certify(ward, "UC-2611-001", "9.12")
    bench = Bench(ward, furnish)
    assert (bench.step, bench.actions) == ("reject", ["again"])
    bench.page.act("again")
    assert bench.page.sheet.stop.isVisible()  # beside the question, not beneath it
    assert bench.page.sheet.stop.width() < bench.dialog.mapTo(bench.window, bench.dialog.rect().topLeft()).x()
    assert_nothing_cut(bench.page.sheet.stop)
    bench.type("91.2", *["Yes"] * 6)
    bench.sign(LI)
    found = ward.state.bags["UC-2611-001"].certificate
    assert found is not None
    assert (found.viability_pct, found.second) == (Decimal("91.2"), LI.person_id)
    assert (bench.step, bench.page.sheet.stop.isVisible()) == ("release", False)


def test_certificates_stand_on_one_sheet_with_lot_and_expiry(furnish: Furnish) -> None:
    ward = weighed()
    for bag_id in ("UC-2611-001", "UC-2611-002"):
        scan(ward, bag_id)
    bench = Bench(ward, furnish)
    bench.enter()
    shown = "\n".join(one.text() for one in bench.dialog.findChildren(QLabel))
    for bag_id in ("UC-2611-001", "UC-2611-002"):
        assert f"{bag_id}\nLot UC2611\nexpires " in shown
    for _bag in range(2):
        QTest.keyClicks(bench.dialog.focusWidget(), "91.2")
        bench.enter()
        for letter in "YYYYYY":
            QTest.keyClicks(bench.dialog.focusWidget(), letter)
    bench.enter()
    assert bench.step == "release"


def test_the_expiry_of_a_typed_label_is_in_sight(furnish: Furnish) -> None:
    """Also where the reason that it was typed is asked, on the smallest screen."""
    bench = Bench(weighed("50.0"), furnish)
    bench.window.resize(1280, 720)
    QTest.keyClicks(bench.page.sheet.scan, "2611-051")
    bench.enter()
    form = bench.dialog
    assert isinstance(form, FormQuestion)
    assert form.area.verticalScrollBar().value() == 0
    expiry = form.answers_by_key["expiry"]
    below = expiry.mapTo(form.area.viewport(), expiry.rect().bottomLeft()).y()
    assert below <= form.area.viewport().height()


def test_a_bag_that_expires_at_the_bench_is_a_full_stop(furnish: Furnish) -> None:
    ward = weighed("50.0")
    scan(ward, "UC-2611-001", hours=1)
    bench = Bench(ward, furnish)
    ward.clock.move(minutes=61)
    bench.page.refresh()
    assert bench.step == "reject"
    stop = bench.page.sheet.stop
    assert (stop.isVisible(), stop.found.accessibleName()) == (
        True,
        f"{ward.state.bags['UC-2611-001'].bag.expires_at.astimezone():%Y-%m-%d %H:%M}",
    )


def test_somebody_elses_bag_is_a_full_stop_and_is_recorded(furnish: Furnish) -> None:
    ward = weighed("50.0")
    scan(ward, "UC-2611-001")
    ward.infusion_id = ward.bedside.order("B-002", "14", "B", 1, ZHAO)
    ward.do(RecordWeight(Decimal("50.0")), LI)
    ward.do(ChooseSet(20), CHEN)
    bench = Bench(ward, furnish)
    bench.scanner("UC-2611-001")
    assert (bench.step, bench.actions) == ("dismiss", [])
    assert bench.page.sheet.stop.isVisible()
    assert ward.store.events[-1] == "CommandRefused"
    bench.enter()
    assert (bench.step, bench.page.sheet.stop.isVisible()) == ("bag", False)
    assert bench.window.focusWidget() is bench.page.sheet.scan


def test_a_release_names_what_the_certificate_lacks_or_fails(furnish: Furnish) -> None:
    ward = weighed("50.0")
    scan(ward, "UC-2611-001")
    bench = Bench(ward, furnish)
    assert bench.step == "certificate"
    state = bench.page.sheet.checklist.state
    assert state is not None
    assert {item.passed for item in state.rows[0].items} == {None}
    certify(ward, "UC-2611-001", gmp=False, storage=False)
    state = bench.page.sheet.checklist.state
    assert state is not None
    assert [str(item.text) for item in state.rows[0].items if item.passed is False] == ["GMP manufacture", "storage and transport"]
    refused = ward.do(Release(), CHEN).refused
    assert "does not pass: GMP manufacture, storage and transport" in str(refused)


def test_surplus_is_offered_only_where_the_site_draws_it_off(furnish: Furnish) -> None:
    assert "surplus" not in Bench(with_bags("UC-2611-001", "UC-2611-002"), furnish).actions


def test_surplus_is_drawn_off_before_a_witness(furnish: Furnish) -> None:
    ward = site_that_draws_off()
    ward.do(RecordWeight(Decimal("70.0")), LI)
    ward.do(ChooseSet(20), CHEN)
    for bag_id in ("UC-2611-001", "UC-2611-002"):
        scan(ward, bag_id)
        certify(ward, bag_id)
    bench = Bench(ward, furnish)
    assert "surplus" in bench.actions
    bench.page.act("surplus")
    assert bench.dialog.findChildren(QLineEdit)[0].text() == "60.0"
    bench.enter()
    assert "Bag UC-2611-002: 60 ml drawn off by Chen" in [one.text() for one in bench.dialog.findChildren(QLabel)]
    bench.sign(SUN)
    assert ward.state.bags["UC-2611-002"].drawn_off_ml == 60
    assert ("surplus" in bench.actions, bench.step) == (False, "release")


# --- a bag that replaces another


def test_a_replacement_is_scanned_certified_released_and_verified_by_two(furnish: Furnish) -> None:
    ward = with_bags("UC-2611-001", "UC-2611-002")
    for command, by in (
        (Release(), CHEN), (Receive(), LI),
        (CheckIdentity("B-001", ("UC-2611-001", "UC-2611-002")), LI),
        (CheckIdentity("B-001", ("UC-2611-001", "UC-2611-002")), WANG),
        (ReportBroken("UC-2611-002", "dropped"), LI),
    ):  # fmt: skip
        assert ward.do(command, by).ok
    bench = Bench(ward, furnish)
    assert bench.step == "bag"
    bench.scanner("UC-2611-003")
    bench.enter()
    bench.enter()
    bench.type("90", *YES)
    bench.enter()
    assert bench.step == "release"
    bench.enter()
    bench.sign(CHEN)
    assert (ward.state.bags["UC-2611-003"].released_by, bench.step) == (CHEN.person_id, "go")
    for person in (LI, WANG):
        ACTIONS["verify_bag"](bench.desk, ward.infusion_id, bench.page)
        bench.type("B-001", "UC-2611-003")
        bench.enter()
        bench.type("no scanner")
        bench.sign(person)
    assert ward.state.bags["UC-2611-003"].ready


def test_a_wrong_wristband_at_the_replacement_is_checked_again(furnish: Furnish) -> None:
    ward = with_bags("UC-2611-001", kg="50.0")
    for command, by in (
        (Release(), CHEN), (Receive(), LI), (CheckIdentity("B-001", ("UC-2611-001",)), LI),
        (CheckIdentity("B-001", ("UC-2611-001",)), WANG), (ReportBroken("UC-2611-001", "dropped"), LI),
    ):  # fmt: skip
        ward.do(command, by)
    scan(ward, "UC-2611-002")
    certify(ward, "UC-2611-002")
    ward.do(ReleaseBag("UC-2611-002"), CHEN)
    ward.do(VerifyBag("UC-2611-002", "B-009", "UC-2611-002"), LI)
    bench = Bench(ward, furnish)
    bench.page.show_infusion(ward.infusion_id)
    assert (bench.step, bench.page.sheet.stop.isVisible()) == ("go", True)
    ACTIONS["clear_mismatch"](bench.desk, ward.infusion_id, bench.page)
    bench.type("B-001", "UC-2611-002")
    bench.enter()
    bench.type("no scanner")
    bench.sign(LI)
    assert (ward.state.mismatch, ward.state.bags["UC-2611-002"].verified_by) == (None, (LI.person_id,))


# --- several orders, the person at the bench, the marks


def test_the_next_order_is_one_key_away(furnish: Furnish) -> None:
    ward = Ward()
    first = ward.infusion_id
    second = ward.bedside.order("B-002", "14", "B", 1, ZHAO)
    bench = Bench(ward, furnish)
    assert bench.actions[-1] == "next"
    bench.page.act("next")
    assert bench.page.infusion_id == second
    bench.page.act("next")
    assert bench.page.infusion_id == first


def test_a_nurse_calls_a_pharmacist_to_the_bench_once_and_for_every_release(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish, LI)
    bench.scanner("UC-2611-001")
    bench.sign(CHEN)
    bench.enter()
    assert bench.ward.state.bags["UC-2611-001"].scanned_by == CHEN.person_id
    bench.enter()
    bench.type("91.2", *YES)
    bench.enter()
    assert bench.step == "release"
    bench.enter()
    bench.sign(CHEN)
    assert bench.ward.state.phase is Phase.RELEASED
    bench.page.hide()
    assert bench.page._at_bench is None


@pytest.mark.qt_log_ignore("does not support")
def test_decided_values_carry_a_mark_with_their_reason(furnish: Furnish) -> None:
    bench = Bench(weighed("50.0"), furnish)
    marks = bench.page.findChildren(SiteMark)
    assert all(mark.toolTip().startswith("Site setting, not in the protocol\n• ") for mark in marks)
    told = "\n".join(mark.toolTip() for mark in marks)
    assert "these are the sets in use" in told
    assert "a slip of the decimal point" in told
    marks[0].setFocus()
    QTest.keyClick(marks[0], Qt.Key.Key_Space)
    bench.page.kit.words.set_language("zh_CN")
    assert "本中心设置，方案未规定" in marks[0].toolTip()


def test_a_weight_that_stands_still_on_the_scale_is_offered_and_taken_by_a_person(furnish: Furnish) -> None:
    bench = Bench(Ward(), furnish)
    weighs(bench.ward, "70.24")
    bench.enter()
    question = bench.dialog
    assert isinstance(question, WeightQuestion)
    assert question.scale.text() == "Take 70.2 kg from the scale"
    assert question.kg.text() == ""
    QTest.mouseClick(question.scale, Qt.MouseButton.LeftButton)
    assert (question.kg.text(), bench.ward.state.weight) == ("70.2", None)
    question.primary.click()
    assert bench.ward.state.weight is not None
    assert bench.ward.state.weight.weight_kg == Decimal("70.2")
