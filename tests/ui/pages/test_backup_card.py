"""The backup card of Settings: where to, how old, the buttons, nothing cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.jobs.alarm_tuning import AlarmTuning
from tests.domain.cast import LI
from tests.fakes import FixedLook, NoRecords
from tests.ui.cut import assert_nothing_cut
from tests.whole.test_backing_up import Ward
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.settings.backup_card import BackupCard
from ui.settings.page import SettingsPage


def _keep(_secret: bytes) -> None:
    """No recovery key is made here."""


def _play() -> None:
    """No sound is played here."""


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "ward.db", None)
    made.order()
    yield made
    made.close()


@pytest.fixture
def card(ward: Ward, kit: Kit) -> Iterator[BackupCard]:
    window = Window(kit, False, "Ward 3")
    desk = Desk(kit, ward.record.bedside, ward.record.people, ward.record.exchange, NoRecords(), window)
    desk.sign_in(LI)
    tuning = AlarmTuning(ward.record.file, ward.record.post)
    page = SettingsPage(desk, FixedLook(), ward.backups, ward.record.site, tuning, _keep, _play, {"Bedside": "1"})
    window.add_page("settings", page)
    window.show_page("settings")
    window.show()
    page.refresh()
    page.show_group("backup")
    yield page.backup
    window.close()
    window.deleteLater()


def press(card: BackupCard, name: str) -> None:
    QTest.mouseClick(getattr(card, name), Qt.MouseButton.LeftButton)


def test_without_a_folder_nothing_can_be_pressed_and_only_an_administrator_chooses(card: BackupCard) -> None:
    assert card.folder.text() == "No folder is chosen: nothing is backed up."
    assert card.last.text() == "There is no backup yet."
    assert not card.now.isEnabled()
    assert not card.choice.isVisible()
    assert "30 years" in card.kept.text()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_backed_up_and_drilled_by_hand(card: BackupCard, ward: Ward, language: str) -> None:
    card.kit.words.set_language(language)
    card._choose = lambda *_: ward.stick
    card._choose_one()
    assert str(ward.stick) in card.folder.text()
    for name, by_hand in (("now", False), ("drill", True)):
        press(card, name)
        assert card.progress.isVisible()
        assert not card.now.isEnabled()
        assert_nothing_cut(card)
        ward.wait()
        assert not card.progress.isVisible()
        assert ward.happened()[-1][1].drill is by_hand
    assert ward.happened()[-1][0] == LI.person_id
    assert card.now.isEnabled()
    assert_nothing_cut(card)


def test_the_last_ones_age_is_shown(card: BackupCard, ward: Ward) -> None:
    card._choose = lambda *_: ward.stick
    card._choose_one()
    press(card, "now")
    ward.wait()
    assert card.last.text().startswith("Last backup: 0 s ago, 2")


def test_no_folder_chosen_changes_nothing(card: BackupCard, ward: Ward) -> None:
    card._choose = lambda *_: None
    card._choose_one()
    assert ward.backups.plan.folder == ""
