"""The loop that plays a simulated monitor on its line, by a clock of its own and at the word of whoever steers it."""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Protocol

from app.domain.errors import Refused
from app.domain.texts import Text
from devices.protocols import SimulatedDevice

from .faults import MonitorFaults
from .monitor_on_line import MonitorOnLine
from .patient import Patient
from .tcp_line import SimulatedLine

_FRAMES_A_REAL_SECOND = 80
_MOST_APART_S = 15.0
_LONGEST_WAIT_REAL_S = 0.5


class SimulatorClock(Protocol):
    """Simulated seconds since the start, at a speed that may change."""

    speed: float

    def now_s(self) -> float: ...

    def advance_to(self, scaled_s: float, /) -> None: ...


class SimulatorCommands:
    """Lines from whoever steers the simulator, taken on a thread of their own; the end of the lines is `quit`."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._queue: SimpleQueue[str] = SimpleQueue()
        self.bell, self._rope = socket.socketpair()
        self.bell.setblocking(False)
        threading.Thread(target=self._take, args=(lines,), name="simulator commands", daemon=True).start()

    def _take(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._put(line.strip())
        self._put("quit")

    def _put(self, command: str) -> None:
        self._queue.put(command)
        with suppress(OSError):
            self._rope.send(b"!")

    def close(self) -> None:
        self.bell.close()
        self._rope.close()

    def waiting(self) -> list[str]:
        """What has come since the last call."""
        commands: list[str] = []
        try:
            self.bell.recv(4096)
        except BlockingIOError:
            return commands
        while True:
            try:
                commands.append(self._queue.get_nowait())
            except Empty:
                return commands


class SimulatorServer:
    """Runs one monitor on one line until told to quit. `tell` is given JSON lines for whoever listens."""

    def __init__(
        self,
        monitor: SimulatedDevice,
        line: SimulatedLine,
        patient: Patient,
        faults: MonitorFaults,
        clock: SimulatorClock,
        tell: Callable[[str], None],
        ends_with_monitor: bool = False,
    ) -> None:
        self._ends_with_monitor = ends_with_monitor
        self._played = MonitorOnLine(monitor, line, patient, faults)
        self._monitor, self._line = monitor, line
        self._clock = clock
        self._tell = tell
        self._has_ended = False
        self._nothing = threading.Event()

    def run(self, commands: SimulatorCommands | None = None) -> None:
        self._set_speed(self._clock.speed)
        try:
            while not self._has_ended:
                self._step()
                self._wait([commands.bell] if commands else [])
                for command in commands.waiting() if commands else []:
                    self._obey(command)
        finally:
            self._line.close()

    def _step(self) -> None:
        self._played.step(self._clock.now_s())
        if self._ends_with_monitor and self._monitor.next_s() is None:
            self._line.part()
            self._has_ended = True

    def _wait(self, bells: list[socket.socket]) -> None:
        now_s = self._clock.now_s()
        next_s = self._played.next_s(now_s)
        real_s = _LONGEST_WAIT_REAL_S if next_s is None else (next_s - now_s) / self._clock.speed
        timeout_s = min(_LONGEST_WAIT_REAL_S, max(0.0, real_s))
        readers, writers = [*self._line.readers(), *bells], self._line.writers()
        if readers or writers:
            select.select(readers, writers, [], timeout_s)
        else:  # Windows does not wait for nothing
            self._nothing.wait(timeout_s)

    def _obey(self, command: str) -> None:
        """`speed 60`, `fault unplug`, `mend`, `clock 900`, `quit`; what is none of these is told and passed over."""
        word, _, rest = command.partition(" ")
        try:
            self._act(word, rest)
        except (Refused, ValueError) as error:
            self._tell(json.dumps({"refused": command, "reason": str(error)}))

    def _act(self, word: str, rest: str) -> None:
        if word == "quit":
            self._has_ended = True
        elif word == "speed":
            self._set_speed(float(rest))
        elif word == "clock":
            self._set_clock(float(rest))
        elif word == "mend":
            self._played.mend(self._clock.now_s())
        elif word == "fault":
            self._played.break_by(rest, self._clock.now_s())
        elif word:
            raise Refused(Text("no such command"))

    def _set_clock(self, to_s: float) -> None:
        self._played.set_clock(self._clock.now_s(), to_s)
        self._clock.advance_to(to_s)

    def _set_speed(self, speed: float) -> None:
        """At high speed frames are left out rather than queued; that is told."""
        if not 0 < speed < float("inf"):
            raise ValueError("a speed is above 0")
        self._clock.speed = speed
        apart_s = min(_MOST_APART_S, speed / _FRAMES_A_REAL_SECOND)
        if self._monitor.thin(apart_s):
            self._tell(json.dumps({"thinned": True, "speed": speed, "seconds_between_frames": apart_s}))
