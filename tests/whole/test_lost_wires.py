"""Cables, peers and programs that fail: each ends in the right values, or in an honest gap."""

import socket
import sys
from datetime import datetime, timedelta
from functools import partial

import msgspec
import pytest

from app.domain.vitals.vital_signs import Quality, Reading
from app.services.protocol_files import load
from app.services.ward.bed_watch import BedWatch
from devices.device_rows import MonitorRow
from devices.link import LinkState, PortSettings
from devices.models import MODELS
from devices.protocols import SimulatedDevice
from devices.protocols.hl7.simulator import Hl7Monitor
from devices.protocols.nellcor.simulator import NellcorMonitor
from devices.reader import PortReader
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from devices.simulators.tcp_line import TcpLine
from devices.transport import PortLink
from tests.devices.stage import S5, SteppedStage, Watch, reading, stepped
from tests.fakes import HandClock

MASIMO, NELLCOR, HL7 = MODELS["masimo"], MODELS["nellcor"], MODELS["hl7"]
HELD_S = 40


def since(watch: Watch, at: datetime) -> list[Reading]:
    return [one for one in watch.readings if one.received_at > at]


# --- a peer that vanishes without a word


def test_a_peer_that_says_no_more_is_left_and_looked_for_anew_and_the_silence_is_told_throughout() -> None:
    with stepped() as stage:
        stage.until_state(LinkState.LIVE)
        assert stage.connections == 1
        stage.fault("silence")
        stage.until_state(LinkState.STALE)
        stage.until(lambda: stage.connections == 2)
        stale, now = stage.watch.statuses[-1], stage.now
        assert stale.last_frame_at is not None
        assert now - stale.last_frame_at >= timedelta(seconds=3 * S5.silent_after_s)
        assert (stale.state, str(stale.hint)) == (
            LinkState.STALE,
            "Nothing comes from the monitor. Check that it is on and the cable is in.",
        )
        assert since(stage.watch, stale.since) == []
        stage.until_state(LinkState.LIVE)
        assert [s for s in stage.watch.states if s not in (LinkState.LIVE, LinkState.STALE)] == [
            LinkState.OPENING, LinkState.NEGOTIATING,
        ]  # fmt: skip
        stage.until(lambda: bool(since(stage.watch, now)))


def test_the_system_looks_for_a_peer_that_is_silent() -> None:
    from devices.transport import open_link

    with socket.create_server(("127.0.0.1", 0)) as server:
        link = open_link(f"socket://127.0.0.1:{server.getsockname()[1]}", S5.settings)
        raw: socket.socket = link._port._socket  # type: ignore[attr-defined]
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if sys.platform == "linux":
            kept = [
                raw.getsockopt(socket.IPPROTO_TCP, at) for at in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            ]
            assert kept == [10, 5, 3]
        link.close()


# --- a port that monitors connect to


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Gateway:
    """Sends one message a connection, waits until it is acknowledged, and closes."""

    def __init__(self, port: int) -> None:
        self._port, self._monitor = port, Hl7Monitor(Patient(), MonitorFaults())
        self.sent = 0

    def send(self, own: str = "127.0.0.1") -> bytes:
        with socket.create_connection(("127.0.0.1", self._port), 20, (own, 0)) as connection:
            connection.sendall(b"".join(self._monitor.due(60.0 * self.sent)))
            self.sent += 1
            return connection.recv(4096)


def test_two_hundred_connections_none_refused_none_lost_all_acknowledged(port: int) -> None:
    with reading(f"listen://127.0.0.1:{port}", model=HL7, speed=1.0) as watch:
        watch.until_state(LinkState.LISTENING)
        gateway = Gateway(port)
        answers = [gateway.send() for _ in range(200)]
        assert all(b"MSA|AA|" in answer for answer in answers)
        watch.until(lambda: len({reading.sample.measured_at for reading in watch.readings}) >= 1)
        assert watch.states == [LinkState.OPENING, LinkState.LISTENING, LinkState.LIVE]
        assert not [status.hint for status in watch.statuses if status.hint]


@pytest.mark.skipif(sys.platform != "linux", reason="a machine has two addresses of its own on Linux alone")
def test_a_stranger_on_the_port_gives_no_value_and_makes_room_for_the_monitor(port: int) -> None:
    with reading(f"listen://:{port}", model=HL7, speed=1.0) as watch:
        watch.until_state(LinkState.LISTENING)
        with socket.create_connection(("127.0.0.1", port), 20, ("127.0.0.2", 0)) as stranger:
            stranger.sendall(b"GET / HTTP/1.0\r\n\r\n")
            watch.until(lambda: watch.statuses[-1].last_byte_at is not None)
            assert watch.readings == []
            assert b"MSA|AA|" in Gateway(port).send()
            watch.until_state(LinkState.LIVE)
            assert stranger.recv(10) == b""


# --- another monitor on the cable


