"""A simulated monitor on a real line, a reader at its other end, and somebody who waits for what must come."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from app.domain.vitals.vital_signs import Reading
from app.services.clock import RecordClock, ScaledClock
from devices.device_rows import MonitorRow
from devices.link import LinkState, LinkStatus
from devices.models import MODELS
from devices.reader import PortReader
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from devices.simulators.serve import SimulatorCommands, SimulatorServer
from devices.simulators.tcp_line import SimulatedLine, TcpLine

S5 = MODELS["datex-s5"]
PATIENCE_S = 10.0


class Watch:
    """What the reader handed over, and a way to wait for more without sleeping."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.statuses: list[LinkStatus] = []
        self._changed = threading.Condition()

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


def reader_of(url: str, watch: Watch, speed: float = 60.0, model: MonitorRow = S5) -> PortReader:
    clock = ScaledClock(speed)
    return PortReader(
        model,
        url,
        simulated=True,
        now=RecordClock(clock).now,
        on_readings=watch.on_readings,
        on_link=watch.on_link,
        speed=lambda: clock.speed,
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
