"""The phases of an infusion, and the one table of what may happen in which; `tests/domain/phase_table.txt` shows it whole."""

from enum import StrEnum

from app.domain.log import Event
from app.domain.texts import Text, say

from . import facts as e


class Phase(StrEnum):
    ORDERED = "ordered"
    RELEASED = "released"
    RECEIVED = "received"
    VERIFIED = "verified"
    PREMEDICATED = "premedicated"
    THAWED = "thawed"
    HUNG = "hung"
    RUNNING = "running"
    PAUSED = "paused"
    OBSERVATION = "observation"
    OBSERVED = "observed"
    SIGNED = "signed"
    ABANDONED = "abandoned"
    SENT = "sent"


P = Phase
BEFORE_START = (P.ORDERED, P.RELEASED, P.RECEIVED, P.VERIFIED, P.PREMEDICATED, P.THAWED, P.HUNG)
INFUSING = (P.RUNNING, P.PAUSED)
AFTER_END = (P.OBSERVATION, P.OBSERVED)
#: Nothing goes on here any more: signed, given up, or sent to the ward's laptop.
CLOSED = (P.SIGNED, P.ABANDONED, P.SENT)

PHASE_NAMES: dict[Phase, Text] = {
    P.ORDERED: say("Ordered"),
    P.RELEASED: say("Released"),
    P.RECEIVED: say("Received"),
    P.VERIFIED: say("Verified"),
    P.PREMEDICATED: say("Pre-medication"),
    P.THAWED: say("Thawed"),
    P.HUNG: say("Hung"),
    P.RUNNING: say("Running"),
    P.PAUSED: say("Paused"),
    P.OBSERVATION: say("Observation"),
    P.OBSERVED: say("Observed"),
    P.SIGNED: say("Signed"),
    P.ABANDONED: say("Abandoned"),
    P.SENT: say("Sent to the ward"),
}

_AT_THE_BENCH = (P.ORDERED,)
_RELEASED_ON = (*BEFORE_START[1:], *INFUSING)
_DISPENSING = (P.ORDERED, *_RELEASED_ON)
_VERIFIED_ON = _RELEASED_ON[2:]
_THAWED_ON = (P.THAWED, P.HUNG, *INFUSING)
_REACTING = (*_VERIFIED_ON, *AFTER_END, P.SIGNED)
_LIVE = (*BEFORE_START, *INFUSING, *AFTER_END)
_WATCHED = (P.RECEIVED, *_VERIFIED_ON, *AFTER_END)

Row = dict[Phase, Phase]


def _stays(*phases: Phase) -> Row:
    return {phase: phase for phase in phases}


def _leads(to: Phase, *phases: Phase) -> Row:
    return dict.fromkeys(phases, to)


