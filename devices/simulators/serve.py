"""A simulated monitor on its line: the loop that hears, sends, breaks and mends."""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Protocol

from app.domain.errors import Refused
from app.domain.texts import Text
from devices.protocols import SimulatedDevice

from .faults import MonitorFaults
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
        self._monitor = monitor
        self._line = line
        self._patient = patient
        self._faults = faults
        self._clock = clock
        self._tell = tell
        self._is_plugged = True
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
        now_s = self._clock.now_s()
        self._mind_the_plug(now_s)
        self._monitor.hear(self._line.read(), now_s)
        self._send(self._monitor.due(now_s), now_s)
        if self._ends_with_monitor and self._monitor.next_s() is None:
            self._line.part()
            self._has_ended = True

    def _send(self, frames: list[bytes], now_s: float) -> None:
        """A frame of nothing is a break in a recording."""
        for is_whole, part in groupby(frames, key=bool):
            if is_whole:
                self._line.write(b"".join(self._sent(frame, now_s) for frame in part))
            else:
                self._line.part()
                self._line.plug()

    def _sent(self, frame: bytes, now_s: float) -> bytes:
        if self._line.is_garbled():
            return self._faults.garbled(frame)
        return self._faults.damaged(frame, now_s)

    def _mind_the_plug(self, now_s: float) -> None:
        should_be_plugged = not self._faults.holds("unplug", now_s)
        if should_be_plugged != self._is_plugged:
            (self._line.plug if should_be_plugged else self._line.unplug)()
            self._is_plugged = should_be_plugged

    def _wait(self, bells: list[socket.socket]) -> None:
        now_s = self._clock.now_s()
        times = [at for at in (self._monitor.next_s(), self._faults.next_change_s(now_s)) if at is not None]
        real_s = (min(times) - now_s) / self._clock.speed if times else _LONGEST_WAIT_REAL_S
        timeout_s = min(_LONGEST_WAIT_REAL_S, max(0.0, real_s))
        readers, writers = [*self._line.readers(), *bells], self._line.writers()
        if readers or writers:
            select.select(readers, writers, [], timeout_s)
        else:  # Windows does not wait for nothing
            self._nothing.wait(timeout_s)

    def _obey(self, command: str) -> None:
        """`speed 60`, `fault unplug`, `clock 900`, `quit`; what is none of these is told and passed over."""
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
        elif word == "fault":
            break_at(self._faults, self._patient, rest, self._clock.now_s())
        elif word:
            raise Refused(Text("no such command"))

    def _set_clock(self, to_s: float) -> None:
        self._faults.clock_set(self._clock.now_s(), to_s)
        self._clock.advance_to(to_s)

    def _set_speed(self, speed: float) -> None:
        """At high speed frames are left out rather than queued; that is told."""
        if not 0 < speed < float("inf"):
            raise ValueError("a speed is above 0")
        self._clock.speed = speed
        apart_s = min(_MOST_APART_S, speed / _FRAMES_A_REAL_SECOND)
        if self._monitor.thin(apart_s):
            self._tell(json.dumps({"thinned": True, "speed": speed, "seconds_between_frames": apart_s}))


def break_at(faults: MonitorFaults, patient: Patient, name: str, at_s: float) -> None:
    """Schedule a fault, or the patient's reaction; raises `Refused` for a name that is none."""
    if faults.add(name, at_s).name == "reaction":
        patient.reaction_at_s = at_s
