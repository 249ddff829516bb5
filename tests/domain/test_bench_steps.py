"""The one next thing to do for an order at the bench, and when a weight takes a second person."""

from decimal import Decimal as D

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.bench_steps import (
    before_release,
    given_up_at,
    next_at_bench,
    sets_that_fit,
    step_of,
    uncertified,
    unreleased,
    weighed_today,
    weight_needs_confirmation,
)
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.task_rows import BenchStep

from .cast import CHEN, TRIAL, clock
from .play import Play, label, prepared

K = TaskKind
WEIGHED = e.WeightRecorded(D(70))


def took(play: Play, at: str, *events: e.InfusionEvent) -> Play:
    play.now = clock(at)
    for event in events:
        play.take(event, CHEN.person_id)
    return play


def certificate(bag_id: str) -> e.CertificateRecorded:
    return e.CertificateRecorded(bag_id, D(94), dict.fromkeys(TRIAL.product.certificate_tests, True), True, True)


def bags(*ids: str) -> list[e.BagScanned]:
    return [e.BagScanned(label(bag_id)) for bag_id in ids]


def test_from_the_weight_to_the_receipt() -> None:
    """70 kg take two bags; what is to be done is due since the last thing was done, the first at once."""
    play, now = Play(), clock("14:00")
    steps: list[tuple[Task | None, BenchStep]] = [(next_at_bench(play.state, now), step_of(play.state, now))]
    for at, event in (
        ("13:05", WEIGHED), ("13:06", e.SetChosen(20)), ("13:07", bags("B1")[0]), ("13:08", certificate("B1")),
        ("13:09", bags("B2")[0]), ("13:10", certificate("B2")), ("13:11", e.Released()), ("13:12", e.Received()),
    ):  # fmt: skip
        took(play, at, event)
        steps.append((next_at_bench(play.state, now), step_of(play.state, now)))
    wanted = [
        ("14:00", K.WEIGH, None, BenchStep.WEIGHT), ("13:05", K.CHOOSE_SET, None, BenchStep.SET),
        ("13:06", K.TAKE_BAG, None, BenchStep.BAGS), ("13:07", K.TAKE_BAG, None, BenchStep.BAGS),
        ("13:08", K.TAKE_BAG, None, BenchStep.BAGS), ("13:09", K.CERTIFY, "B2", BenchStep.CERTIFICATE),
        ("13:10", K.RELEASE, None, BenchStep.RELEASE), ("13:11", K.RECEIVE, None, BenchStep.RECEIPT),
    ]  # fmt: skip
    by_the_book = [(Task(kind, clock(at), clock(at), bag_id=bag_id), step) for at, kind, bag_id, step in wanted]
    assert steps == [*by_the_book, (None, BenchStep.DONE)]


def test_of_two_bags_without_a_certificate_the_first_is_named() -> None:
    play = took(Play(), "13:05", WEIGHED, e.SetChosen(20), *bags("B1", "B2"))
    assert before_release(play.state, play.now).bag_id == "B1"
    assert [bag.bag.bag_id for bag in uncertified(play.state)] == ["B1", "B2"]


def test_a_bag_that_replaces_another_goes_its_own_way() -> None:
    play = took(prepared("released"), "13:16", e.BagBroken("B2", "dropped"))
    for at, event, kind, bag_id in (
        ("13:17", e.NoteAdded("call"), K.TAKE_BAG, None), ("13:18", bags("B3")[0], K.CERTIFY, "B3"),
        ("13:19", certificate("B3"), K.RELEASE_BAG, "B3"), ("13:20", e.BagReleased("B3"), K.RECEIVE, None),
    ):  # fmt: skip
        took(play, at, event)
        assert next_at_bench(play.state, clock("14:00")) == Task(kind, clock(at), clock(at), bag_id=bag_id)
        assert [bag.bag.bag_id for bag in unreleased(play.state)] == (["B3"] if bag_id else [])
    running = took(prepared("running"), "14:05", e.BagBroken("B2", "dropped"))
    found = next_at_bench(running.state, running.now)
    assert found is not None
    assert (found.kind, found.due_at) == (K.TAKE_BAG, clock("14:05"))


