"""The frame: alarms in a list, F1, and what the bar says of several alarms."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.texts import say
from app.domain.watch.laptop_seen import LaptopSeen, SoundFault
from app.services.ward.alerts import Alerts
from devices.link import LinkState
from tests.domain.cast import LI
from tests.services.ward import PORT, Ward, running
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.story import desk_of
from ui.ask.form import FormQuestion
from ui.frame import view
from ui.frame.bar.alarm_bar import SETTLES_MS
from ui.frame.frame import WindowFrame
from ui.frame.window import Window
from ui.help.help_page import HelpPage
from ui.kit.look_and_words import Kit
from ui.questions.actions import ACTIONS
from ui.questions.alarm_list import AlarmList


class Framed:
    """A window with its frame around an infusion whose heart is fast and whose monitor is lost."""

    def __init__(self, kit: Kit, qtbot: QtBot) -> None:
        self.ward: Ward = running()
        self.ward.bedside.connect(self.ward.infusion_id, PORT)
        self.window = Window(kit, True, "Ward 3")
        qtbot.addWidget(self.window)
        self.desk = desk_of(self.ward, kit, self.window)
        self.window.add_page("ward", QWidget())
        self.alerts = Alerts(self.ward.bedside)
        self.frame = WindowFrame(self.desk, self.window, self.alerts, list, silent=True)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitActive(self.window)

    def two_alarms(self) -> None:
        self.ward.hear("hr", 125)
        self.ward.link(LinkState.LIVE)
        self.ward.link(LinkState.LOST)
        self.frame.refresh()

    def dialog(self, kind: type[QWidget]) -> QWidget:
        found = self.window.findChildren(kind)
        assert len(found) == 1
        return found[0]


@pytest.fixture
def framed(kit: Kit, qtbot: QtBot) -> Iterator[Framed]:
    made = Framed(kit, qtbot)
    yield made
    made.frame.close()
    made.ward.bedside.news.forget()


def test_one_more_opens_the_list_and_each_alarm_is_acknowledged_by_itself(framed: Framed) -> None:
    framed.two_alarms()
    assert framed.window.alarm.more.text() == "+1"
    QTest.mouseClick(framed.window.alarm.more, Qt.MouseButton.LeftButton)
    shown = framed.dialog(AlarmList)
    assert isinstance(shown, AlarmList)
    assert len(shown.bars) == 2
    assert_nothing_cut(shown)
    assert not any(bar.text.property("mayElide") for bar in shown.bars)
    second = framed.alerts.active()[1]
    QTest.qWait(SETTLES_MS + 50)
    QTest.mouseClick(shown.bars[1].acknowledge, Qt.MouseButton.LeftButton)
    assert {a.key: a.is_acknowledged for a in framed.alerts.active()} == {"hr": second.key == "hr", "link": second.key == "link"}
    shown.close()


def test_the_list_stays_true_while_it_is_open(framed: Framed) -> None:
    framed.two_alarms()
    QTest.mouseClick(framed.window.alarm.more, Qt.MouseButton.LeftButton)
    shown = framed.dialog(AlarmList)
    assert isinstance(shown, AlarmList)
    framed.ward.link(LinkState.LIVE)
    framed.ward.wait(seconds=5)
    framed.ward.hear("hr", 90)
    framed.frame.refresh()
    assert shown.bars == []
    assert shown.none.isVisible()
    shown.close()


def test_an_alarm_leads_to_its_bed(framed: Framed, qtbot: QtBot) -> None:
    framed.two_alarms()
    QTest.mouseClick(framed.window.alarm.more, Qt.MouseButton.LeftButton)
    shown = framed.dialog(AlarmList)
    with qtbot.waitSignal(framed.desk.show_page) as went:
        QTest.mouseClick(shown.findChildren(QPushButton, "go")[0], Qt.MouseButton.LeftButton)
    assert went.args == ["infusion", framed.ward.infusion_id]


def test_f1_opens_the_help_and_esc_closes_it(framed: Framed, qtbot: QtBot) -> None:
    QTest.keyClick(framed.window, Qt.Key.Key_F1)
    shown = framed.dialog(HelpPage)
    qtbot.waitUntil(shown.isVisible)
    with qtbot.waitSignal(shown.destroyed):
        QTest.keyClick(shown, Qt.Key.Key_Escape)


def test_a_press_just_after_the_bar_changed_acknowledges_nothing(framed: Framed) -> None:
    framed.two_alarms()
    first = framed.alerts.active()[0]
    bar = framed.window.alarm
    bar._shown_for.restart()
    QTest.mouseDClick(bar.acknowledge, Qt.MouseButton.LeftButton)
    assert not any(alarm.is_acknowledged for alarm in framed.alerts.active())
    QTest.qWait(SETTLES_MS + 50)
    QTest.mouseClick(bar.acknowledge, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.acknowledge, Qt.MouseButton.LeftButton)
    taken = [alarm.key for alarm in framed.alerts.active() if alarm.is_acknowledged]
    assert taken == [first.key]


def test_the_bar_s_text_leads_to_its_bed_and_names_it_first(framed: Framed, qtbot: QtBot) -> None:
    framed.two_alarms()
    assert framed.window.alarm.text.text().startswith("B-001 · Bed 12 · ")
    with qtbot.waitSignal(framed.desk.show_page) as went:
        QTest.mouseClick(framed.window.alarm.text, Qt.MouseButton.LeftButton)
    assert went.args == ["infusion", framed.ward.infusion_id]


def test_the_alarm_is_acknowledged_and_its_bed_reached_from_within_an_open_form(framed: Framed, qtbot: QtBot) -> None:
    framed.two_alarms()
    ACTIONS["note"](framed.desk, framed.ward.infusion_id, framed.window)
    form = framed.dialog(FormQuestion)
    assert isinstance(form, FormQuestion)
    bar = framed.window.alarm
    first = framed.alerts.active()[0]
    QTest.qWait(SETTLES_MS + 50)
    QTest.mouseClick(bar.acknowledge, Qt.MouseButton.LeftButton)
    assert [alarm.key for alarm in framed.alerts.active() if alarm.is_acknowledged] == [first.key]
    assert form.isAncestorOf(framed.window.focusWidget() or bar), "the keys still answer the question"
    with qtbot.waitSignal(framed.desk.show_page):
        QTest.mouseClick(bar.text, Qt.MouseButton.LeftButton)
    form.reject()


def test_a_key_goes_from_bed_to_bed(framed: Framed, qtbot: QtBot) -> None:
    with qtbot.waitSignal(framed.desk.show_page) as went:
        QTest.keyClick(framed.window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert went.args == ["infusion", framed.ward.infusion_id]


def test_a_fault_of_the_sound_stands_in_its_chip_and_goes_when_it_is_mended(framed: Framed) -> None:
    framed.ward.bedside.watch.take_laptop(LaptopSeen(sound=SoundFault.MUTED))
    framed.frame.refresh()
    assert framed.window.top.sound.accessibleName() == "No sound"
    assert framed.window.top.sound.toolTip() == "The sound is muted: watch the screen."
    framed.ward.bedside.watch.take_laptop(LaptopSeen())
    framed.frame.refresh()
    assert framed.window.top.sound.accessibleName() == "Sound untested"
    framed.ward.bedside.watch.take_laptop(LaptopSeen(heard_at=framed.ward.bedside.now()))
    framed.frame.refresh()
    assert framed.window.top.sound.accessibleName() == "Sound heard"
    assert framed.window.top.sound.toolTip().startswith("Heard at ")
    framed.ward.bedside.watch.take_laptop(LaptopSeen(heard_at=framed.ward.bedside.now() - timedelta(hours=8, seconds=1)))
    framed.frame.refresh()
    assert framed.window.top.sound.accessibleName() == "Sound untested"


def test_what_is_of_the_laptop_is_shown_once_and_taken_for_all_beds(framed: Framed) -> None:
    ward, alerts = framed.ward, framed.alerts
    story.running(ward, "B-002", "14", "B", "70.0", ("UC-1", "UC-2"))
    ward.bedside.watch.take_laptop(LaptopSeen(ward.bedside.now(), on_mains=False))
    ward.wait(seconds=5)
    [mains] = [a for a in alerts.active() if a.key == "mains"]
    words = framed.desk.kit.words.catalogue
    shown = view.alarm_state(mains, {}, {}, ward.bedside.now(), words)
    assert words.tr(shown.text) == "The laptop runs on its battery · 00:05", "it is no bed's"
    assert sum(a.key == "mains" for bed in ward.bedside.look().values() for a in bed.alarms) == 2
    alerts.acknowledge(mains, LI)
    assert all(a.is_acknowledged for bed in ward.bedside.look().values() for a in bed.alarms if a.key == "mains")
    ward.bedside.watch.take_laptop(LaptopSeen(ward.bedside.now(), on_mains=True))
    ward.wait(seconds=5)
    assert not any(a.key == "mains" for a in alerts.active())


def test_what_was_found_wrong_with_the_record_stays_until_somebody_has_closed_each(framed: Framed) -> None:
    strip, desk = framed.window.strip, framed.desk

    def shown() -> tuple[str, str]:
        assert_nothing_cut(strip)
        return strip._lines[0].text(), strip._lines[2].text()

    desk.find(say("Event {seq} was changed.", seq=7))
    desk.find(say("Writing failed."))
    desk.find(say("Event {seq} was changed.", seq=7))
    assert shown() == ("Event 7 was changed.", "Close it to see what else was found: 1.")
    desk.tell(say("Sign in first."))
    assert shown() == ("Sign in first.", "")
    strip.close_button.click()
    assert shown()[0] == "Event 7 was changed."
    strip.close_button.click()
    assert shown() == ("Writing failed.", "")
    strip.close_button.click()
    assert strip.isHidden()


def test_it_comes_back_when_what_was_said_since_is_over(framed: Framed) -> None:
    framed.desk.find(say("Writing failed."))
    framed.desk.tell(say("Sign in first."))
    framed.desk.message.emit(None)
    assert framed.window.strip._lines[0].text() == "Writing failed."
