"""An IntelliVue at its MIB port: silent until associated, then it answers polls, byte for byte like a real one."""

from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from devices.protocols.intellivue import association, mib
from devices.protocols.intellivue.association import TICKS_PER_S, AssociationKind, AssociationMessage, AssociationTerms
from devices.protocols.intellivue.data_pdu import (
    ALL_GROUPS,
    DATA_EXPORT,
    EXTENDED_POLL,
    MDS,
    METRIC,
    MalformedPdu,
    MdsConfirmed,
    MdsCreated,
    PolledObject,
    PollRequest,
    RemoteError,
    message,
)
from devices.protocols.intellivue.observed_values import MeasurementState
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from . import simulated_messages as words
from .simulated_numerics import SimulatedNumerics

NAMES = ("Bedside", "SIMULATOR")
_MTUS = (300, 996)
_START_ANSWER_S = 10.0
_STREAM_S = 1.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROLLOVER = 1 << 32
_BEFORE_ROLLOVER_S = 1200
"""Its ticks begin again so long after its start: every rehearsal sees that happen."""
_FASTEST_PATIENCE = 30
"""At high speed it waits at least so many of its own shortest intervals for a client."""


class _ServingPhase(Enum):
    FREE = auto()
    STARTING = auto()
    SERVING = auto()


class _ExtendedPoll:
    """An extended poll that is being answered again and again."""

    def __init__(self, asked: PollRequest, now_s: float) -> None:
        self.asked = asked
        self.until_s = now_s + asked.period_ticks / TICKS_PER_S
        self.next_s = now_s
        self.sequence = 0


