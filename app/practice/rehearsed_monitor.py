"""The monitor of a rehearsal and the reader at the other end of its line: one plays its turn, then the other."""

import json
import os
from collections.abc import Callable, Iterator

from app.program.open_record import Parts
from devices.device_rows import MonitorRow
from devices.models import MODELS
from devices.reader import PortReader
from devices.simulators.faults import MonitorFaults
from devices.simulators.monitor_on_line import MonitorOnLine
from devices.simulators.patient import Patient
from devices.simulators.stepped_wire import SteppedWire
from devices.simulators.tcp_line import SimulatedLine, TcpLine

#: No two frames come closer, whatever the speed: a rehearsal need not keep what an oximeter says 60 times a second.
APART_S = 5.0


class RehearsedMonitor:
    """A simulated monitor on a real line, read by the program's own reader.

    Both move only in `turn`: all bytes of a step are read and decided on before the next, however slow the machine.
    """

    def __init__(
        self,
        protocol: str,
        seed: int,
        tell: Callable[[str], None],
        line: SimulatedLine | None = None,
        played: MonitorRow | None = None,
    ) -> None:
        self._model = MODELS[protocol]
        self._wire = SteppedWire(line or _line(self._model))
        patient, faults = Patient(seed), MonitorFaults(seed)
        monitor = (played or self._model).simulator(patient, faults)
        self._played = MonitorOnLine(monitor, self._wire, patient, faults)
        if monitor.thin(APART_S):
            tell(json.dumps({"thinned": True, "seconds_between_frames": APART_S}))
        self._reader: PortReader | None = None
        self._turns: Iterator[float] = iter(())
        self._rest_until_s = 0.0

    @property
    def url(self) -> str:
        return self._wire.url

    def read_into(self, parts: Parts) -> None:
        """From now on its readings come to the bedside, and its bytes to the ring, on the thread that plays."""
        protocol, bedside, ring = self._model.protocol, parts.bedside, parts.ring
        self._reader = parts.readers[self.url] = PortReader(
            self._model,
            self.url,
            simulated=True,
            now=bedside.now,
            on_readings=bedside.take_readings,
            on_link=bedside.take_link,
            on_bytes=lambda data: ring.take(self.url, protocol, data),
            opened=self._wire.open,
        )
        self._turns = self._reader.turns()

    def turn(self, now_s: float) -> None:
        """The monitor sends what is due; the reader takes all of it, or the end of its port."""
        self._played.step(now_s)
        self._read(now_s)
        while self._wire.has_news:
            self._read(now_s)

    def _read(self, now_s: float) -> None:
        if now_s >= self._rest_until_s:
            self._rest_until_s = now_s + next(self._turns)

    def fault(self, name: str, now_s: float) -> None:
        """Something breaks now."""
        self._played.break_by(name, now_s)

    def stop_reading(self) -> None:
        """As when a program ends: the monitor is told, and the port closed."""
        if self._reader is not None:
            self._reader.stop()
        for _rest_s in self._turns:
            pass

    def close(self) -> None:
        self._wire.close()


def _line(model: MonitorRow) -> SimulatedLine:
    """A terminal where there are any."""
    if os.name != "posix":
        return TcpLine()
    from devices.simulators.pty_line import PtyLine

    return PtyLine(model.protocol, model.settings.baud)
