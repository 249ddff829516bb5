"""A barcode scanner on a port: whole codes, a watched line, a pulled cable."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from hypothesis import given
from hypothesis import strategies as st

from app.services.clock import wall_utc
from devices.link import LinkState, LinkStatus
from devices.protocols.scanner.decoder import ScannerDecoder
from devices.protocols.scanner.row import SCANNER, scanner
from devices.reader import PortReader


class Heard:
    """What the reader told, from its own thread."""

    def __init__(self) -> None:
        self.codes: SimpleQueue[str] = SimpleQueue()
        self.statuses: SimpleQueue[LinkStatus] = SimpleQueue()

    def until(self, state: LinkState) -> LinkStatus:
        while (status := self.statuses.get(timeout=60)).state is not state:
            pass
        return status


@contextmanager
def plugged_in(heard: Heard, server: socket.socket) -> Iterator[None]:
    url = f"socket://127.0.0.1:{server.getsockname()[1]}"
    reader = PortReader(
        scanner(heard.codes.put), url, simulated=False, now=wall_utc, speed=lambda: 20.0,
        on_heard=lambda told, _readings: heard.statuses.put(told) if told else None,
    )  # fmt: skip
    before = set(threading.enumerate())
    reader.start()
    try:
        yield
    finally:
        assert reader.stop()
        assert set(threading.enumerate()) == before


def test_codes_come_whole_and_in_order_and_the_line_is_live_from_the_first() -> None:
    heard = Heard()
    with socket.create_server(("127.0.0.1", 0)) as server, plugged_in(heard, server):
        heard.until(LinkState.LISTENING)
        client, _ = server.accept()
        with client:
            client.sendall(b"UC-2611-")
            client.sendall(b"001\r\n]C1010123456789012810L1\x1d17261231\r")
            assert [heard.codes.get(timeout=60) for _ in range(2)] == ["UC-2611-001", "]C1010123456789012810L1\x1d17261231"]
            assert heard.until(LinkState.LIVE).protocol == "scanner"


def test_a_pulled_cable_is_told_and_half_a_code_is_forgotten() -> None:
    heard = Heard()
    with socket.create_server(("127.0.0.1", 0)) as server, plugged_in(heard, server):
        client, _ = server.accept()
        heard.until(LinkState.LISTENING)
        client.sendall(b"UC-1\rUC-2611-")
        assert heard.codes.get(timeout=60) == "UC-1"
        client.close()
        heard.until(LinkState.LOST)
        again, _ = server.accept()
        heard.until(LinkState.LISTENING)
        with again:
            again.sendall(b"002\rUC-2\r")
            assert [heard.codes.get(timeout=60) for _ in range(2)] == ["002", "UC-2"]


def test_a_scanner_that_rests_is_not_called_silent() -> None:
    assert SCANNER.silent_after_s > 24 * 3600
    assert not SCANNER.needs_request


def test_codes_that_nobody_takes_are_only_counted() -> None:
    made = SCANNER.decoder()
    assert (made.feed(b"UC-1\r"), made.good) == ([], 1)


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_no_bytes_make_it_raise_or_give_a_value(pieces: list[bytes]) -> None:
    codes: list[str] = []
    made = ScannerDecoder(codes.append)
    assert all(made.feed(piece) == [] for piece in pieces)
    assert made.good == len(codes)
    assert made.held <= made.limit
    assert (made.bad >= 0, made.noise_bytes >= 0, dict(made.unmapped)) == (True, True, {})
