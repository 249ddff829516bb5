"""Everything that is due at each point of an infusion: when, from when on, what waits for it, and what comes first.

70 kg in two bags of 100 ml at 20 drops/ml: dexamethasone 13:30, start 14:00, step up 14:15, second bag 14:45:20, end 14:58.
"""

from decimal import Decimal as D
from typing import Any

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.tasks import (
    due,
    is_accounted_for,
    is_unsigned,
    most_pressing,
    observation_due_at,
    start_from,
    thaw_from,
)

from .cast import LI, TRIAL, WANG, ZHAO, clock, protocol
from .play import Play, label, prepared
from .seeing import time


def told(task: Task) -> str:
    """“vitals 14:15 from 14:10 before step_up: infusion 15”, the moment it opens only where that is another."""
    words = [task.kind.value, time(task.due_at)]
    words += [f"from {time(task.opens_at)}"] if task.opens_at != task.due_at else []
    words += [f"before {', '.join(task.blocks)}"] if task.blocks else []
    words += [task.bag_id] if task.bag_id else []
    words += [f"· {task.check.period} {task.check.slot_min}"] if task.check else []
    return " ".join([*words, *([task.reminder.priority.name] if task.reminder else [])])


def tasks(play: Play, at: str = "") -> list[str]:
    return [told(task) for task in due(play.state, clock(at) if at else play.now)]


def took(play: Play, at: str, *events: e.InfusionEvent) -> Play:
    play.now = clock(at)
    for event in events:
        play.take(event, LI.person_id)
    return play


def first(play: Play, at: str = "") -> str | None:
    now = clock(at) if at else play.now
    found = most_pressing(due(play.state, now), now)
    return None if found is None else found.kind.value


BASELINE = "vitals 14:00 from 13:55 before start"
CHECK_15, CHECK_30 = "vitals 14:15 from 14:10 before step_up · infusion 15", "vitals 14:30 from 14:25 · infusion 30"
CHECK_60 = "vitals 15:00 from 14:55 · infusion 60"
AFTER = ["flush 14:58", "destroy 14:58 B2"]
MEASURE = "measure 14:05 from 14:00"
TO_CLOSE = "close_observation 16:58 before sign_performed"


@pytest.mark.parametrize(
    ("point", "at", "wanted", "next_one"),
    [
        ("ordered", "13:01", ["release 13:00"], "release"),
        ("bags at the bench", "13:12", ["release 13:00"], "release"),
        ("released", "13:16", ["receive 13:15"], "receive"),
        ("received", "13:21", ["verify 13:20 before premedicate"], "verify"),
        ("verified", "13:23", ["premedicate 13:22 before thaw"], "premedicate"),
        ("premedicated", "13:35", ["thaw 13:50 before start B1", "start 14:00"], "thaw"),
        ("thawed", "13:51", ["check_bag 13:50 before start B1", "start 14:00"], "check_bag"),
        ("hung", "13:57", [BASELINE, "start 14:00"], "vitals"),
        ("ready", "14:03", ["start 14:00"], "start"),
        ("ready", "14:03:01", [BASELINE, "start 14:00"], "vitals"),
        ("hung", "14:36", [BASELINE, "start 14:00", "thaw_age 14:35 B1 LOW"], "vitals"),
        ("running", "14:00", [MEASURE, CHECK_15, "step_up 14:15", "thaw 14:27:46 B2", "end 15:00"], "measure"),
        ("running", "14:10", [MEASURE, CHECK_15, "step_up 14:15", "thaw 14:27:46 B2", "end 15:00"], "measure"),
        ("running", "14:15", [MEASURE, CHECK_15, "step_up 14:15", "thaw 14:27:46 B2", "end 15:00"], "vitals"),
        ("running", "14:25:01", [MEASURE, "step_up 14:15 MEDIUM", CHECK_30, "thaw 14:34:27 B2", "end 15:00"], "step_up"),
        ("stepped up", "14:15", ["measure 14:20 from 14:15", "thaw 14:29:24 B2", CHECK_30, "end 15:00"], "measure"),
        ("stepped up", "14:31", ["measure 14:20 from 14:15", "thaw 14:29:24 B2", CHECK_30, "end 15:00"], "vitals"),
        ("second bag", "14:46", ["measure 14:50:20 from 14:45:20", CHECK_60, "end 15:00"], "measure"),
        ("second bag", "14:59", ["measure 14:50:20 from 14:45:20", "stop_dose_reached 14:57:14", CHECK_60, "end 15:00"],
         "stop_dose_reached"),
        ("observation", "15:22", [*AFTER, "vitals 15:28 from 15:23 · observation 30", TO_CLOSE], "flush"),
        ("observation", "15:29", [*AFTER, "vitals 15:28 from 15:23 · observation 30", TO_CLOSE], "vitals"),
        ("observation", "16:58", [*AFTER, "vitals 16:58 from 16:53 before close_observation · observation 120", TO_CLOSE],
         "vitals"),
        ("observed", "17:00", ["sign_performed 16:58 before sign_reviewed"], "sign_performed"),
        ("signed", "18:00", [], None),
    ],
)  # fmt: skip
def test_what_is_due_by_the_book(point: str, at: str, wanted: list[str], next_one: str | None) -> None:
    play = prepared(point)
    assert (tasks(play, at), first(play, at)) == (wanted, next_one)


