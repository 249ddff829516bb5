"""A port of ours that monitors connect to, lose and connect to again."""

import socket
import sys
import threading
from contextlib import suppress

import pytest

from devices.link import AnotherPeer, LinkError, LinkState
from devices.listening import ListeningLink, with_peer
from devices.models import MODELS
from devices.protocols.hl7.simulator import Hl7Monitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from devices.transport import PortLink, open_link

from .stage import Watch, reading

HL7 = MODELS["hl7"]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a machine has two addresses of its own on Linux alone")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


def opened(port: int) -> PortLink:
    return open_link(f"listen://127.0.0.1:{port}", HL7.settings)


def connected(port: int, own: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 5, (own, 0))


def test_nothing_waits_but_the_read_and_what_is_said_to_nobody_is_lost(port: int) -> None:
    link = opened(port)
    link.write(b"anybody?")
    assert link.read(0.01) == b""
    with connected(port) as monitor:
        assert link.read(5.0) == b""
        monitor.sendall(b"message")
        assert link.read(5.0) == b"message"
        assert link.read(0.01) == link.read(0.0) == b""
        link.write(b"")
        link.write(b"answer")
        assert monitor.recv(100) == b"answer"
    assert link.read(5.0) == b""
    link.write(b"gone")
    link.close()


def test_another_monitor_waits_while_one_talks_and_comes_in_once_it_has_gone(port: int) -> None:
    link = opened(port)
    with connected(port) as monitor:
        assert link.read(5.0) == b""
        monitor.sendall(b"mine")
        assert link.read(5.0) == b"mine"
        believed(link)
        other = connected(port)
        other.sendall(b"other")
        assert link.read(0.0) == b""
        monitor.close()
        assert link.read(5.0) == b""
        with pytest.raises(AnotherPeer):
            link.read(5.0)
        assert link.read(5.0) == b"other"
        other.close()
    link.close()
    with pytest.raises(ConnectionRefusedError):
        connected(port)


