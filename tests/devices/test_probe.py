"""What is on a port: listened to first, asked only what the chosen protocol allows, told in plain words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.domain.texts import say
from devices.device_rows import MonitorRow
from devices.link import LinkError, PortSettings
from devices.models import MODELS
from devices.probe import Probe, verdict
from devices.settings_words import settings_words
from devices.transport import PortLink

S5 = MODELS["datex-s5"]
CAPTURE = (Path(__file__).parents[1] / "captures" / "datex_s5_simulator.raw").read_bytes()
TALKING = MonitorRow(
    protocol="talker", label=say("Monitor"), settings=PortSettings(9600), decoder=S5.decoder,
    silent_after_s=5.0, wiring=say("Monitor"), simulator=S5.simulator,
)  # fmt: skip


class Desk:
    """A port on which one setting of the line hears something; every read takes a second."""

    def __init__(self, speaks: dict[PortSettings, bytes]) -> None:
        self.speaks, self.opened, self.sent = speaks, list[PortSettings](), b""
        self.closed = 0
        self.time = datetime(2026, 11, 22, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def open(self, _url: str, settings: PortSettings) -> PortLink:
        self.opened.append(settings)
        self._data = self.speaks.get(settings, b"")
        return self

    def read(self, _timeout_s: float) -> bytes:
        self.time += timedelta(seconds=1)
        data, self._data = self._data[:1500], self._data[1500:]
        return data

    def write(self, data: bytes) -> None:
        self.sent += data

    def wake(self) -> None:
        pass

    def close(self) -> None:
        self.closed += 1

    def probe(self) -> Probe:
        return Probe(self.now, opening=self.open)


def test_listening_sends_nothing_and_says_who_talks() -> None:
    desk = Desk({TALKING.settings: CAPTURE})
    found = desk.probe().listen("COM3", [S5, TALKING])
    assert (found.protocol, desk.sent) == ("talker", b"")
    assert "hr" in found.vitals
    assert str(verdict(found)).startswith("9600 8N1: Monitor, 3 whole records")


def test_a_monitor_that_waits_to_be_asked_is_not_asked_by_listening() -> None:
    desk = Desk({S5.settings: CAPTURE})
    found = desk.probe().listen("COM3", [S5, TALKING])
    assert found.protocol is None
    assert desk.opened == [TALKING.settings]
    assert "Silence" in str(verdict(found))


def test_a_test_asks_with_the_monitors_own_settings_and_says_goodbye() -> None:
    desk = Desk({S5.settings: CAPTURE})
    found = desk.probe().test("COM3", S5)
    assert found.protocol == "datex-s5"
    assert desk.opened == [S5.settings]
    dialogue = S5.dialogue(S5.decoder())
    assert desk.sent == dialogue.on_open(0.0) + dialogue.on_close()
    assert desk.closed == 1


def test_a_test_tries_the_other_settings_of_the_model() -> None:
    desk = Desk({S5.other_settings[0]: CAPTURE})
    found = desk.probe().test("COM3", S5)
    assert found.settings == S5.other_settings[0]
    assert str(verdict(found)).startswith("115200 8E1 RTS/CTS: ")


def test_a_test_begins_with_the_setting_that_is_told() -> None:
    told = PortSettings(9600, parity="E")
    desk = Desk({told: CAPTURE})
    assert desk.probe().test("COM3", S5, line=told).settings == told
    assert desk.opened == [told]


def test_listening_tries_every_setting_of_those_that_talk() -> None:
    other = PortSettings(19200)
    desk = Desk({other: CAPTURE})
    found = desk.probe().listen("COM3", [msgspec.structs.replace(TALKING, other_settings=(other,))])
    assert (found.protocol, found.settings, desk.sent) == ("talker", other, b"")


def test_nothing_is_said_to_one_that_talks_and_no_goodbye_to_nobody() -> None:
    desk = Desk({})
    talking = msgspec.structs.replace(S5, needs_request=False)
    desk.probe().test("COM3", talking, seconds_each=2)
    assert desk.sent == b""
    desk.probe().test("COM3", S5, seconds_each=2)
    assert S5.dialogue(S5.decoder()).on_close() not in desk.sent


class ThreeWires(Desk):
    """Nobody ever lets it send while RTS/CTS is on."""

    def write(self, data: bytes) -> None:
        if data and self.opened[-1].rtscts:
            raise LinkError(say("Monitor"))
        super().write(data)


def test_a_cable_of_three_wires_is_found() -> None:
    without = PortSettings(19200, parity="E")
    desk = ThreeWires({without: CAPTURE})
    assert desk.probe().test("COM3", S5).settings == without
    assert desk.closed == 3
    with pytest.raises(LinkError):
        Broken({}).probe().test("COM3", msgspec.structs.replace(S5, settings=without))


class Broken(Desk):
    def write(self, _data: bytes) -> None:
        raise LinkError(say("Monitor"))


def test_bytes_that_are_no_records_are_called_so() -> None:
    desk = Desk({S5.settings: b"\xff" * 5000})
    found = desk.probe().test("COM3", S5, seconds_each=3)
    assert (found.protocol, found.bytes_read) == (None, 4500)
    assert "4500 bytes came, but no record could be read" in str(verdict(found))


def test_nobody_waits_for_the_answer_any_more() -> None:
    desk = Desk({})
    found = Probe(desk.now, stop=lambda: True, opening=desk.open).test("COM3", S5)
    assert found.bytes_read == 0
    assert len(desk.opened) == 1
    assert desk.closed == 1


@pytest.mark.parametrize(("settings", "words"), [(PortSettings(4800, parity="O"), "4800 8O1"), (PortSettings(9600), "9600 8N1")])
def test_settings_are_written_as_monitors_write_them(settings: PortSettings, words: str) -> None:
    assert settings_words(settings) == words
