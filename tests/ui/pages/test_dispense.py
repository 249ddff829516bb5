"""The bench: what the page asks for next, and what it must not let by."""

from concurrent.futures import Executor, Future
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import commands as c
from app.domain import events as e
from app.services.people import Known, People
from tests.domain.cast import CHEN, EVERYBODY, LI
from tests.domain.play import certificate
from tests.fakes import at_once
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from ui.desk import Desk
from ui.pages.dispense import DispensePage
from ui.widgets.kit import Kit

_KEPT: list[object] = []


class Now(Executor):
    """Runs what it is given at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def bench(kit: Kit, qtbot: QtBot, ward: Ward) -> DispensePage:
    desk = Desk(kit, ward.bedside, People([Known(p, "") for p in EVERYBODY], Now(), at_once))
    desk.sign_in(CHEN)
    page = DispensePage(desk)
    _KEPT.extend((desk, page))
    qtbot.addWidget(page)
    page.resize(1258, 712)
    page.show_infusion(ward.infusion_id)
    return page


def ordered(weight: str, factor: int, previous: str | None = None) -> Ward:
    ward = Ward()
    ward.do(c.RecordWeight(Decimal(weight), Decimal(previous) if previous else None), LI)
    ward.do(c.ChooseSet(factor), CHEN)
    return ward


def scan(ward: Ward, bag_id: str, cells: int = 100_000_000, hours: int = 48, viability: str = "91.2") -> None:
    expiry = ward.bedside.now() + timedelta(hours=hours)
    ward.do(c.ScanBag(e.Bag(bag_id, "UC2611", cells, Decimal(100), expiry, "scan")), CHEN)
    ward.do(certificate(bag_id, viability), CHEN)


def next_step(page: DispensePage) -> str:
    return page.dock.primary.objectName()


def test_two_bags_of_a_70_kg_patient_are_ready_for_release(kit: Kit, qtbot: QtBot) -> None:
    ward = ordered("70.0", 20)
    page = bench(kit, qtbot, ward)
    assert next_step(page) == "bag"
    scan(ward, "UC-2611-001")
    assert next_step(page) == "bag"
    scan(ward, "UC-2611-002")
    assert next_step(page) == "release"


def test_a_set_that_the_bags_own_counts_rule_out_is_chosen_again(kit: Kit, qtbot: QtBot) -> None:
    ward = ordered("75.0", 20)
    page = bench(kit, qtbot, ward)
    for bag_id in ("UC-2611-001", "UC-2611-002"):
        scan(ward, bag_id, 98_000_000)
    assert next_step(page) == "set"


def test_a_set_that_a_new_weight_rules_out_is_chosen_again(kit: Kit, qtbot: QtBot) -> None:
    ward = ordered("70.0", 20)
    page = bench(kit, qtbot, ward)
    ward.do(c.RecordWeight(Decimal("75.1")), LI)
    assert next_step(page) == "set"


@pytest.mark.parametrize(("viability", "wanted"), [("84.9", "reject"), ("85.0", "release")])
def test_a_bag_below_the_least_viability_is_set_aside(kit: Kit, qtbot: QtBot, viability: str, wanted: str) -> None:
    ward = ordered("50.0", 20)
    page = bench(kit, qtbot, ward)
    scan(ward, "UC-2611-001", viability=viability)
    assert next_step(page) == wanted


def test_a_bag_that_expired_at_the_bench_is_set_aside(kit: Kit, qtbot: QtBot) -> None:
    ward = ordered("50.0", 20)
    page = bench(kit, qtbot, ward)
    scan(ward, "UC-2611-001", hours=1)
    ward.clock.move(minutes=61)
    page.refresh()
    assert next_step(page) == "reject"


@pytest.mark.parametrize("typed", ["98", "0.0098", "NaN"])
def test_a_slip_of_the_decimal_point_is_refused(kit: Kit, qtbot: QtBot, typed: str) -> None:
    ward = ordered("50.0", 20)
    page = bench(kit, qtbot, ward)
    page.dock.primary.click()
    form = page.findChildren(QDialog)[-1]
    form.findChildren(QLineEdit)[3].setText(typed)
    form.primary.click()  # type: ignore[attr-defined]
    assert not ward.state.bags
    assert form.isVisible() or not page.isVisible()
    form.reject()


def test_two_different_bag_numbers_are_refused(kit: Kit, qtbot: QtBot) -> None:
    ward = ordered("50.0", 20)
    page = bench(kit, qtbot, ward)
    page.dock.primary.click()
    form = page.findChildren(QDialog)[-1]
    form.findChildren(QLineEdit)[1].setText("UC-2611-999")
    form.primary.click()  # type: ignore[attr-defined]
    assert not ward.state.bags
    form.reject()


def test_a_change_above_ten_percent_asks_a_second_person(kit: Kit, qtbot: QtBot) -> None:
    ward = Ward()
    page = bench(kit, qtbot, ward)
    ward.do(c.RecordWeight(Decimal("66.0"), Decimal("60.0")), LI)
    assert next_step(page) == "set"
    ward.do(c.RecordWeight(Decimal("66.1"), Decimal("60.0")), LI)
    assert next_step(page) == "confirm"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(1258, 712), (1172, 624)], ids=lambda size: f"{size[0]}")
def test_nothing_is_cut(kit: Kit, qtbot: QtBot, language: str, size: tuple[int, int]) -> None:
    kit.words.set_language(language)
    ward = ordered("82.0", 15, "81.4")
    page = bench(kit, qtbot, ward)
    scan(ward, "UC-2611-051")
    scan(ward, "UC-2611-052", 98_000_000, viability="84.9")
    page.resize(*size)
    page.show()
    QApplication.processEvents()
    assert_nothing_cut(page)
