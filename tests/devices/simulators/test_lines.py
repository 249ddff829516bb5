"""The simulator's ends of the cable, with clients who leave, crowd and do not listen."""

import os
import select
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from devices.link import LinkError
from devices.models import MODELS
from devices.simulators.tcp_line import TcpLine
from devices.transport import open_link

SETTINGS = MODELS["datex-s5"].settings
RECORD = bytes(1200)


def client_of(line: TcpLine) -> socket.socket:
    """One for whom the system keeps little: some would keep 32 MB that nobody reads."""
    client = socket.create_connection(("127.0.0.1", int(line.url.rpartition(":")[2])), timeout=60)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    settle(line)
    return client


def settle(line: TcpLine) -> bytes:
    select.select(line.readers(), [], [], 60)
    return line.read()


def test_without_a_client_everything_is_lost() -> None:
    line = TcpLine()
    line.write(RECORD)
    assert line.read() == b""
    with client_of(line) as client:
        line.write(b"new")
        assert client.recv(9999) == b"new"
    line.close()


def test_a_newer_client_takes_the_place_of_an_older_one() -> None:
    line = TcpLine()
    with client_of(line) as older, client_of(line) as newer:
        line.write(b"for the newer")
        assert newer.recv(99) == b"for the newer"
        assert older.recv(99) == b""
    line.close()


def test_a_client_that_breaks_off_is_forgotten() -> None:
    line = TcpLine()
    client = client_of(line)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    assert settle(line) == b""
    assert len(line.readers()) == 1
    line.close()


def test_a_client_that_vanishes_between_a_read_and_a_write_is_forgotten() -> None:
    line = TcpLine()
    client = client_of(line)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    select.select(line.readers()[1:], [], [], 60)
    line.write(RECORD)
    assert len(line.readers()) == 1
    line.close()


def test_a_client_that_does_not_listen_costs_a_bounded_store() -> None:
    line = TcpLine()
    with client_of(line):
        for _ in range(20_000):
            line.write(RECORD)
        assert line.writers()
    line.close()


def test_who_keeps_all_parts_behind_the_last_byte_however_slow_the_client() -> None:
    line = TcpLine(keeps_all=True)
    said = bytes(range(256)) * 40_000
    line.write(said[:100])
    with client_of(line) as client:
        for start in range(100, len(said), 100_000):
            line.write(said[start : start + 100_000])
        client.sendall(b"words that nobody reads")
        assert line.writers()
        with ThreadPoolExecutor(1) as thread:
            parted = thread.submit(line.part)
            heard = b""
            while data := client.recv(65_536):
                heard += data
            assert heard == said
            assert not parted.done()
            client.close()
            parted.result(60)
    assert line.readers() == []
    line.close()


def test_who_keeps_all_waits_for_the_next_client() -> None:
    line = TcpLine(keeps_all=True)
    with client_of(line):
        pass
    assert settle(line) == b""
    line.write(b"for the next")
    with ThreadPoolExecutor(1) as thread:
        parted = thread.submit(line.part)
        with socket.create_connection(("127.0.0.1", int(line.url.rpartition(":")[2])), timeout=60) as client:
            assert client.recv(99) == b"for the next"
        parted.result(60)
    line.close()


def test_nobody_is_waited_for_where_all_was_taken() -> None:
    line = TcpLine(keeps_all=True)
    line.part()
    assert line.readers() == []
    line.close()


def test_an_unplugged_line_waits_for_nobody() -> None:
    line = TcpLine()
    line.unplug()
    assert line.readers() == []
    line.plug()
    assert select.select(line.readers(), [], [], 0) == ([], [], [])
    line.close()


def test_the_port_stays_its_own_while_unplugged() -> None:
    line = TcpLine()
    url = line.url
    line.unplug()
    with pytest.raises(LinkError, match="Nothing answers"):
        open_link(url, SETTINGS)
    line.plug()
    open_link(url, SETTINGS).close()
    assert line.url == url
    line.close()


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")
class TestPty:
    def test_a_client_that_opens_late_gets_no_old_values(self) -> None:
        from devices.simulators.pty_line import PtyLine

        line = PtyLine("s5", 19200)
        for _ in range(50):
            line.write(RECORD)
        link = open_link(line.url, SETTINGS)
        line.write(b"fresh")
        heard = link.read(5.0)
        while not heard.endswith(b"fresh"):
            heard += link.read(5.0)
        assert len(heard) < 3 * len(RECORD)
        link.close()
        line.close()

    def test_it_parts_behind_the_last_byte(self) -> None:
        from devices.simulators.pty_line import PtyLine

        line = PtyLine("s5", 19200)
        link = open_link(line.url, SETTINGS)
        line.write(RECORD)
        with ThreadPoolExecutor(1) as thread:
            parted = thread.submit(line.part)
            heard = b""
            while len(heard) < len(RECORD):
                heard += link.read(5.0)
            parted.result(60)
        assert heard == RECORD
        link.close()
        line.close()

    def test_while_unplugged_it_is_not_there_and_nothing_goes_through(self) -> None:
        from devices.simulators.pty_line import PtyLine

        line = PtyLine("s5", 19200)
        line.unplug()
        line.unplug()
        line.write(RECORD)
        assert (line.read(), list(line.readers()), os.path.lexists(line.url)) == (b"", [], False)
        line.plug()
        assert os.path.lexists(line.url)
        line.close()
