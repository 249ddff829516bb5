"""A task says what is to be done: by itself, on a card, on the dock's button, at the bench."""

from datetime import timedelta
from decimal import Decimal
from string import Formatter
from typing import Literal

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.bench_steps import given_up_at, next_at_bench, step_of
from app.domain.infusion.chapters.bags import RecordCertificate, ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import ReleaseBag
from app.domain.infusion.chapters.corrections import shown
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.identity import CheckIdentity, VerifyBag
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.chapters.thaw import CheckBag
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.checks import Check, Status
from app.domain.infusion.found.urgency import place
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.task_rows import BenchStep
from app.domain.infusion.tasks import due
from app.domain.texts import Text
from app.domain.watch.bed_seen import seen
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Finding

from .cast import CHEN, LI, clock, protocol
from .play import Play, label, prepared
from .seeing import plain


def task(play: Play, kind: TaskKind) -> Task:
    return next(t for t in due(play.state, play.now) if t.kind is kind)


def button(play: Play, kind: TaskKind) -> str:
    return plain(task(play, kind).full_words(play.state))


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_says_what_it_is_without_what_it_is_about(kind: TaskKind) -> None:
    assert kind.value == str(kind)
    assert "{" not in str(kind.row.name)


@pytest.mark.parametrize("kind", [kind for kind in TaskKind if kind.row.standing])
def test_how_long_it_stands_is_said_with_it(kind: TaskKind) -> None:
    standing = kind.row.standing
    assert isinstance(standing, Text)
    assert {name for _, name, *_ in Formatter().parse(standing.msgid)} >= {"task", "left"}


def test_the_second_of_two_people_is_asked_for() -> None:
    play = prepared("received")
    assert button(play, TaskKind.VERIFY) == "Verify patient, order and bags"
    play.do(CheckIdentity("S-001", ("B1", "B2")), LI)
    assert button(play, TaskKind.VERIFY) == "Verify: second person"


def test_a_bag_that_replaces_another_is_released_then_checked_by_two_people() -> None:
    play = prepared("verified")
    play.do(ReportBroken("B2", "dropped"), LI)
    bench = [step(play)]
    play.do(ScanBag(label("B3", 100_000_000, Decimal(100))), CHEN)
    bench.append(step(play))
    play.do(RecordCertificate("B3", Decimal(90), dict.fromkeys(play.rules.product.certificate_tests, True), True, True), CHEN)
    bench.append(step(play))
    assert bench == ["Take this bag", "Enter the certificate of bag B3", "Release bag B3: pharmacist signs"]
    assert button(play, TaskKind.RELEASE_BAG) == "Release bag B3"
    play.do(ReleaseBag("B3"), CHEN)
    assert step(play) is None
    assert button(play, TaskKind.VERIFY_BAG) == "Verify unthawed bag B3"
    play.do(VerifyBag("B3", "S-001", "B3"), LI)
    assert button(play, TaskKind.VERIFY_BAG) == "Verify unthawed bag B3: second person"


def step(play: Play) -> str | None:
    found = next_at_bench(play.state, play.now)
    return None if found is None else plain(found.bench_words(play.state))


def test_the_bench_goes_from_the_weight_to_the_receipt() -> None:
    play, steps = Play(), []
    order = prepared("received")
    for entry in order.entries[1:]:
        steps.append((step(play), step_of(play.state, play.now)))
        play.now = entry.at
        play.take(entry.event, entry.by)
    said = list(dict.fromkeys(steps))
    assert said[0] == ("Record the weight", BenchStep.WEIGHT)
    assert said[-1] == ("Nurse receives the bags", BenchStep.RECEIPT)
    assert [place for _, place in said] == sorted(place for _, place in said)
    assert (step(play), step_of(play.state, play.now)) == (None, BenchStep.DONE)


def test_an_order_is_given_up_at_the_step_it_had_come_to() -> None:
    taken, given_up = prepared("received").entries[1:], []
    for number in range(len(taken) + 1):
        play = Play()
        for entry in taken[:number]:
            play.now = entry.at
            play.take(entry.event, entry.by)
        at = step_of(play.state, play.now)
        play.do(Abandon("fever"), CHEN)
        assert given_up_at(play.state) is at
        given_up.append(at)
    assert {BenchStep.WEIGHT, BenchStep.RELEASE, BenchStep.RECEIPT, BenchStep.DONE} <= set(given_up)


