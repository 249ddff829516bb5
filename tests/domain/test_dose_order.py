"""Who orders a dose, which dose it may be, on which day; and of which day the weight is."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.chapters.ordering import OrderedBy, SignOrder, Wanted, prescribed
from app.domain.infusion.deviations import deviations
from app.domain.infusion.found.dose_order import DoseBefore, irregular
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import due
from app.domain.people.roles import Person, Role

from .cast import CHEN, LI, TRIAL, WANG, ZHAO, clock
from .play import Play, Preparation, label, prepared, vitals
from .seeing import plain

RULES = OrderedBy(TRIAL, "0" * 64, False)
DAY = date(2026, 3, 9)
ONCE = [DoseBefore("C", 1, DAY - timedelta(days=7))]
OTHER = Person("i2", "Qian", Role.INVESTIGATOR)


def wanted(**other: Any) -> Wanted:
    return Wanted("S-001", "12", "C", 2, **other)


# --- which dose, on which day


def test_a_file_that_sets_no_days_between_doses_knows_only_the_same_dose_twice() -> None:
    assert irregular("C", 2, DAY, ONCE, None) == ()
    assert irregular("C", 1, DAY, ONCE, None) == ("second",)
    assert irregular("C", 3, DAY, ONCE, None) == ()


@pytest.mark.parametrize(("days", "found"), [(5, ("window",)), (6, ()), (7, ()), (8, ()), (9, ("window",))])
def test_a_dose_has_a_window_of_whole_days_after_the_one_before(days: int, found: tuple[str, ...]) -> None:
    assert irregular("C", 2, DAY, [DoseBefore("C", 1, DAY - timedelta(days=days))], TRIAL.dosing) == found


@pytest.mark.parametrize(
    ("number", "before", "found"),
    [
        (1, [], ()),
        (2, [], ("sequence",)),
        (2, [DoseBefore("C", 1, None)], ("sequence",)),
        (2, ONCE, ()),
        (1, ONCE, ("second",)),
        (1, [DoseBefore("C", 1, None)], ("second",)),
        (3, ONCE, ("sequence",)),
        (2, [*ONCE, DoseBefore("C", 2, None)], ("second",)),
        (1, [DoseBefore("C", 2, None)], ("sequence",)),
        (1, [DoseBefore("A", 1, DAY)], ("sequence",)),
        (2, [*ONCE, DoseBefore("A", 1, DAY)], ("sequence",)),
    ],
)
def test_a_dose_is_given_once_and_in_its_sequence(number: int, before: list[DoseBefore], found: tuple[str, ...]) -> None:
    assert irregular("C", number, DAY, before, TRIAL.dosing) == found


# --- who orders


def test_an_investigator_orders_and_signs_at_once() -> None:
    order, signature = prescribed(wanted(), ZHAO, (), RULES)
    assert isinstance(order, e.Ordered)
    assert (order.prescriber, order.irregular, order.reason) == ("i1", (), "")
    assert signature == e.OrderSigned(printed_name="Zhao")


def test_a_nurse_writes_down_the_order_of_a_named_investigator_who_signs_now_or_later() -> None:
    [order] = prescribed(wanted(prescriber=ZHAO), LI, (), RULES)
    assert isinstance(order, e.Ordered)
    assert order.prescriber == "i1"
    assert len(prescribed(wanted(prescriber=ZHAO, is_signed=True), LI, (), RULES)) == 2
    assert len(prescribed(wanted(prescriber=ZHAO), OTHER, (), RULES)) == 1


@pytest.mark.parametrize(
    ("by", "prescriber", "why"),
    [
        (LI, None, "Name the investigator who orders it."),
        (LI, WANG, "Name the investigator who orders it."),
        (CHEN, ZHAO, "This needs another role: Nurse or Investigator."),
    ],
)
def test_an_order_without_a_prescriber_is_refused(by: Person, prescriber: Person | None, why: str) -> None:
    with pytest.raises(Refused) as refused:
        prescribed(wanted(prescriber=prescriber, is_signed=True), by, (), RULES)
    assert plain(refused.value.text) == why


@pytest.mark.parametrize(("is_signed", "reason"), [(False, "stopped at 10 ml"), (True, ""), (True, " ")])
def test_a_dose_against_the_rule_takes_signature_and_reason(is_signed: bool, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        prescribed(wanted(prescriber=ZHAO, is_signed=is_signed, reason=reason), LI, ("second", "window"), RULES)
    assert plain(refused.value.text) == (
        "This dose of this subject was ordered before. The order is outside the window of 7 ± 1 days after the dose before. "
        "Only with the prescriber's signature and reason."
    )


def test_a_dose_against_the_rule_is_a_deviation_with_the_reason() -> None:
    order, _signature = prescribed(wanted(reason=" stopped at 10 ml "), ZHAO, ("second",), RULES)
    assert isinstance(order, e.Ordered)
    play = Play(order=order)
    found = deviations(play.state, play.now)
    assert [(plain(d.text), d.reason) for d in found] == [("This dose of this subject was ordered before.", "stopped at 10 ml")]


# --- signed later


def written_down() -> Play:
    [order] = prescribed(Wanted("S-001", "12", "C", 1, ZHAO), LI, (), RULES)
    assert isinstance(order, e.Ordered)
    return Play(order=order)


def kinds(play: Play) -> list[TaskKind]:
    return [task.kind for task in due(play.state, play.now)]


def test_an_order_that_was_written_down_waits_for_its_signature() -> None:
    play = written_down()
    assert kinds(play) == [TaskKind.RELEASE, TaskKind.SIGN_ORDER]
    with pytest.raises(Refused, match="another role"):
        play.do(SignOrder(), LI)
    with pytest.raises(Refused, match="The prescriber who is named signs this order"):
        play.do(SignOrder(), OTHER)
    play.do(SignOrder(), ZHAO)
    assert kinds(play) == [TaskKind.RELEASE]
    with pytest.raises(Refused, match="does not wait for a signature"):
        play.do(SignOrder(), ZHAO)
    Preparation(play, "70.0", 20).until("running")
    assert deviations(play.state, play.now) == []


def test_started_before_it_was_signed_is_a_deviation_that_signing_later_does_not_take_away() -> None:
    play = Preparation(written_down(), "70.0", 20).until("running")
    wanted_text = ["Started before the prescriber had signed the order."]
    assert [plain(d.text) for d in deviations(play.state, play.now)] == wanted_text
    play.do(SignOrder(), ZHAO, clock("14:05"))
    assert [plain(d.text) for d in deviations(play.state, play.now)] == wanted_text


def test_what_came_from_the_pharmacy_may_be_signed_by_another_investigator_here() -> None:
    play = Preparation(written_down(), "70.0", 20).until("released")
    play.take(e.ReleaseArrived("c3d4", "Pharmacy", "ef" * 32), LI.person_id)
    play.do(SignOrder(), OTHER)
    assert play.state.order_signed_at == play.now


def test_an_order_of_before_names_nobody_and_waits_for_nobody() -> None:
    play = Play()
    assert kinds(play) == [TaskKind.RELEASE]
    with pytest.raises(Refused, match="does not wait for a signature"):
        play.do(SignOrder(), ZHAO)


# --- the weight of the day


def overnight() -> Play:
    """Hung on the day, started a few minutes after midnight of the site."""
    scans = [ScanBag(label(bag_id, expires=clock("96:00"))) for bag_id in ("B1", "B2")]
    play = prepared("hung", bags=scans)
    midnight = play.now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    play.do(vitals(), LI, midnight + timedelta(minutes=1))
    return play


def test_a_weight_of_the_day_before_takes_a_reason_and_is_a_deviation() -> None:
    play = overnight()
    start = Start(TRIAL.infusion.stages[0].rate_gtt_min[0], authorised_by=ZHAO, why_allowed="only bag")
    with pytest.raises(Refused, match=r"The weight was measured at 2026-03-02 .*, not today: give a reason to start with it"):
        play.do(start, LI)
    play.do(replace(start, weight_reason=" no scale at night "), LI)
    found = {plain(d.text): d.reason for d in deviations(play.state, play.now)}
    assert [reason for text, reason in found.items() if text.startswith("The weight was measured at 2026-03-02")] == [
        "no scale at night"
    ]