class IntelliVueMonitor:
    """Bytes of one monitor. Its date starts at `clock_s` (Unix), years off; `mark` is set on each of its numbers."""

    def __init__(
        self,
        patient: Patient,
        faults: MonitorFaults,
        nibp_every_s: float = 300.0,
        clock_s: int = 1_500_000_000,
        mark: int = MeasurementState.DEMO,
    ) -> None:
        self._faults = faults
        self._vitals = SimulatedNumerics(patient, faults, nibp_every_s, mark)
        self._clock_s = clock_s
        self._frames = mib.MibFrames()
        self._phase = _ServingPhase.FREE
        self._began_s = 0.0
        self._heard_s = 0.0
        self._patience_s = 0.0
        self._least_s = 0.0
        self._mtu = _MTUS[0]
        self._invoke = 0
        self._ready: list[bytes] = []
        self._asked: dict[int, PollRequest] = {}
        self._stream: _ExtendedPoll | None = None
        self._free_s = 0.0

    # --- what it hears

    def hear(self, data: bytes, now_s: float, /) -> None:
        self._mind_time(now_s)
        for frame in self._frames.feed(data):
            self._take(frame.data, now_s)

    def _take(self, data: bytes, now_s: float) -> None:
        if self._faults.holds("reboot", now_s):
            return
        said = association.said(data)
        if said is not None:
            self._negotiate(said, now_s)
        elif self._phase is not _ServingPhase.FREE and data.startswith(DATA_EXPORT):
            self._serve(data, now_s)

    def _negotiate(self, said: AssociationMessage, now_s: float) -> None:
        if said.kind is AssociationKind.REQUEST:
            self._asked_for(said.terms, now_s)
        elif said.kind is AssociationKind.ABORT:
            self._forget()
        elif said.kind is AssociationKind.RELEASE and self._phase is not _ServingPhase.FREE:
            self._forget()
            self._say(association.RELEASED)

    def _asked_for(self, terms: AssociationTerms | None, now_s: float) -> None:
        """One client at a time, also one that has vanished and is not yet missed."""
        if terms is None or self._phase is not _ServingPhase.FREE:
            self._say(association.REFUSE)
            return
        self._phase, self._heard_s = _ServingPhase.STARTING, now_s
        self._mtu = max(_MTUS[0], min(_MTUS[1], terms.mtu_rx))
        self._patience_s = association.patience_s(terms.min_poll_ticks)
        self._say(association.accept(terms._replace(mtu_rx=self._mtu, mtu_tx=self._mtu)))
        self._say(words.created(MdsCreated(self._next_invoke(), self._ticks(now_s), self._itself(now_s))))

    def _serve(self, data: bytes, now_s: float) -> None:
        try:
            heard = message(data)
        except MalformedPdu:
            return
        if isinstance(heard, MdsConfirmed) and heard.invoke == self._invoke:
            self._phase, self._heard_s = _ServingPhase.SERVING, now_s
        elif isinstance(heard, PollRequest) and self._phase is _ServingPhase.SERVING:
            self._heard_s = now_s
            self._note(heard, now_s)

    def _note(self, asked: PollRequest, now_s: float) -> None:
        if self._faults.holds("error-reply", now_s):
            self._say(words.failed(RemoteError(asked.invoke, 10)))
        elif asked.action == EXTENDED_POLL:
            self._stream = _ExtendedPoll(asked, now_s)
        else:
            self._asked[asked.object_type] = asked

    # --- what it says

    def due(self, now_s: float, /) -> list[bytes]:
        self._mind_time(now_s)
        at_s = self.next_s()
        if at_s is not None and now_s >= at_s:
            self._answer_polls(now_s)
            self._answer_stream(now_s)
        said, self._ready = self._ready, []
        return [mib.framed(data) for data in said]

    def next_s(self) -> float | None:
        if self._ready:
            return 0.0
        times = [self._free_s] if self._asked else []
        if self._stream is not None:
            times.append(max(self._free_s, self._stream.next_s))
        if self._phase is not _ServingPhase.FREE:
            times.append(self._heard_s + self._allowed_s())
        return min(times, default=None)

    def thin(self, least_s: float, /) -> bool:
        self._least_s = least_s
        return least_s > _STREAM_S

    def _answer_polls(self, now_s: float) -> None:
        if self._asked and now_s >= self._free_s:
            self._free_s = now_s + self._least_s
            for asked in self._asked.values():
                self._answer(asked, 0, now_s)
            self._asked.clear()

    def _answer_stream(self, now_s: float) -> None:
        stream = self._stream
        if stream is None or now_s < max(self._free_s, stream.next_s):
            return
        self._free_s = now_s + self._least_s
        self._answer(stream.asked, stream.sequence, now_s)
        stream.sequence += 1
        stream.next_s = now_s + _STREAM_S
        if stream.next_s > stream.until_s:
            self._stream = None

    def _answer(self, asked: PollRequest, sequence: int, now_s: float) -> None:
        objects = self._objects(asked, now_s)
        self._ready += words.answer(asked, self._ticks(now_s), sequence, objects, self._mtu)

    def _objects(self, asked: PollRequest, now_s: float) -> list[PolledObject]:
        if asked.group != ALL_GROUPS:
            return []
        if asked.object_type == MDS:
            return [PolledObject(0, self._itself(now_s))]
        return self._vitals.objects(now_s, self._date) if asked.object_type == METRIC else []

    def _say(self, data: bytes) -> None:
        self._ready.append(data)

    # --- its times

    def _mind_time(self, now_s: float) -> None:
        """Begin anew after a reboot; give up a client that says nothing."""
        if self._faults.holds("reboot", now_s):
            self._forget()
            self._ready.clear()
            self._began_s = now_s
        elif self._phase is not _ServingPhase.FREE and now_s - self._heard_s >= self._allowed_s():
            self._forget()
            self._say(association.ABORT)

    def _allowed_s(self) -> float:
        allowed_s = _START_ANSWER_S if self._phase is _ServingPhase.STARTING else self._patience_s
        return max(allowed_s, self._least_s * _FASTEST_PATIENCE)

    def _forget(self) -> None:
        self._phase = _ServingPhase.FREE
        self._stream = None
        self._asked.clear()

    def _next_invoke(self) -> int:
        self._invoke = (self._invoke + 1) & 0xFFFF
        return self._invoke

    def _ticks(self, now_s: float) -> int:
        running_s = now_s - self._began_s - _BEFORE_ROLLOVER_S
        return round(running_s * TICKS_PER_S) % _ROLLOVER

    def _date(self, now_s: float) -> datetime:
        return _EPOCH + timedelta(seconds=self._clock_s + int(now_s))

    def _itself(self, now_s: float) -> dict[int, bytes]:
        return words.of_itself(self._ticks(now_s), self._date(now_s), *NAMES)
