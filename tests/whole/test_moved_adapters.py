"""Adapters that are plugged in elsewhere: known again by what they call themselves, told, and asked about where two are equal."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import pytest

from app.domain.texts import Text
from app.program.open_record import OpenRecord, open_record
from app.program.ward_monitors import WardMonitors
from app.services.clock import ScaledClock, steady_s
from app.services.protocol_files import load
from devices.discovery import Port
from devices.link import LinkState, PortSettings
from tests.devices.stage import PATIENCE_S, Stage, staged

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")

ONE, OTHER, EQUAL = "0403:6001 A50285BI", "0403:6001 A9XYZ", "1a86:7523"


class Laptop:
    """A ward's store, and the ports that are there. `until` does what the deciding thread does meanwhile."""

    def __init__(self, path: Path) -> None:
        self.ports: list[Port] = []
        self.told: list[str] = []
        self.steady_s = 0.0
        self._path = path
        self.start()

    def start(self) -> None:
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.record: OpenRecord = open_record(self._path, load(), ScaledClock(1.0), self._posted.put, practice=False)
        record = self.record
        self.monitors = WardMonitors(record.ports, record.settings, record.bedside, self._scanned, self._tell, lambda: self.ports)

    def _scanned(self, code: str) -> None:
        self.told.append(code)

    def _tell(self, happened: Text, _safe: Text | str = "", to_do: Text | str = "", /) -> None:
        self.told.append(f"{happened} {to_do}".strip())

    def restart(self) -> None:
        self.record.close()
        self.start()

    def until(self, has_come: Callable[[], bool]) -> None:
        end_s = steady_s() + PATIENCE_S
        while not has_come():
            self._posted.get(timeout=max(0.01, end_s - steady_s()))()

    def look(self) -> None:
        """So much later that the ports are looked at once."""
        for _ in range(2):
            self.monitors.tick(self.steady_s)
            self.steady_s += 5

    def state(self, url: str) -> LinkState | None:
        return next((status.state for status in self.record.ports.links() if status.port == url), None)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path / "ward.db")
    yield made
    made.record.close()


@pytest.fixture
def plugs() -> Iterator[list[Stage]]:
    """Two sockets, an S/5 behind each."""
    from devices.simulators.pty_line import PtyLine

    with ExitStack() as stack:
        yield [stack.enter_context(staged(PtyLine(f"usb{n}", 19200), speed=20.0)) for n in range(2)]


def test_an_adapter_in_another_socket_is_taken_up_there_and_told(laptop: Laptop, plugs: list[Stage]) -> None:
    here, there = (stage.url for stage in plugs)
    laptop.ports = [Port(here, identity=ONE)]
    laptop.monitors.place(here, "datex-s5", "12", PortSettings(19200, parity="E"))
    laptop.monitors.prefer("12", "spo2", here)
    laptop.until(lambda: laptop.state(here) is LinkState.LIVE)
    laptop.look()
    assert laptop.monitors.how(here).has_lived
    plugs[0].command("fault unplug")
    laptop.ports = [Port(there, identity=ONE)]
    laptop.until(lambda: laptop.state(here) is LinkState.LOST)
    laptop.look()
    laptop.until(lambda: laptop.state(there) is LinkState.LIVE)
    assert laptop.monitors.placed() == {"12": [(there, "datex-s5")]}
    assert laptop.monitors.preferred() == {"12": {"spo2": there}}
    assert laptop.monitors.how(there).line == PortSettings(19200, parity="E")
    assert laptop.state(here) is None
    assert laptop.told == [f"The adapter of {here} is plugged in at {there} now: it is read there."]


def test_two_that_changed_places_while_the_laptop_was_off_keep_their_beds(laptop: Laptop, plugs: list[Stage]) -> None:
    here, there = (stage.url for stage in plugs)
    laptop.ports = [Port(here, identity=ONE), Port(there, identity=OTHER)]
    laptop.monitors.place(here, "datex-s5", "12")
    laptop.monitors.place(there, "datex-s5", "14")
    laptop.ports = [Port(here, identity=OTHER), Port(there, identity=ONE)]
    laptop.restart()
    assert laptop.monitors.beds() == {there: "12", here: "14"}
    assert laptop.told == []
    laptop.monitors.tick(0.0)
    assert {told.split(" now")[0] for told in laptop.told} == {
        f"The adapter of {here} is plugged in at {there}", f"The adapter of {there} is plugged in at {here}",
    }  # fmt: skip
    laptop.until(lambda: laptop.state(here) is laptop.state(there) is LinkState.LIVE)


def test_of_two_equal_adapters_a_person_is_asked_which_is_which_once(laptop: Laptop, plugs: list[Stage]) -> None:
    here, there = (stage.url for stage in plugs)
    laptop.ports = [Port("/dev/ttyUSB7", identity=EQUAL)]
    laptop.monitors.place("/dev/ttyUSB7", "datex-s5", "12")
    laptop.until(lambda: laptop.state("/dev/ttyUSB7") is LinkState.ABSENT)
    laptop.ports = [Port(here, identity=EQUAL), Port(there, identity=EQUAL)]
    laptop.look()
    laptop.look()
    assert laptop.monitors.beds() == {"/dev/ttyUSB7": "12"}
    (told,) = laptop.told
    assert told.startswith(f"The adapter of /dev/ttyUSB7 is plugged in elsewhere, but equal ones are there: {here}, {there}.")


def test_a_port_without_an_adapter_of_its_own_stays_what_its_name_says(laptop: Laptop) -> None:
    laptop.ports = [Port("/dev/ttyS7")]
    laptop.monitors.place("/dev/ttyS7", "datex-s5", "12")
    laptop.ports = [Port("/dev/ttyS8"), Port("/dev/ttyUSB0", identity=ONE)]
    laptop.restart()
    assert (laptop.monitors.beds(), laptop.told) == ({"/dev/ttyS7": "12"}, [])


def test_a_change_of_line_or_choice_is_read_by_at_once(laptop: Laptop, plugs: list[Stage]) -> None:
    url = plugs[0].url
    laptop.monitors.place(url, "datex-s5", "12")
    laptop.until(lambda: laptop.state(url) is LinkState.LIVE)
    line = PortSettings(19200, parity="E")
    laptop.monitors.change(url, line, ())
    laptop.until(lambda: any(link.line == line and link.state is LinkState.LIVE for link in laptop.record.ports.links()))
    laptop.monitors.remove(url)
    assert (laptop.monitors.placed(), laptop.monitors.how(url).line) == ({}, None)


def test_an_unknown_peer_is_asked_about_once_and_read_once_it_is_let_in(laptop: Laptop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"listen://127.0.0.1:{server.getsockname()[1]}?from=192.0.2.1"
    laptop.monitors.place(url, "hl7", "12")
    laptop.until(lambda: laptop.state(url) is LinkState.LISTENING)
    with socket.create_connection(("127.0.0.1", int(url.split(":")[2].split("?", maxsplit=1)[0]))):
        laptop.until(lambda: any(status.stranger for status in laptop.record.ports.links()))
    laptop.look()
    laptop.look()
    asked = f"127.0.0.1 has connected to {url} and is not read: nobody has let it in."
    assert [told for told in laptop.told if told.startswith(asked)] == laptop.told
    assert len(laptop.told) == 1
    laptop.monitors.let_in(url, "127.0.0.1")
    assert laptop.monitors.placed() == {"12": [(f"{url}&from=127.0.0.1", "hl7")]}
    laptop.until(lambda: laptop.state(f"{url}&from=127.0.0.1") is LinkState.LISTENING)
