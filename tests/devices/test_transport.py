"""Ports: how they are opened, and what a person is told when they are not."""

import os
import socket
import threading
from types import SimpleNamespace
from typing import Any

import pytest
import serial
import serial.rfc2217

from devices.link import LinkError, PortSettings
from devices.models import MODELS
from devices.transport import open_link

SETTINGS = MODELS["datex-s5"].settings

on_posix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")


def test_an_s5_is_read_at_19200_8e1_with_rts_cts() -> None:
    assert PortSettings(19200, 8, "E", 1, rtscts=True) == SETTINGS


def test_a_port_is_opened_as_set_alone_and_never_with_xon_xoff(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def opened(url: str, **options: Any) -> serial.Serial:
        asked.update(url=url, **options)
        return serial.Serial()

    monkeypatch.setattr(serial, "serial_for_url", opened)
    open_link("COM3", SETTINGS).close()
    expected = {
        "url": "COM3", "baudrate": 19200, "bytesize": 8, "parity": serial.PARITY_EVEN, "stopbits": 1,
        "rtscts": True, "xonxoff": False, "exclusive": True,
    }  # fmt: skip
    assert expected.items() <= asked.items()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ValueError("invalid URL"), "is not the name of a port"),
        (serial.SerialException("Could not exclusively lock port X: [Errno 11]"), "in use by another program"),
        (serial.SerialException(16, "could not open port X: busy"), "in use by another program"),
        (serial.SerialException("could not open port 'X': PermissionError(13, 'Access is denied.', None, 5)"), "in use by another"),
        (serial.SerialException("could not open port 'X': FileNotFoundError(2, 'The system …', None, 2)"), "There is no port"),
        (serial.SerialException(13, "could not open port X: denied"), "Ask for access"),
        (serial.SerialException(2, "could not open port X"), "There is no port"),
        (serial.SerialException("could not open port X: something else"), "something else"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_why_a_port_cannot_be_opened_is_told(monkeypatch: pytest.MonkeyPatch, failure: Exception, told: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(serial, "serial_for_url", fail)
    with pytest.raises(LinkError, match=told) as refused:
        open_link("X", SETTINGS)
    assert "X" in str(refused.value.text)


def test_a_network_port_without_an_answer_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"socket://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(LinkError, match="Nothing answers"):
        open_link(url, SETTINGS)


def test_an_unknown_kind_of_port_is_told() -> None:
    with pytest.raises(LinkError, match="is not the name of a port"):
        open_link("pigeon://loft", SETTINGS)


def test_a_socket_gives_all_that_waits_and_tells_its_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = open_link(f"socket://127.0.0.1:{server.getsockname()[1]}", SETTINGS)
        client, _ = server.accept()
        with client:
            link.write(b"ask")
            assert client.recv(10) == b"ask"
            assert link.read(0.01) == b""
            client.sendall(b"answer")
            assert link.read(5.0) == b"answer"
        with pytest.raises(LinkError, match="was lost"):
            link.read(5.0)
        link.close()


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # in pyserial itself
def test_a_remote_port_server_is_read_like_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        echo = threading.Thread(target=echo_by_rfc2217, args=(server,))
        echo.start()
        link = open_link(f"rfc2217://127.0.0.1:{server.getsockname()[1]}", SETTINGS)
        link.write(b"~record~")
        heard = b""
        while heard != b"~record~":
            heard += link.read(5.0)
        link.close()
        echo.join(5)
    assert not echo.is_alive()


def test_a_socket_gives_the_single_byte_before_its_end_and_then_tells_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = open_link(f"socket://127.0.0.1:{server.getsockname()[1]}", SETTINGS)
        client, _ = server.accept()
        client.sendall(b"~")
        client.close()
        assert link.read(5.0) == b"~"
        with pytest.raises(LinkError, match="was lost"):
            link.read(5.0)
        link.close()


def echo_by_rfc2217(server: socket.socket) -> None:
    """A port server whose port is a loop: what is written comes back."""
    client, _ = server.accept()
    port = serial.serial_for_url("loop://", timeout=0)
    answers: Any = SimpleNamespace(write=client.sendall)
    asked: Any = port
    manager = serial.rfc2217.PortManager(asked, answers)
    with client, port:
        while data := client.recv(1024):
            port.write(b"".join(manager.filter(data)))
            client.sendall(b"".join(manager.escape(port.read(port.in_waiting))))


@on_posix
def test_a_local_port_gives_all_that_has_come_at_once_and_waits_no_longer_than_asked() -> None:
    from devices.simulators.pty_line import PtyLine

    line = PtyLine("s5", 19200)
    link = open_link(line.url, SETTINGS)
    assert link.read(0.01) == b""
    for _ in range(2):
        line.write(b"~record~")
    port: Any = link
    while port._port.in_waiting < 16:
        """The system takes its time to carry bytes from one end to the other."""
    assert link.read(5.0) == b"~record~~record~"
    link.close()
    line.close()


@on_posix
def test_a_terminal_pair_stands_for_a_serial_port_and_is_not_opened_twice() -> None:
    from devices.simulators.pty_line import PtyLine

    line = PtyLine("s5", 19200)
    link = open_link(line.url, SETTINGS)
    with pytest.raises(LinkError, match="in use by another program"):
        open_link(line.url, SETTINGS)
    line.write(b"~record~")
    assert link.read(5.0) != b""
    line.unplug()
    with pytest.raises(LinkError, match="was lost"):
        link.read(5.0)
    with pytest.raises(LinkError, match="takes no data"):
        link.write(b"x")
    link.close()
    with pytest.raises(LinkError, match="There is no port"):
        open_link(line.url, SETTINGS)
    line.close()
