"""What runs over its time or is off what was set: every rule on both sides of its limit, and whether anything is left to be done.

Pre-medication at 13:30, bag B1 thawed at 13:50 and hung at 13:57, start at 14:00.
"""

from datetime import datetime
from decimal import Decimal as D

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import MeasureRate, SetRate
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.thaw import TakeDownBag
from app.domain.infusion.found.in_time import Over, over
from app.domain.infusion.task_kinds import TaskKind
from app.domain.protocol import Protocol
from app.domain.watch.priority import Priority

from .cast import LI, TRIAL, clock, protocol
from .play import Play, certificate, prepared
from .seeing import plain, time

SLOW = TRIAL.infusion.stages[0].rate_gtt_min[0]
LIMIT = msgspec.structs.replace(TRIAL, thaw=msgspec.structs.replace(TRIAL.thaw, limit_min=D(40)))
FORMER = msgspec.structs.replace(TRIAL, gate=None)
_Told = tuple[str, str, bool, str | None, str | None]


def found(play: Play, kind: TaskKind, at: str) -> list[Over]:
    return [one for one in over(play.state, clock(at)) if one.kind is kind]


def told(play: Play, kind: TaskKind, at: str) -> list[_Told]:
    """What the alarm says, since when, whether it stands; the deviation, at when."""
    return [_told(one) for one in found(play, kind, at)]


def _told(one: Over) -> _Told:
    deviation = None if one.deviation is None else plain(one.deviation)
    return plain(one.text), time(one.since), one.stands, deviation, None if one.at is None else time(one.at)


def took(play: Play, event: e.InfusionEvent, at: str) -> Play:
    """So it was recorded, whatever the rules would say to it today."""
    play.now = clock(at)
    play.take(event, LI.person_id)
    return play


def started(at: str, rules: Protocol = TRIAL) -> Play:
    return took(prepared("ready", rules=rules), e.Started(SLOW), at)


# --- pre-medication


def test_the_pre_medication_of_a_start_that_waits() -> None:
    play, text = prepared("ready"), "Pre-medication was more than 120 min ago"
    assert told(play, TaskKind.PREMEDICATION_AGE, "15:30") == []
    assert told(play, TaskKind.PREMEDICATION_AGE, "15:30:01") == [(text, "15:30", True, None, None)]
    assert found(play, TaskKind.PREMEDICATION_AGE, "15:31")[0].priority is Priority.MEDIUM
    assert told(took(play, e.Abandoned("fever"), "15:31"), TaskKind.PREMEDICATION_AGE, "15:32") == []
    assert told(Play(), TaskKind.PREMEDICATION_AGE, "18:00") == []


def test_the_pre_medication_of_a_start_that_came_late() -> None:
    assert told(started("15:30"), TaskKind.PREMEDICATION_AGE, "16:00") == []
    ((_, since, stands, deviation, at),) = told(started("15:30:01"), TaskKind.PREMEDICATION_AGE, "16:00")
    assert (since, stands, at) == ("15:30", False, "15:30:01")
    assert deviation == "Started 120.1 min after the pre-medication, after 120."


# --- a thawed bag


def test_a_thawed_bag_that_waits_is_warned_of_and_then_too_old() -> None:
    play, warned = prepared("ready"), "Bag B1: thawed more than 45 min ago"
    assert told(play, TaskKind.THAW_AGE, "14:35") == []
    assert told(play, TaskKind.THAW_AGE, "14:35:01") == told(play, TaskKind.THAW_AGE, "14:50") == [
        (warned, "14:35", True, None, None)
    ]  # fmt: skip
    assert told(play, TaskKind.THAW_AGE, "14:50:01") == [
        ("Bag B1: thawed more than 60 min ago, and not started", "14:50", True, None, None)
    ]
    assert [found(play, TaskKind.THAW_AGE, at)[0].priority for at in ("14:50", "14:51")] == [Priority.LOW, Priority.MEDIUM]
    assert found(play, TaskKind.THAW_AGE, "14:50")[0].bag_id == found(play, TaskKind.THAW_AGE, "14:51")[0].bag_id == "B1"


