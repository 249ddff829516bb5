"""One infusion played by people at given times; every event passes through its saved form."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RecordCertificate, ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.drip import Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.premedication import GivePremedication
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.decide import decide
from app.domain.infusion.drip_volume import offered_rates
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import after, replay
from app.domain.log import Entry, Event, encode
from app.domain.people.roles import Person
from app.domain.people.signatures import Covered
from app.domain.products.dose import dose_cells, nominal_bags
from app.domain.protocol import Protocol
from app.domain.recordtime import Moment, resume, wall_step_s
from app.domain.streams import decode

from .cast import CHEN, DAY, LI, SHA256, TRIAL, WANG, ZHAO, clock

NORMAL = {"hr": 78, "spo2": 97, "nibp_sys": 118, "nibp_dia": 72, "nibp_map": 87, "rr": 16, "temp": "36.7"}


def vitals(*, missing: dict[str, str] | None = None, discomfort: str = "", **other: Any) -> RecordVitals:
    """A whole check, all normal but for what is named."""
    known = {k: other.pop(k) for k in list(other) if k in (*NORMAL, "pr")}
    values = {**NORMAL, **known}
    gone = missing or {}
    entries = [e.VitalEntry(k, Decimal(str(v)), "typed") for k, v in values.items() if k not in gone]
    entries += [e.VitalEntry(k, None, "none", missing=why) for k, why in gone.items()]
    kept: dict[str, Any] = {"oxygen": False, "consciousness": "A", **other}
    return RecordVitals(tuple(entries), discomfort=bool(discomfort), discomfort_text=discomfort, **kept)


def label(bag_id: str, cells: int = 100_000_000, ml: object = 100, expires: datetime | None = None) -> e.Bag:
    return e.Bag(bag_id, f"lot of {bag_id}", cells, Decimal(str(ml)), expires or DAY + timedelta(days=1))


def certificate(bag_id: str, viability: object = 94, *, rules: Protocol = TRIAL, **answers: bool) -> RecordCertificate:
    tests = {name: answers.get(name, True) for name in rules.product.certificate_tests}
    looks, kept = answers.get("appearance", True), answers.get("storage", True)
    return RecordCertificate(bag_id, Decimal(str(viability)), tests, looks, kept)


class Play:
    """`state` after every step; `called` finds an earlier entry by the name a scenario gave it."""

    def __init__(
        self, rules: Protocol = TRIAL, group: str = "", ordered: str = "13:00", dose: int = 1, order: e.Ordered | None = None
    ) -> None:
        self.rules = rules
        self.now = clock(ordered)
        self.called: dict[str, str] = {}
        self._ids = 0
        self._behind = self._wall_off = timedelta(0)
        self._boot, self._booted_at = 1, DAY
        order = order or e.Ordered(
            "S-001", "12", group or rules.groups[0].code, dose, rules.id, rules.version, SHA256[rules.id], False
        )
        self.entries = [self._entry(order, LI.person_id)]
        self.state: Infusion = replay("inf", self.entries, rules)

    def do(self, command: Command, by: Person, at: datetime | None = None) -> list[e.InfusionEvent]:
        """Decide and take what follows. Raises `Refused`; then nothing has changed."""
        self.now = at or self.now
        events = decide(self.state, command, by, self.now)
        if isinstance(command, ConfirmElapsed):
            self.now += timedelta(seconds=command.gap_s)
            self._behind -= timedelta(seconds=command.gap_s)
        for event in events:
            self.take(event, by.person_id)
        return events

    def take(self, event: Event, by: str | None = None) -> None:
        entry = self._entry(event, by)
        self.entries.append(entry)
        self.state = after(self.state, [entry])

    def _entry(self, event: Event, by: str | None) -> Entry:
        self._ids += 1
        return Entry(f"e{self._ids}", "inf", self.now, by, decode("infusion", encode(event)))

    # --- what the laptop does

    def moment(self) -> Moment:
        real = self.now + self._behind
        return Moment(real + self._wall_off, (real - self._booted_at).total_seconds(), f"boot {self._boot}")

    def restart(self, down: timedelta, *, reboot: bool = False, wall: timedelta = timedelta(0)) -> None:
        """The program is gone for `down`; over a reboot the wall clock may have been moved."""
        last_at, last = self.now, self.moment()
        self.now += down
        self._wall_off += wall
        if reboot:
            self._boot, self._booted_at = self._boot + 1, self.now + self._behind
        hours = self.rules.ward.gap_asks_h if self.rules.ward else None
        found = resume(last_at, last, self.moment(), None if hours is None else timedelta(hours=float(hours)))
        self._behind += self.now - found.at
        self.now = found.at
        self.state = replay("inf", self.entries, self.rules)
        cause: Literal["power", "stopped"] = "power" if reboot else "stopped"
        self.take(e.WatchLost(last_at, cause, not found.known))

    def step_wall_clock(self, step: timedelta) -> None:
        before = self.moment()
        self._wall_off += step
        self.take(e.ClockStepped(Decimal(str(wall_step_s(before, self.moment())))))

    def correct(self, name: str, field: str, new: object, reason: str, by: Person) -> None:
        """Correct the entry called `name`, or the newest of that kind; of vital signs only the named ones change."""
        event_id = self.called.get(name) or self._newest(name)
        if field == "values" and isinstance(new, dict):
            target = next(x.event for x in self.state.entries if x.event_id == event_id)
            assert isinstance(target, e.VitalsRecorded)
            changed = {k: Decimal(str(v)) for k, v in new.items()}
            new = [{"vital": v.vital, "value": str(changed.get(v.vital, v.value)), "source": v.source} for v in target.values]
        as_text = isinstance(new, Decimal | int) and not isinstance(new, bool) and field != "grade"
        plain = str(new) if as_text else new
        self.do(Correct(event_id, field, json.dumps(plain), reason), by)

    def _newest(self, kind: str) -> str:
        return next(x.event_id for x in reversed(self.entries) if type(x.event).__name__ == kind)

    def same_from_disk(self) -> bool:
        """Whether the state after single events is the state replayed from the whole record."""
        return replay("inf", self.entries, self.rules) == self.state


class Preparation:
    """Everything up to a named point, done by the book, so that a scenario can begin there."""

    def __init__(self, play: Play, weight: object, drops: int, bags: list[ScanBag] | None = None) -> None:
        self.play = play
        self.weight = Decimal(str(weight))
        self.drops = drops
        nominal = nominal_bags(dose_cells(self.weight, play.rules), play.rules)
        self.scans = bags or [ScanBag(label(f"B{b.bag_id}", b.cells, b.volume_ml)) for b in nominal]
        self.ids = [scan.bag.bag_id for scan in self.scans]

    def until(self, point: str) -> Play:
        for name, step in self._steps():
            step()
            if name == point:
                return self.play
        raise ValueError(f"no point {point!r}")

    def _steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "ordered", lambda: None
        yield "bags at the bench", self._bench
        yield "released", lambda: self._do("13:15", (Release(), CHEN))
        yield "received", lambda: self._do("13:20", (Receive(), LI))
        yield "verified", self._verify
        yield "premedicated", lambda: self._do("13:30", (premedication(self.play.rules, clock("13:30")), LI))
        yield "thawed", lambda: self._do("13:50", (ThawBag(self.ids[0], clock("13:50")), LI))
        yield "hung", lambda: self._hang(self.ids[0], "13:57")
        yield "ready", lambda: self._do("13:58", (vitals(), LI))
        yield "running", lambda: self._do("14:00", (Start(self._slow(0)), LI))
        yield "stepped up", self._step_up
        yield "second bag", self._second_bag
        yield "observation", self._end
        yield "observed", self._observe
        yield "signed", self._sign

    def _do(self, at: str, *steps: tuple[Command, Person]) -> None:
        for command, by in steps:
            self.play.do(command, by, clock(at))

    def _slow(self, stage: int) -> Decimal:
        return self.play.rules.infusion.stages[stage].rate_gtt_min[0]

    def _bench(self) -> None:
        self._do("13:05", (RecordWeight(self.weight, again_kg=self.weight), LI))
        for scan in self.scans:
            self._do("13:10", (scan, CHEN), (certificate(scan.bag.bag_id, rules=self.play.rules), CHEN))
        self._do("13:12", (ChooseSet(self.drops), CHEN))

    def _verify(self) -> None:
        plan = self.play.state.plan
        assert plan is not None
        ids = tuple(d.bag_id for d in plan.draws)
        self._do("13:22", (CheckIdentity("S-001", ids), LI), (CheckIdentity("S-001", ids), WANG))

    def _hang(self, bag_id: str, at: str) -> None:
        looked = CheckBag(bag_id, bag_id, appearance_ok=True)
        self._do(at, (looked, LI), (looked, WANG), (HangBag(bag_id), LI))

    def _step_up(self) -> None:
        self._do("14:15", (vitals(), LI))
        rates = offered_rates(self.play.state, 1, self.play.now)
        self._do("14:15", (StepUp(Decimal(rates[0])), LI))

    def _second_bag(self) -> None:
        self._do("14:30", (vitals(), LI))
        self._do("14:36", (ThawBag(self.ids[1], clock("14:36")), LI))
        self._do("14:45", (vitals(), LI))
        self._hang(self.ids[1], "14:45:20")

    def _end(self) -> None:
        self._do("14:57", (vitals(), LI))
        self._do("14:58", (End(Decimal(60)), LI))

    def _observe(self) -> None:
        for at in ("15:28", "15:58", "16:28", "16:58"):
            self._do(at, (vitals(), LI))
        self._do("16:58", (CloseObservation("no_reaction"), LI), (FlushLine(Decimal(20)), LI))
        self._do("16:59", (DestroyLeftover(self.ids[1], Decimal(60), WANG), LI))

    def _sign(self) -> None:
        self._do("17:00", (Sign("performed"), LI), (Sign("reviewed"), ZHAO))


def signed_anew(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The same signatures given for these entries as they are now."""
    cover, found = Covered(), []
    for entry in entries:
        found.append(_signed_anew(entry, cover))
        cover.take(found[-1])
    return tuple(found)


