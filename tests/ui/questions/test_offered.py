"""What is offered can be done: at every state that a seeded hand reaches, whatever the dock, its keys or “More” offer is
accepted for a right answer by whoever may.

Left to their own question: the bench page, the step up, which says itself what it still waits for, and what is only printed.
Start and resume may be refused by the gate alone; then what lets them pass it is offered too.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.infusion.chapters.alarms import ChangeLimits, OrderScale
from app.domain.infusion.chapters.bags import ReportBroken
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine, Stop, unused
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity, VerifyBag
from app.domain.infusion.chapters.notes import AddNote, HandOver
from app.domain.infusion.chapters.ordering import Abandon, SignOrder
from app.domain.infusion.chapters.pause import ExplainPause, Pause, Resume
from app.domain.infusion.chapters.premedication import OverrideLeadTime
from app.domain.infusion.chapters.reaction import FreeBag, NoteReaction, ResolveReaction
from app.domain.infusion.chapters.signing import Sign, SignReaction, unsigned_report
from app.domain.infusion.chapters.thaw import CheckBag, ChooseNextBag, HangBag, ReportEmpty, TakeDownBag, ThawBag, others_to_hang
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.decide import decide
from app.domain.infusion.found.gate import why_refused
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import due
from app.domain.people.roles import Person
from app.domain.products.leftovers import leftovers
from app.domain.vitals.own_limits import OwnLimits
from app.services.record.sheets.sheet_names import SHEET_NAMES
from tests.domain.cast import EVERYBODY, GAO, LI, WANG, ZHAO
from tests.domain.play import Play, premedication, prepared, vitals
from tests.domain.test_properties import POINTS, Hand, _wish
from ui.infusion.dock_actions import can_be_done, may_note_reaction
from ui.questions.actions import ACTIONS, more_actions

D = Decimal
Right = Callable[[Play, str], Command]


def _identity(play: Play, _bag: str) -> Command:
    return CheckIdentity(play.state.order.subject, tuple(bag.bag.bag_id for bag in play.state.planned_bags))


def _destroy(play: Play, _bag: str) -> Command:
    return DestroyLeftover(leftovers(play.state)[0].bag.bag_id, D(1), GAO, "why")


def _unused(play: Play, _bag: str) -> Command:
    bag = unused(play.state)[0]
    return DestroyLeftover(bag.bag.bag_id, bag.volume_ml, GAO, "why")


def _broken(play: Play, _bag: str) -> Command:
    return ReportBroken(next(b.bag.bag_id for b in play.state.bags.values() if b.usable and b.hung_at is None), "leak")


def _again(play: Play, _bag: str) -> Command:
    """What the check anew becomes: as `ask_check_again` chooses."""
    s = play.state
    waiting = next((b for b in s.planned_bags if b.released_by is not None and not b.ready), None)
    if s.phase is Phase.RECEIVED:
        return _identity(play, "")
    wrong = s.mismatch
    if waiting is not None and wrong is not None and (wrong.what == "patient" or wrong.expected_bag == waiting.bag.bag_id):
        return VerifyBag(waiting.bag.bag_id, s.order.subject, waiting.bag.bag_id)
    thawed = next(b.bag.bag_id for b in s.bags.values() if b.thawed_at and not b.hung_at)
    return CheckBag(thawed, thawed, True)


def _other_pulse(play: Play) -> OwnLimits:
    own = play.state.own_limits.get("hr")
    return OwnLimits("hr", D(61) if own is not None and own.low == 60 else D(60), D(100))


RIGHT: dict[str, Right] = {
    TaskKind.STOP_DOSE_REACHED: lambda _p, _b: End(None, "why"),
    TaskKind.CLEAR_MISMATCH: _again,
    TaskKind.CONFIRM_ELAPSED: lambda _p, _b: ConfirmElapsed(60),
    TaskKind.READ_REMAINING: lambda _p, _b: ReadRemaining(D(10)),
    TaskKind.HANG: lambda _p, bag: HangBag(bag),
    TaskKind.CHECK_BAG: lambda _p, bag: CheckBag(bag, bag, True),
    TaskKind.VITALS: lambda _p, _b: vitals(late_reason="why"),
    TaskKind.RESUME: lambda _p, _b: Resume(D(40), ZHAO, "why", "why"),
    TaskKind.VERIFY_BAG: lambda p, bag: VerifyBag(bag, p.state.order.subject, bag),
    TaskKind.THAW: lambda p, bag: ThawBag(bag, p.now),
    TaskKind.END: lambda _p, _b: End(None, "why"),
    TaskKind.RATE_OFF: lambda _p, _b: SetRate(D(30), "why"),
    TaskKind.TAKE_DOWN: lambda _p, _b: TakeDownBag(D(10), "why"),
    TaskKind.THAW_AGE: lambda p, bag: TakeDownBag(D(10), "why") if p.state.hanging else _broken(p, bag),
    TaskKind.PREMEDICATION_AGE: lambda _p, _b: AddNote("text"),
    TaskKind.SIGN_ORDER: lambda _p, _b: SignOrder(),
    TaskKind.MEASURE: lambda _p, _b: MeasureRate(D(40), "taps", 10),
    TaskKind.FLUSH: lambda _p, _b: FlushLine(D(20)),
    TaskKind.CLOSE_OBSERVATION: lambda _p, _b: CloseObservation("transferred", (), "why"),
    TaskKind.DESTROY: _destroy,
    TaskKind.RECEIVE: lambda _p, _b: Receive(),
    TaskKind.VERIFY: _identity,
    TaskKind.PREMEDICATE: lambda p, _b: premedication(p.rules, p.now),
    TaskKind.START: lambda _p, _b: Start(D(20), "why", ZHAO, "why", "why"),
    TaskKind.SIGN_PERFORMED: lambda _p, _b: Sign("performed", "why"),
    TaskKind.SIGN_REVIEWED: lambda _p, _b: Sign("reviewed"),
    "change_rate": lambda _p, _b: SetRate(D(30), "why"),
    "pause": lambda _p, _b: Pause(),
    "reaction": lambda p, _b: NoteReaction(p.now, ("rash",), "continue"),
    "explain_pause": lambda _p, _b: ExplainPause("why"),
    "resolve_reaction": lambda p, _b: ResolveReaction(p.now),
    "sign_reaction": lambda p, _b: SignReaction(unsigned_report(p.state) or "reviewed"),
    "free_bag": lambda p, _b: FreeBag(next(b.bag.bag_id for b in p.state.bags.values() if b.kept), "why"),
    "destroy_kept": _destroy,
    "bag_empty": lambda _p, _b: ReportEmpty(),
    "take_down": lambda _p, _b: TakeDownBag(D(10), "why"),
    "broken": _broken,
    "next_bag": lambda p, _b: ChooseNextBag(others_to_hang(p.state)[0].bag.bag_id, "why", GAO),
    "override": lambda _p, _b: OverrideLeadTime("why"),
    "stop": lambda _p, _b: Stop(None, "why"),
    "limits": lambda p, _b: ChangeLimits((_other_pulse(p),), "why"),
    "scale": lambda p, _b: OrderScale(1 if p.state.scale == 2 else 2, "why"),
    "hand_over": lambda _p, _b: HandOver(GAO),
    "note": lambda _p, _b: AddNote("text"),
    "unused": _unused,
    "abandon": lambda _p, _b: Abandon("why"),
}
#: Asked on the bench's own page, shown or printed and not done, or saying itself what it waits for.
_ELSEWHERE = (TaskKind.RELEASE, TaskKind.RELEASE_BAG, TaskKind.REPLACE_BAG, TaskKind.STEP_UP, "record", "correct",
              *(f"sheet_{name}" for name in SHEET_NAMES))  # fmt: skip
#: Asked through the gate, which says itself what nobody goes on with.
_GATED = (TaskKind.START, TaskKind.RESUME)


def test_every_action_is_tried() -> None:
    assert set(ACTIONS) == {*RIGHT, *_ELSEWHERE}


def _way_out(play: Play) -> str:
    """What lets start or resume pass the gate again."""
    return "resolve_reaction" if play.state.reaction_open else TaskKind.VITALS


def offered(play: Play) -> Iterator[tuple[str, str]]:
    """Key and bag of what is due and open, of what stands beside it, and of “More”.

    A task that another one holds up comes after that one; a mismatch holds up all but what keeps the patient safe.
    """
    tasks = [task for task in due(play.state, play.now) if task.is_open(play.now)]
    held_up = {kind for task in tasks for kind in task.blocks}
    first = [task for task in tasks if task.kind is TaskKind.CLEAR_MISMATCH] or [t for t in tasks if t.kind not in held_up]
    yield from ((task.kind, task.bag_id or "") for task in first)
    yield from ((action.key, "") for action in can_be_done(play.state))
    yield from ((key, "") for key, _words in more_actions(play.state, play.now))
    if may_note_reaction(play.state, play.now):
        yield "reaction", ""


def refused_by_all(play: Play, key: str, bag_id: str) -> list[str]:
    """What everybody who could do it is told; nothing where one of them may."""
    told: list[str] = []
    people: tuple[Person, ...] = (*EVERYBODY, GAO)
    for by in people:
        try:
            decide(play.state, RIGHT[key](play, bag_id), by, play.now)
        except Refused as refusal:
            told.append(str(refusal.text))
        else:
            return []
    return told


RARE: list[Command] = [Abandon("why"), CheckIdentity("S-002", ("B1",)), CheckBag("B1", "B9", True), CheckBag("B2", "B9", True)]


def _go_on(play: Play, hand: Hand) -> None:
    """A wish of anybody's, now and then what ends or stops the usual way."""
    play.now += timedelta(seconds=hand.one_of([0, 1, 59, 300, 600]))
    rare = hand.random.random()
    if rare < 0.05 and play.state.phase not in CLOSED:
        play.restart(timedelta(minutes=7), reboot=True, wall=timedelta(hours=-1))
    elif rare < 0.15:
        with suppress(Refused):
            play.do(hand.one_of(RARE), hand.one_of([LI, WANG]))
    else:
        _wish(play, hand)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("point", POINTS)
def test_whatever_is_offered_can_be_done(point: str, seed: int) -> None:
    hand = Hand(1000 + seed)
    play = prepared(point)
    for _ in range(30):
        _go_on(play, hand)
        there = list(offered(play))
        for key, bag_id in there:
            if key not in _ELSEWHERE:
                told = refused_by_all(play, key, bag_id)
                waits = why_refused(play.state) if key in _GATED else None
                assert (str(waits) in told) if waits else not told, (play.state.phase, key)
                assert waits is None or _way_out(play) in dict(there), (play.state.phase, key)
