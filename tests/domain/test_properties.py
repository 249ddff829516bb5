"""What holds for every dose, every drip and every sequence of commands by whoever."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import Release, ReleaseBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine, Stop
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity, CodeRead, VerifyBag
from app.domain.infusion.chapters.notes import HandOver
from app.domain.infusion.chapters.pause import ExplainPause, Pause, Resume
from app.domain.infusion.chapters.premedication import OverrideLeadTime
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, ChooseNextBag, HangBag, ReportEmpty, TakeDownBag, ThawBag
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.checks import count, infusion_checks, observation_checks
from app.domain.infusion.decide import decide
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.infusion.drip_volume import delivered, offered_rates, outlook
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.stages import stages
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.infusion.summary import summary
from app.domain.infusion.tasks import due, most_pressing
from app.domain.people.roles import Person, Role
from app.domain.products.dose import BagContent, dose_cells, nominal_bags, plan_bags
from app.domain.products.drip_rates import feasibility
from app.domain.products.parcel import Laptop
from app.domain.texts import Text, say
from app.domain.vitals.own_limits import OwnLimits
from app.domain.watch.alarm_words import to_do, what
from app.domain.watch.bed_seen import seen
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Finding

from .cast import EVERYBODY, LI, SUN, TRIAL, WANG, ZHAO
from .play import NORMAL, Play, certificate, label, premedication, prepared, vitals

pytestmark = pytest.mark.uncounted
STEADY = settings(deadline=None, derandomize=True, database=None)
KG = st.integers(200, 2500).map(lambda tenths: Decimal(tenths) / 10)


# --- doses


@STEADY
@given(KG, st.lists(st.tuples(st.integers(1, 3 * 10**8), st.integers(1, 200)), max_size=8))
def test_the_draws_and_what_is_missing_sum_to_the_dose(kg: Decimal, labels: list[tuple[int, int]]) -> None:
    cells = dose_cells(kg, TRIAL)
    bags = tuple(BagContent(str(n), count, Decimal(ml)) for n, (count, ml) in enumerate(labels))
    plan = plan_bags(cells, bags)
    assert sum((d.cells for d in plan.draws), Decimal(0)) + plan.missing_cells == cells
    assert plan.complete is (sum(b.cells for b in bags) >= cells)
    for draw, bag in zip(plan.draws, bags, strict=False):
        assert 0 < draw.volume_ml <= bag.volume_ml
        assert draw.volume_ml + draw.left_ml == bag.volume_ml
    assert all(d.left_ml == 0 for d in plan.draws[:-1]), "a bag is emptied before the next one is opened"


@STEADY
@given(KG)
def test_nominal_bags_hold_the_dose_and_not_one_bag_too_many(kg: Decimal) -> None:
    cells = dose_cells(kg, TRIAL)
    bags = nominal_bags(cells, TRIAL)
    assert cells == kg * 2_000_000
    assert 0 <= sum(b.cells for b in bags) - cells < TRIAL.product.cells_per_bag
    assert plan_bags(cells, bags).volume_ml == 2 * kg


@STEADY
@given(st.integers(1, 6000).map(lambda tenths: Decimal(tenths) / 10), st.sampled_from([10, 15, 20, 60]))
def test_a_set_is_possible_exactly_where_an_allowed_rate_ends_in_time(ml: Decimal, factor: int) -> None:
    rules = TRIAL.infusion
    found = feasibility(ml, factor, rules)
    in_time = [rate for rate in range(400, 601) if 30 <= _minutes(ml * factor, Decimal(rate) / 10) <= 60]
    assert found.possible is bool(in_time) or _between_tenths(found.shortest_min, found.longest_min)
    if in_time and found.rate_min_gtt_min is not None and found.rate_max_gtt_min is not None:
        assert found.rate_min_gtt_min == Decimal(in_time[0]) / 10
        assert found.rate_max_gtt_min == Decimal(in_time[-1]) / 10


def _minutes(drops: Decimal, rate: Decimal) -> Decimal:
    return drops / 20 if drops <= 300 else 15 + (drops - 300) / rate


def _between_tenths(shortest: Decimal, longest: Decimal) -> bool:
    """So close to a boundary that only a rate between two tenths would do."""
    return abs(shortest - 60) < Decimal("0.1") or abs(longest - 30) < Decimal("0.1")


# --- whatever is asked for, by whoever, whenever: walks of a seeded random hand

D = Decimal
START = prepared("ready").now
NUMBERS = [D(x) for x in ("0", "1", "10", "20", "24", "40", "60", "70.0", "75.1", "100", "-1", "NaN", "Infinity", "1e9")]
WORDS = ["", " ", "B1", "B2", "B3", "S-001", "S-002", "text"]
PEOPLE = [*EVERYBODY, LI, LI, WANG, ZHAO]
CHANGES = [json.dumps(x) for x in ("40", "0", "-3", "NaN", "text", None, True, False, 3, [], ["rash"], "stop", "A", "Z",
           "no_reaction", "2026-03-02T13:40:00Z", "2026-03-02T13:40:00", "2027-03-02T13:40:00Z")]  # fmt: skip
CHANGES += ["", "{", '"\\ud800"', '[{"vital": "hr", "value": "90", "source": "typed"}]']
FIELDS = (*sorted({field for kind in get_args(e.InfusionEvent) for field in kind.correctable}), "news2", "bag_id")
SENSIBLE: list[Command] = [
    Release(), Receive(), CheckIdentity("S-001", ("B1", "B2")), premedication(TRIAL, START),
    OverrideLeadTime("why"), ThawBag("B1", START), ThawBag("B2", START), HangBag("B1"), HangBag("B2"),
    CheckBag("B1", "B1", True), CheckBag("B2", "B2", True), CheckBag("B2", "B1", True),
    ChooseNextBag("B2", "why", WANG), ChooseNextBag("B2", "why", WANG, is_mix_up=True), ChooseNextBag("B3", "why", WANG),
    ReportBroken("B2", "leak"), ScanBag(label("B3")), certificate("B3"), ReleaseBag("B3"), ReleaseBag("B3"),
    VerifyBag("B3", "S-001", "B3"), VerifyBag("B3", "S-001", "B3"), VerifyBag("B3", "S-001", "B1"), ThawBag("B3", START),
    CheckBag("B3", "B3", True), HangBag("B3"), vitals(), vitals(), vitals(discomfort="yes"), Start(D(20)),
    StepUp(D(56)), SetRate(D(80), "why"), SetRate(D(5)), MeasureRate(D(50), "taps", 10),
    MeasureRate(D(1), "taps", 10), Pause(), Resume(D(20), None, "why"), Resume(D(50), ZHAO, "why"),
    ReportEmpty(), TakeDownBag(D(50), "leak"), ReadRemaining(D(70)), NoteReaction(START, ("rash",), "stop"),
    UpdateReaction(START, ("rash",), (e.StepDone("stay", START),), 2), ExplainPause("line"),
    ResolveReaction(START), ConfirmElapsed(600), End(D(10)), FlushLine(D(20)),
    DestroyLeftover("B1", D(1), SUN), DestroyLeftover("B2", D(1), SUN),
    CloseObservation("reaction_resolved", (), "why"), Sign("performed"), Sign("reviewed"), HandOver(WANG),
]  # fmt: skip
LAPTOP = ["restart", "reboot", "reboot, clock back", "clock stepped"]
POINTS = ["ordered", "bags at the bench", "received", "premedicated", "thawed", "ready", "running", "stepped up",
          "second bag", "observation", "observed", "signed"]  # fmt: skip


class Hand:
    """Draws commands, people and spans of time; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one_of(self, things: Sequence[Any]) -> Any:
        return self.random.choice(things)

    def command(self, play: Play) -> Command:
        what = self.random.random()
        if what < 0.75:
            return cast(Command, self.one_of(SENSIBLE))
        return self.odd() if what < 0.9 else self.correction(play)

    def odd(self) -> Command:
        """Any command with any values that its fields can hold."""
        kind = self.one_of(Command.__subclasses__())
        if kind is RecordVitals:
            return RecordVitals(self.values(), self.one_of([True, None]), self.one_of(["A", "Z", "", None]), False)
        if kind is ConfirmElapsed:
            return ConfirmElapsed(self.one_of([-1, 0, 10**12]))
        hints = get_type_hints(kind)
        return cast(Command, kind(**{name: self.value(hints[name]) for name in kind.__struct_fields__}))

    def values(self) -> tuple[e.VitalEntry, ...]:
        codes = [*NORMAL, "pr", "etco2"]
        return tuple(
            e.VitalEntry(self.one_of(codes), self.one_of([*NUMBERS, None]), "typed", missing=self.one_of([None, "why"]))
            for _ in range(self.random.randrange(9))
        )

    def value(self, hint: Any) -> Any:
        parts = get_args(hint)
        if get_origin(hint) is Literal:
            return self.one_of(parts)
        if get_origin(hint) is tuple:
            return tuple(self.value(parts[0]) for _ in range(self.random.randrange(3)))
        if get_origin(hint) is dict:
            return {self.one_of(WORDS): True}
        if parts:
            part = self.one_of(parts)
            return None if part is type(None) else self.value(part)
        known: dict[Any, Sequence[Any]] = {
            Decimal: NUMBERS, str: WORDS, bool: [True, False], int: [-1, 0, 3, 10, 20], Person: EVERYBODY,
            Laptop: [Laptop("store w", "Ward 3")], Text: [say("SpO₂ low")],
            datetime: [START + timedelta(minutes=m) for m in (-90, -10, 0, 30)],
            e.StepDone: [e.StepDone("stay", START + timedelta(minutes=m)) for m in (-10, 0, 30)],
            e.DrugGiven: [e.DrugGiven(drug, "10 mg", START) for drug in ("", "oxygen")],
            CodeRead: [CodeRead("B1"), CodeRead("B1", "L9"), CodeRead("B3", "lot of B3", (START, START))],
            e.PreflightDone: [e.PreflightDone(()), e.PreflightDone((e.PreflightItem("power", True, say("SpO₂ low")),), 9, "why")],
            OwnLimits: [OwnLimits("icp"), *(OwnLimits("hr", D(a), D(b)) for a, b in (("60", "110"), ("110", "60"), ("NaN", "90")))],
            e.Bag: [label("B1"), label("B3"), label(""), label("B4", ml="NaN"), label("B5", cells=10**18)],
        }  # fmt: skip
        return self.one_of(known[hint])

    def correction(self, play: Play) -> Correct:
        entry = self.one_of([x for x in play.entries if x.event.correctable] or play.entries)
        fields = (entry.event.correctable or FIELDS) if self.random.random() < 0.9 else FIELDS
        return Correct(entry.event_id, self.one_of(fields), self.one_of(CHANGES), self.one_of(["why", ""]))

    def person(self) -> Person:
        return cast(Person, self.one_of(PEOPLE))


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(n, marks=pytest.mark.long) for n in range(8, 30))])
@pytest.mark.parametrize("point", POINTS)
def test_anything_asked_for_is_done_or_refused(point: str, seed: int) -> None:
    hand = Hand(seed)
    play = prepared(point)
    for _ in range(40):
        play.now += timedelta(seconds=hand.one_of([0, 0, 1, 59, 300, 600]))
        _wish(play, hand)
        _nothing_blocks_the_end(play.state, play.now)
        _every_thawed_bag_was_released_and_verified(play.state)
        _all_views(play.state, play.now)
    assert play.same_from_disk()
    assert replay("inf", play.entries, play.rules) == replay("inf", play.entries, play.rules)
    assert all(a.at <= b.at for a, b in zip(play.entries, play.entries[1:], strict=False))


