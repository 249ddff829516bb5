"""The Devices page: ports and what is on them, a plain verdict, values with ages, raw bytes, wiring; connecting."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from app.services.placements import PlacedHow
from devices.discovery import Port
from devices.link import LinkState, LinkStatus, PortSettings
from devices.settings_words import line_words
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from ui.devices.page import DevicesPage
from ui.devices.placed_question import PlacedQuestion
from ui.devices.view import PortHeard, hex_lines, verdict
from ui.frame.desk import Desk
from ui.questions.watching import MonitorQuestion, SourcesQuestion, Tested

COM3, COM4 = "COM3", "COM4"


class Seen:
    """An S/5 on COM3, and COM4 with nothing on it."""

    def __init__(self, ward: Ward, bad: int = 0, state: LinkState = LinkState.LIVE, hint: Text | None = None,
                 stranger: str = "") -> None:  # fmt: skip
        self._now = ward.bedside.now()
        at = self._now - timedelta(seconds=4)
        self.status = LinkStatus(COM3, "datex-s5", False, state, at, at, at, 312, bad, hint, stranger=stranger)
        self.newest = {"spo2": self.reading("spo2", "97", Quality.OK), "rr": self.reading("rr", None, Quality.SENSOR_OFF)}

    def reading(self, vital: str, value: str | None, quality: Quality) -> Reading:
        number = None if value is None else Decimal(value)
        return stamped(Sample(0, vital, number, "%", quality, "pleth"), self._now, COM3, "datex-s5", False)

    def links(self) -> list[LinkStatus]:
        return [self.status]

    def heard(self, _port: str) -> PortHeard:
        return PortHeard(self.newest, {"P1": "120.5 — 80"}, bytes(range(40)))

    def beds(self) -> Mapping[str, str]:
        return {COM3: "12"}

    def listed(self) -> Sequence[Port]:
        return [Port(COM3, "FTDI USB Serial", "0403:6001"), Port(COM4, "", "1a86:7523")]


class Placed:
    """One monitor at bed 12; what is changed is not kept."""

    def __init__(self) -> None:
        self.let_them_in: list[tuple[str, str]] = []

    def placed(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return {"12": [(COM3, "datex-s5")]}

    def preferred(self) -> Mapping[str, Mapping[str, str]]:
        return {}

    def how(self, _url: str) -> PlacedHow:
        return PlacedHow(choices=("empty-is-final",))

    def place(self, url: str, protocol: str, bed: str, line: PortSettings | None, choices: Sequence[str]) -> None: ...

    def change(self, url: str, line: PortSettings | None, choices: Sequence[str]) -> None: ...

    def let_in(self, url: str, address: str) -> None:
        self.let_them_in.append((url, address))

    def prefer(self, bed: str, key: str, url: str | None) -> None: ...

    def remove(self, url: str) -> None: ...


class Answers:
    """Answers a test at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.found: PortSettings | None = None

    def test(self, url: str, protocol: str, line: PortSettings | None, told: Tested) -> None:
        self.asked.append(f"test {url} {protocol}{'' if line is None else ' ' + line_words(line)}")
        told(say("Silence."), self.found)

    def listen(self, url: str, told: Tested) -> None:
        self.asked.append(f"listen {url}")
        told(say("Silence."), None)

    def stop(self) -> None:
        self.asked.append("stop")


def opened(furnish: Furnish, make: Callable[[Ward], Seen] = Seen) -> DevicesPage:
    ward = story.new_ward()
    ward.bedside.practice = False
    window, _ = furnish(ward, lambda desk: DevicesPage(desk, make(ward), Placed(), Answers(), Path()))
    page = window.pages["page"]
    assert isinstance(page, DevicesPage)
    page.refresh()
    return page


def cells(page: DevicesPage, at: int) -> list[str]:
    model = page.table.view.model()
    return [str(model.index(at, column).data()) for column in range(model.columnCount())]


