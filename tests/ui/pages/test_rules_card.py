"""The rules on the Settings page: which file is in force since when, a new one signed by two, a setting changed with a reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.people.roles import Person, Role
from app.jobs.alarm_tuning import AlarmTuning
from app.services.protocol_files import DEFAULT
from tests.domain.cast import LI, ZHAO
from tests.fakes import FixedLook, NoRecords
from tests.ui.cut import assert_nothing_cut
from tests.whole.test_backing_up import Ward
from ui.ask.who import WhoQuestion
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.settings.page import SettingsPage
from ui.settings.rule_questions import DifferenceQuestion, SettingQuestion, ask_protocol_file
from ui.settings.rules_card import RulesCard

Asked = TypeVar("Asked", bound=QWidget)
QIAN = Person("a1", "Qian", Role.ADMINISTRATOR)


def _keep(_secret: bytes) -> None:
    """No recovery key is made here."""


def _play() -> None:
    """No sound is played here."""


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "ward.db", None)
    yield made
    made.close()


@pytest.fixture
def card(ward: Ward, kit: Kit) -> Iterator[RulesCard]:
    window = Window(kit, False, "Ward 3")
    desk = Desk(kit, ward.record.bedside, ward.record.people, ward.record.exchange, NoRecords(), window)
    desk.sign_in(QIAN)
    tuning = AlarmTuning(ward.record.file, ward.record.post)
    page = SettingsPage(desk, FixedLook(), ward.backups, ward.record.site, tuning, _keep, _play, {"Bedside": "1"})
    window.add_page("settings", page)
    window.show_page("settings")
    window.show()
    page.refresh()
    page.show_group("protocol")
    yield page.rules
    window.close()
    window.deleteLater()


@pytest.fixture
def amended(tmp_path: Path) -> Path:
    made = tmp_path / "amended.toml"
    text = DEFAULT.read_text(encoding="utf-8").replace("cells_per_kg = 2_000_000", "cells_per_kg = 3_000_000")
    made.write_text(text.replace("tolerance_pct = 10", "tolerance_pct = 5"), encoding="utf-8")
    return made


def asked(kind: type[Asked]) -> Asked:
    return next(one for one in reversed(QApplication.topLevelWidgets()) if isinstance(one, kind) and one.isVisible())


def settled(ward: Ward) -> None:
    ward.record.recorder.flush().result()
    while not ward._posted.empty():
        ward._posted.get()()
    QTest.qWait(1)


def test_which_file_is_in_force_since_when_and_who_may_change_it(card: RulesCard) -> None:
    assert card.file.text().startswith("In force since 20")
    assert card.file.text().endswith(": msc-icaht, version 2")
    assert card.by.text().startswith("came with the program · SHA-256 ")
    assert (card.take.isVisible(), card.change.isVisible(), card.set.isVisible()) == (True, True, False)
    assert_nothing_cut(card)
    card.desk.sign_in(ZHAO)
    card.refresh()
    assert (card.take.isVisible(), card.change.isVisible()) == (True, True)
    card.desk.sign_in(LI)
    card.refresh()
    assert (card.take.isVisible(), card.change.isVisible()) == (False, False)


def test_a_new_file_shows_its_difference_and_is_signed_by_two(card: RulesCard, ward: Ward, amended: Path) -> None:
    site = ward.record.site
    ask_protocol_file(card.desk, site, card.refresh, card, amended)
    question = asked(DifferenceQuestion)
    model = question.table.view.model()
    rows = [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]
    assert rows == [("dose.cells_per_kg", "2000000", "3000000"), ("dose.tolerance_pct", "10", "5")]
    question.table.chosen.emit("dose.tolerance_pct")
    assert question.whole.text().startswith("dose.tolerance_pct: 10 → 5 · The trial states no tolerance")
    assert_nothing_cut(question)
    question.primary.click()
    assert asked(WhoQuestion).title.text() == "Name and password of the administrator"
    asked(WhoQuestion).accept()
    question._investigator(QIAN)
    assert asked(WhoQuestion).title.text() == "Name and password of the investigator"
    signing = asked(WhoQuestion)
    signing.accept()
    signing._then(ZHAO)
    settled(ward)
    assert card.by.text().startswith("signed by an administrator and by i1 · SHA-256 ")
    assert ward.record.bedside.trial.protocol.dose.cells_per_kg == 3_000_000


def test_a_wrong_file_is_told_and_changes_nothing(card: RulesCard, ward: Ward, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        DEFAULT.read_text(encoding="utf-8").replace("cells_per_kg = 2_000_000", "cells_per_kg = 1e400"), encoding="utf-8"
    )
    ask_protocol_file(card.desk, ward.record.site, card.refresh, card, wrong)
    assert ward.record.site.in_force.by is None


def test_a_setting_is_changed_with_a_reason(card: RulesCard, ward: Ward) -> None:
    card.change.click()
    question = asked(SettingQuestion)
    question.key.setCurrentText("vitals.limits.spo2.low")
    assert question.before.text() == "SpO₂: lower limit · In force: 90"
    question.now.field.setText("920")
    question.reason.field.setText("as the ward's round decided")
    question.primary.click()
    assert question.isVisible()
    question.now.field.setText("92")
    question.primary.click()
    settled(ward)
    assert card.set.text() == "vitals.limits.spo2.low = 92"
