"""A reader on a real line to a simulated monitor: what a nurse relies on when cables and ports misbehave."""

import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from app.domain.texts import say
from app.domain.vitals.vital_signs import Quality, Reading
from devices.link import LinkError, LinkState, PortSettings
from devices.models import MODELS
from devices.reader import PortReader
from devices.simulators import stepped_wire
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from devices.simulators.tcp_line import SimulatedLine, TcpLine
from devices.transport import PortLink, open_link
from tests.fakes import HandClock

from .stage import PATIENCE_S, S5, Watch, reader_of, reading, staged, stepped

on_posix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")


def pty_line() -> SimulatedLine:
    from devices.simulators.pty_line import PtyLine

    return PtyLine("s5", 19200)


LINES = [pytest.param(pty_line, id="pty", marks=on_posix), pytest.param(TcpLine, id="tcp")]
each_line = pytest.mark.parametrize("line", LINES)


@each_line
def test_values_arrive_stamped_and_marked_as_simulated(line: Callable[[], SimulatedLine]) -> None:
    with staged(line()) as stage, reading(stage.url) as watch:
        watch.until_state(LinkState.LIVE)
        watch.until_more_readings()
        assert watch.states == [LinkState.OPENING, LinkState.NEGOTIATING, LinkState.LIVE]
        first = watch.readings[0]
        assert (first.sample.vital, first.port, first.protocol, first.simulated) == (
            "hr", stage.url, "datex-s5", True,
        )  # fmt: skip
        assert first.measured_at == first.received_at
        assert watch.statuses[-1].last_frame_at is not None
        assert watch.statuses[-1].byte_age_s(first.received_at + timedelta(days=1)) is not None


@each_line
def test_a_pulled_cable_is_told_and_the_reader_comes_back_with_a_new_decoder(line: Callable[[], SimulatedLine]) -> None:
    with staged(line(), speed=300.0) as stage, reading(stage.url, speed=300.0) as watch:
        watch.until(lambda: bool(watch.statuses) and watch.statuses[-1].good >= 5)
        stage.command("fault unplug")
        lost = watch.until_state(LinkState.LOST)
        assert lost.hint is not None
        again = watch.until_state(LinkState.LIVE)
        assert again.good < lost.good
        assert watch.states.count(LinkState.LIVE) == 2
        watch.until_more_readings()


@each_line
def test_after_an_unplug_no_value_comes_before_a_whole_record(line: Callable[[], SimulatedLine]) -> None:
    with staged(line(), speed=300.0) as stage, reading(stage.url, speed=300.0) as watch:
        watch.until_state(LinkState.LIVE)
        stage.command("fault unplug")
        lost = watch.until_state(LinkState.LOST)
        back = watch.until_state(LinkState.LIVE)
        assert not [r for r in watch.readings if lost.since < r.received_at < back.since - timedelta(seconds=20)]


@each_line
@pytest.mark.parametrize("fault", ["noise", "half-frames", "flip-bit"])
def test_damage_on_the_line_loses_records_but_invents_none(line: Callable[[], SimulatedLine], fault: str) -> None:
    with stepped(line()) as stage:
        watch = stage.watch
        stage.until_state(LinkState.LIVE)
        stage.fault(fault)
        stage.until(lambda: watch.statuses[-1].good >= 40)
        assert watch.states[-1] is LinkState.LIVE
        assert {r.sample.quality for r in watch.readings if r.sample.vital in ("hr", "spo2", "temp")} == {Quality.OK}
        assert all(60 < r.sample.value < 95 for r in watch.readings if r.sample.vital == "hr" and r.sample.value)
        if fault == "half-frames":
            assert any(status.bad > 0 for status in watch.statuses)


@each_line
def test_a_sensor_off_is_no_value(line: Callable[[], SimulatedLine]) -> None:
    with stepped(line()) as stage:
        stage.until_state(LinkState.LIVE)
        stage.fault("sensor-off")
        stage.until(lambda: any(r.sample.vital == "spo2" and r.sample.value is None for r in stage.watch.readings))


@each_line
def test_a_silent_monitor_becomes_stale_and_live_again(line: Callable[[], SimulatedLine]) -> None:
    with stepped(line()) as stage:
        stage.until_state(LinkState.LIVE)
        stage.fault("silence")
        stale = stage.until_state(LinkState.STALE)
        stage.until(lambda: "Nothing comes" in str(stage.watch.statuses[-1].hint))
        assert stale.last_frame_at is not None
        assert stale.since - stale.last_frame_at == timedelta(seconds=S5.silent_after_s)
        live = stage.until_state(LinkState.LIVE)
        assert live.hint is None