@pytest.mark.parametrize("point", POINTS)
def test_an_event_leaves_the_state_before_it_as_it_was(point: str) -> None:
    hand = Hand(1)
    play = prepared(point)
    for _ in range(40):
        before, told = play.state, len(play.entries)
        _wish(play, hand)
        assert before == replay("inf", play.entries[:told], play.rules)


def _wish(play: Play, hand: Hand) -> None:
    if play.state.phase not in (Phase.SIGNED, Phase.ABANDONED) and hand.random.random() < 0.05:
        _laptop(play, hand.one_of(LAPTOP))
        return
    try:
        play.do(hand.command(play), hand.person())
    except Refused as refusal:
        assert str(refusal)  # noqa: PT017


def _every_thawed_bag_was_released_and_verified(state: Infusion) -> None:
    pharmacists = {p.person_id for p in EVERYBODY if p.role is Role.PHARMACIST}
    for bag in state.bags.values():
        if bag.thawed_at is not None:
            assert bag.released_by in pharmacists
            assert len(set(bag.verified_by)) > 1
            assert not pharmacists & set(bag.verified_by)


def _laptop(play: Play, what: str) -> None:
    if what == "clock stepped":
        play.step_wall_clock(timedelta(hours=-1))
    else:
        back = timedelta(hours=-1 if "back" in what else 0)
        play.restart(timedelta(minutes=7), reboot="reboot" in what, wall=back)