def test_a_bag_that_waits_no_more_stands_no_more() -> None:
    """Taken down, set aside, or the infusion given up. What is only warned of is then not told at all."""
    down = prepared("ready")
    down.do(TakeDownBag(D(100), "leak"), LI, clock("14:30"))
    broken = took(prepared("thawed"), e.BagBroken("B1", "torn"), "14:30")
    given_up = took(prepared("ready"), e.Abandoned("fever"), "14:30")
    for play in (down, broken, given_up):
        assert told(play, TaskKind.THAW_AGE, "14:40") == []
        assert [one.stands for one in found(play, TaskKind.THAW_AGE, "15:00")] == [False]


def test_a_bag_that_started_the_infusion_too_late_passed_the_gate_which_tells_of_it() -> None:
    assert told(started("14:40"), TaskKind.THAW_AGE, "14:51") == []
    text = "Bag B1: thawed more than 60 min ago, and not started"
    assert told(started("14:50:01"), TaskKind.THAW_AGE, "14:51") == [(text, "14:50", False, None, "14:50:01")]


@pytest.mark.parametrize(("hung", "deviation"), [("15:20", None), ("15:20:01", "Bag B2 began 60.1 min after its thaw, after 60.")])
def test_the_second_bag_must_drip_in_time_too(hung: str, deviation: str | None) -> None:
    play = took(prepared("stepped up"), e.BagThawed("B2", clock("14:20")), "14:20")
    assert told(play, TaskKind.THAW_AGE, "15:05:01")[-1] == ("Bag B2: thawed more than 45 min ago", "15:05", True, None, None)
    took(took(play, e.BagEmptied("B1"), "14:40"), e.BagHung("B2"), hung)
    late = [one for one in found(play, TaskKind.THAW_AGE, "15:21") if one.bag_id == "B2"]
    assert [one.deviation and plain(one.deviation) for one in late] == ([] if deviation is None else [deviation])
    assert [(time(one.at), one.stands) for one in late if one.at] == ([] if deviation is None else [(hung, False)])


def test_a_bag_that_runs_must_be_in_within_ninety_minutes_of_its_thaw() -> None:
    play, text = prepared("running"), "Bag B1: thawed more than 90 min ago, and it still runs"
    assert told(play, TaskKind.THAW_AGE, "15:20") == []
    deviation = "Bag B1 ran in 90.1 min after its thaw, after 90."
    assert told(play, TaskKind.THAW_AGE, "15:20:01") == [(text, "15:20", True, deviation, "15:20:01")]
    (one,) = found(play, TaskKind.THAW_AGE, "15:20:01")
    assert (one.priority, one.bag_id) == (Priority.MEDIUM, "B1")


@pytest.mark.parametrize("end", [e.BagEmptied("B1"), e.BagTakenDown("B1", D(20), "leak"), e.InfusionEnded(None)])
def test_once_it_is_in_it_stands_no_more_and_is_told_if_it_was_late(end: e.InfusionEvent) -> None:
    assert told(took(prepared("running"), end, "15:20"), TaskKind.THAW_AGE, "16:00") == []
    ((_, since, stands, deviation, at),) = told(took(prepared("running"), end, "15:21"), TaskKind.THAW_AGE, "16:00")
    assert (since, stands, deviation, at) == ("15:20", False, "Bag B1 ran in 91.0 min after its thaw, after 90.", "15:21")


def test_a_bag_taken_down_before_the_start_never_dripped() -> None:
    """At the very moment of the start too."""
    for down in ("13:59", "14:00"):
        play = took(prepared("ready"), e.BagTakenDown("B1", D(95), "leak"), down)
        play.state.started_at = clock("14:00")
        assert [one.stands for one in found(play, TaskKind.THAW_AGE, "16:00")] == [False]
        assert "not started" in told(play, TaskKind.THAW_AGE, "16:00")[0][0]


def test_the_maker_s_limit_stands_in_place_of_the_three() -> None:
    play = prepared("ready", rules=LIMIT)
    assert told(play, TaskKind.THAW_AGE, "14:30") == []
    assert told(play, TaskKind.THAW_AGE, "14:30:01")[0][:2] == ("Bag B1: thawed more than 40 min ago, and not started", "14:30")
    running = prepared("running", rules=LIMIT)
    assert told(running, TaskKind.THAW_AGE, "14:30") == []
    assert told(running, TaskKind.THAW_AGE, "14:30:01")[0][:2] == (
        "Bag B1: thawed more than 40 min ago, and it still runs",
        "14:30",
    )
    former = msgspec.structs.replace(LIMIT, thaw=msgspec.structs.replace(LIMIT.thaw, end_within_min=None))
    assert told(prepared("ready", rules=former), TaskKind.THAW_AGE, "14:50")[0][0] == "Bag B1: thawed more than 45 min ago"


