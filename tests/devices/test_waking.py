"""A reader sleeps until something comes, is to be said or judged, or until it is woken: no look for its own sake."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from math import inf
from threading import Thread

import pytest
from msgspec.structs import replace

from app.domain.vitals.vital_signs import Reading
from devices.device_rows import MonitorRow
from devices.link import LinkState, LinkStatus, PortSettings
from devices.models import MODELS
from devices.protocols.intellivue.dialogue import IntelliVueDialogue
from devices.reader import PortReader
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from devices.transport import open_link
from devices.waker import Waker
from tests.fakes import HandClock

LONG_S = 60.0
FINE_S = 0.05


def asleep(wait: Callable[[], object]) -> Thread:
    thread = Thread(target=wait, daemon=True)
    thread.start()
    return thread


def is_awake(thread: Thread) -> bool:
    thread.join(LONG_S / 2)
    return not thread.is_alive()


def test_who_waits_is_woken_also_by_a_ring_from_before() -> None:
    waker = Waker()
    waker.ring()
    waker.ring()
    assert waker.ready([], LONG_S) == []
    thread = asleep(lambda: waker.ready([], LONG_S))
    waker.ring()
    assert is_awake(thread)
    waker.close()
    waker.ring()


@pytest.mark.parametrize("url", ["listen://127.0.0.1:0", "socket"])
def test_a_port_that_is_read_is_woken(url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = open_link(f"socket://127.0.0.1:{server.getsockname()[1]}" if url == "socket" else url, PortSettings(9600))
        link.wake()
        assert link.read(LONG_S) == b""
        thread = asleep(lambda: link.read(LONG_S))
        link.wake()
        assert is_awake(thread)
        link.close()


def test_a_reader_that_waits_ends_as_soon_as_it_is_stopped() -> None:
    told: list[LinkStatus] = []
    reader = PortReader(
        MODELS["hl7"], "listen://127.0.0.1:0", simulated=True, now=HandClock().record().now,
        on_heard=lambda status, _readings: told.append(status) if status else None,
    )  # fmt: skip
    reader.start()
    assert reader.stop(LONG_S / 2)


class SteppedPort:
    """A clock that goes on by exactly what is waited; a frame comes at its times. `waits`: each wait, s."""

    def __init__(self, protocol: str, frames: Iterator[tuple[float, bytes]]) -> None:
        self.clock = HandClock()
        self.told: list[LinkStatus] = []
        self.waits: list[float] = []
        self._frames = frames
        self._next = next(frames, (inf, b""))
        self._now_s = 0.0
        record = self.clock.record()
        reader = PortReader(
            MODELS[protocol], "COM3", simulated=True, now=record.now,
            on_heard=self._hear, opened=lambda *_how: self,
        )  # fmt: skip
        self._turns = reader.turns()

    def _hear(self, status: LinkStatus | None, _readings: list[Reading]) -> None:
        if status is not None:
            self.told.append(status)

    def read(self, timeout_s: float) -> bytes:
        at_s, data = self._next
        waited = min(timeout_s, at_s - self._now_s)
        self.waits.append(waited)
        self._now_s += waited
        self.clock.move(seconds=waited)
        if self._now_s < at_s:
            return b""
        self._next = next(self._frames, (inf, b""))
        return data

    def write(self, data: bytes) -> None:
        pass

    def wake(self) -> None:
        pass

    def close(self) -> None:
        pass

    def until(self, seconds: float) -> None:
        while self._now_s < seconds:
            rest_s = next(self._turns)
            self._now_s += rest_s
            self.clock.move(seconds=rest_s)


def records(count: int) -> Iterator[tuple[float, bytes]]:
    """One a second, of an S/5."""
    model = MODELS["datex-s5"]
    device = model.simulator(Patient(1), MonitorFaults())
    dialogue = model.dialogue(model.decoder())
    device.hear(dialogue.on_open(0.0), 0.0)
    found = [frame for at in range(5 * count + 5) for frame in device.due(float(at))]
    return ((0.9 + at, frame) for at, frame in enumerate(found[:count]))


def test_a_monitor_that_speaks_each_second_wakes_its_reader_once_a_second() -> None:
    port = SteppedPort("datex-s5", records(20))
    port.until(19.0)
    assert 19 <= len(port.waits) <= 21
    assert port.told[-1].state is LinkState.LIVE


def test_a_silence_is_judged_when_it_is_over_and_not_a_look_later() -> None:
    port = SteppedPort("datex-s5", records(3))
    port.until(30.0)
    stale = next(status for status in port.told if status.state is LinkState.STALE)
    assert stale.last_frame_at is not None
    assert stale.since - stale.last_frame_at == timedelta(seconds=MODELS["datex-s5"].silent_after_s)


@pytest.mark.parametrize("key", sorted(MODELS))
def test_before_it_is_due_a_dialogue_has_nothing_to_say(key: str) -> None:
    """Stepped finely for a minute, with the device silent for a while."""
    model = MODELS[key]
    decoder, device = model.decoder(), model.simulator(Patient(1), MonitorFaults())
    dialogue = model.dialogue(decoder)
    device.hear(dialogue.on_open(0.0), 0.0)
    due_s, said = dialogue.due_s(0.0), 0
    for step in range(1, int(60 / FINE_S)):
        now_s = step * FINE_S
        heard = b"".join(device.due(now_s)) if now_s < 20 or now_s > 45 else b""
        if heard:
            decoder.feed(heard)
        asked = dialogue.tick(now_s)
        assert not asked or heard or now_s >= due_s - 1e-6, now_s
        said += bool(asked)
        device.hear(asked, now_s)
        due_s = dialogue.due_s(now_s)
    assert said or due_s == inf


STREAMED = replace(MODELS["intellivue"], dialogue=lambda decoder: IntelliVueDialogue(decoder, extended=True))


@pytest.mark.parametrize("model", [*MODELS.values(), STREAMED], ids=[*MODELS, "streamed"])
def test_a_dialogue_wakes_its_reader_for_nothing_no_more_than_once_in_five_seconds(model: MonitorRow) -> None:
    """Its device answers at once; looked at when a frame comes and when it is due, and never sooner than 20 ms after the last."""
    decoder, device = model.decoder(), model.simulator(Patient(1), MonitorFaults())
    dialogue = model.dialogue(decoder)
    device.hear(dialogue.on_open(0.0), 0.0)
    now_s, idle = 0.0, 0
    while now_s < 30.0:
        due_s, coming_s = dialogue.due_s(now_s), device.next_s()
        now_s = max(min(due_s, inf if coming_s is None else coming_s, 30.0), now_s + 0.02)
        heard = b"".join(device.due(now_s))
        if heard:
            decoder.feed(heard)
        asked = dialogue.tick(now_s)
        device.hear(asked, now_s)
        idle += due_s <= now_s and not heard and not asked
    assert decoder.good
    assert idle <= 6
