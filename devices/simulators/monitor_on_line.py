"""A simulated monitor at its end of the line: it hears, sends, breaks and mends, and has no clock and no thread."""

from itertools import groupby

from devices.protocols import SimulatedDevice

from .faults import MonitorFaults
from .patient import Patient
from .tcp_line import SimulatedLine


class MonitorOnLine:
    """`step` it often; seconds are simulated ones since the start."""

    def __init__(self, monitor: SimulatedDevice, line: SimulatedLine, patient: Patient, faults: MonitorFaults) -> None:
        self.monitor, self.line = monitor, line
        self._patient, self._faults = patient, faults
        self._is_plugged = True
        self._stepped_s = float("-inf")

    def step(self, now_s: float) -> None:
        """Take what the client said and send what is due."""
        self.mind_the_plug(now_s)
        self.monitor.hear(self.line.read(), now_s)
        self._send(self.monitor.due(now_s), now_s)

    def mind_the_plug(self, now_s: float) -> None:
        """Pull and plug in as often as it was due since the last step: who comes late passes over no pull."""
        for at_s in (*self._faults.changes(self._stepped_s, now_s), now_s):
            should_be_plugged = not self._faults.holds("unplug", at_s)
            if should_be_plugged != self._is_plugged:
                (self.line.plug if should_be_plugged else self.line.unplug)()
                self._is_plugged = should_be_plugged
        self._stepped_s = now_s

    def _send(self, frames: list[bytes], now_s: float) -> None:
        """A frame of nothing is a break in a recording."""
        for is_whole, part in groupby(frames, key=bool):
            if is_whole:
                self.line.write(b"".join(self._sent(frame, now_s) for frame in part))
            else:
                self.line.part()
                self.line.plug()

    def _sent(self, frame: bytes, now_s: float) -> bytes:
        if self.line.is_garbled():
            return self._faults.garbled(frame)
        return self._faults.damaged(frame, now_s)

    def next_s(self, now_s: float) -> float | None:
        """When it has something to do without being asked."""
        times = [at for at in (self.monitor.next_s(), self._faults.next_change_s(now_s)) if at is not None]
        return min(times, default=None)

    def set_clock(self, now_s: float, to_s: float) -> None:
        """Its time jumps; what is broken stays so for as long as it would have."""
        self.mind_the_plug(now_s)
        self._faults.clock_set(now_s, to_s)
        self._stepped_s = to_s

    def break_by(self, name: str, at_s: float) -> None:
        """Schedule a fault, or the patient's reaction; raises `Refused` for a name that is none."""
        break_at(self._faults, self._patient, name, at_s)

    def mend(self, at_s: float) -> None:
        """Cable, sensors and patient are well again."""
        self._faults.mend(at_s)
        self._patient.reaction_at_s, self._patient.low_spo2_s = None, (0.0, 0.0)


def break_at(faults: MonitorFaults, patient: Patient, name: str, at_s: float) -> None:
    """Schedule a fault, or what happens to the patient; raises `Refused` for a name that is none."""
    fault = faults.add(name, at_s)
    if fault.name == "reaction":
        patient.reaction_at_s = at_s
    elif fault.name == "low-spo2":
        patient.low_spo2_s = (fault.start_s, fault.end_s)