def test_a_weight_of_yesterday_is_taken_again_before_anybody_confirms_it() -> None:
    play = Play()
    play.do(RecordWeight(Decimal(20), again_kg=Decimal(20)), LI)
    play.now += timedelta(hours=24, seconds=1)
    assert step(play) == "Record the weight"


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("hung", "Record baseline vital signs"),
        ("running", "Record 15-min vital signs"),
        ("observation", "Record vital signs 30 min after the end"),
    ],
)
def test_a_check_says_which_one_it_is(point: str, said: str) -> None:
    assert button(prepared(point), TaskKind.VITALS) == said


def test_the_check_at_the_end_has_no_minute() -> None:
    play = prepared("second bag")
    play.do(End(Decimal(60)), LI, clock("14:57"))
    assert button(play, TaskKind.VITALS) == "Record end vital signs"


def test_after_a_reaction_an_investigator_signs_before_it_goes_on() -> None:
    play = prepared("running")
    play.do(Pause(), LI, clock("14:05"))
    assert button(play, TaskKind.RESUME) == "Resume the infusion"
    play.do(NoteReaction(clock("14:06"), (), "stop"), LI, clock("14:06"))
    assert button(play, TaskKind.RESUME) == "Resume: an investigator signs"


def test_a_thaw_in_the_middle_waits_for_nothing_but_its_time() -> None:
    before, running = prepared("premedicated"), prepared("running")
    assert plain(task(before, TaskKind.THAW).why_closed(before.state)).startswith("Thawing begins in the last")
    assert plain(task(running, TaskKind.THAW).why_closed(running.state)).startswith("Not before 14:27")


def test_what_is_urgent_comes_before_what_has_a_time_and_that_before_what_can_wait() -> None:
    play = prepared("second bag")
    now = clock("15:00")
    places = {t.kind: place(t, now)[0] for t in due(play.state, now)}
    assert places[TaskKind.STOP_DOSE_REACHED] < places[TaskKind.VITALS] < 5
    over = prepared("observation")
    assert place(task(over, TaskKind.DESTROY), over.now)[0] == 5


def test_only_a_task_with_a_time_of_its_own_is_ever_late() -> None:
    play = prepared("received")
    assert not task(play, TaskKind.VERIFY).is_late(play.now + timedelta(hours=1))
    running = prepared("running")
    check = task(running, TaskKind.VITALS)
    assert not check.is_late(check.due_at + timedelta(seconds=59))
    assert check.is_late(check.due_at + timedelta(seconds=60))


def test_a_mismatch_and_a_failing_write_cannot_be_paused() -> None:
    play = prepared("thawed")
    play.do(CheckBag("B1", "B9", True), LI, clock("13:55"))
    found = verdicts(seen(play.state, due(play.state, play.now), play.now, unsaved_since=play.now), play.now)
    assert {x.key: x.can_pause for x in found if isinstance(x, Finding)} == {"unsaved": False, "mismatch": False}


@pytest.mark.parametrize("point", ["observation", "observed", "signed"])
def test_after_the_end_nothing_is_left_at_the_bench(point: str) -> None:
    assert step(prepared(point)) is None


@pytest.mark.parametrize(
    ("point", "at", "words"),
    [
        (
            "premedicated",
            "13:35",
            [
                "Thaw bag B1: Thawing begins in the last 10 min before the start.",
                "Start at 20 drops/min: The start comes 30 min after the pre-medication.",
            ],
        ),
        ("thawed", "13:51", ["Check bag B1", "Start at 20 drops/min: The start comes 30 min after the pre-medication."]),
        (
            "hung",
            "13:40",
            [
                "Baseline vital signs: A check counts from 5 min before its time.",
                "Start at 20 drops/min: The start comes 30 min after the pre-medication.",
            ],
        ),
        (
            "stepped up",
            "14:46",
            ["Measure drip rate", "Thaw bag B2", "Vital signs 45 min", "End infusion: limit 60 min: Not before 15:00."],
        ),
        (
            "running",
            "14:21",
            [
                "Measure drip rate",
                "Vital signs 15 min",
                "Step up to 40–60/min",
                "Thaw bag B2: Not before 14:31:46.",
                "End infusion: limit 60 min: Not before 15:00.",
            ],
        ),
    ],
)
def test_what_is_due_says_what_it_is_and_why_it_waits(point: str, at: str, words: list[str]) -> None:
    state, now = prepared(point).state, clock(at)
    tasks = due(state, now)
    waits = ["" if t.is_open(now) else f": {plain(t.why_closed(state))}" for t in tasks]
    assert [plain(t.short_words(state)) + why for t, why in zip(tasks, waits, strict=True)] == words


