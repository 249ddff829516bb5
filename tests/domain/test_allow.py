"""The small questions that every rule asks: who, when, which number, and what is said to somebody who may not."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters import allow
from app.domain.people.roles import BEDSIDE, Person, Role

from .cast import CHEN, LI, TRIAL, WANG, ZHAO, clock
from .play import Play, prepared
from .seeing import plain

NOON = clock("12:00")


def refusal(ask: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        ask()
    return plain(refused.value.text)


def test_a_role_that_may_and_one_that_may_not() -> None:
    allow.role(LI, BEDSIDE)
    allow.role(ZHAO, {Role.INVESTIGATOR})
    assert refusal(lambda: allow.role(CHEN, BEDSIDE)) == "This needs another role: Nurse or Investigator."
    assert refusal(lambda: allow.role(LI, {Role.INVESTIGATOR})) == "This needs another role: Investigator."


def test_a_witness_is_another_person_who_acts_on_infusions() -> None:
    allow.witness(WANG, LI)
    assert refusal(lambda: allow.witness(LI, LI)) == "The witness must be another person."
    assert refusal(lambda: allow.witness(Person("m1", "Wu", Role.MONITOR), LI)).startswith("This needs another role: ")


def test_a_bag_of_this_infusion_that_is_fit_for_use() -> None:
    play = prepared("thawed")
    assert allow.bag(play.state, "B1") is play.state.bags["B1"]
    assert refusal(lambda: allow.bag(play.state, "B9")) == "Bag B9 does not belong to this infusion."
    play.take(e.BagBroken("B1", "torn"))
    assert refusal(lambda: allow.bag(play.state, "B1")) == "Bag B1 was set aside and must not be used."


def test_a_reason_is_a_word_at_least() -> None:
    assert allow.reason(" line ") == "line"
    assert refusal(lambda: allow.reason(" ")) == "Give a reason."


def test_a_typed_time_may_lie_ahead_by_the_clocks_slack_alone() -> None:
    """It then counts as now."""
    assert TRIAL.ward is not None
    slack = timedelta(minutes=float(TRIAL.ward.clock_slack_min))
    state = Play().state
    assert allow.not_future(state, NOON - slack, NOON) == NOON - slack
    assert allow.not_future(state, NOON + slack, NOON) == NOON
    late = NOON + slack + timedelta(seconds=1)
    assert refusal(lambda: allow.not_future(state, late, NOON)) == f"{late:%H:%M:%S} lies in the future."
    without = Play(msgspec.structs.replace(TRIAL, ward=None)).state
    assert allow.not_future(without, NOON, NOON) == NOON
    assert refusal(lambda: allow.not_future(without, NOON + timedelta(seconds=1), NOON)) == "12:00:01 lies in the future."


@pytest.mark.parametrize(("rate", "possible"), [("0.9", False), ("1", True), ("300", True), ("300.1", False), ("NaN", False)])
def test_a_drip_rate_that_a_set_can_have(rate: str, possible: bool) -> None:
    if possible:
        assert allow.possible_rate(D(rate)) == D(rate)
    else:
        assert refusal(lambda: allow.possible_rate(D(rate))) == f"{rate} is not a possible drip rate."


@pytest.mark.parametrize(("left", "fits"), [("-0.1", False), ("0", True), ("100", True), ("100.1", False), ("sNaN", False)])
def test_what_can_be_left_in_the_bag_that_hangs(left: str, fits: bool) -> None:
    state = prepared("running").state
    if fits:
        assert allow.left_in_bag(state, D(left)) == D(left)
    else:
        assert refusal(lambda: allow.left_in_bag(state, D(left))) == "Between 0 and 100 ml can be left in the bag."


def test_nothing_is_left_where_no_bag_hangs() -> None:
    state = prepared("thawed").state
    assert allow.left_in_bag(state, D(0)) == 0
    assert refusal(lambda: allow.left_in_bag(state, D("0.1"))) == "Between 0 and 0 ml can be left in the bag."


def test_nothing_goes_on_while_patient_or_bag_did_not_match() -> None:
    play = prepared("received")
    allow.no_mismatch(play.state)
    play.take(e.MismatchFound("patient", "S-001", "S-002"))
    assert refusal(lambda: allow.no_mismatch(play.state)) == "Patient or bag did not match. Check again before going on."