# --- the drip


def test_the_starting_rate_may_run_five_minutes_too_long() -> None:
    play = prepared("running")
    assert told(play, TaskKind.STEP_UP, "14:20") == []
    text = "The rate of this stage runs more than 5 min too long"
    deviation = "Stage 1 ran 20.1 min; 15 are planned and 5 more allowed."
    assert told(play, TaskKind.STEP_UP, "14:20:01") == [(text, "14:20", True, deviation, "14:20:01")]
    assert found(play, TaskKind.STEP_UP, "14:20:01")[0].priority is Priority.MEDIUM
    play.do(Pause("line"), LI, clock("14:21"))
    assert [one.stands for one in found(play, TaskKind.STEP_UP, "14:30")] == [False]


def test_a_stage_that_ran_too_long_is_told_after_the_step_up_and_after_the_end() -> None:
    stepped = took(prepared("running"), e.SteppedUp(D(56)), "14:25")
    ended = took(prepared("running"), e.InfusionEnded(None), "14:25")
    for play in (stepped, ended):
        ((_, since, stands, deviation, at),) = told(play, TaskKind.STEP_UP, "15:00")
        assert (since, stands, at) == ("14:20", False, "14:25")
        assert deviation == "Stage 1 ran 25.0 min; 15 are planned and 5 more allowed."
    assert told(took(prepared("running"), e.SteppedUp(D(56)), "14:20"), TaskKind.STEP_UP, "15:00") == []


def test_every_stage_with_a_running_time_is_looked_at() -> None:
    """Of three; the first one's 10 min were kept."""
    rules = protocol("three-stage")
    rules = msgspec.structs.replace(rules, infusion=msgspec.structs.replace(rules.infusion, stage_over_min=D(5)))
    play = took(prepared("running", rules=rules), e.SteppedUp(D(20)), "14:10")
    assert told(play, TaskKind.STEP_UP, "14:35") == []
    assert told(play, TaskKind.STEP_UP, "14:35:01")[0][1:4] == (
        "14:35", True, "Stage 2 ran 25.1 min; 20 are planned and 5 more allowed.",
    )  # fmt: skip
    both = took(took(prepared("running", rules=rules), e.SteppedUp(D(20)), "14:16"), e.SteppedUp(D(60)), "14:42")
    assert [row[1] for row in told(both, TaskKind.STEP_UP, "15:00")] == ["14:15", "14:41"]


@pytest.mark.parametrize(("rate", "is_off"), [("61.6", False), ("61.7", True), ("50.4", False), ("50.3", True)])
def test_a_measured_rate_may_be_ten_per_cent_off(rate: str, is_off: bool) -> None:
    play = prepared("stepped up")
    assert play.state.rate_gtt_min == 56
    play.do(MeasureRate(D(rate), "taps", 10), LI, clock("14:20"))
    text, deviation = (
        f"Drip rate {rate} drops/min, set 56: more than 10 % off",
        f"Measured {rate} drops/min, more than 10 % off the 56 set.",
    )
    assert told(play, TaskKind.RATE_OFF, "14:21") == ([(text, "14:20", True, deviation, "14:20")] if is_off else [])
    assert [one.priority for one in found(play, TaskKind.RATE_OFF, "14:21")] == [Priority.LOW] * is_off


def test_a_rate_that_is_off_stands_until_it_is_set_or_measured_anew() -> None:
    def stands(play: Play) -> list[bool]:
        return [one.stands for one in found(play, TaskKind.RATE_OFF, "14:30")]

    def off() -> Play:
        play = prepared("stepped up")
        play.do(MeasureRate(D(70), "taps", 10), LI, clock("14:20"))
        return play

    assert stands(off()) == [True]
    for command, after in ((SetRate(D(56)), [False]), (Pause("line"), [False]), (MeasureRate(D(56), "taps", 10), [False]),
                           (MeasureRate(D(69), "taps", 10), [False, True])):  # fmt: skip
        play = off()
        play.do(command, LI, clock("14:22"))
        assert stands(play) == after


# --- certificate and observation


def certified(at: str, viability: object = 84, play: Play | None = None, looks_right: bool = True) -> Play:
    played = play or prepared("hung")
    failed = certificate("B1", viability, appearance=looks_right)
    event = e.CertificateRecorded("B1", failed.viability_pct, failed.tests, failed.appearance_ok, failed.storage_ok)
    return took(played, event, at)


