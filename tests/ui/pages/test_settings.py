"""The settings in groups with their values, found by a search, changed by who may, and limits tried on the record first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.people.roles import Role
from app.domain.protocol import Protocol
from app.domain.texts import say
from app.jobs.alarm_tuning import AlarmTuning, Told, Tried
from app.services.words.words import Words
from tests.domain.cast import LI, TRIAL, ZHAO
from tests.fakes import FixedLook, NoRecords
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.test_rules_card import QIAN, _keep, _play, asked, settled
from tests.whole.test_backing_up import Ward
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.look.tokens import DARK
from ui.kit.look_and_words import Kit
from ui.settings.page import SettingsPage
from ui.settings.rule_questions import SettingQuestion
from ui.settings.view import GROUPS, shown_value, site_rows, tried_words

ENGLISH = Words("en")


class Tunes(AlarmTuning):
    """Nothing is played here: what it would tell is told by the test."""

    def begin(self, before: Protocol, after: Protocol, told: Told) -> None:
        self.asked = (before.vitals.limits_of("spo2"), after.vitals.limits_of("spo2"))
        self.told = told


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "ward.db", None)
    yield made
    made.close()


@pytest.fixture
def page(ward: Ward, kit: Kit) -> Iterator[SettingsPage]:
    window = Window(kit, False, "Ward 3")
    desk = Desk(kit, ward.record.bedside, ward.record.people, ward.record.exchange, NoRecords(), window)
    desk.sign_in(QIAN)
    tunes = Tunes(ward.record.file, ward.record.post)
    made = SettingsPage(desk, FixedLook(), ward.backups, ward.record.site, tunes, _keep, _play, {"Bedside": "1"})
    window.add_page("settings", made)
    window.show_page("settings")
    window.show()
    made.refresh()
    yield made
    window.close()
    window.deleteLater()


def listed(page: SettingsPage) -> list[tuple[str, str]]:
    model = page.site.table.view.model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


# --- what stands there


def test_language_and_theme_are_marked_wherever_they_were_chosen(page: SettingsPage, kit: Kit, qapp: QApplication) -> None:
    kit.look.set_theme(qapp, DARK)
    kit.words.set_language("zh_CN")
    groups = (page.look.themes, page.look.languages)
    marked = [made.objectName() for group in groups for made in group.buttons() if made.isChecked()]
    assert marked == ["dark", "zh_CN"]


def test_every_site_setting_stands_in_one_group_with_its_value() -> None:
    rows = site_rows(TRIAL, TRIAL, ENGLISH)
    assert {row.group for row in rows} == {group.key for group in GROUPS if group.parts}
    assert not [row for row in rows if not row.value or "Decimal" in row.value or "Limits(" in row.value]
    known = {row.key: row for row in rows}
    assert (known["vitals.limits.spo2.low"].value, known["vitals.limits.spo2.high"].value) == ("90 %", "—")
    assert str(known["vitals.limits.spo2.low"].name) == "SpO₂: lower limit"
    assert (known["vitals.limits.hr.delay_s"].value, known["vitals.late_from_min"].value) == ("0 s", "5 min")
    assert (known["weight.usual_kg"].value, known["reaction.steps"].is_offered) == ("30–150 kg", False)
    assert shown_value("vitals.limits.temp.low", TRIAL, Words("zh_CN")) == "35 ℃"


def test_a_group_is_a_card_or_a_list(page: SettingsPage) -> None:
    assert page.add_person.isVisible()
    page.groups.chosen.emit("alarms")
    assert ("SpO₂: lower limit", "90 %") in listed(page)
    assert page.site.isVisible()
    assert page.site.change.isVisible()
    page.groups.chosen.emit("laptop")
    assert not page.site.isVisible()


def test_a_search_goes_over_all_groups_and_leads_to_cards(page: SettingsPage) -> None:
    QTest.keyClicks(page.search, "spo2 lower")
    assert listed(page) == [("SpO₂: lower limit", "90 %"), ("SpO₂: far lower limit", "85 %")]
    page.search.setText("theme")
    assert listed(page) == [("Theme", "Light")]
    page.site.change.click()
    assert (page.search.text(), page.groups.current()) == ("", "laptop")
    page.search.setText("no such thing")
    assert (listed(page), page.site.whole.text()) == ([], "Nothing found")
    page.search.clear()
    assert page.groups.current() == "laptop"


@pytest.mark.parametrize(("key", "roles"), [("vitals.limits.spo2.low", "AI"), ("weight.usual_kg", "A"), ("reaction.steps", "")])
def test_who_may_change_it(page: SettingsPage, key: str, roles: str) -> None:
    for person, letter in ((QIAN, "A"), (ZHAO, "I"), (LI, "N")):
        page.desk.sign_in(person)
        page.show_group(next(row.group for row in site_rows(TRIAL, TRIAL, ENGLISH) if row.key == key))
        page.site.table.choose(key)
        page.site._chosen(key)
        assert page.site.change.isVisible() is (letter in roles), person.role
    who = {"AI": "This needs another role: Administrator, Investigator.", "A": "This needs another role: Administrator."}
    assert page.site.whole.text().endswith(who.get(roles, "Changed by a new protocol file alone."))


def test_an_investigator_sets_a_limit_and_the_file_s_own_stays_in_sight(page: SettingsPage, ward: Ward) -> None:
    page.desk.sign_in(ZHAO)
    page.show_group("alarms")
    page.site._open("vitals.limits.spo2.low")
    question = asked(SettingQuestion)
    assert "weight.usual_kg" not in [question.key.itemText(n) for n in range(question.key.count())]
    question.now.field.setText("88")
    question.reason.field.setText("the ward's patients")
    question.primary.click()
    settled(ward)
    assert ("SpO₂: lower limit", "88 %") in listed(page)
    page.site._chosen("vitals.limits.spo2.low")
    assert "in the file 90 %" in page.site.whole.text()


def test_a_limit_is_tried_on_the_record_before_it_is_set(page: SettingsPage) -> None:
    page.site.show_found("alarms", "")
    page.site._open("vitals.limits.spo2.low")
    question, tunes = asked(SettingQuestion), page.site._tuning
    assert isinstance(tunes, Tunes)
    question.try_it.click()
    assert question.strip.isVisible()  # the value is the one in force
    question.now.field.setText("88")
    question.try_it.click()
    assert [of.low for of in tunes.asked if of is not None] == [90, 88]
    assert question.tried.text() == "Reading the record…"
    tunes.told(Tried(13, 4))
    assert question.tried.text() == "Trying it on the record: 4 of 13 infusions…"
    tunes.told(Tried(13, 13, 12, 42.04, 14, 11))
    assert question.tried.text() == "With 88 instead of 90: 3 alarms fewer in 12 infusions (14 → 11 in 42.0 h)."
    QTest.keyClicks(question.now.field, "0")
    assert question.tried.text() == ""
    question.key.setCurrentText("weight.usual_kg")
    assert not question.try_it.isVisible()
    question.reject()


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (Tried(), "No infusion is recorded yet: there is nothing to try it on."),
        (Tried(2, 2, 2, 7.0, 3, 5), "With 95 instead of 90: 2 alarms more in 2 infusions (3 → 5 in 7.0 h)."),
        (Tried(2, 2, 2, 7.0, 3, 3), "With 95 instead of 90: as many alarms in 2 infusions (3 in 7.0 h)."),
        (Tried(failed=say("Writing failed.")), "Writing failed."),
    ],
)
def test_what_a_trial_says(tried: Tried, said: str) -> None:
    assert ENGLISH.tr(tried_words(tried, "90", "95")) == said


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut(page: SettingsPage, language: str) -> None:
    page.kit.words.set_language(language)
    for group in GROUPS:
        page.show_group(group.key)
        QApplication.processEvents()
        assert_nothing_cut(page)
    assert page.desk.has_role(Role.ADMINISTRATOR)
