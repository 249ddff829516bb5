"""A line's health: every state is reached and told, no wait grows without end, no clock of 32 bits makes a jump."""

from datetime import datetime, timedelta

from devices.link import LinkError, LinkState, PortSettings
from devices.models import MODELS
from devices.protocols import Decoder
from devices.protocols.datex_s5.decoder import DatexS5
from devices.protocols.intellivue import association
from devices.protocols.intellivue.decoder import IntelliVue
from devices.simulators.tcp_line import TcpLine
from devices.transport import PortLink
from tests.devices.protocols.intellivue_results import HR, NOON, answer, one, start
from tests.devices.protocols.s5_records import Basic, shown

from .stage import S5, Watch, reader_of, stepped

MASIMO = MODELS["masimo"]


def no_port(_url: str, _settings: PortSettings) -> PortLink:
    raise LinkError(S5.label)


def test_it_is_tried_again_for_ever_and_never_more_than_ten_seconds_apart() -> None:
    watch = Watch()
    turns = reader_of("nowhere", watch, opened=no_port).turns()
    rests = [next(turns) for _ in range(30)]
    assert rests[:4] == [1.0, 2.0, 5.0, 10.0]
    assert set(rests[4:]) == {10.0}
    assert watch.states == [LinkState.OPENING, LinkState.ABSENT]


def test_a_port_that_comes_late_is_found() -> None:
    line = TcpLine()
    line.unplug()
    with stepped(line) as stage:
        stage.until_state(LinkState.ABSENT)
        stage.step(120)
        line.plug()
        stage.until_state(LinkState.LIVE)
        assert stage.watch.states == [LinkState.OPENING, LinkState.ABSENT, LinkState.NEGOTIATING, LinkState.LIVE]


def test_every_state_is_reached_and_told() -> None:
    line = TcpLine()
    line.unplug()
    with stepped(line, MASIMO) as stage, stepped() as asked:
        watch = stage.watch
        stage.until_state(LinkState.ABSENT)
        line.plug()
        stage.until_state(LinkState.LIVE)
        stage.fault("silence")
        stage.until_state(LinkState.STALE)
        stage.until_state(LinkState.LIVE)
        stage.fault("unplug")
        stage.until_state(LinkState.LOST)
        stage.until_state(LinkState.LIVE)
        asked.until_state(LinkState.LIVE)
        assert set(watch.states) | set(asked.watch.states) == set(LinkState)
    assert watch.states[:4] == [LinkState.OPENING, LinkState.ABSENT, LinkState.LISTENING, LinkState.LIVE]
    assert watch.states[-4:] == [LinkState.LIVE, LinkState.LOST, LinkState.LISTENING, LinkState.LIVE]
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
