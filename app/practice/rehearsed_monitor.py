"""The monitor of a rehearsal, on a real line, and the reader at its other end."""

import json
import os
from collections.abc import Callable

from app.program.bed_monitors import PortReaders
from devices.device_rows import MonitorRow
from devices.models import MODELS
from devices.simulators.faults import MonitorFaults
from devices.simulators.monitor_on_line import MonitorOnLine
from devices.simulators.patient import Patient
from devices.simulators.played_in_turn import PlayedInTurn
from devices.simulators.stepped_wire import SteppedWire
from devices.simulators.tcp_line import SimulatedLine, TcpLine

#: No two frames come closer, whatever the speed: a rehearsal need not keep what an oximeter says 60 times a second.
APART_S = 5.0


class RehearsedMonitor:
    """A simulated monitor that moves only when it is played in turn with its reader.

    `played`: another simulator than that of the protocol.
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

    def read_into(self, ports: PortReaders) -> PlayedInTurn:
        """Its readings come to the bedside on the thread that plays it."""
        return PlayedInTurn(self._played, self._wire, ports.read_in_turn(self._wire.url, self._model.protocol, self._wire.open))

    def close(self) -> None:
        self._wire.close()


def _line(model: MonitorRow) -> SimulatedLine:
    """A terminal where there are any."""
    if os.name != "posix":
        return TcpLine()
    from devices.simulators.pty_line import PtyLine

    return PtyLine(model.protocol, model.settings.baud)