def test_every_port_stands_with_its_adapter_bed_and_counts(furnish: Furnish) -> None:
    page = opened(furnish)
    assert cells(page, 0) == [
        "COM3", "FTDI USB Serial", "GE / Datex-Ohmeda S/5", "12", "live", "4 s", "4 s", "312", "0",
    ]  # fmt: skip
    assert cells(page, 1)[:3] == ["COM4", "1a86:7523", "not used"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_unknown_peer_is_told_and_let_in_by_a_press(furnish: Furnish, language: str) -> None:
    page = opened(furnish, lambda ward: Seen(ward, state=LinkState.LISTENING, stranger="10.0.0.20"))
    page.kit.words.set_language(language)
    page.refresh()
    QApplication.processEvents()
    assert "10.0.0.20" in page.detail.verdict.text()
    assert_nothing_cut(page)
    page.detail.let_in.click()
    placing = page._placing
    assert isinstance(placing, Placed)
    assert placing.let_them_in == [(COM3, "10.0.0.20")]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("face", [0, 1, 2])
def test_nothing_is_cut_on_any_face(furnish: Furnish, language: str, face: int) -> None:
    page = opened(furnish)
    page.kit.words.set_language(language)
    page.detail.turn(face)
    page.refresh()
    assert_nothing_cut(page)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Seen, "Live and well: 312 whole records, 0 damaged."),
        (lambda w: Seen(w, bad=100), "Live, but 100 of 412 records were damaged: check cable and adapter."),
        (lambda w: Seen(w, state=LinkState.OPENING), "Not live yet: opening."),
        (lambda w: Seen(w, state=LinkState.LOST, hint=say("Silence.")), "Silence."),
    ],
)
def test_the_verdict_is_plain(furnish: Furnish, make: Callable[[Ward], Seen], said: str) -> None:
    assert opened(furnish, make).detail.verdict.text() == said


def test_values_have_ages_and_what_is_not_read_is_listed(furnish: Furnish) -> None:
    page = opened(furnish)
    model = page.detail.values.view.model()
    rows = [[str(model.index(r, c).data()) for c in range(6)] for r in range(model.rowCount())]
    assert rows == [
        ["SpO₂", "97 %", "may be charted", "oximeter", "0 s", ""],
        ["Respiratory rate", "—", "sensor off", "oximeter", "0 s", ""],
        ["P1", "120.5 — 80", "not read", "", "", ""],
    ]


def test_raw_bytes_are_shown_as_hex_and_text() -> None:
    assert hex_lines(b"\x7eBedside\x00") == "7e 42 65 64 73 69 64 65 00                        ~Bedside·"
    assert len(hex_lines(bytes(2048)).splitlines()) == 10


def test_a_free_port_is_offered_for_connecting(furnish: Furnish) -> None:
    page = opened(furnish)
    page.table.choose(COM4)
    QTest.mouseClick(page.add, Qt.MouseButton.LeftButton)
    (question,) = page.findChildren(MonitorQuestion)
    assert question.port.currentText() == COM4


def asked(furnish: Furnish) -> tuple[MonitorQuestion, Answers, list[tuple[object, ...]]]:
    page = opened(furnish)
    answers, chosen = Answers(), list[tuple[object, ...]]()
    ports = [Port(COM3, "FTDI"), Port(COM4)]
    made = MonitorQuestion(page.desk, ports, COM4, answers, lambda *what: chosen.append(what), page)
    made.open()
    return made, answers, chosen


def test_a_monitor_is_tested_before_it_is_connected(furnish: Furnish) -> None:
    made, answers, chosen = asked(furnish)
    assert made.port.currentText() == COM4
    QTest.mouseClick(made.test, Qt.MouseButton.LeftButton)
    QTest.mouseClick(made.listen, Qt.MouseButton.LeftButton)
    assert answers.asked == [f"test COM4 {made.model.itemData(0)}", "listen COM4"]
    assert made.heard.text() == "Silence."
    assert "baud" in made.wiring.text()
    made.primary.click()
    assert not chosen
    made.bed.setText("12")
    made.primary.click()
    assert chosen == [(COM4, made.model.itemData(0), "12", None, ())]
    assert answers.asked[-1] == "stop"


def test_the_setting_that_was_found_is_connected_and_a_wrong_one_is_refused(furnish: Furnish) -> None:
    made, answers, chosen = asked(furnish)
    made.bed.setText("12")
    made.how.line.setEditText("as fast as it goes")
    made.primary.click()
    QTest.mouseClick(made.test, Qt.MouseButton.LeftButton)
    assert (chosen, answers.asked) == ([], [])
    made.how.line.setEditText("9600,7,E,1")
    answers.found = PortSettings(115200, parity="E")
    QTest.mouseClick(made.test, Qt.MouseButton.LeftButton)
    assert answers.asked[-1].endswith("9600 7E1")
    made.primary.click()
    assert chosen[-1][3] == answers.found


