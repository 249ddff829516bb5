"""What goes wrong with a monitor, its sensors and its cable: on demand, at a minute, for a while."""

from random import Random
from typing import NamedTuple

from app.domain.errors import Refused
from app.domain.texts import say

DURATIONS_S = {
    "unplug": 60.0,
    "noise": 60.0,
    "half-frames": 60.0,
    "flip-bit": 15.0,
    "sensor-off": 120.0,
    "lead-off": 120.0,
    "nibp-fail": 300.0,
    "silence": 120.0,
    "searching": 60.0,
    "demo": 120.0,
    "test": 120.0,
    "kpa": 900.0,
    "fahrenheit": 900.0,
    "error-reply": 15.0,
    "reboot": 20.0,
    "low-spo2": 120.0,
    "reaction": 0.0,
}


class TimedFault(NamedTuple):
    """A fault that holds from `start_s` to `end_s`, simulated seconds."""

    name: str
    start_s: float
    end_s: float


class MonitorFaults:
    """The faults of one rehearsal; damage to bytes is the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = Random(f"{seed} faults")
        self._known: list[TimedFault] = []

    def add(self, name: str, start_s: float) -> TimedFault:
        """Start a fault; raises `Refused` for a name that is none."""
        name = name.replace("_", "-")
        if name not in DURATIONS_S:
            raise Refused(say("There is no fault “{name}”. Known: {known}.", name=name, known=", ".join(DURATIONS_S)))
        fault = TimedFault(name, start_s, start_s + DURATIONS_S[name])
        self._known.append(fault)
        return fault

    def holds(self, name: str, now_s: float) -> bool:
        return bool(self._known) and any(f.name == name and f.start_s <= now_s < f.end_s for f in self._known)

    def mend(self, now_s: float) -> None:
        """What is broken is well again."""
        self._known = [fault if fault.end_s <= now_s else fault._replace(end_s=now_s) for fault in self._known]

    def clock_set(self, now_s: float, to_s: float) -> None:
        """The clock jumps: what holds now goes on for as long as it would have, and what is over does not come again."""
        left = [fault for fault in self._known if fault.end_s > now_s]
        self._known = [_moved(fault, to_s - now_s) if fault.start_s <= now_s else fault for fault in left]

    def changes(self, after_s: float, until_s: float) -> list[float]:
        """When faults began or ended within that time."""
        return sorted({at for f in self._known for at in f[1:] if after_s < at <= until_s})

    def next_change_s(self, now_s: float) -> float | None:
        """When the next fault begins or ends."""
        return min((at for f in self._known for at in f[1:] if at > now_s), default=None)

    def damaged(self, frame: bytes, now_s: float) -> bytes:
        """The frame as it arrives at the other end of the cable."""
        if not self._known:
            return frame
        if self.holds("silence", now_s):
            return b""
        if self.holds("half-frames", now_s):
            frame = frame[: self._random.randrange(1, max(2, len(frame)))]
        if self.holds("flip-bit", now_s):
            frame = self._flipped(frame)
        if self.holds("noise", now_s):
            frame = self._noise() + frame + self._noise()
        return frame

    def garbled(self, frame: bytes) -> bytes:
        """What a port set to the wrong baud rate makes of a frame."""
        return self._random.randbytes(len(frame))

    def _noise(self) -> bytes:
        return self._random.randbytes(self._random.randrange(1, 40))

    def _flipped(self, frame: bytes) -> bytes:
        place = self._random.randrange(1, len(frame) - 1) if len(frame) > 2 else len(frame) - 1
        flipped = frame[place] ^ (1 << self._random.randrange(8))
        return frame[:place] + bytes((flipped,)) + frame[place + 1 :]


def _moved(fault: TimedFault, by_s: float) -> TimedFault:
    return TimedFault(fault.name, fault.start_s + by_s, fault.end_s + by_s)


def parsed(text: str) -> tuple[str, float]:
    """`unplug@20` → ("unplug", 1200.0): a fault and the second at which it begins; raises `Refused`."""
    name, _, minute = text.partition("@")
    try:
        at_s = float(minute or 0) * 60
    except ValueError:
        at_s = -1.0
    if not 0 <= at_s < float("inf"):
        raise Refused(say("“{text}” is not a fault at a minute, such as unplug@20.", text=text))
    return name, at_s