def test_a_swapped_cable_gives_no_value_and_says_what_to_look_at() -> None:
    swapped = msgspec.structs.replace(S5, simulator=MASIMO.simulator)
    with stepped(model=swapped) as stage:
        stage.step(60)
        assert stage.watch.readings == []
        assert "Check the monitor's model" in str(stage.watch.statuses[-1].hint)


# --- a program that is held up, and what a monitor remembers


def held(model: MonitorRow) -> tuple[SteppedStage, datetime]:
    stage = SteppedStage(TcpLine(), model)
    stage.until_state(LinkState.LIVE)
    stage.step(20)
    return stage, stage.now


def test_after_forty_seconds_of_standstill_each_value_stands_at_its_own_time() -> None:
    stage, before = held(MASIMO)
    watch = BedWatch("one", load().protocol.vitals)
    stage.hold(HELD_S)
    stage.step()
    waited = [r for r in since(stage.watch, before) if r.sample.vital == "spo2"]
    rows = watch.take(waited)
    times = [round((r.measured_at - before).total_seconds()) for r in waited]
    assert times == list(range(1, HELD_S + 2))
    assert {r.sample.quality for r in waited} == {Quality.OK}
    assert len(rows) == 1, "what was then is not saved as what is now"
    curve = watch.trend.series["spo2"]
    assert [round(at_s - before.timestamp()) for at_s in curve.t_s] == times
    stage.end()


def test_after_a_standstill_what_has_no_clock_is_no_value_of_now() -> None:
    stage, before = held(MODELS["contec-v5"])
    stage.hold(HELD_S)
    stage.step(6)
    heard = [r for r in since(stage.watch, before) if r.sample.vital == "spo2"]
    first = [r.sample.quality for r in heard if r.received_at == heard[0].received_at]
    assert set(first) == {Quality.STALE}
    assert heard[-1].sample.quality is Quality.OK
    stage.end()


class LookedTooEarly:
    """A port at which a look was over, and had brought nothing, when its program was held."""

    def __init__(self, clock: HandClock, before: bytes, waited: bytes) -> None:
        self._clock, self._brought = clock, iter([(1, before), (HELD_S, b""), (0, waited)])

    def open(self, _url: str, _settings: PortSettings) -> PortLink:
        return self

    def read(self, _timeout_s: float) -> bytes:
        took_s, data = next(self._brought)
        self._clock.move(seconds=took_s)
        return data

    def write(self, data: bytes) -> None: ...

    def wake(self) -> None:
        pass

    def close(self) -> None: ...


def test_after_a_standstill_behind_a_look_what_waited_is_still_found_to_have_waited() -> None:
    clock, watch, monitor = HandClock(), Watch(), MASIMO.simulator(Patient(), MonitorFaults())
    said = [b"".join(monitor.due(float(at_s))) for at_s in range(1, HELD_S + 2)]
    reader = PortReader(
        MASIMO,
        "COM3",
        simulated=True,
        now=clock.record().now,
        on_heard=watch.on_heard,
        opened=LookedTooEarly(clock, said[0], b"".join(said[1:])).open,
    )
    turns = reader.turns()
    for _ in said[:4]:
        next(turns)
    first, *rest = [r.measured_at for r in watch.readings if r.sample.vital == "spo2"]
    assert [round((at - first).total_seconds()) for at in rest] == list(range(1, HELD_S + 1))
    assert watch.states == [LinkState.OPENING, LinkState.LISTENING, LinkState.LIVE]
    turns.close()


class Printing(NellcorMonitor):
    """Prints an hour of its memory, ten lines a second, then what it measures."""

    LINES, A_SECOND = 1800, 10

    def __init__(self, *made_of: object, **other: float) -> None:
        super().__init__(*made_of, **other)  # type: ignore[arg-type]
        self._printed = 0

    def due(self, now_s: float, /) -> list[bytes]:
        if self._printed >= self.LINES:
            return super().due(now_s)
        start, self._printed = self._printed, self._printed + self.A_SECOND
        past_s = now_s - 2 * self.LINES
        return [f"{self._line(past_s + 2 * number)}\r\n".encode() for number in range(start, start + self.A_SECOND)]


def printing(*made_of: object) -> SimulatedDevice:
    return Printing(*made_of)


def test_an_hour_that_is_printed_out_of_a_monitors_memory_is_not_now() -> None:
    with stepped(model=msgspec.structs.replace(NELLCOR, simulator=partial(printing))) as stage:
        stage.step(Printing.LINES // Printing.A_SECOND)
        printed = [r.sample.quality for r in stage.watch.readings if r.sample.vital == "spo2"]
        assert len(printed) >= Printing.LINES - Printing.A_SECOND
        assert printed.count(Quality.OK) <= 20
        assert set(printed[20:]) == {Quality.STALE}
        before = stage.now
        stage.step(30)
        live = [r.sample.quality for r in since(stage.watch, before) if r.sample.vital == "spo2"]
        assert live[-8:] == [Quality.OK] * 8
