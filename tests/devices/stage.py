"""A simulated monitor on a real line, a reader at its other end, and somebody who waits for what must come."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from queue import SimpleQueue

from app.domain.vitals.vital_signs import Reading
from app.services.clock import RecordClock, ScaledClock
from devices.device_rows import MonitorRow
from devices.link import LinkState, LinkStatus, PortSettings
from devices.models import MODELS
from devices.reader import PortReader
from devices.simulators.faults import MonitorFaults
from devices.simulators.monitor_on_line import MonitorOnLine
from devices.simulators.patient import Patient
from devices.simulators.played_in_turn import PlayedInTurn
from devices.simulators.serve import SimulatorCommands, SimulatorServer
from devices.simulators.stepped_wire import SteppedWire
from devices.simulators.tcp_line import SimulatedLine, TcpLine
from devices.transport import PortLink, open_link
from tests.fakes import HandClock

S5 = MODELS["datex-s5"]
#: Nothing is asserted of it: so long a machine may stall before a test that waits is given up.
PATIENCE_S = 120.0

Opened = Callable[[str, PortSettings], PortLink]


class Watch:
    """What the reader handed over, and a way to wait for more without sleeping."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.statuses: list[LinkStatus] = []
        self._changed = threading.Condition()

    def on_heard(self, told: LinkStatus | None, readings: list[Reading]) -> None:
        if told is not None:
            self.on_link(told)
        if readings:
            self.on_readings(readings)

    def on_readings(self, readings: list[Reading]) -> None:
        with self._changed:
            self.readings += readings
            self._changed.notify_all()

    def on_link(self, status: LinkStatus) -> None:
        with self._changed:
            self.statuses.append(status)
            self._changed.notify_all()

    def until(self, has_come: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(has_come, PATIENCE_S), self.statuses[-3:]

    def until_state(self, state: LinkState) -> LinkStatus:
        self.until(lambda: bool(self.statuses) and self.statuses[-1].state is state)
        return self.statuses[-1]

    def until_more_readings(self) -> None:
        before = len(self.readings)
        self.until(lambda: len(self.readings) > before)

    @property
    def states(self) -> list[LinkState]:
        """Each state once, in order."""
        states: list[LinkState] = []
        for status in self.statuses:
            if not states or status.state is not states[-1]:
                states.append(status.state)
        return states


class Stage:
    """Runs one simulated monitor on its own thread until the test ends."""

    def __init__(self, line: SimulatedLine, speed: float, model: MonitorRow) -> None:
        self.url = line.url
        self.told: SimpleQueue[str] = SimpleQueue()
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._commands = SimulatorCommands(iter(self._lines.get, None))
        patient, faults = Patient(), MonitorFaults()
        monitor = model.simulator(patient, faults)
        server = SimulatorServer(monitor, line, patient, faults, ScaledClock(speed), self.told.put)
        self._thread = threading.Thread(target=server.run, args=(self._commands,), name="simulated monitor")
        self._thread.start()

    def command(self, line: str) -> None:
        self._lines.put(line)

    def hears(self) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.told.get(timeout=PATIENCE_S))
        return answer

    def end(self) -> None:
        self._lines.put(None)
        self._thread.join(PATIENCE_S)
        self._commands.close()
        assert not self._thread.is_alive()


@contextmanager
def staged(line: SimulatedLine | None = None, speed: float = 60.0, model: MonitorRow = S5) -> Iterator[Stage]:
    stage = Stage(line or TcpLine(), speed, model)
    try:
        yield stage
    finally:
        stage.end()


class SteppedStage:
    """The same three, played in turn: time moves by a second at a step and waits for all of them."""

    def __init__(self, line: SimulatedLine | None = None, model: MonitorRow = S5) -> None:
        self.connections = 0
        self._line, self.watch, self._clock = line or TcpLine(), Watch(), HandClock()
        wire, patient, faults = SteppedWire(self._line), Patient(), MonitorFaults()
        played = self._played = MonitorOnLine(model.simulator(patient, faults), wire, patient, faults)
        self._record = self._clock.record()
        reader = PortReader(
            model,
            wire.url,
            simulated=True,
            now=self._record.now,
            on_heard=self.watch.on_heard,
            on_bytes=self._note,
            opened=wire.open,
        )
        self._pair = PlayedInTurn(played, wire, reader)

    def _note(self, data: bytes) -> None:
        self.connections += not data

    def fault(self, name: str) -> None:
        self._pair.fault(name, self._clock.now_s())

    def hold(self, seconds: int) -> None:
        """The monitor goes on, and nobody reads what it sends."""
        for _ in range(seconds):
            self._clock.move(seconds=1)
            self._played.step(self._clock.now_s())

    @property
    def now(self) -> datetime:
        return self._record.now()

    def step(self, seconds: int = 1) -> None:
        for _ in range(seconds):
            self._clock.move(seconds=1)
            self._pair.turn(self._clock.now_s())

    def until(self, has_come: Callable[[], bool], within_min: int = 10) -> None:
        for _ in range(within_min * 60):
            if has_come():
                return
            self.step()
        raise AssertionError(self.watch.statuses[-3:])

    def until_state(self, state: LinkState) -> LinkStatus:
        self.until(lambda: bool(self.watch.statuses) and self.watch.statuses[-1].state is state)
        return self.watch.statuses[-1]

    def end(self) -> None:
        self._pair.stop_reading()
        self._line.close()


@contextmanager
def stepped(line: SimulatedLine | None = None, model: MonitorRow = S5) -> Iterator[SteppedStage]:
    stage = SteppedStage(line, model)
    try:
        yield stage
    finally:
        stage.end()


def reader_of(url: str, watch: Watch, speed: float = 60.0, model: MonitorRow = S5, opened: Opened = open_link) -> PortReader:
    clock = ScaledClock(speed)
    return PortReader(
        model,
        url,
        simulated=True,
        now=RecordClock(clock).now,
        on_heard=watch.on_heard,
        speed=lambda: clock.speed,
        opened=opened,
    )


@contextmanager
def reading(url: str, speed: float = 60.0, model: MonitorRow = S5) -> Iterator[Watch]:
    """A started reader, stopped at the end whatever happens."""
    watch = Watch()
    reader = reader_of(url, watch, speed, model)
    reader.start()
    try:
        yield watch
    finally:
        assert reader.stop()