def test_one_bag_that_holds_the_dose_is_followed_by_none() -> None:
    assert tasks(prepared("running", weight="50.0"), "14:05") == [MEASURE, CHECK_15, "step_up 14:15", "end 15:00"]


def test_a_measured_rate_is_measured_again_after_a_quarter_of_an_hour() -> None:
    play = took(prepared("running"), "14:05", e.RateMeasured(D(20), "taps", 10))
    assert tasks(play) == [CHECK_15, "step_up 14:15", "measure 14:20", "thaw 14:31:30 B2", "end 15:00"]
    off = took(prepared("running"), "14:05", e.RateMeasured(D(23), "taps", 10))
    assert tasks(off)[0] == "rate_off 14:05 LOW"


def test_while_it_is_paused_nothing_is_measured_stepped_up_or_thawed() -> None:
    play = took(prepared("running"), "14:05", e.Paused("person"))
    assert tasks(play, "14:06") == ["resume 14:05", "vitals 14:15 from 14:10 · infusion 15", "end 15:00"]
    assert (first(play, "14:06"), first(play, "14:15")) == ("resume", "vitals")


def test_after_a_gap_the_bag_is_read_and_after_an_unknown_one_the_time_entered() -> None:
    rest = [CHECK_15, "step_up 14:15", "measure 14:15 from 14:10"]
    gap = took(prepared("running"), "14:10", e.WatchLost(clock("14:05"), "stopped"))
    assert tasks(gap, "14:11") == ["read_remaining 14:10", *rest, "thaw 14:27:46 B2", "end 15:00"]
    unknown = took(prepared("running"), "14:10", e.WatchLost(clock("14:05"), "power", unknown=True))
    assert tasks(unknown, "14:11")[1:] == ["confirm_elapsed 14:10", "read_remaining 14:10", *rest, "end 15:00"]
    assert first(unknown, "14:11") == "confirm_elapsed"


# --- bags that replace others


def broken(point: str, *then: e.InfusionEvent) -> Play:
    """B2 was dropped; B3 is there with its certificate."""
    good = e.CertificateRecorded("B3", D(94), dict.fromkeys(TRIAL.product.certificate_tests, True), True, True)
    return took(prepared(point), "13:55", e.BagBroken("B2", "dropped"), e.BagScanned(label("B3")), good, *then)


RELEASE_B3, VERIFY_B3 = "release_bag 13:55 before verify_bag B3", "verify_bag 13:55 before thaw B3"


@pytest.mark.parametrize(
    ("point", "unreleased", "released"),
    [
        ("released", ["receive 13:15", RELEASE_B3], ["receive 13:15"]),
        ("received", [RELEASE_B3], ["verify 13:20 before premedicate"]),
        ("verified", ["premedicate 13:22 before thaw", RELEASE_B3], ["premedicate 13:22 before thaw", VERIFY_B3]),
        ("thawed", ["check_bag 13:50 before start B1", RELEASE_B3, "start 14:00"],
         ["check_bag 13:50 before start B1", VERIFY_B3, "start 14:00"]),
    ],
)  # fmt: skip
def test_a_replacement_is_released_and_then_checked_by_two(point: str, unreleased: list[str], released: list[str]) -> None:
    assert tasks(broken(point)) == unreleased
    assert tasks(broken(point, e.BagReleased("B3"))) == released


