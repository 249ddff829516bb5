"""What a client says to an IntelliVue: associates, answers its start, polls, keeps it alive, releases it."""

from collections.abc import Callable
from enum import Enum, auto
from typing import ClassVar

from . import association, data_pdu, mib, polls
from .association import TICKS_PER_S, AssociationKind, AssociationMessage, AssociationTerms
from .data_pdu import MdsCreated, PollResult, RemoteError
from .decoder import HeardMessage, IntelliVue

_MIN_POLL_S = 60
"""Declared so long, the monitor forgives 130 s of silence; what is really asked comes far more often."""
_MTU = 1000
_WISH = AssociationTerms(_MIN_POLL_S * TICKS_PER_S, _MTU, _MTU, association.POLL_EVERY_SECOND)

POLL_S = 5.0
KEEP_ALIVE_S = 30.0
EXTENDED_S = 300.0
_UNANSWERED_S = 10.0
_SILENT_S = 15.0
_SILENT_READS = 10
"""Fast clocks: a silence counts only after so many reads as well, each of which waited for the line."""
_BACK_OFF_S = (2.0, 5.0, 10.0, 20.0, 30.0)
_TWO_BYTES = 1 << 16


class _AssociationPhase(Enum):
    PAUSING = auto()
    ASKING = auto()
    STARTING = auto()
    POLLING = auto()


