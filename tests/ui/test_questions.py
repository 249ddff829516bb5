"""Every question opens where its task stands, in both languages, and what the nurse confirms is carried out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain import commands as c
from app.domain.due import Kind
from app.domain.infusion import Phase
from app.services.people import Known, People
from tests.domain.cast import EVERYBODY, LI
from tests.domain.play import vitals
from tests.fakes import at_once
from tests.services.ward import Ward, hung, running
from ui.desk import Desk
from ui.dialogs.actions import ACTIONS
from ui.dialogs.form import FormQuestion
from ui.dialogs.vitals import VitalsQuestion
from ui.dialogs.who import WhoQuestion
from ui.widgets.kit import Kit

BEFORE = (Kind.VITALS, Kind.START, "override", "abandon", "note", "hand_over")
RUNNING = (
    Kind.VITALS, Kind.MEASURE, Kind.END, Kind.READ_REMAINING, "change_rate", "reaction", "bag_empty", "take_down",
    "stop", "note", "hand_over", Kind.RESUME,
)  # fmt: skip


#: Windows live as long as the tests, as the pages do in the program.
_KEPT: list[QWidget] = []


def desk_of(ward: Ward, kit: Kit, qtbot: QtBot) -> tuple[Desk, QWidget]:
    parent = QWidget()
    _KEPT.append(parent)
    qtbot.addWidget(parent)
    executor = ThreadPoolExecutor(1)
    desk = Desk(kit, ward.bedside, People([Known(p, "") for p in EVERYBODY], executor, at_once), parent)
    desk.sign_in(LI)
    return desk, parent


def opened(parent: QWidget) -> QDialog:
    return parent.findChildren(QDialog)[-1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("key", BEFORE)
def test_questions_before_the_start(kit: Kit, qtbot: QtBot, key: str, language: str) -> None:
    kit.words.set_language(language)
    ward = hung()
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS[key](desk, ward.infusion_id, parent)
    assert opened(parent).windowTitle()
    opened(parent).reject()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("key", RUNNING)
def test_questions_while_it_runs(kit: Kit, qtbot: QtBot, key: str, language: str) -> None:
    kit.words.set_language(language)
    ward = running()
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS[key](desk, ward.infusion_id, parent)
    assert opened(parent).windowTitle()
    opened(parent).reject()


def test_a_nurse_starts_the_drip_with_enter(kit: Kit, qtbot: QtBot) -> None:
    ward = hung()
    ward.do(vitals(), LI)
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS[Kind.START](desk, ward.infusion_id, parent)
    form = opened(parent)
    assert isinstance(form, FormQuestion)
    form.primary.click()
    assert ward.state.phase is Phase.RUNNING
    assert ward.state.rate_gtt_min == 20


def test_a_refusal_stays_with_what_was_typed(kit: Kit, qtbot: QtBot) -> None:
    ward = running()
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS["change_rate"](desk, ward.infusion_id, parent)
    form = opened(parent)
    assert isinstance(form, FormQuestion)
    rate = form.findChildren(QLineEdit)[0]
    rate.setText("35")
    form.primary.click()
    assert form.isVisible()
    assert rate.text() == "35"
    assert ward.state.rate_gtt_min == 20


def test_pause_acts_at_once(kit: Kit, qtbot: QtBot) -> None:
    ward = running()
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS["pause"](desk, ward.infusion_id, parent)
    assert ward.state.phase is Phase.PAUSED


def test_a_typed_value_never_changes_under_the_fingers(kit: Kit, qtbot: QtBot) -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, "COM7")
    ward.hear("hr", 80)
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS[Kind.VITALS](desk, ward.infusion_id, parent)
    form = opened(parent)
    assert isinstance(form, VitalsQuestion)
    assert form.fields["hr"].text() == "80"
    QTest.keyClicks(form.fields["rr"], "17")
    ward.hear("rr", 15)
    ward.clock.move(seconds=2)
    ward.hear("hr", 84)
    form.follow()
    assert (form.fields["hr"].text(), form.fields["rr"].text()) == ("84", "17")
    form.reject()


def test_discomfort_must_be_answered(kit: Kit, qtbot: QtBot) -> None:
    ward = running()
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS[Kind.VITALS](desk, ward.infusion_id, parent)
    form = opened(parent)
    assert isinstance(form, VitalsQuestion)
    checks = len(ward.state.checks)
    form.primary.click()
    assert form.isVisible()
    assert len(ward.state.checks) == checks
    for code, value in (("hr", "80"), ("spo2", "97"), ("nibp_sys", "120"), ("nibp_dia", "70"), ("rr", "16"), ("temp", "36.8")):
        QTest.keyClicks(form.fields[code], value)
    form.discomfort.setCurrentIndex(1)
    form.primary.click()
    assert len(ward.state.checks) == checks + 1
    assert ward.state.checks[-1].event.news2 == 0  # type: ignore[union-attr]


def test_a_wrong_bag_while_it_runs_is_looked_at_again(kit: Kit, qtbot: QtBot) -> None:
    ward = running()
    ward.do(c.ThawBag("U2", ward.bedside.now()), LI)
    ward.do(c.CheckBag("U2", "U9", True), LI)
    assert ward.state.mismatch is not None
    desk, parent = desk_of(ward, kit, qtbot)
    ACTIONS[Kind.CLEAR_MISMATCH](desk, ward.infusion_id, parent)
    who = opened(parent)
    assert isinstance(who, WhoQuestion)
    who.accept()
    who._then(LI)
    form = opened(parent)
    assert isinstance(form, FormQuestion)
    QTest.keyClicks(form.findChildren(QLineEdit)[0], "U2")
    looks = form.findChild(QComboBox)
    assert isinstance(looks, QComboBox)
    looks.setCurrentIndex(0)
    form.primary.click()
    assert [ward.state.mismatch, ward.state.bags["U2"].checked_by] == [None, (LI.person_id,)]