def test_a_dose_that_lacks_a_bag_asks_for_one() -> None:
    play = took(prepared("verified"), "13:25", e.BagBroken("B2", "dropped"))
    assert tasks(play, "13:40") == ["premedicate 13:22 before thaw", "replace_bag 13:25"]


def test_a_bag_taken_down_before_the_start_gives_way_to_the_next() -> None:
    play = took(prepared("hung"), "13:58", e.BagTakenDown("B1", D(100), "leak"))
    assert tasks(play) == ["thaw 13:50 before start B2", "replace_bag 13:58", "start 14:00"]
    only = took(prepared("hung", weight="50.0"), "13:58", e.BagTakenDown("B1", D(100), "leak"))
    assert tasks(only) == ["replace_bag 13:58"], "nothing can start without a bag"


def test_a_bag_that_two_people_have_not_checked_is_not_thawed() -> None:
    """50 kg take one bag; B1 was dropped after the dexamethasone, B3 is there."""
    good = e.CertificateRecorded("B3", D(94), dict.fromkeys(TRIAL.product.certificate_tests, True), True, True)
    play = took(prepared("premedicated", weight="50.0"), "13:55", e.BagBroken("B1", "dropped"), e.BagScanned(label("B3")), good)
    assert tasks(play) == [RELEASE_B3]
    assert tasks(took(play, "13:56", e.BagReleased("B3")), "13:57") == ["verify_bag 13:56 before thaw B3"]


def test_of_what_was_given_up_nothing_is_over_its_time() -> None:
    """B1 was thawed at 13:50, and dexamethasone given at 13:30."""
    play = took(prepared("hung"), "13:58", e.Abandoned("fever"))
    assert [tasks(play, at) for at in ("14:36", "15:31")] == [[], []]


def test_a_mismatch_is_cleared_first() -> None:
    wrong = e.MismatchFound("patient", "S-001", "S-002")
    play = took(prepared("received"), "13:21", wrong)
    assert tasks(play, "13:25") == ["verify 13:20 before premedicate", "clear_mismatch 13:21"]
    assert first(play, "13:25") == "clear_mismatch"
    assert tasks(took(prepared("received"), "13:21", wrong, e.Abandoned("fever"))) == []


def test_thaw_check_by_two_hang() -> None:
    play, look = prepared("thawed"), CheckBag("B1", "B1", appearance_ok=True)
    for at, by, wanted in (("13:52", LI, "check_bag"), ("13:53", WANG, "hang")):
        play.do(look, by, clock(at))
        assert tasks(play) == [f"{wanted} 13:50 before start B1", "start 14:00"]


def test_the_second_bag_is_hung_when_the_first_is_empty() -> None:
    play, look = took(prepared("stepped up"), "14:36", e.BagThawed("B2", clock("14:36"))), CheckBag("B2", "B2", appearance_ok=True)
    measure = "measure 14:20 from 14:15"
    assert tasks(play) == [measure, "check_bag 14:29:24 B2", CHECK_30, "end 15:00"]
    play.do(look, LI)
    play.do(look, WANG)
    assert tasks(play) == [measure, CHECK_30, "hang 14:39:24 B2", "end 15:00"]
    assert tasks(took(play, "14:40", e.BagEmptied("B1"))) == [CHECK_30, "hang 14:40 B2", "end 15:00"]


@pytest.mark.parametrize("event", [e.BagTakenDown("B1", D(60), "leak"), e.BagEmptied("B1")])
def test_with_no_bag_hanging_the_next_one_is_due_at_once(event: e.InfusionEvent) -> None:
    assert tasks(took(prepared("stepped up"), "14:20", event), "14:21") == ["thaw 14:20 B2", CHECK_30, "end 15:00"]


# --- who signs what


def written_down() -> Play:
    return Play(order=msgspec.structs.replace(Play().state.order, prescriber=ZHAO.person_id))


def test_an_order_that_was_written_down_is_signed_beside_the_work() -> None:
    play = written_down()
    assert (tasks(play), first(play), is_unsigned(play.state)) == (["release 13:00", "sign_order 13:00"], "release", True)
    assert not is_unsigned(Play().state)
    assert not is_unsigned(took(written_down(), "13:05", e.OrderSigned()).state)
    assert tasks(took(written_down(), "13:05", e.Abandoned("fever"))) == []


def closed(*then: e.InfusionEvent) -> Play:
    return took(prepared("observation"), "15:00", e.ObservationClosed("transferred", (), "to intensive care"), *then)


