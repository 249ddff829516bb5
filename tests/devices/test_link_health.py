"""A line's health: every state is reached and told, no wait grows without end, no clock of 32 bits makes a jump."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from queue import SimpleQueue

import pytest

from devices.link import LinkError, LinkState, PortSettings
from devices.models import MODELS
from devices.protocols import Decoder
from devices.protocols.datex_s5.decoder import DatexS5
from devices.protocols.intellivue import association
from devices.protocols.intellivue.decoder import IntelliVue
from devices.simulators.tcp_line import TcpLine
from devices.transport import PortLink, open_link
from tests.devices.protocols.intellivue_results import HR, NOON, answer, one, start
from tests.devices.protocols.s5_records import Basic, shown

from .stage import S5, Watch, reader_of, reading, staged

MASIMO = MODELS["masimo"]


class NoPort:
    """A port that cannot be opened so many times, and then can."""

    def __init__(self, times: int) -> None:
        self.tried_at: SimpleQueue[datetime] = SimpleQueue()
        self.now: Callable[[], datetime] = lambda: datetime(2026, 11, 22, tzinfo=UTC)
        self._left = times

    def open(self, url: str, settings: PortSettings) -> PortLink:
        self.tried_at.put(self.now())
        self._left -= 1
        if self._left >= 0:
            raise LinkError(S5.label)
        return open_link(url, settings)


def test_it_is_tried_again_for_ever_and_never_more_than_ten_seconds_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    port, watch = NoPort(30), Watch()
    monkeypatch.setattr("devices.reader.open_link", port.open)
    with staged(speed=300.0) as stage:
        reader = reader_of(stage.url, watch, speed=300.0)
        port.now = reader._now
        reader.start()
        watch.until_state(LinkState.LIVE)
        assert reader.stop()
    tried = [port.tried_at.get() for _ in range(31)]
    waits = sorted((after - before).total_seconds() for before, after in pairwise(tried[5:]))
    assert waits[0] >= 10.0
    assert waits[len(waits) // 2] < 30.0
    assert watch.states == [LinkState.OPENING, LinkState.ABSENT, LinkState.NEGOTIATING, LinkState.LIVE]


def test_every_state_is_reached_and_told() -> None:
    line = TcpLine()
    line.unplug()
    with reading(line.url, speed=300.0, model=MASIMO) as watch:
        watch.until_state(LinkState.ABSENT)
        line.plug()
        with staged(line, speed=300.0, model=MASIMO) as stage:
            watch.until_state(LinkState.LIVE)
            stage.command("fault silence")
            watch.until_state(LinkState.STALE)
            watch.until_state(LinkState.LIVE)
            stage.command("fault unplug")
            watch.until_state(LinkState.LOST)
            watch.until_state(LinkState.LIVE)
    with staged(speed=300.0) as stage, reading(stage.url, speed=300.0) as asked:
        asked.until_state(LinkState.LIVE)
    assert set(watch.states) | set(asked.states) == set(LinkState)
    assert watch.states[:4] == [LinkState.OPENING, LinkState.ABSENT, LinkState.LISTENING, LinkState.LIVE]
    assert watch.states[-4:-1] == [LinkState.LOST, LinkState.LISTENING, LinkState.LIVE]
    assert all(status.hint for status in watch.statuses if status.state in (LinkState.ABSENT, LinkState.STALE, LinkState.LOST))


def device_times(decoder: Decoder, wires: list[bytes]) -> list[datetime]:
    return [s.device_time for wire in wires for s in decoder.feed(wire) if s.vital == "hr" and s.device_time is not None]


def test_the_clock_of_an_s5_goes_on_when_its_seconds_begin_again() -> None:
    last = 2**32 - 5
    times = device_times(DatexS5(), [shown(Basic(hr=70), at % 2**32) for at in range(last, last + 20, 5)])
    assert [after - times[0] for after in times] == [timedelta(seconds=5 * n) for n in range(4)]


def test_the_clock_of_an_s5_that_is_set_back_is_believed() -> None:
    times = device_times(DatexS5(), [shown(Basic(hr=70), at) for at in (2**32 - 5, 3, 2**32 - 1, 2**31, 7)])
    assert [at.year for at in times] == [2106, 2106, 2106, 2038, 1970]


def test_the_ticks_of_an_intellivue_begin_again_without_a_jump() -> None:
    second = association.TICKS_PER_S
    first = 2**32 - 2 * second
    polls = [answer(one(HR, "88"), ticks=(first + n * second) % 2**32) for n in range(5)]
    times = device_times(IntelliVue(), [start(first, NOON), *polls])
    assert times == [NOON + timedelta(seconds=n) for n in range(5)]