def test_a_network_has_no_line_and_a_choice_stands_with_its_reason(furnish: Furnish) -> None:
    made, _, chosen = asked(furnish)
    made.model.setCurrentIndex(made.model.findData("hl7"))
    made.port.setEditText("listen://:2575")
    assert made.how.line.isHidden()
    made.how.boxes["empty-is-final"].setChecked(True)
    made.bed.setText("12")
    made.primary.click()
    assert chosen == [("listen://:2575", "hl7", "12", None, ("empty-is-final",))]


def found_at(furnish: Furnish, protocol: str = "hl7") -> tuple[PlacedQuestion, list[tuple[object, ...]], DevicesPage]:
    page, changed = opened(furnish), list[tuple[object, ...]]()
    status = LinkStatus(COM3, protocol, False, LinkState.LIVE, page.desk.now(), line=PortSettings(19200), is_line_found=True)
    how = PlacedHow(choices=("empty-is-final",))
    made = PlacedQuestion(page.desk, status, how, lambda *what: changed.append(what), page)
    made.open()
    return made, changed, page


def test_what_was_found_is_kept_when_a_person_says_so(furnish: Furnish) -> None:
    made, changed, _ = found_at(furnish)
    assert made.how.boxes["empty-is-final"].isChecked()
    made.how.line.setEditText("fast")
    made.primary.click()
    assert changed == []
    made.how.show_line(PortSettings(19200))
    made.primary.click()
    assert changed == [(COM3, PortSettings(19200), ("empty-is-final",))]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut_where_it_is_asked_how_a_monitor_is_read(furnish: Furnish, language: str) -> None:
    made, _, page = found_at(furnish)
    page.kit.words.set_language(language)
    assert_nothing_cut(made)


def test_the_page_asks_how_the_chosen_monitor_is_read(furnish: Furnish) -> None:
    page = opened(furnish)
    QTest.mouseClick(page.how, Qt.MouseButton.LeftButton)
    (question,) = page.findChildren(PlacedQuestion)
    assert question.how.line.currentText() == "19200 8E1 RTS/CTS (as delivered)"
    page.table.choose(COM4)
    page.refresh()
    assert not page.how.isEnabled()


class Later(Seen):
    """Its monitor is there after a while."""

    is_there = False

    def links(self) -> list[LinkStatus]:
        return [self.status] if self.is_there else []

    def listed(self) -> Sequence[Port]:
        return [Port("/dev/ttyS0"), Port(COM3)]


def test_a_port_that_nobody_chose_makes_room_for_a_monitor_that_comes_later(furnish: Furnish) -> None:
    seen: list[Later] = []

    def made(ward: Ward) -> Seen:
        seen.append(Later(ward))
        return seen[0]

    page = opened(furnish, made)
    assert page.table.current() == "/dev/ttyS0"
    seen[0].is_there = True
    page.refresh()
    assert page.table.current() == COM3
    page.table.choose("/dev/ttyS0")
    page.refresh()
    assert page.table.current() == "/dev/ttyS0"


def test_of_a_scale_or_a_drop_sensor_no_sensors_are_said_to_be_checked(furnish: Furnish) -> None:
    page = opened(furnish)
    status = LinkStatus(COM3, "mt-sics", False, LinkState.LIVE, page.desk.now(), good=9)

    def weighs(quality: Quality) -> str:
        sample = Sample(0, "weight", Decimal("70.2"), "kg", quality, "scale")
        return str(verdict(status, PortHeard({"weight": stamped(sample, page.desk.now(), COM3, "mt-sics", False)})))

    assert weighs(Quality.OK) == "Live and well: 9 whole records, 0 damaged."
    assert weighs(Quality.QUESTIONABLE) == "Live, but no weight stands still on the scale now."
    found = LinkStatus(COM3, "mt-sics", False, LinkState.LIVE, page.desk.now(), line=PortSettings(19200), is_line_found=True)
    assert str(verdict(found, PortHeard())).startswith("Live at 19200 8N1, though it is set otherwise here.")


def test_one_of_two_monitors_is_preferred_for_one_vital_sign(furnish: Furnish) -> None:
    desk: Desk = opened(furnish).desk
    parent = QWidget()
    told: list[tuple[str, str, str | None]] = []
    placed = {"12": [(COM3, "datex-s5"), (COM4, "nellcor")], "13": [("COM9", "datex-s5")]}
    made = SourcesQuestion(desk, placed, {"12": {"nibp": COM3}}, lambda *what: told.append(what), parent)
    assert made.choices["nibp"].currentData() == COM3
    made.choices["spo2"].setCurrentIndex(2)
    made.primary.click()
    assert ("12", "spo2", COM4) in told
    assert ("12", "nibp", COM3) in told
    assert ("12", "temp", None) in told
