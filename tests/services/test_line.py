"""Nothing is believed before it is on the disk; pause, stop, end and Reaction alone act at once."""

from datetime import timedelta
from decimal import Decimal

from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.drip import MeasureRate
from app.domain.infusion.chapters.ending import Stop
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.phases import Phase
from app.services.ward.infusion_writes import RETRY_AFTER
from app.services.ward.ports import Outcome
from tests.domain.cast import CHEN, LI
from tests.services.ward import Ward, running, weighed


def test_the_screen_does_not_move_before_the_write_is_done() -> None:
    ward = Ward()
    ward.store.holding = True
    ward.do(RecordWeight(Decimal("70.0")), LI)
    assert ward.state.weight is None
    ward.store.release()
    assert ward.state.weight is not None


def test_a_second_command_waits_for_the_first() -> None:
    ward = weighed()
    ward.store.holding = True
    ward.do(ChooseSet(20), CHEN)
    ward.do(ChooseSet(15), CHEN)
    assert ward.store.attempts == 3
    ward.store.holding = False
    ward.store.release()
    assert ward.state.drop_factor == 15


def test_a_failed_write_leaves_everything_where_it_was_and_says_so() -> None:
    ward = weighed()
    ward.store.broken = True
    outcome = ward.do(ChooseSet(20), CHEN)
    assert ward.state.drop_factor is None
    assert str(outcome.failed) == "The disk is full."
    ward.store.broken = False
    assert ward.do(ChooseSet(20), CHEN).ok
    assert ward.state.drop_factor == 20


def test_a_pause_acts_at_once_on_a_full_disk_and_is_saved_later() -> None:
    ward = running()
    ward.store.broken = True
    assert ward.do(Pause("line kinked"), LI) == Outcome()
    assert ward.state.phase is Phase.PAUSED
    assert ward.line.unsaved == 1
    assert str(ward.line.trouble) == "The disk is full."
    ward.clock.move(seconds=RETRY_AFTER.total_seconds())
    ward.bedside.tick()
    assert ward.line.unsaved == 1
    ward.store.broken = False
    ward.clock.move(seconds=RETRY_AFTER.total_seconds())
    ward.bedside.tick()
    assert ward.line.unsaved == 0
    assert ward.line.trouble is None
    assert [x for x in ward.store.events if not x.startswith("Alarm")][-1] == "Paused"


def test_a_pause_does_not_wait_for_a_write_that_hangs() -> None:
    ward = running()
    ward.store.holding = True
    ward.do(MeasureRate(Decimal(20), "taps", 5), LI)
    ward.do(Pause(), LI)
    assert ward.state.phase is Phase.PAUSED
    assert ward.state.measured is not None
    assert ward.line.unsaved == 2
    ward.store.holding = False
    ward.store.release()
    assert ward.line.unsaved == 0
    assert ward.store.events[-2:] == ["RateMeasured", "Paused"]


def test_what_was_saved_meanwhile_is_not_forgotten_by_what_still_waits() -> None:
    ward = running()
    ward.store.broken = True
    ward.do(Pause(), LI)
    ward.store.broken = False
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "stop"), LI)
    assert ward.line.unsaved == 1
    ward.store.broken = True
    ward.do(Stop(Decimal(50), "chills"), LI)
    assert [len(ward.state.reactions), ward.state.phase] == [1, Phase.OBSERVATION]
    ward.store.broken = False
    ward.clock.move(seconds=RETRY_AFTER.total_seconds())
    ward.bedside.tick()
    assert ward.line.unsaved == 0
    assert ward.state == ward.bedside.read(ward.infusion_id, ward.state.log)


def test_what_stands_unsaved_is_retried_until_it_is_saved_and_never_twice() -> None:
    ward = running()
    ward.store.broken = True
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "stop"), LI)
    for _ in range(3):
        ward.clock.move(seconds=2)
        ward.bedside.tick()
    ward.store.broken = False
    ward.clock.move(seconds=2)
    ward.bedside.tick()
    ward.clock.move(seconds=2)
    ward.bedside.tick()
    assert ward.store.events.count("ReactionNoted") == 1
    assert ward.state.reaction_open


def test_a_refused_command_writes_nothing_but_the_refusal_that_matters() -> None:
    ward = weighed()
    saved = len(ward.store.events)
    assert ward.do(MeasureRate(Decimal(20), "taps", 5), LI).refused is not None
    assert len(ward.store.events) == saved
    assert ward.do(Release(), CHEN).refused is not None
    assert ward.store.events[-1] == "CommandRefused"
    assert ward.bedside.now() - ward.state.ordered_at < timedelta(minutes=1)