class TornLink:
    """A port of a busy system: of what has come it hands over a byte first, then the rest."""

    def __init__(self, link: PortLink) -> None:
        self._link, self._rest = link, b""
        self.write, self.wake, self.close = link.write, link.wake, link.close

    def read(self, timeout_s: float) -> bytes:
        if self._rest:
            rest, self._rest = self._rest, b""
            return rest
        data = self._link.read(timeout_s)
        self._rest = data[1:]
        return data[:1]


@each_line
def test_what_is_played_in_turn_goes_the_same_way_every_time(
    line: Callable[[], SimulatedLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cables, damage and silence on a real line; statuses and readings to the second, also where the system hands over parts."""
    told = []
    for _ in range(2):
        with stepped(line()) as stage:
            for fault in ("unplug", "noise", "silence", "half-frames", "unplug"):
                stage.until_state(LinkState.LIVE)
                stage.fault(fault)
                stage.step(200)
            port = stage.watch.statuses[0].port
            told.append([str(one).replace(port, "port") for one in (*stage.watch.statuses, *stage.watch.readings)])
        monkeypatch.setattr(stepped_wire, "open_link", lambda url, settings: TornLink(open_link(url, settings)))
    assert told[0] == told[1]


@on_posix
def test_a_wrong_baud_rate_gives_no_value_and_a_hint() -> None:
    wrong = msgspec.structs.replace(S5, settings=PortSettings(9600, parity="E", rtscts=True), other_settings=())
    with staged(pty_line()) as stage, reading(stage.url, model=wrong) as watch:
        watch.until(lambda: "baud" in str(watch.statuses[-1].hint) if watch.statuses else False)
        assert watch.statuses[-1].state is LinkState.NEGOTIATING
        assert watch.readings == []


def test_a_port_that_is_not_there_is_absent_until_it_comes(tmp_path: Path) -> None:
    with reading(str(tmp_path / "nothing")) as watch:
        absent = watch.until_state(LinkState.ABSENT)
        assert "There is no port" in str(absent.hint)


def test_a_network_port_that_nobody_answers_is_absent_and_found_when_it_comes() -> None:
    line = TcpLine()
    line.unplug()
    with reading(line.url) as watch:
        assert "Nothing answers" in str(watch.until_state(LinkState.ABSENT).hint)
        line.plug()
        with staged(line):
            watch.until_state(LinkState.LIVE)


@on_posix
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_twenty_quick_reconnects_leak_nothing() -> None:
    with staged(pty_line()) as stage:
        before = open_things()
        for _ in range(20):
            with reading(stage.url) as watch:
                watch.until_state(LinkState.LIVE)
        assert open_things() == before


def open_things() -> tuple[int, set[str]]:
    return len(os.listdir("/proc/self/fd")), {thread.name for thread in threading.enumerate()}


def test_a_client_that_leaves_may_come_back_on_the_same_socket() -> None:
    with staged() as stage:
        for _ in range(3):
            with reading(stage.url) as watch:
                watch.until_more_readings()


def test_a_dying_reader_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    causes: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: causes.append(args.exc_type))
    watch = Watch()

    def broken(_readings: object) -> None:
        raise ZeroDivisionError

    watch.on_readings = broken  # type: ignore[assignment, method-assign]
    with staged() as stage:
        reader = reader_of(stage.url, watch)
        reader.start()
        watch.until(lambda: bool(watch.statuses) and watch.statuses[-1].is_dead)
        assert watch.statuses[-1].state is LinkState.LOST
        assert "fault of this program" in str(watch.statuses[-1].hint)
        assert reader.stop()
    assert causes == [ZeroDivisionError]


def test_a_reader_that_was_never_started_stops_at_once() -> None:
    assert reader_of("nowhere", Watch()).stop()


def test_stopping_leaves_the_monitor_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        with reading(f"socket://127.0.0.1:{server.getsockname()[1]}"):
            client, _ = server.accept()
            client.settimeout(PATIENCE_S)
            first = client.recv(4096)
        rest = first
        while more := client.recv(4096):
            rest += more
        client.close()
    from devices.protocols.datex_s5 import dri

    assert first.startswith(dri.request(5))
    assert rest.endswith(dri.stop())


def test_a_status_tells_no_age_before_the_first_byte() -> None:
    with reading("nowhere") as watch:
        status = watch.until_state(LinkState.ABSENT)
        assert status.byte_age_s(status.since) is None


class TenASecond:
    """A port that brings a line ten times a second, and nothing after so many."""

    def __init__(self, clock: HandClock, lines: list[bytes]) -> None:
        self._clock, self._lines = clock, iter(lines)

    def open(self, _url: str, _settings: PortSettings) -> PortLink:
        return self

    def read(self, _timeout_s: float) -> bytes:
        self._clock.move(seconds=0.1)
        return next(self._lines, b"")

    def write(self, data: bytes) -> None: ...

    def wake(self) -> None:
        pass

    def close(self) -> None: ...


def test_a_link_is_told_once_a_second_and_at_once_when_its_state_changes() -> None:
    clock, watch, masimo = HandClock(), Watch(), MODELS["masimo"]
    monitor = masimo.simulator(Patient(), MonitorFaults())
    lines = [b"".join(monitor.due(float(at_s))) for at_s in range(50)]
    reader = PortReader(
        masimo,
        "COM3",
        simulated=True,
        now=clock.record().now,
        on_heard=watch.on_heard,
        opened=TenASecond(clock, lines).open,
    )
    turns = reader.turns()
    for _ in range(51):
        next(turns)
    assert watch.statuses[2].state is LinkState.LIVE
    assert [status.good for status in watch.statuses[2:]] == [1, 11, 21, 31, 41]
    for _ in range(10 * int(masimo.silent_after_s) + 10):
        next(turns)
    stale = watch.statuses[-1]
    assert (stale.state, stale.good) == (LinkState.STALE, 50)
    assert stale.last_frame_at == watch.readings[-1].received_at
    turns.close()


class Pieces:
    """A port that brings one piece after another."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)

    def open(self, _url: str, _settings: PortSettings) -> PortLink:
        return self

    def read(self, _timeout_s: float) -> bytes:
        return next(self._pieces)

    def write(self, data: bytes) -> None: ...

    def wake(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(("protocol", "rest_s"), [("contec-v5", 0.05), ("masimo", 0.0)])
def test_what_says_the_same_many_times_a_second_gathers_unless_more_waits(protocol: str, rest_s: float) -> None:
    pieces = [b"", b"\x81\x01\x05H", b"a" * 4096, b"", b"\x81"]
    reader = reader_of("COM3", Watch(), model=MODELS[protocol], opened=Pieces(pieces).open)
    assert [*islice(reader.turns(), 6)] == [0.0, 0.0, rest_s, 0.0, 0.0, rest_s]


class HandedOver(Watch):
    def __init__(self) -> None:
        super().__init__()
        self.handed: list[list[Reading]] = []

    def on_readings(self, readings: list[Reading]) -> None:
        self.handed.append(readings)


def test_of_a_read_of_many_frames_one_handing_over_comes() -> None:
    watch, berry = HandedOver(), MODELS["berry"]
    monitor = berry.simulator(Patient(), MonitorFaults())
    second = b"".join(b"".join(monitor.due(n / 100)) for n in range(100))
    reader = reader_of("COM3", watch, model=berry, opened=Pieces([second] * 5).open)
    [*islice(reader.turns(), 6)]
    assert [len(readings) >= 2 for readings in watch.handed] == [True] * 5


class Absent(TenASecond):
    """A port that is not there the first few times, then opens and stays silent."""

    def __init__(self, clock: HandClock, times: int) -> None:
        super().__init__(clock, [])
        self._times = times

    def open(self, url: str, settings: PortSettings) -> PortLink:
        if self._times:
            self._times -= 1
            raise LinkError(say("not there"))
        return super().open(url, settings)


def test_what_was_missed_before_a_connection_does_not_lengthen_the_rest_after_it() -> None:
    clock, watch, masimo = HandClock(), Watch(), MODELS["masimo"]
    reader = PortReader(
        masimo, "COM3", simulated=True, now=clock.record().now, on_heard=watch.on_heard, opened=Absent(clock, 6).open
    )  # fmt: skip
    turns = reader.turns()
    assert [*islice(turns, 6)] == [1.0, 2.0, 5.0, 10.0, 10.0, 10.0]
    rest_s = next(rest_s for rest_s in turns if rest_s)
    assert (rest_s, watch.statuses[-1].state) == (0.5, LinkState.LISTENING)
    turns.close()


def test_what_a_read_brought_is_handed_over_in_one_call_and_a_live_monitors_next_read_brings_values_alone() -> None:
    calls: list[tuple[LinkState | None, int]] = []
    clock, masimo = HandClock(), MODELS["masimo"]
    monitor = masimo.simulator(Patient(), MonitorFaults())
    reader = PortReader(
        masimo, "COM3", simulated=True, now=clock.record().now,
        on_heard=lambda told, readings: calls.append((told.state if told else None, len(readings))),
        opened=TenASecond(clock, [b"".join(monitor.due(float(at_s))) for at_s in range(3)]).open,
    )  # fmt: skip
    turns = reader.turns()
    [*islice(turns, 4)]
    values = calls[2][1]
    assert values
    assert calls == [(LinkState.OPENING, 0), (LinkState.LISTENING, 0), (LinkState.LIVE, values), (None, values), (None, values)]
    turns.close()
