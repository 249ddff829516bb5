"""The end of an infusion beside what the scenarios tell: readings by eye, clocks that stand, starts of other beds."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import ReadRemaining
from app.domain.infusion.chapters.ending import End, left_undone
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.pause import ExplainPause, Pause
from app.domain.infusion.chapters.thaw import CheckBag, ReportEmpty, TakeDownBag
from app.domain.infusion.checks import infusion_checks
from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.tasks import due
from app.domain.products.leftovers import is_off, left_between, leftover_ml
from app.domain.watch.starts_apart import near_start

from .cast import LI, TRIAL, ZHAO, clock
from .play import Play, prepared, vitals

FORMER = msgspec.structs.replace(TRIAL, ending=None, ward=None)


def _task(play: Play, kind: TaskKind) -> Task:
    return next(t for t in due(play.state, play.now) if t.kind is kind)


def _ml(play: Play) -> list[float]:
    found = delivered(play.state, play.now)
    return [float(found.least_ml), float(found.most_ml)]


def _left(play: Play, bag_id: str) -> list[float]:
    return [float(ml) for ml in left_between(play.state, play.state.bags[bag_id])]


# --- a bag is read by eye


@pytest.mark.parametrize(("left", "least", "most"), [(100, 0, 5), (98, 0, 7), (60, 35, 45), (3, 92, 100), (0, 95, 100)])
def test_what_a_person_reads_is_known_to_five_ml_within_what_the_bag_holds(left: int, least: int, most: int) -> None:
    play = prepared("running")
    play.do(ReadRemaining(Decimal(left)), LI, clock("14:10"))
    assert _ml(play) == [least, most]


def test_an_infusion_of_a_former_protocol_file_is_read_as_it_was() -> None:
    play = prepared("running", rules=FORMER)
    play.do(ReadRemaining(Decimal(60)), LI, clock("14:10"))
    assert _ml(play) == [40, 40]


def test_a_bag_that_ran_empty_is_known_and_one_taken_down_stays_as_it_was_read() -> None:
    play = prepared("second bag")
    play.do(TakeDownBag(Decimal(80), "leak"), LI, clock("14:50"))
    assert _ml(play) == [115, 125]
    other = prepared("stepped up")
    other.do(ReportEmpty(), LI, clock("14:40"))
    assert _ml(other) == [100, 100]


def test_of_a_bag_taken_down_before_the_start_nothing_was_given() -> None:
    play = prepared("hung")
    play.do(TakeDownBag(Decimal(95), "leak"), LI)
    assert _ml(play) == [0, 0]


# --- what is left, and what is destroyed


def test_what_is_left_of_a_bag_as_far_as_it_is_known() -> None:
    play = prepared("second bag")
    assert (_left(play, "B1"), _left(play, "B2")) == ([0, 0], [100, 100])
    play.do(End(None), LI, clock("14:58"))
    least, most = left_between(play.state, play.state.bags["B2"])
    assert 0 < least < most < 100
    left = leftover_ml(play.state, play.state.bags["B2"])
    assert least < left < most
    assert left == round(left, 1)
    assert not is_off(play.state, play.state.bags["B2"], most + 1)
    assert is_off(play.state, play.state.bags["B2"], most + Decimal("1.1"))
    assert not is_off(play.state, play.state.bags["B2"], least - 1)
    assert is_off(play.state, play.state.bags["B2"], least - Decimal("1.1"))


def test_a_former_protocol_file_asks_for_no_such_reason() -> None:
    play = prepared("observation", rules=FORMER)
    assert not is_off(play.state, play.state.bags["B2"], Decimal(1))


# --- clocks that stand


def _sealed(play: Play) -> None:
    play.now += timedelta(minutes=1)
    play.take(e.SamplesSealed(play.now, 60, "0" * 64))


def test_a_pause_counts_from_itself_through_seals_and_saved_steps() -> None:
    play = prepared("stepped up")
    play.do(Pause(), LI, clock("14:20"))
    for step in (ExplainPause("line"), AddNote("asleep"), vitals()):
        _sealed(play)
        play.do(step, LI)
        assert _task(play, TaskKind.RESUME).due_at == clock("14:20")
    assert play.same_from_disk()


def test_a_mismatch_and_a_gap_count_from_themselves() -> None:
    play = prepared("received")
    play.do(CheckIdentity("S-002", ("B1", "B2")), LI)
    found_at = play.now
    _sealed(play)
    assert _task(play, TaskKind.CLEAR_MISMATCH).due_at == found_at
    gone = prepared("stepped up")
    gone.restart(timedelta(minutes=3))
    back_at = gone.now
    _sealed(gone)
    assert _task(gone, TaskKind.READ_REMAINING).due_at == back_at


def test_a_mismatch_of_an_infusion_that_was_given_up_asks_for_nothing() -> None:
    play = prepared("received")
    play.do(CheckIdentity("S-002", ("B1", "B2")), LI)
    play.do(Abandon("wrong patient"), LI)
    assert due(play.state, play.now) == []


def test_a_bag_that_hangs_is_not_checked_again_and_so_never_a_mismatch_that_nothing_clears() -> None:
    play = prepared("hung")
    with pytest.raises(Refused, match="was hung already"):
        play.do(CheckBag("B1", "B9", True), ZHAO)
    assert play.state.mismatch is None


# --- lateness


def test_a_check_five_minutes_and_a_moment_late_is_not_told_as_five_minutes() -> None:
    play = prepared("running")
    play.do(vitals(late_reason="busy"), LI, clock("14:20") + timedelta(milliseconds=400))
    check = infusion_checks(play.state, play.now)[1]
    assert (check.status, check.late_s) == ("late", 301)


# --- what is left undone, and other beds


def test_an_unknown_time_is_left_undone_until_a_person_says_it() -> None:
    play = prepared("observation")
    play.restart(timedelta(minutes=1), reboot=True, wall=timedelta(hours=-1))
    assert play.state.elapsed_unknown
    assert left_undone(play.state, play.now) == ("time",)


def _at_bed(play: Play, infusion_id: str, bed: str) -> Play:
    play.state.infusion_id = infusion_id
    play.state.order = msgspec.structs.replace(play.state.order, bed=bed)
    return play


def test_another_beds_start_is_told_for_fifteen_minutes_with_the_time_from_which_it_is_clear() -> None:
    here, there = prepared("ready"), _at_bed(prepared("running"), "other", "7")
    third = _at_bed(prepared("received"), "third", "8")
    beds = [(s.infusion_id, s.order.bed, s.started_at) for s in (here.state, there.state, third.state)]
    near = near_start(here.state, beds, clock("14:14:59"))
    assert near is not None
    assert (near.bed, near.started_at, near.clear_at) == ("7", clock("14:00"), clock("14:15"))
    assert near_start(here.state, beds, clock("14:15")) is None
    assert near_start(here.state, beds[:1], clock("14:01")) is None
    assert near_start(there.state, beds, clock("14:01")) is None, "not by its own start"
    assert near_start(msgspec.structs.replace(here.state, known_protocol=FORMER), beds, clock("14:01")) is None