def _signed_anew(entry: Entry, before: Covered) -> Entry:
    event = entry.event
    if not isinstance(event, e.Signing) or not event.signed_sha256:
        return entry
    return msgspec.structs.replace(entry, event=msgspec.structs.replace(event, signed_sha256=before.hash.hex()))


def premedication(rules: Protocol, given_at: datetime, **other: Any) -> GivePremedication:
    answers: dict[str, Any] = {"allergies": "none", "dmso_allergy": False, "baseline_blood": "drawn"}
    return GivePremedication(**{"dose_mg": rules.premedication.dose_mg, "given_at": given_at, **answers, **other})


def prepared(
    point: str, weight: object = "70.0", drops: int = 20, rules: Protocol = TRIAL, bags: list[ScanBag] | None = None
) -> Play:
    """An infusion by the book up to `point`; 70 kg at 20 drops/ml takes two bags."""
    return Preparation(Play(rules), weight, drops, bags).until(point)


@cache
def _by_the_book(point: str, weight: str) -> tuple[Entry, ...]:
    return tuple(prepared(point, weight).entries)


def recorded(point: str, weight: str = "70.0", rules: Protocol = TRIAL) -> Play:
    """The same infusion as its record tells it: no rule is asked on the way, so that a test asks only what it means to."""
    play = Play(rules)
    play.entries = list(_by_the_book(point, weight))
    play.state = replay("inf", play.entries, rules)
    play.now, play._ids = play.entries[-1].at, len(play.entries)
    return play