_ROWS: dict[type[Event], Row] = {
    e.Ordered: {},
    e.OrderSigned: _stays(*_LIVE),
    e.WeightRecorded: _stays(*_AT_THE_BENCH),
    e.WeightConfirmed: _stays(*_AT_THE_BENCH),
    e.SetChosen: _stays(*_AT_THE_BENCH),
    e.BagScanned: _stays(*_DISPENSING),
    e.BagRejected: _stays(*_DISPENSING),
    e.CertificateRecorded: _stays(*_DISPENSING),
    e.SurplusDrawn: _stays(*_AT_THE_BENCH),
    e.Released: _leads(P.RELEASED, P.ORDERED),
    e.ReleaseSent: _leads(P.SENT, P.RELEASED),
    e.ReleaseArrived: _stays(P.RELEASED),
    e.Received: _leads(P.RECEIVED, P.RELEASED),
    e.BagReleased: _stays(*_RELEASED_ON),
    e.IdentityChecked: _stays(P.RECEIVED),
    e.IdentityVerified: _leads(P.VERIFIED, P.RECEIVED),
    e.BagVerified: _stays(*_VERIFIED_ON),
    e.MismatchFound: _stays(P.RECEIVED, *_VERIFIED_ON),
    e.PremedicationGiven: _leads(P.PREMEDICATED, P.VERIFIED),
    e.LeadTimeOverridden: _stays(P.PREMEDICATED, P.THAWED, P.HUNG),
    e.BagThawed: _leads(P.THAWED, P.PREMEDICATED) | _stays(*_THAWED_ON),
    e.BagChecked: _stays(*_THAWED_ON),
    e.NextBagChosen: _stays(*_VERIFIED_ON),
    e.BagHung: _leads(P.HUNG, P.THAWED) | _stays(*INFUSING),
    e.PreflightDone: _stays(P.HUNG),
    e.Started: _leads(P.RUNNING, P.HUNG),
    e.SteppedUp: _stays(P.RUNNING),
    e.RateSet: _stays(P.RUNNING),
    e.RateMeasured: _stays(P.RUNNING),
    e.Paused: _leads(P.PAUSED, P.RUNNING),
    e.PauseExplained: _stays(P.PAUSED),
    e.Resumed: _leads(P.RUNNING, P.PAUSED),
    e.BagEmptied: _stays(*INFUSING),
    e.BagTakenDown: _leads(P.THAWED, P.HUNG) | _stays(*INFUSING),
    e.BagBroken: _stays(*_RELEASED_ON),
    e.RemainingRead: _stays(*INFUSING),
    e.ReactionNoted: _stays(*_REACTING),
    e.ReactionUpdated: _stays(*_REACTING),
    e.ReactionResolved: _stays(*_REACTING),
    e.BagKept: _stays(*_REACTING),
    e.BagFreed: _stays(*_REACTING),
    e.ReactionSigned: _stays(*_REACTING),
    e.VitalsRecorded: _stays(*_RELEASED_ON, *AFTER_END),
    e.InfusionEnded: _leads(P.OBSERVATION, *INFUSING),
    e.InfusionStopped: _leads(P.OBSERVATION, *INFUSING),
    e.LineFlushed: _stays(*AFTER_END),
    e.LeftoverDestroyed: _stays(*AFTER_END, *CLOSED),
    e.BagReturned: _stays(*AFTER_END, P.SIGNED, P.ABANDONED),
    e.ObservationClosed: _leads(P.OBSERVED, P.OBSERVATION),
    e.SignatureGiven: _stays(P.OBSERVED),
    e.InfusionSigned: _leads(P.SIGNED, P.OBSERVED),
    e.Abandoned: _leads(P.ABANDONED, *BEFORE_START),
    e.HandedOver: _stays(*_LIVE),
    e.NoteAdded: _stays(*P),
    e.Corrected: _stays(*_LIVE, P.ABANDONED) | _leads(P.OBSERVED, P.SIGNED),
    e.WatchLost: _stays(*_LIVE),
    e.ElapsedConfirmed: _stays(*_LIVE),
    e.ClockStepped: _stays(*_LIVE),
    e.LinkLost: _stays(*_LIVE),
    e.LinkFound: _stays(*_LIVE),
    e.CommandRefused: _stays(*P),
    e.SamplesSealed: _stays(*P),
    e.AlarmRaised: _stays(*P),
    e.AlarmAcknowledged: _stays(*P),
    e.AlarmReset: _stays(*P),
    e.AlarmCleared: _stays(*P),
    e.LimitsChanged: _stays(*_WATCHED),
    e.ScaleOrdered: _stays(*_LIVE),
    e.SoundPaused: _stays(*P),
}

#: (phase, event) → phase. What is absent is refused.
TABLE: dict[tuple[Phase, type[Event]], Phase] = {(phase, kind): to for kind, row in _ROWS.items() for phase, to in row.items()}


def phase_after(phase: Phase, event: Event) -> Phase | None:
    """The next phase, or None where the table does not allow the event."""
    return TABLE.get((phase, type(event)))