FLUSHED, DESTROYED = e.LineFlushed(D(20)), e.LeftoverDestroyed("B2", D(60), WANG.person_id)


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        ((), ["flush 14:58", "destroy 14:58 B2"]),
        ((FLUSHED,), ["destroy 14:58 B2"]),
        ((DESTROYED,), ["flush 14:58"]),
        ((FLUSHED, DESTROYED), ["sign_performed 15:00 before sign_reviewed"]),
    ],
)
def test_nobody_signs_before_flush_and_bags_are_accounted_for(done: tuple[e.InfusionEvent, ...], wanted: list[str]) -> None:
    play = closed(*done)
    assert tasks(play) == wanted
    assert is_accounted_for(play.state) is (len(done) == 2)


def test_the_investigator_signs_after_the_nurse() -> None:
    play = prepared("observed")
    play.do(Sign("performed"), LI, clock("17:03"))
    assert tasks(play) == ["sign_reviewed 17:03"]


def test_a_protocol_without_a_flush_asks_for_none() -> None:
    """Its observation is 60 min, and bag B1 is left with what was read."""
    play = took(prepared("running", rules=protocol("three-stage")), "14:41", e.InfusionEnded(D(20)))
    assert [x for x in tasks(play) if "vitals" not in x] == ["destroy 14:41 B1", "close_observation 15:41 before sign_performed"]
    assert not is_accounted_for(play.state)
    assert is_accounted_for(took(play, "14:42", e.LeftoverDestroyed("B1", D(20), WANG.person_id)).state)


def test_an_end_between_two_checks_has_a_check_of_its_own() -> None:
    assert tasks(took(prepared("stepped up"), "14:29", e.InfusionEnded(D(70)))) == [
        "vitals 14:29 from 14:24 · infusion None",
        "flush 14:29",
        "destroy 14:29 B1",
        "close_observation 16:29 before sign_performed",
    ]


# --- moments


def test_the_thaw_is_offered_in_the_last_10_of_the_30_min_and_at_once_where_they_were_cut_short() -> None:
    play = prepared("premedicated")
    assert (thaw_from(play.state), start_from(play.state)) == (clock("13:50"), clock("14:00"))
    took(play, "13:35", e.LeadTimeOverridden("to intensive care"))
    assert (thaw_from(play.state), start_from(play.state)) == (clock("13:30"), clock("13:30"))
    assert tasks(play) == ["thaw 13:30 before start B1", "start 13:30"]
    assert observation_due_at(prepared("observation").state) == clock("16:58")


def task(kind: TaskKind, at: str, opens_at: str = "", **more: Any) -> Task:
    return Task(kind, clock(at), clock(opens_at or at), **more)


K = TaskKind


@pytest.mark.parametrize(
    ("found", "next_one"),
    [
        ([], None),
        ([task(K.END, "15:00"), task(K.STEP_UP, "14:30")], K.STEP_UP),
        ([task(K.END, "14:20"), task(K.STEP_UP, "14:19", "14:10")], K.STEP_UP),
        ([task(K.FLUSH, "14:00"), task(K.DESTROY, "13:00")], K.FLUSH),
        ([task(K.THAW, "14:05", bag_id="B1"), task(K.THAW, "14:00", bag_id="B2")], K.THAW),
        ([task(K.MEASURE, "14:05"), task(K.VITALS, "14:10")], K.VITALS),
        ([task(K.MEASURE, "14:05"), task(K.VITALS, "14:15", "14:10")], K.MEASURE),
        ([task(K.FLUSH, "14:05"), task(K.VITALS, "14:15", "14:10")], K.VITALS),
        ([task(K.SIGN_ORDER, "13:00"), task(K.THAW, "14:30")], K.THAW),
        ([task(K.THAW_AGE, "14:00"), task(K.SIGN_ORDER, "13:00")], K.THAW_AGE),
    ],
)
def test_the_one_next_action(found: list[Task], next_one: TaskKind | None) -> None:
    """At 14:10: what may be done now by its rank, else what opens soonest; what stands aside only where there is nothing else."""
    chosen = most_pressing(found, clock("14:10"))
    assert (None if chosen is None else chosen.kind) == next_one
    if chosen is not None and chosen.kind is K.THAW and chosen.bag_id:
        assert chosen.bag_id == "B2", "of two alike the one that was due first"
