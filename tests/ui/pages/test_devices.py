"""The Devices page: ports and what is on them, a plain verdict, values with ages, raw bytes, wiring; connecting."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from devices.discovery import Port
from devices.link import LinkState, LinkStatus
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from ui.devices.page import DevicesPage
from ui.devices.view import PortHeard, hex_lines
from ui.frame.desk import Desk
from ui.questions.watching import MonitorQuestion, SourcesQuestion

COM3, COM4 = "COM3", "COM4"


class Seen:
    """An S/5 on COM3, and COM4 with nothing on it."""

    def __init__(self, ward: Ward, bad: int = 0, state: LinkState = LinkState.LIVE, hint: Text | None = None) -> None:
        self._now = ward.bedside.now()
        at = self._now - timedelta(seconds=4)
        self.status = LinkStatus(COM3, "datex-s5", False, state, at, at, at, 312, bad, hint)
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

    def placed(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return {"12": [(COM3, "datex-s5")]}

    def preferred(self) -> Mapping[str, Mapping[str, str]]:
        return {}

    def place(self, url: str, protocol: str, bed: str) -> None: ...

    def prefer(self, bed: str, key: str, url: str | None) -> None: ...

    def remove(self, url: str) -> None: ...


class Answers:
    """Answers a test at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def test(self, url: str, protocol: str, told: Callable[[Text], None]) -> None:
        self.asked.append(f"test {url} {protocol}")
        told(say("Silence."))

    def listen(self, url: str, told: Callable[[Text], None]) -> None:
        self.asked.append(f"listen {url}")
        told(say("Silence."))

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
        ["SpO₂", "97 %", "may be charted", "pleth", "0 s", ""],
        ["Respiratory rate", "—", "sensor off", "pleth", "0 s", ""],
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


def asked(furnish: Furnish) -> tuple[MonitorQuestion, Answers, list[tuple[str, str, str]]]:
    page = opened(furnish)
    answers, chosen = Answers(), list[tuple[str, str, str]]()
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
    assert chosen == [(COM4, made.model.itemData(0), "12")]
    assert answers.asked[-1] == "stop"


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
