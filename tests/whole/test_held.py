"""A program of its own that is really held (SIGSTOP) for what its monitor and its clock take for 40 s."""

import os
import select
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.domain.vitals.vital_signs import Quality, Reading
from devices.models import MODELS
from devices.simulators.faults import MonitorFaults
from devices.simulators.monitor_on_line import MonitorOnLine
from devices.simulators.patient import Patient
from devices.simulators.tcp_line import TcpLine
from tests.devices.stage import PATIENCE_S
from tests.fakes import BEGIN

from .held_reader import SECONDS, Read, ToldSeconds

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no other system can hold a program")

HELD_S = 40
_READ = msgspec.json.Decoder(Read)


class CountedLine(TcpLine):
    """Knows how many bytes are on their way."""

    sent = 0

    def write(self, data: bytes) -> int:
        sent = super().write(data)
        self.sent += sent
        return sent


class Held:
    """The program and its monitor. Time moves by a second at a step, and nobody goes on before all of it has arrived."""

    def __init__(self, protocol: str, folder: Path) -> None:
        patient, faults = Patient(), MonitorFaults()
        self._line, clock = CountedLine(), folder / "clock"
        self._monitor = MonitorOnLine(MODELS[protocol].simulator(patient, faults), self._line, patient, faults)
        clock.write_bytes(SECONDS.pack(0.0))
        self._clock, self._received = ToldSeconds(clock), 0
        self.now_s = 0
        self.readings: list[Reading] = []
        words = [sys.executable, "-m", "tests.whole.held_reader", protocol, self._line.url, str(clock)]
        self._program, self._said = subprocess.Popen(words, stdout=subprocess.PIPE), b""
        assert self._told() == Read(0, []), "a port that has just been opened throws away what came before"

    def step(self, seconds: int = 1) -> None:
        for _ in range(seconds):
            self._play()
            self._hear()

    def hold(self, seconds: int) -> None:
        self._program.send_signal(signal.SIGSTOP)
        _, status = os.waitpid(self._program.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        for _ in range(seconds):
            self._play()
        self._program.send_signal(signal.SIGCONT)

    def _play(self) -> None:
        self.now_s += 1
        self._clock.move_to(self.now_s)
        self._monitor.step(self.now_s)

    def _hear(self) -> None:
        while self._received < self._line.sent:
            read = self._told()
            self._received += read.received
            self.readings += read.readings

    def _told(self) -> Read:
        assert self._program.stdout is not None
        while b"\n" not in self._said:
            assert select.select([self._program.stdout], [], [], PATIENCE_S)[0], "it says nothing"
            more = os.read(self._program.stdout.fileno(), 1 << 16)
            assert more, "it has ended"
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return _READ.decode(line)

    def spo2(self, after_s: int) -> list[tuple[int, Quality]]:
        """When each value was so, in seconds of the clock, and what it is worth; of those that came later than `after_s`."""
        came_after = BEGIN + timedelta(seconds=after_s)
        found = [r for r in self.readings if r.sample.vital == "spo2" and r.received_at > came_after]
        return [(round((r.measured_at - BEGIN).total_seconds()), r.sample.quality) for r in found]

    def end(self) -> None:
        self._program.kill()
        self._program.communicate()
        self._line.close()


@pytest.mark.parametrize("protocol", ["masimo", "contec-v5"])
def test_what_came_while_a_program_was_held_stands_at_its_own_time_or_is_no_value_of_now(protocol: str, tmp_path: Path) -> None:
    held = Held(protocol, tmp_path)
    try:
        held.step(20)
        before_s = held.now_s
        held.hold(HELD_S)
        held.step()
        waited = held.spo2(before_s)
        if protocol == "masimo":  # prints its clock
            assert waited == [(before_s + second, Quality.OK) for second in range(1, HELD_S + 2)]
        else:
            assert waited
            assert {quality for _at_s, quality in waited} == {Quality.STALE}
        after_s = held.now_s
        held.step(10)
        assert held.spo2(after_s)[-5:] == [(held.now_s - ago_s, Quality.OK) for ago_s in (4, 3, 2, 1, 0)]
    finally:
        held.end()