@pytest.mark.parametrize("point", ["received", "hung", "running", "observation", "observed", "signed"])
def test_then_nothing_is_left_at_the_bench(point: str) -> None:
    assert next_at_bench(prepared(point).state, clock("17:00")) is None


@pytest.mark.parametrize(("at", "is_of_today"), [("37:05", True), ("37:05:01", False)])
def test_a_weight_holds_for_a_day(at: str, is_of_today: bool) -> None:
    play = took(Play(), "13:05", WEIGHED)
    assert weighed_today(play.state, clock(at)) is is_of_today
    assert before_release(play.state, clock(at)).kind is (K.CHOOSE_SET if is_of_today else K.WEIGH)
    assert not weighed_today(Play().state, clock("13:00"))


@pytest.mark.parametrize(
    ("dose", "weight", "is_asked"),
    [
        (1, e.WeightRecorded(D(70)), False), (2, e.WeightRecorded(D(70)), True),
        (2, e.WeightRecorded(D("63.0"), D(70)), False), (2, e.WeightRecorded(D("62.9"), D(70)), True),
        (2, e.WeightRecorded(D("77.0"), D(70)), False), (2, e.WeightRecorded(D("77.1"), D(70)), True),
        (1, e.WeightRecorded(D(30)), False), (1, e.WeightRecorded(D("29.9")), True), (1, e.WeightRecorded(D(150)), False),
        (1, e.WeightRecorded(D("150.1")), True), (1, e.WeightRecorded(D("29.9"), typed_twice=True), False),
        (2, e.WeightRecorded(D("29.9"), typed_twice=True), True),
    ],
)  # fmt: skip
def test_a_second_person_agrees_to_an_unusual_or_much_changed_weight(dose: int, weight: e.WeightRecorded, is_asked: bool) -> None:
    """More than 10 % from last time, outside 30–150 kg and typed once, or nothing to compare a later dose with."""
    play = took(Play(group="B", dose=dose), "13:05", weight)
    assert weight_needs_confirmation(play.state) is is_asked
    assert before_release(play.state, play.now).kind is (K.CONFIRM_WEIGHT if is_asked else K.CHOOSE_SET)
    assert not weight_needs_confirmation(Play(group="B", dose=dose).state)


def test_once_confirmed_it_is_asked_no_more() -> None:
    play = took(Play(group="B", dose=2), "13:05", e.WeightRecorded(D(90), D(70)), e.WeightConfirmed())
    assert not weight_needs_confirmation(play.state)


@pytest.mark.parametrize(("kg", "fit"), [("70", (10, 15, 20)), ("75.1", (10, 15)), ("40", (15, 20)), ("20", (60,))])
def test_the_sets_that_can_bring_the_dose_in_on_time(kg: str, fit: tuple[int, ...]) -> None:
    play = took(Play(), "13:05", e.WeightRecorded(D(kg), typed_twice=True))
    assert sets_that_fit(play.state) == fit
    assert sets_that_fit(Play().state) == ()
    took(play, "13:06", e.SetChosen(20))
    assert before_release(play.state, play.now).kind is (K.TAKE_BAG if 20 in fit else K.CHOOSE_SET)


@pytest.mark.parametrize(
    ("point", "step"),
    [
        ("ordered", BenchStep.WEIGHT), ("bags at the bench", BenchStep.RELEASE), ("released", BenchStep.RECEIPT),
        ("received", BenchStep.DONE), ("hung", BenchStep.DONE),
    ],
)  # fmt: skip
def test_an_order_is_given_up_where_it_stood(point: str, step: BenchStep) -> None:
    assert given_up_at(took(prepared(point), "13:59", e.Abandoned("fever")).state) is step
    long_after = took(prepared("bags at the bench"), "38:00", e.Abandoned("fever"))
    assert given_up_at(long_after.state) is BenchStep.WEIGHT, "its weight was one of the day before"
