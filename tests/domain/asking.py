"""The plain names of commands in a scenario, and what goes with each."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RejectBag, ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, DrawSurplus, Release, ReleaseBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine, Stop
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity, VerifyBag
from app.domain.infusion.chapters.notes import AddNote, HandOver
from app.domain.infusion.chapters.ordering import Abandon, SignOrder
from app.domain.infusion.chapters.pause import ExplainPause, Pause, Resume
from app.domain.infusion.chapters.premedication import OverrideLeadTime
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, ChooseNextBag, HangBag, ReportEmpty, TakeDownBag, ThawBag
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.chapters.weighing import ConfirmWeight, RecordWeight
from app.domain.people.roles import Person

from .cast import BY_NAME, clock, span
from .play import Play, certificate, label, premedication, vitals

Args = dict[str, Any]


def ask(play: Play, does: str, args: Args, now: datetime) -> Command:
    """The command called `does`."""
    return _NAMES[does](play, args, now)


def number(value: object) -> Decimal:
    return Decimal(str(value))


def maybe(value: object) -> Decimal | None:
    return None if value is None else number(value)


def scan_bag(a: Args) -> ScanBag:
    rest = {k: v for k, v in a.items() if k not in ("bag", "expires")}
    return ScanBag(label(a["bag"], **rest, expires=clock(a["expires"]) if "expires" in a else None))


def _premedicate(play: Play, a: Args, now: datetime) -> Command:
    given_at = clock(a["given"]) if "given" in a else now
    other = {k: v for k, v in a.items() if k not in ("given", "mg")}
    if "mg" in a:
        other["dose_mg"] = number(a["mg"])
    return premedication(play.rules, given_at, **other)


def _identity(play: Play, a: Args, _now: datetime) -> Command:
    planned = [d.bag_id for d in play.state.plan.draws] if play.state.plan else []
    return CheckIdentity(a.get("subject", "S-001"), tuple(a.get("bags", planned)))


def _react(_play: Play, a: Args, now: datetime) -> Command:
    onset_at = now - span(a.get("began_before", 0))
    symptoms = tuple(a.get("symptoms", ["fever"]))
    return NoteReaction(onset_at, symptoms, a["action"], slower_gtt_min=maybe(a.get("slower")))


def _update(play: Play, a: Args, now: datetime) -> Command:
    known = play.state.reaction or e.ReactionUpdated(now, ())
    steps = tuple(e.StepDone(code, now - span(ago)) for code, ago in a.get("steps", {}).items())
    symptoms = tuple(a.get("symptoms", known.symptoms))
    return UpdateReaction(known.onset_at, symptoms, steps, a.get("grade"), a.get("phoned", ""), a.get("text", ""))


def _resume(_play: Play, a: Args, _now: datetime) -> Command:
    return Resume(number(a["rate"]), _allowed_by(a), a.get("reason", ""), a.get("why", ""))


def _allowed_by(a: Args) -> Person | None:
    return BY_NAME[a["allowed_by"]] if "allowed_by" in a else None


def _closing(_play: Play, a: Args, _now: datetime) -> Command:
    return CloseObservation(a.get("outcome", "no_reaction"), tuple(a.get("flags", [])), a.get("reason", ""))


def _measure(_play: Play, a: Args, _now: datetime) -> Command:
    return MeasureRate(number(a["rate"]), "taps", 10)


def _check_bag(_play: Play, a: Args, _now: datetime) -> Command:
    return CheckBag(a["bag"], str(a.get("found", a["bag"])), a.get("looks_right", True))


def _choose_next(_play: Play, a: Args, _now: datetime) -> Command:
    return ChooseNextBag(a["bag"], a.get("reason", ""), BY_NAME[a["second"]], a.get("mixed_up", False))


def _certify(play: Play, a: Args, _now: datetime) -> Command:
    rest = {k: v for k, v in a.items() if k != "bag"}
    return certificate(a["bag"], **rest, rules=play.rules)


_NAMES: dict[str, Callable[[Play, Args, datetime], Command]] = {
    "sign order": lambda _p, _a, _n: SignOrder(),
    "weigh": lambda _p, a, _n: RecordWeight(number(a["kg"]), maybe(a.get("last_time")), maybe(a.get("again"))),
    "confirm weight": lambda _p, _a, _n: ConfirmWeight(),
    "choose set": lambda _p, a, _n: ChooseSet(a["drops"]),
    "scan bag": lambda _p, a, _n: scan_bag(a),
    "reject bag": lambda _p, a, _n: RejectBag(a["bag"], a.get("reason", "")),
    "certificate": _certify,
    "draw surplus": lambda _p, a, _n: DrawSurplus(a["bag"], number(a["ml"]), BY_NAME[a["witness"]]),
    "release": lambda _p, _a, _n: Release(),
    "release bag": lambda _p, a, _n: ReleaseBag(a["bag"]),
    "check unthawed bag": lambda _p, a, _n: VerifyBag(a["bag"], str(a.get("subject", "S-001")), str(a.get("found", a["bag"]))),
    "receive": lambda _p, _a, _n: Receive(),
    "check identity": _identity,
    "give dexamethasone": _premedicate,
    "override": lambda _p, a, _n: OverrideLeadTime(a.get("reason", "")),
    "thaw": lambda _p, a, now: ThawBag(a["bag"], now),
    "check bag": _check_bag,
    "choose next bag": _choose_next,
    "hang": lambda _p, a, _n: HangBag(a["bag"]),
    "start": lambda _p, a, _n: Start(
        number(a["rate"]), a.get("reason", ""), _allowed_by(a), a.get("why", ""), a.get("weight_reason", "")
    ),
    "step up": lambda _p, a, _n: StepUp(number(a["rate"]), a.get("reason", ""), _allowed_by(a), a.get("why", "")),
    "set rate": lambda _p, a, _n: SetRate(number(a["rate"]), a.get("reason", "")),
    "measure": _measure,
    "pause": lambda _p, a, _n: Pause(a.get("reason", "")),
    "resume": _resume,
    "report empty": lambda _p, _a, _n: ReportEmpty(),
    "take down": lambda _p, a, _n: TakeDownBag(number(a["left"]), a.get("reason", "")),
    "report broken": lambda _p, a, _n: ReportBroken(a["bag"], a.get("reason", "")),
    "read what is left": lambda _p, a, _n: ReadRemaining(number(a["left"])),
    "note reaction": _react,
    "explain pause": lambda _p, a, _n: ExplainPause(a.get("reason", "")),
    "update reaction": _update,
    "reaction over": lambda _p, a, now: ResolveReaction(now, a.get("text", "")),
    "vital signs": lambda _p, a, _n: vitals(**a),
    "end": lambda _p, a, _n: End(maybe(a.get("left")), a.get("reason", "")),
    "stop": lambda _p, a, _n: Stop(maybe(a.get("left")), a.get("reason", "")),
    "flush": lambda _p, a, _n: FlushLine(number(a["ml"])),
    "destroy": lambda _p, a, _n: DestroyLeftover(a["bag"], number(a["ml"]), BY_NAME[a["witness"]], a.get("reason", "")),
    "close observation": _closing,
    "sign": lambda _p, a, _n: Sign(a["meaning"], a.get("reason", "")),
    "give up": lambda _p, a, _n: Abandon(a.get("reason", "")),
    "hand over": lambda _p, a, _n: HandOver(BY_NAME[a["to"]]),
    "write note": lambda _p, a, _n: AddNote(a["text"]),
    "say how long": lambda _p, a, _n: ConfirmElapsed(int(span(a["away"]).total_seconds())),
}
