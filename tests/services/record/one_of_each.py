"""One of each event, as they might lie in a record."""

from datetime import UTC, datetime
from decimal import Decimal

from app.domain.infusion import facts as e
from app.domain.texts import say
from app.domain.vitals.own_limits import OwnLimits

AT = datetime(2026, 11, 22, 6, 15, tzinfo=UTC)
D = Decimal
BAG = e.Bag("UC-2611-043", "L2611", 100_000_000, D(100), datetime(2027, 3, 1, tzinfo=UTC), "scan")


def vital(code: str, value: str | None, age_s: int | None = 3, missing: str | None = None) -> e.VitalEntry:
    source = "none" if value is None else "monitor"
    return e.VitalEntry(code, None if value is None else D(value), source, age_s, missing)  # type: ignore[arg-type]


VALUES = (
    vital("hr", "82"), vital("spo2", "97"), vital("nibp_sys", "118"), vital("nibp_dia", "74"),
    vital("rr", "16"), vital("temp", "36.8"),
)  # fmt: skip

EVENTS: tuple[e.InfusionEvent, ...] = (
    e.Ordered("S-017", "12", "B", 1, "msc-icaht", "1", "ab" * 32, True),
    e.WeightRecorded(D("70.0"), D("69.5")),
    e.WeightConfirmed(),
    e.SetChosen(20),
    e.BagScanned(BAG),
    e.BagRejected("UC-2611-044", "label torn"),
    e.CertificateRecorded("UC-2611-043", D("92.0"), {"purity": True, "microorganisms": False}, True, True),
    e.SurplusDrawn("UC-2611-043", D(60), "p2"),
    e.Released(),
    e.Received(),
    e.IdentityChecked("S-017", ("UC-2611-043", "UC-2611-045")),
    e.IdentityVerified(),
    e.MismatchFound("bag", "UC-2611-043", "UC-2611-099"),
    e.PremedicationGiven("Dexamethasone", D(5), AT, "none", False, "drawn"),
    e.LeadTimeOverridden("bag warming up"),
    e.BagThawed("UC-2611-043", AT),
    e.BagChecked("UC-2611-043", "UC-2611-043", True),
    e.BagHung("UC-2611-043"),
    e.Started(D(20)),
    e.SteppedUp(D(56)),
    e.RateSet(D(52), "reaction"),
    e.RateMeasured(D("55.04"), "taps", 6, D("3.1")),
    e.Paused("person", "sat up"),
    e.Resumed(D(56), "p3", "calm again"),
    e.BagEmptied("UC-2611-043"),
    e.BagTakenDown("UC-2611-043", D("12.5"), "leaks"),
    e.BagBroken("UC-2611-043", "appearance"),
    e.RemainingRead("UC-2611-043", D(40)),
    e.ReactionNoted(AT, ("chills", "rash"), "stop", 2, ("oxygen by mask",), "Dr Chen", "arms and chest"),
    e.ReactionResolved(AT, "no trace left"),
    e.VitalsRecorded("infusion", 15, VALUES, False, "A", False, "", 0),
    e.InfusionEnded(D(60)),
    e.InfusionStopped(None, "reaction"),
    e.LineFlushed(D(20)),
    e.LeftoverDestroyed("UC-2611-045", D(60), "p2"),
    e.ObservationClosed("no_reaction", ("seen",), "left early"),
    e.SignatureGiven("performed"),
    e.InfusionSigned(),
    e.Abandoned("patient withdrew"),
    e.HandedOver("p2"),
    e.NoteAdded("sat up"),
    e.Corrected("e1", "given_at", '"2026-11-22T06:15:00Z"', '"2026-11-22T06:05:00Z"', "typed wrongly"),
    e.WatchLost(AT, "slept", True),
    e.ElapsedConfirmed(95),
    e.ClockStepped(D("-3600")),
    e.LinkLost("/dev/ttyUSB0", "datex-s5"),
    e.LinkFound("/dev/ttyUSB0", "datex-s5", True),
    e.CommandRefused("Start", say("Too early: the start is possible from {at}.", at=AT)),
    e.SamplesSealed(AT, 72, "cd" * 32),
    e.AlarmRaised("spo2", "high", AT, D(84), D(85), D(98)),
    e.AlarmAcknowledged("spo2", "high"),
    e.AlarmReset("spo2"),
    e.AlarmCleared("spo2", "high", AT, 2, D(80)),
    e.SoundPaused(AT),
    e.BagReleased("UC-2611-046"),
    e.BagVerified("UC-2611-046", "S-017", "UC-2611-046"),
    e.PauseExplained("line"),
    e.BagReturned("UC-2611-046", "p2"),
    e.ReleaseSent("a1b2", "Ward 3", "ef" * 32),
    e.ReleaseArrived("c3d4", "Pharmacy", "ef" * 32),
    e.BagKept("UC-2611-043"),
    e.BagFreed("UC-2611-043", "cultures taken"),
    e.ReactionSigned("performed"),
    e.ReactionUpdated(AT, ("chills", "rash"), (e.StepDone("stay", AT),), 2, "Dr Chen", "less on the arms"),
    e.NextBagChosen("UC-2611-045", "UC-2611-043", "p2", "thawed_by_mistake", True),
    e.OrderSigned(),
    e.PreflightDone((e.PreflightItem("power", True, say("On mains power")),), 3, "stays_so"),
    e.LimitsChanged((OwnLimits("hr", D(62), D(98)),), (OwnLimits("hr", D(50), D(120)),), "slow by nature", True),
    e.ScaleOrdered(2, "COPD"),
)  # fmt: skip