def test_a_bag_checked_by_one_waits_for_the_second_person_and_a_mismatch_for_both() -> None:
    play = prepared("thawed")
    assert button(play, TaskKind.CHECK_BAG) == "Check bag B1"
    play.do(CheckBag("B1", "B1", True), LI, clock("13:52"))
    assert button(play, TaskKind.CHECK_BAG) == "Check bag B1: second person"
    wrong = prepared("received")
    wrong.do(CheckIdentity("S-002", ("B1", "B2")), LI)
    assert button(wrong, TaskKind.CLEAR_MISMATCH) == "Check patient and bags again"


def test_what_is_over_is_said_as_its_alarm_says_it() -> None:
    play = prepared("hung")
    play.now = clock("14:36")
    assert button(play, TaskKind.THAW_AGE) == "Bag B1: thawed more than 45 min ago"


def test_a_corrected_list_is_told_word_by_word() -> None:
    assert plain(shown("flags", ["doctor_informed", "chills"])) == "doctor informed, chills"


def test_when_a_task_opens_and_how_late_it_is() -> None:
    check = Task(TaskKind.VITALS, clock("14:15"), clock("14:10"))
    assert [check.is_open(clock(at)) for at in ("14:09:59", "14:10", "14:20")] == [False, True, True]
    assert [check.late_s(clock(at)) for at in ("14:10", "14:15", "14:15:01", "14:16:30")] == [0, 0, 1, 90]
    assert [check.left(clock(at)) for at in ("14:10", "14:16")] == [timedelta(minutes=5), timedelta(minutes=-1)]
    assert plain(check.why_closed(prepared("running").state)) == "A check counts from 5 min before its time."
    assert not check.is_missed


@pytest.mark.parametrize(
    ("kind", "name", "short", "full"),
    [
        (TaskKind.HANG, "Hang the next bag", "Hang bag B1", "Hang bag B1"),
        (TaskKind.CHECK_BAG, "Check the thawed bag", "Check bag B1", "Check bag B1: second person"),
        (TaskKind.VERIFY_BAG, "Verify the unthawed bag", "Verify unthawed bag B1", "Verify unthawed bag B1: second person"),
        (TaskKind.THAW, "Thaw the next bag", "Thaw bag B1", "Thaw bag B1"),
        (TaskKind.DESTROY, "Destroy what was left over", "Destroy the rest of bag B1", "Destroy the rest of bag B1"),
        (TaskKind.TAKE_DOWN, "Take the bag down: its certificate does not pass", "Take bag B1 down: its certificate fails",
         "Take bag B1 down: its certificate fails"),
        (TaskKind.RELEASE_BAG, "Release the replacement bag", "Release bag B1", "Release bag B1"),
        (TaskKind.CERTIFY, "Certificate", "Enter the certificate of bag B1", "Enter the certificate of bag B1"),
        (TaskKind.VERIFY, "Verify patient, order and bags", "Verify: two people", "Verify: second person"),
        (TaskKind.CLEAR_MISMATCH, "Check patient and bags again", "Check patient and bags again", "Verify: second person"),
        (TaskKind.START, "Start the drip", "Start at 20 drops/min", "Start at 20 drops/min"),
        (TaskKind.STEP_UP, "Step up the drip", "Step up to 40–60/min", "Step up to 40–60/min"),
        (TaskKind.END, "End the infusion", "End infusion: limit 60 min", "End infusion: limit 60 min"),
        (TaskKind.VITALS, "Vital signs", "Baseline vital signs", "Record baseline vital signs"),
        (TaskKind.RESUME, "Resume the infusion", "Resume the infusion", "Resume the infusion"),
        (TaskKind.THAW_AGE, "A thawed bag grows old", "A thawed bag grows old", "A thawed bag grows old"),
        (TaskKind.FLUSH, "Record the flush of the line", "Record the flush of the line", "Record the flush of the line"),
    ],
)  # fmt: skip
def test_a_task_by_itself_on_a_card_and_on_the_button(kind: TaskKind, name: str, short: str, full: str) -> None:
    """While it drips: bag B1 was verified and checked by two."""
    state, one = prepared("running").state, Task(kind, clock("14:05"), clock("14:05"), bag_id="B1")
    assert (plain(kind.row.name), plain(one.short_words(state)), plain(one.full_words(state))) == (name, short, full)