def test_a_certificate_that_does_not_pass_while_its_bag_hangs() -> None:
    play = certified("13:57", looks_right=False)
    text = "Bag B1 hangs and its certificate does not pass: viability, appearance"
    deviation = "The certificate of bag B1 did not pass while it hung: viability, appearance."
    assert told(play, TaskKind.TAKE_DOWN, "14:00") == [(text, "13:57", True, deviation, "13:57")]
    (one,) = found(play, TaskKind.TAKE_DOWN, "14:00")
    assert (one.priority, one.bag_id) == (Priority.HIGH, "B1")
    assert told(certified("13:57", 85), TaskKind.TAKE_DOWN, "14:00") == []
    assert told(certified("13:56", play=prepared("thawed")), TaskKind.TAKE_DOWN, "14:00") == []
    assert told(certified("13:57", play=prepared("hung", rules=FORMER)), TaskKind.TAKE_DOWN, "14:00") == []


def test_it_stands_until_the_bag_is_down_or_another_one_passes() -> None:
    down = certified("13:58")
    down.do(TakeDownBag(D(100), "leak"), LI, clock("13:59"))
    again = certified("13:59", 95, certified("13:58"))
    ended = took(certified("14:10", play=prepared("running")), e.InfusionEnded(None), "14:11")
    for play in (down, again, ended):
        assert [one.stands for one in found(play, TaskKind.TAKE_DOWN, "14:30")] == [False]
    assert [one.stands for one in found(certified("14:10", play=prepared("running")), TaskKind.TAKE_DOWN, "14:30")] == [True]


@pytest.mark.parametrize("end", [e.BagEmptied("B1"), e.BagTakenDown("B1", D(20), "leak"), e.InfusionEnded(None)])
def test_what_is_found_of_a_bag_that_hangs_no_more_is_no_deviation_of_the_drip(end: e.InfusionEvent) -> None:
    for at, count in (("14:29:59", 1), ("14:30", 0)):
        play = prepared("running")
        failed = certified(at, play=prepared("running")).entries[-1]
        took(play, end, "14:30")
        play.state.certificates.append(failed)
        assert len(found(play, TaskKind.TAKE_DOWN, "14:40")) == count


def closed(at: str, rules: Protocol = TRIAL) -> Play:
    return took(prepared("observation", rules=rules), e.ObservationClosed("transferred", reason="moved"), at)


def test_an_observation_that_was_closed_before_its_time() -> None:
    """Of 120 min from 14:58 on."""
    assert told(prepared("observation"), TaskKind.CLOSE_OBSERVATION, "15:30") == []
    assert told(closed("16:58"), TaskKind.CLOSE_OBSERVATION, "17:00") == []
    assert told(closed("16:57:59", FORMER), TaskKind.CLOSE_OBSERVATION, "17:00") == []
    deviation = "Observation closed after 119.9 of 120 min."
    play = closed("16:57:59")
    assert told(play, TaskKind.CLOSE_OBSERVATION, "17:00") == [(deviation, "16:57:59", False, deviation, "16:57:59")]
    (one,) = found(play, TaskKind.CLOSE_OBSERVATION, "17:00")
    assert (one.priority, one.reason) == (Priority.LOW, "moved")


def test_a_former_file_sets_no_number_and_has_no_rule() -> None:
    now: datetime = clock("18:00")
    thaw = msgspec.structs.replace(TRIAL.thaw, warn_min=None, start_within_min=None, end_within_min=None)
    rules = msgspec.structs.replace(
        TRIAL,
        gate=None,
        thaw=thaw,
        premedication=msgspec.structs.replace(TRIAL.premedication, latest_min=None),
        infusion=msgspec.structs.replace(TRIAL.infusion, stage_over_min=None),
        delivery=msgspec.structs.replace(TRIAL.delivery, rate_off_pct=None),
    )
    play = prepared("running", rules=rules)
    play.do(MeasureRate(D(80), "taps", 10), LI, clock("14:10"))
    for one in (prepared("ready", rules=rules), play):
        assert over(one.state, now) == []


def test_a_reminder_of_it_comes_at_once() -> None:
    (one,) = found(prepared("ready"), TaskKind.PREMEDICATION_AGE, "15:31")
    assert (one.reminder.priority, one.reminder.text, one.reminder.after_s) == (Priority.MEDIUM, one.text, 0)