class IntelliVueDialogue:
    """One connection's client. `extended`: values come by themselves every second, else they are asked for every 5 s."""

    def __init__(self, decoder: IntelliVue, extended: bool = False) -> None:
        self._decoder = decoder
        self._extended = extended
        self._phase = _AssociationPhase.PAUSING
        self._failures = 0
        self._resume_s = 0.0
        self._good = 0
        self._heard_s = 0.0
        self._silent_reads = 0
        self._keep_alive_s = KEEP_ALIVE_S
        self._invoke = 0
        self._awaited: int | None = None
        self._polled_s = 0.0
        self._kept_alive_s = 0.0

    def on_open(self, now_s: float, /) -> bytes:
        self._phase = _AssociationPhase.ASKING
        self._note_life(now_s)
        return mib.framed(association.request(_WISH))

    def tick(self, now_s: float, /) -> bytes:
        self._listen(now_s)
        said = b""
        while self._decoder.heard:
            said += self._answer(self._decoder.heard.popleft(), now_s)
        return said + self._unasked(now_s)

    def due_s(self, _now_s: float, /) -> float:
        if self._phase is _AssociationPhase.PAUSING:
            return self._resume_s
        silent_s = self._heard_s + _SILENT_S
        if self._phase is not _AssociationPhase.POLLING:
            return silent_s
        return min(silent_s, self._kept_alive_s + self._keep_alive_s, self._polled_s + self._poll_after_s)

    @property
    def _poll_after_s(self) -> float:
        """How long after the last poll the next one is due, as far as it is known now."""
        if self._extended:
            return EXTENDED_S / 2
        return POLL_S if self._awaited is None else _UNANSWERED_S

    def on_close(self) -> bytes:
        """Leaves no association behind that would keep the next client out."""
        if self._phase is _AssociationPhase.PAUSING:
            return b""
        ending = association.ABORT if self._phase is _AssociationPhase.ASKING else association.RELEASE
        return mib.framed(ending)

    # --- what was heard

    def _listen(self, now_s: float) -> None:
        self._silent_reads += 1
        if self._decoder.good != self._good:
            self._note_life(now_s)

    def _note_life(self, now_s: float) -> None:
        self._good, self._heard_s, self._silent_reads = self._decoder.good, now_s, 0

    def _answer(self, heard: HeardMessage, now_s: float) -> bytes:
        if isinstance(heard, AssociationMessage):
            return self._answers[heard.kind](self, heard, now_s) if heard.kind in self._answers else b""
        if isinstance(heard, MdsCreated):
            return self._begin(heard, now_s)
        self._take_answer(heard)
        return b""

    def _accepted(self, said: AssociationMessage, _now_s: float) -> bytes:
        if self._phase is _AssociationPhase.ASKING:
            self._phase = _AssociationPhase.STARTING
            granted = said.terms.min_poll_ticks if said.terms else 0
            self._keep_alive_s = min(KEEP_ALIVE_S, association.patience_s(granted) / 3)
        return b""

    def _refused(self, _said: AssociationMessage, now_s: float) -> bytes:
        """Most likely the monitor still holds the association of a client that vanished: end that, and come again."""
        return self._start_over(now_s) if self._phase is _AssociationPhase.ASKING else b""

    def _ended(self, _said: AssociationMessage, now_s: float) -> bytes:
        if self._phase is not _AssociationPhase.PAUSING:
            self._pause(now_s)
        return b""

    _answers: ClassVar[dict[AssociationKind, Callable[["IntelliVueDialogue", AssociationMessage, float], bytes]]] = {
        AssociationKind.ACCEPT: _accepted,
        AssociationKind.REFUSE: _refused,
        AssociationKind.RELEASE: _ended,
        AssociationKind.RELEASED: _ended,
        AssociationKind.ABORT: _ended,
    }

    def _begin(self, created: MdsCreated, now_s: float) -> bytes:
        """Answer the monitor's start; also after an acceptance that was lost on the line."""
        if self._phase is _AssociationPhase.PAUSING:
            return b""
        self._phase, self._awaited = _AssociationPhase.POLLING, None
        self._polled_s = self._kept_alive_s = now_s - EXTENDED_S
        return mib.framed(polls.created_answer(created))

    def _take_answer(self, heard: PollResult | RemoteError) -> None:
        """Whole or an error: either way the next poll may come. A monitor that cannot stream is polled."""
        if heard.invoke == self._awaited and (isinstance(heard, RemoteError) or heard.is_last):
            self._awaited = None
            self._failures = 0
            self._extended &= not isinstance(heard, RemoteError)

    # --- what is said unasked

    def _unasked(self, now_s: float) -> bytes:
        if self._phase is _AssociationPhase.PAUSING:
            return self.on_open(now_s) if now_s >= self._resume_s else b""
        if self._silent_reads >= _SILENT_READS and now_s - self._heard_s >= _SILENT_S:
            return self._start_over(now_s)
        return self._polls(now_s) if self._phase is _AssociationPhase.POLLING else b""

    def _start_over(self, now_s: float) -> bytes:
        self._pause(now_s)
        return mib.framed(association.ABORT)

    def _pause(self, now_s: float) -> None:
        self._phase = _AssociationPhase.PAUSING
        self._resume_s = now_s + _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
        self._failures += 1

    def _polls(self, now_s: float) -> bytes:
        return self._keep_alive(now_s) + (self._renewal(now_s) if self._extended else self._poll(now_s))

    def _keep_alive(self, now_s: float) -> bytes:
        """A poll of the monitor itself, whose answer also tells its date again."""
        if now_s - self._kept_alive_s < self._keep_alive_s:
            return b""
        self._kept_alive_s = now_s
        return mib.framed(polls.poll(self._next(), self._invoke, data_pdu.MDS, data_pdu.ALL_GROUPS))

    def _poll(self, now_s: float) -> bytes:
        if now_s - self._polled_s < self._poll_after_s:
            return b""
        self._polled_s = now_s
        self._awaited = self._next()
        return mib.framed(polls.poll(self._awaited, self._awaited, data_pdu.METRIC, data_pdu.ALL_GROUPS))

    def _renewal(self, now_s: float) -> bytes:
        """Ask for the stream, and again well before it runs out."""
        if now_s - self._polled_s < self._poll_after_s:
            return b""
        self._polled_s = now_s
        self._awaited = self._next()
        return mib.framed(
            polls.extended_poll(self._awaited, self._awaited, data_pdu.METRIC, data_pdu.ALL_GROUPS, int(EXTENDED_S) * TICKS_PER_S)
        )

    def _next(self) -> int:
        self._invoke = (self._invoke + 1) % _TWO_BYTES
        return self._invoke