def test_of_three_stages_the_first_is_started_at_its_slow_end_and_the_next_one_is_stepped_up_to() -> None:
    play = prepared("running", rules=protocol("three-stage"))
    start, step_up = (Task(kind, clock("14:05"), clock("14:05")) for kind in (TaskKind.START, TaskKind.STEP_UP))
    assert plain(start.short_words(play.state)) == "Start at 10 drops/min"
    assert plain(step_up.short_words(play.state)) == "Step up to 20–40/min"
    play.now = clock("14:10")
    play.take(e.SteppedUp(Decimal(20)), LI.person_id)
    assert plain(step_up.short_words(play.state)) == "Step up to 60–80/min"


def test_a_task_about_no_bag_names_none() -> None:
    """As in the small file that is all there is before the record is open."""
    nothing = Task(TaskKind.HANG, clock("14:05"), clock("14:05"))
    assert plain(nothing.short_words(prepared("running").state)) == "Hang bag "


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (TaskKind.RELEASE, "Release: pharmacist signs"), (TaskKind.RECEIVE, "Nurse receives the bags"),
        (TaskKind.RELEASE_BAG, "Release bag B1: pharmacist signs"), (TaskKind.WEIGH, "Record the weight"),
        (TaskKind.CERTIFY, "Enter the certificate of bag B1"),
    ],
)  # fmt: skip
def test_a_task_on_the_button_of_the_bench(kind: TaskKind, words: str) -> None:
    one = Task(kind, clock("13:05"), clock("13:05"), bag_id="B1")
    assert plain(one.bench_words(prepared("released").state)) == words


@pytest.mark.parametrize(
    ("period", "slot", "status", "short", "full"),
    [
        ("infusion", 15, Status.OPEN, "Vital signs 15 min", "Record 15-min vital signs"),
        ("infusion", None, Status.OPEN, "Vital signs at the end", "Record end vital signs"),
        ("observation", 30, Status.OPEN, "Vital signs 30 min", "Record vital signs 30 min after the end"),
        ("infusion", 15, Status.MISSED, "Missed: Vital signs 15 min", "Take vital signs now · missed: Vital signs 15 min"),
        ("infusion", None, Status.MISSED, "Missed: Vital signs at the end",
         "Take vital signs now · missed: Vital signs at the end"),
        ("observation", 60, Status.MISSED, "Missed: Observation vital signs 60 min",
         "Take vital signs now · missed: Observation vital signs 60 min"),
    ],
)  # fmt: skip
def test_a_check_on_a_card_and_on_the_button(
    period: Literal["infusion", "observation"], slot: int | None, status: Status, short: str, full: str
) -> None:
    at = clock("14:15")
    one = Task(TaskKind.VITALS, at, at, check=Check(period, slot, at, status, None, 0))
    state = prepared("running").state
    assert (plain(one.short_words(state)), plain(one.full_words(state))) == (short, full)
    assert one.is_missed is (status is Status.MISSED)


def test_a_task_that_is_closed_says_why() -> None:
    state = prepared("premedicated").state
    told = {kind: plain(Task(kind, clock("13:50"), clock("13:50")).why_closed(state)) for kind in
            (TaskKind.THAW, TaskKind.START, TaskKind.END)}  # fmt: skip
    assert told == {
        TaskKind.THAW: "Thawing begins in the last 10 min before the start.",
        TaskKind.START: "The start comes 30 min after the pre-medication.",
        TaskKind.END: "Not before 13:50.",
    }