def believed(link: PortLink) -> None:
    assert isinstance(link, ListeningLink)
    link.believe()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is silent for a tenth of a second is replaced."""
    monkeypatch.setattr("devices.listening._QUIET_S", 0.1)


def quiet(link: PortLink) -> None:
    """So long that the next read looks at who is at the door."""
    for _ in range(41):
        assert link.read(0.0025) == b""


@pytest.mark.usefixtures("impatient")
def test_a_new_connection_from_the_same_address_takes_the_place_of_a_silent_one(port: int) -> None:
    link = opened(port)
    with connected(port) as vanished:
        vanished.sendall(b"before")
        assert [link.read(5.0), link.read(5.0)] == [b"", b"before"]
        believed(link)
        quiet(link)
        with connected(port) as again:
            with pytest.raises(AnotherPeer):
                link.read(5.0)
            again.sendall(b"after")
            assert link.read(5.0) == b"after"
            assert vanished.recv(10) == b""
    link.close()


@on_linux
@pytest.mark.usefixtures("impatient")
def test_a_stranger_is_sent_away_but_one_who_never_said_a_word_makes_room(port: int) -> None:
    link = open_link(f"listen://:{port}", HL7.settings)
    with connected(port, "127.0.0.2") as mute:
        assert link.read(5.0) == b""
        quiet(link)
        with connected(port) as monitor:
            with pytest.raises(AnotherPeer):
                link.read(5.0)
            stranger = connected(port, "127.0.0.2")
            assert mute.recv(10) == b""
            monitor.sendall(b"mine")
            assert link.read(5.0) == b"mine"
            believed(link)
            quiet(link)
            assert stranger.recv(10) == b""
            monitor.sendall(b"still mine")
            assert link.read(5.0) == b"still mine"
            stranger.close()
    link.close()


def test_a_monitor_that_breaks_off_is_waited_for(port: int) -> None:
    link = opened(port)
    monitor = connected(port)
    link.read(5.0)
    monitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    monitor.close()
    assert link.read(5.0) == b""
    link.write(b"answer")
    link.close()


def test_a_port_that_cannot_be_had_is_told(port: int) -> None:
    link = opened(port)
    with pytest.raises(LinkError, match="in use by another program"):
        opened(port)
    link.close()
    with pytest.raises(LinkError, match="cannot be opened"):
        open_link(f"listen://192.0.2.1:{port}", HL7.settings)
    for wrong in ("listen://", "listen://127.0.0.1", "listen://:port", "listen://:70000"):
        with pytest.raises(LinkError, match="is not the name of a port"):
            open_link(wrong, HL7.settings)


def test_a_closed_link_raises_and_does_not_wait(port: int) -> None:
    link = opened(port)
    link.close()
    with pytest.raises(LinkError, match="cannot be listened on"):
        link.read(0.01)


def test_a_monitor_comes_is_acknowledged_goes_and_comes_again(port: int) -> None:
    with reading(f"listen://127.0.0.1:{port}", model=HL7, speed=1.0) as watch:
        watch.until_state(LinkState.LISTENING)
        for number in (1, 2):
            with patient_connected(port) as monitor:
                assert b"MSA|AA|1\r" in monitor.recv(4096)
                messages_came(watch, number)
        assert watch.states == [LinkState.OPENING, LinkState.LISTENING, LinkState.LIVE]
        assert {r.sample.frame for r in watch.readings} == {0}


def messages_came(watch: Watch, number: int) -> None:
    watch.until(lambda: len({reading.received_at for reading in watch.readings}) == number)


def patient_connected(port: int) -> socket.socket:
    monitor = connected(port)
    monitor.sendall(b"".join(Hl7Monitor(Patient(), MonitorFaults()).due(0.0)))
    return monitor


def test_stopping_the_reader_leaves_the_port_free(port: int) -> None:
    before = threading.active_count()
    with reading(f"listen://127.0.0.1:{port}", model=HL7) as watch:
        watch.until_state(LinkState.LISTENING)
    opened(port).close()
    assert threading.active_count() == before


@on_linux
def test_whoever_is_not_named_is_never_read_but_told(port: int) -> None:
    link = open_link(f"listen://127.0.0.1:{port}?from=127.0.0.3&from=127.0.0.4", HL7.settings)
    assert isinstance(link, ListeningLink)
    with connected(port) as stranger, connected(port, "127.0.0.4") as monitor:
        stranger.sendall(b"not for you")
        assert link.read(5.0) == b""
        assert link.stranger == "127.0.0.1"
        monitor.sendall(b"mine")
        assert [link.read(5.0), link.read(5.0)] == [b"", b"mine"]
    link.close()


def test_without_a_name_only_this_computer_itself_is_read(port: int) -> None:
    link = opened(port)
    assert isinstance(link, ListeningLink)
    assert link._is_allowed("127.0.0.9")
    assert not link._is_allowed("10.0.0.20")
    link.close()


def test_a_name_is_added_to_the_port() -> None:
    assert with_peer("listen://10.0.0.5:6661", "10.0.0.20") == "listen://10.0.0.5:6661?from=10.0.0.20"
    assert with_peer("listen://:6661?from=10.0.0.20", "10.0.0.21") == "listen://:6661?from=10.0.0.20&from=10.0.0.21"
    for wrong in ("from", "from=ward3", "from=10.0.0.300"):
        with pytest.raises(LinkError, match="is not the name of a port"):
            open_link(f"listen://127.0.0.1:0?{wrong}", HL7.settings)


def test_a_flood_that_nobody_can_read_is_cut_off_sooner_each_time(port: int) -> None:
    """So much of it is read as 512 kB, however often it comes again."""
    link, read = opened(port), 0
    for _ in range(12):
        with connected(port) as flood:
            flood.setblocking(False)
            for _ in range(100):
                with suppress(BlockingIOError, ConnectionError):
                    flood.send(b"\x1c" * 65536)
                with suppress(AnotherPeer):
                    read += len(link.read(0.0))
    assert 262_144 <= read < 600_000
    link.close()