def _nothing_blocks_the_end(state: Infusion, now: datetime) -> None:
    if state.phase not in INFUSING:
        return
    nan = Decimal("NaN")
    for by in EVERYBODY:
        assert decide(state, Stop(nan, ""), by, now)
        assert decide(state, End(None), by, now)
        assert decide(state, NoteReaction(now, (), "slow", slower_gtt_min=nan), by, now)
        if state.phase is Phase.RUNNING:
            assert decide(state, Pause(), by, now)
            assert decide(state, SetRate(Decimal(1)), by, now)


def _all_views(state: Infusion, now: datetime) -> None:
    """Everything the screen and the record ask for can be told, and the interval is one."""
    soon, later = now + timedelta(minutes=1), now + timedelta(minutes=40)
    have, then, after = (delivered(state, at) for at in (now, soon, later))
    assert 0 <= have.least_ml <= have.likely_ml <= have.most_ml
    assert have.least_ml <= then.least_ml <= after.least_ml
    assert have.likely_ml <= then.likely_ml <= after.likely_ml
    assert have.most_ml <= then.most_ml <= after.most_ml
    tasks = due(state, now)
    assert all(t.late_s(now) >= 0 for t in tasks)
    assert (most_pressing(tasks, now) in tasks) is bool(tasks)
    found = outlook(state, now)
    assert found.earliest_at is None or found.latest_at is None or now <= found.earliest_at <= found.latest_at
    for stage in range(len(state.protocol.infusion.stages)):
        low, high = state.protocol.infusion.stages[stage].rate_gtt_min
        assert all(low <= rate <= high for rate in offered_rates(state, stage, now))
    counts = count([*infusion_checks(state, now), *observation_checks(state, now)], now)
    assert counts.due >= counts.on_time + counts.late + counts.missed
    assert all(str(d.text) for d in deviations(state, now))
    assert summary(state, now).infusion.phase == state.phase.value
    assert len(stages(state)) == 6 + len(state.protocol.infusion.stages)
    for x in verdicts(seen(state, tasks, now), now):
        assert not isinstance(x, Finding) or (str(what(x.key, x.priority, x.value, x.limit, x.before)) and str(to_do(x.key)))
    within_tolerance(state)


def test_a_refusal_changes_nothing() -> None:
    play = prepared("running")
    before = play.same_from_disk()
    with pytest.raises(Refused):
        play.do(StepUp(Decimal(56)), LI)
    assert before
    assert play.same_from_disk()
