"""A bag at the bed: when it may be thawed and hung, which one comes next, and what is known when it is empty or taken down."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import ReleaseBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.identity import VerifyBag
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.thaw import (
    CheckBag,
    ChooseNextBag,
    HangBag,
    ReportEmpty,
    TakeDownBag,
    ThawBag,
    mixed_up,
    others_to_hang,
)
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Flow, Infusion, Pin, Span

from .cast import CHEN, DAY, LI, SUN, TRIAL, WANG, ZHAO, clock
from .play import Play, certificate, label, recorded
from .whole_answers import facts, refusal

EXPIRY = DAY + timedelta(days=1)
MOMENT = timedelta(seconds=1)
NOT_MATCHED = "Patient or bag did not match. Check again before going on."
BEDSIDE_ONLY = "This needs another role: Nurse or Investigator."
EXPIRED = "Bag {} expired on 2026-03-03 00:00. Set it aside."
TORN = e.CertificateRecorded("B2", D("84.9"), {}, True, True)
NOT_VIABLE = "Viability of bag B2 is 84.9 %; at least 85 % is needed."


def mismatched(play: Play) -> Play:
    play.take(e.MismatchFound("bag", "B1", "B9"), LI.person_id)
    return play


def looked_at(play: Play, bag_id: str) -> None:
    for by in (LI, WANG):
        play.do(CheckBag(bag_id, bag_id, True), by)


def with_a_third_bag(play: Play, *, released: bool = True) -> Play:
    """A bag beside those that two people have checked."""
    play.do(ScanBag(label("B3")), SUN)
    play.do(certificate("B3"), SUN)
    if released:
        play.do(ReleaseBag("B3"), SUN)
    return play


# --- thawed


def test_a_bag_is_thawed_from_the_last_ten_minutes_of_the_half_hour_on() -> None:
    """Dexamethasone at 13:30."""
    play = recorded("premedicated")
    early = "Too early to thaw: thaw from 13:50."
    assert refusal(play, ThawBag("B1", clock("13:49:59")), LI, clock("13:49:59")) == early
    assert facts(play, ThawBag("B1", clock("13:50")), LI, clock("13:50")) == [e.BagThawed("B1", clock("13:50"))]
    assert (play.state.bags["B1"].thawed_at, play.state.phase) == (clock("13:50"), Phase.THAWED)
    assert refusal(play, ThawBag("B1", clock("13:51")), LI, clock("13:51")) == "Bag B1 was thawed already."


def test_the_time_of_the_thaw_is_what_was_typed_but_never_ahead() -> None:
    ahead = ThawBag("B1", clock("13:57"))
    assert facts(recorded("premedicated"), ahead, LI, clock("13:55")) == [e.BagThawed("B1", clock("13:55"))]
    assert refusal(recorded("premedicated"), ahead, LI, clock("13:54:59")) == "13:57 lies in the future."
    play = recorded("premedicated")
    assert facts(play, ThawBag("B1", clock("13:52")), LI, clock("13:55")) == [e.BagThawed("B1", clock("13:52"))]


def test_only_at_the_bed_and_while_all_matches_is_a_bag_thawed() -> None:
    thaw = ThawBag("B1", clock("13:50"))
    play = recorded("premedicated")
    play.now = clock("13:50")
    assert refusal(play, thaw, CHEN) == BEDSIDE_ONLY
    assert refusal(play, ThawBag("B9", play.now)) == "Bag B9 does not belong to this infusion."
    assert refusal(recorded("verified"), thaw) == "Pre-medication has not been given."
    assert refusal(mismatched(play), thaw) == NOT_MATCHED


def test_a_bag_that_came_later_is_thawed_once_released_and_checked_by_two() -> None:
    play = with_a_third_bag(recorded("premedicated"), released=False)
    play.now = clock("13:50")
    thaw = ThawBag("B3", play.now)
    assert refusal(play, thaw) == "Bag B3 has not been released by a pharmacist."
    play.do(ReleaseBag("B3"), SUN)
    for by in (LI, WANG):
        assert refusal(play, thaw) == "Two people check patient and unthawed bag B3 first."
        play.do(VerifyBag("B3", "S-001", "B3"), by)
    assert facts(play, thaw) == [e.BagThawed("B3", clock("13:50"))]


def test_an_expired_bag_or_one_whose_certificate_was_mended_is_not_thawed() -> None:
    play = recorded("premedicated")
    thaw = ThawBag("B2", clock("13:50"))
    assert refusal(play, thaw, LI, EXPIRY) == EXPIRED.format("B2")
    assert facts(recorded("premedicated"), thaw, LI, EXPIRY - MOMENT) == [e.BagThawed("B2", clock("13:50"))]
    play.take(TORN, CHEN.person_id)
    assert refusal(play, thaw, LI, clock("13:50")) == NOT_VIABLE


# --- hung


def thawed(*bags: str, limit_min: D | None = None) -> Play:
    """The named bags thawed at 13:50, looked at by two."""
    play = recorded("premedicated", rules=replace(TRIAL, thaw=replace(TRIAL.thaw, limit_min=limit_min)))
    play.now = clock("13:50")
    for bag in bags:
        play.do(ThawBag(bag, play.now), LI)
        looked_at(play, bag)
    return play


@pytest.mark.parametrize(("at", "hangs"), [("14:20", True), ("14:20:01", False)])
def test_where_the_site_sets_a_limit_a_bag_hangs_up_to_its_minute(at: str, hangs: bool) -> None:
    play = thawed("B1", limit_min=D(30))
    if hangs:
        assert facts(play, HangBag("B1"), LI, clock(at)) == [e.BagHung("B1")]
    else:
        assert refusal(play, HangBag("B1"), LI, clock(at)) == "Bag B1 was thawed more than 30 min ago."


def test_without_a_limit_of_the_site_it_hangs_at_any_time() -> None:
    assert facts(thawed("B1"), HangBag("B1"), LI, clock("23:00")) == [e.BagHung("B1")]


def test_what_keeps_a_bag_from_being_hung() -> None:
    hang, play = HangBag("B1"), thawed("B1")
    assert refusal(play, hang, CHEN) == BEDSIDE_ONLY
    assert refusal(play, HangBag("B9")) == "Bag B9 does not belong to this infusion."
    assert refusal(play, hang, LI, EXPIRY) == EXPIRED.format("B1")
    assert refusal(mismatched(play), hang) == NOT_MATCHED


def test_two_people_look_at_a_bag_before_it_is_hung() -> None:
    play, hang = recorded("thawed"), HangBag("B1")
    for by in (LI, WANG):
        assert refusal(play, hang) == "Two people check bag B1 before it is hung."
        play.do(CheckBag("B1", "B1", True), by)
    play.take(replace(TORN, bag_id="B1"), CHEN.person_id)
    assert refusal(play, hang) == NOT_VIABLE.replace("B2", "B1")


def test_bags_hang_in_their_turn() -> None:
    play = thawed("B2")
    assert refusal(play, HangBag("B2")) == "Bag B1 comes next, not bag B2. Two people may change that."


def test_before_the_start_one_bag_hangs_once() -> None:
    play = thawed("B1", "B2")
    play.do(HangBag("B1"), LI)
    assert (play.state.bags["B1"].hung_at, play.state.hung_order) == (play.now, ("B1",))
    assert refusal(play, HangBag("B1")) == "Bag B1 was hung already."
    assert refusal(play, HangBag("B2")) == "Another bag hangs already."


def second_ready() -> Play:
    """B1 drips at 56 drops/min; B2 was looked at by two."""
    play = recorded("stepped up")
    play.now = clock("14:36")
    play.do(ThawBag("B2", play.now), LI)
    looked_at(play, "B2")
    return play


def test_while_it_runs_the_next_bag_says_that_the_one_before_is_empty() -> None:
    play = second_ready()
    at = clock("14:45")
    assert facts(play, HangBag("B2"), LI, at) == [e.BagEmptied("B1"), e.BagHung("B2")]
    s = play.state
    assert (s.bags["B1"].emptied_at, s.bags["B2"].hung_at, s.hung_order) == (at, at, ("B1", "B2"))
    assert s.pins[-1] == Pin(at, D(100), D(100))
    assert s.flows[-1] == Flow(at, D(56), "set")
    assert s.spans[-2:] == [Span(1, clock("14:15"), at), Span(1, at)]


def test_with_none_hanging_the_next_bag_hangs_by_itself_and_a_paused_one_does_not_drip() -> None:
    play = second_ready()
    play.do(ReportEmpty(), LI, clock("14:44"))
    assert facts(play, HangBag("B2"), ZHAO, clock("14:45")) == [e.BagHung("B2")]
    assert play.state.flows[-1] == Flow(clock("14:45"), D(56), "set")
    paused = second_ready()
    paused.do(Pause(), LI, clock("14:40"))
    assert facts(paused, HangBag("B2"), LI, clock("14:45")) == [e.BagEmptied("B1"), e.BagHung("B2")]
    assert paused.state.flows[-1] == Flow(clock("14:15"), D(56), "set", clock("14:40"))


def test_a_bag_beyond_the_plan_may_hang() -> None:
    """Once the bags that hang hold the dose none comes next; whoever hangs another one does so after the same looks."""
    play = recorded("stepped up", weight="50.0")
    with_a_third_bag(play)
    for by in (LI, WANG):
        play.do(VerifyBag("B3", "S-001", "B3"), by)
    play.do(ThawBag("B3", play.now), LI)
    looked_at(play, "B3")
    assert facts(play, HangBag("B3")) == [e.BagEmptied("B1"), e.BagHung("B3")]


# --- empty, or taken down


@pytest.mark.parametrize("command", [ReportEmpty(), TakeDownBag(D(1), "leak")])
def test_only_at_the_bed_and_of_a_bag_that_hangs(command: Command) -> None:
    assert refusal(recorded("stepped up"), command, CHEN) == BEDSIDE_ONLY
    assert refusal(recorded("thawed"), command) == "No bag hangs."


def test_an_empty_bag_has_given_all_it_held() -> None:
    play = recorded("stepped up")
    at = clock("14:40")
    assert facts(play, ReportEmpty(), LI, at) == [e.BagEmptied("B1")]
    assert play.state.pins[-1] == Pin(at, D(100), D(100))
    assert (play.state.flows[-1].end, play.state.spans[-1].end) == (at, at)


def test_a_bag_taken_down_has_given_what_is_not_left_in_it() -> None:
    play = recorded("stepped up")
    at = clock("14:40")
    taken = TakeDownBag(D(60), " leak ")
    assert refusal(play, TakeDownBag(D("100.1"), "leak")) == "Between 0 and 100 ml can be left in the bag."
    assert refusal(play, TakeDownBag(D(60), " ")) == "Give a reason."
    assert facts(play, taken, LI, at) == [e.BagTakenDown("B1", D(60), "leak")]
    bag = play.state.bags["B1"]
    assert (bag.taken_down_at, bag.left_ml, bag.nothing_given) == (at, D(60), False)
    assert play.state.pins[-1] == Pin(at, D(35), D(45))
    assert (play.state.flows[-1].end, play.state.spans[-1].end) == (at, at)


def test_of_a_bag_taken_down_before_the_start_nothing_counts_as_given() -> None:
    play = recorded("hung")
    assert facts(play, TakeDownBag(D(95), "leak")) == [e.BagTakenDown("B1", D(95), "leak")]
    bag = play.state.bags["B1"]
    assert (bag.taken_down_at, bag.left_ml, bag.nothing_given, play.state.pins) == (play.now, D(95), True, [])


# --- which bag comes next


def names(state: Infusion) -> list[str]:
    return [bag.bag.bag_id for bag in others_to_hang(state)]


def test_the_bags_that_may_come_next_are_ready_whole_and_not_hung() -> None:
    assert names(recorded("received").state) == []
    assert names(recorded("thawed").state) == ["B2"]
    assert names(recorded("stepped up").state) == [], "B2 is the next one already"
    play = with_a_third_bag(recorded("thawed"))
    assert names(play.state) == ["B2"]
    for by in (LI, WANG):
        play.do(VerifyBag("B3", "S-001", "B3"), by)
    assert names(play.state) == ["B2", "B3"]
    play.do(ReportBroken("B2", "leak"), LI)
    assert names(play.state) == ["B3"]
    assert names(recorded("hung").state) == [], "B1 hangs, and B2 is next"
    assert names(recorded("running", weight="50.0").state) == [], "none comes next"


SECOND_FIRST = ChooseNextBag("B2", " expires_first ", WANG)


def test_two_people_let_another_bag_come_next() -> None:
    play = recorded("premedicated")
    chosen = e.NextBagChosen("B2", "B1", "n2", "expires_first", False, printed_name="Wang")
    assert facts(play, SECOND_FIRST) == [chosen]
    assert (play.state.chosen_next, [b.bag.bag_id for b in play.state.bags_in_order]) == (("B2",), ["B2", "B1"])
    assert facts(play, ChooseNextBag("B1", "asked again", ZHAO))[0] == e.NextBagChosen(
        "B1", "B2", "i1", "asked again", False, printed_name="Zhao"
    )
    assert play.state.chosen_next == ("B1", "B2")


def test_who_may_let_another_bag_come_next() -> None:
    play = recorded("premedicated")
    assert refusal(play, SECOND_FIRST, CHEN) == BEDSIDE_ONLY
    assert refusal(play, replace(SECOND_FIRST, witness=LI)) == "The second check needs another person."
    assert refusal(play, replace(SECOND_FIRST, witness=SUN)) == BEDSIDE_ONLY
    assert refusal(play, replace(SECOND_FIRST, reason=" ")) == "Give a reason."


def test_a_pharmacist_who_released_it_is_not_the_second_person() -> None:
    others = recorded("premedicated", rules=replace(TRIAL, verification=replace(TRIAL.verification, pharmacists="others")))
    assert refusal(others, replace(SECOND_FIRST, witness=CHEN)) == "Whoever released the bags does not check them at the bed."
    assert isinstance(facts(others, replace(SECOND_FIRST, witness=SUN))[0], e.NextBagChosen)


def test_which_bag_may_not_come_next() -> None:
    play = recorded("premedicated")
    assert refusal(play, replace(SECOND_FIRST, bag_id="B9")) == "Bag B9 does not belong to this infusion."
    assert refusal(play, replace(SECOND_FIRST, bag_id="B1")) == "Bag B1 comes next already."
    assert refusal(play, SECOND_FIRST, LI, EXPIRY) == EXPIRED.format("B2")
    assert refusal(recorded("running", weight="50.0"), replace(SECOND_FIRST, bag_id="B1")) == "No other bag is needed."
    assert refusal(recorded("hung"), replace(SECOND_FIRST, bag_id="B1")) == "Bag B1 was hung already."
    third = with_a_third_bag(recorded("premedicated"), released=False)
    assert refusal(third, replace(SECOND_FIRST, bag_id="B3")) == "Bag B3 has not been released by a pharmacist."
    third.do(ReleaseBag("B3"), SUN)
    for by in (LI, WANG):
        assert refusal(third, replace(SECOND_FIRST, bag_id="B3")) == "Two people check patient and unthawed bag B3 first."
        third.do(VerifyBag("B3", "S-001", "B3"), by)
    assert isinstance(facts(third, replace(SECOND_FIRST, bag_id="B3"))[0], e.NextBagChosen)
    play.take(TORN, CHEN.person_id)
    assert refusal(play, SECOND_FIRST, LI, clock("13:45")) == NOT_VIABLE


MIXED_UP = ChooseNextBag("B2", "thawed_by_mistake", WANG, is_mix_up=True)
NO_THAW = "No thaw is recorded of bag B1 that could be another bag's."


def test_a_mix_up_takes_one_thaw_that_was_recorded_of_the_next_bag() -> None:
    assert refusal(recorded("premedicated"), MIXED_UP) == NO_THAW
    assert refusal(thawed("B1", "B2"), MIXED_UP) == NO_THAW


def found_at_the_bed(found: str, point: str = "thawed", what: str = "bag") -> Play:
    play = recorded(point)
    at_bed = CheckBag("B1", found, True) if what == "bag" else CheckBag("B1", "B1", True, subject=found)
    play.do(at_bed, LI)
    return play


def test_the_bag_that_was_found_in_the_place_of_the_next_may_be_the_one_that_was_thawed() -> None:
    play = found_at_the_bed("B2")
    found = mixed_up(play.state)
    assert found is play.state.bags["B2"]
    assert mixed_up(found_at_the_bed("B9").state) is None, "no bag of this infusion"
    assert mixed_up(found_at_the_bed("B2", what="patient").state) is None
    assert mixed_up(recorded("thawed").state) is None, "all matched"
    second = second_ready()
    second.do(CheckBag("B2", "B1", True), ZHAO)
    assert mixed_up(second.state) is None, "B1 hangs"
    both = with_a_third_bag(found_at_the_bed("B2"))
    both.take(e.MismatchFound("bag", "B3", "B2"), LI.person_id)
    assert mixed_up(both.state) is None, "not in the place of the next one"
    unthawed = recorded("premedicated")
    unthawed.take(e.MismatchFound("bag", "B1", "B2"), LI.person_id)
    assert mixed_up(unthawed.state) is None, "nothing was thawed yet"
    needless = recorded("running", weight="50.0")
    needless.take(e.MismatchFound("bag", "B1", "B2"), LI.person_id)
    assert mixed_up(needless.state) is None, "none comes next"


def test_a_mix_up_moves_the_thaw_and_both_look_again() -> None:
    play = recorded("thawed")
    play.do(CheckBag("B1", "B1", True), WANG)
    play.do(MIXED_UP, LI, clock("13:55"))
    mixed, other = play.state.bags["B2"], play.state.bags["B1"]
    assert (mixed.thawed_at, mixed.checked_by) == (clock("13:50"), ())
    assert (other.thawed_at, other.checked_by) == (None, ())
    plain = recorded("thawed")
    plain.do(CheckBag("B1", "B1", True), WANG)
    plain.do(SECOND_FIRST, LI)
    assert (plain.state.bags["B1"].thawed_at, plain.state.bags["B1"].checked_by) == (clock("13:50"), ("n2",))
    assert plain.state.bags["B2"].thawed_at is None


@pytest.mark.parametrize(
    ("stop", "stands"),
    [
        (e.MismatchFound("bag", "B1", "B2"), False),
        (e.MismatchFound("bag", "B1", "B9"), True),
        (e.MismatchFound("bag", "B9", "B2"), True),
    ],
)
def test_letting_the_found_bag_come_next_clears_that_mismatch_alone(stop: e.MismatchFound, stands: bool) -> None:
    play = recorded("thawed")
    play.take(stop, LI.person_id)
    play.do(SECOND_FIRST, LI)
    assert (play.state.mismatch == stop) is stands
    assert play.same_from_disk()
