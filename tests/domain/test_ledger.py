"""Bag accountability: every ml of every bag, through whole infusions and through what goes wrong."""

from collections.abc import Iterator
from decimal import Decimal
from sys import getrefcount

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RejectBag, ReportBroken, ScanBag
from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.chapters.ending import DestroyLeftover, End, ReturnBag, unused
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ReportEmpty, TakeDownBag, ThawBag
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.products.accountability import Accountability, BagAccount, LotAccount, accounts

from .cast import CHEN, LI, WANG, clock
from .play import Play, certificate, label, prepared, vitals


def after(play: Play, at: str = "18:00") -> Accountability:
    return accounts([play.state], clock(at))


def these(*values: object) -> list[object]:
    """Values side by side, a Decimal equal to the whole number it is."""
    return list(values)


def told(b: BagAccount) -> list[object]:
    return these(b.bag_id, b.infused_least_ml, b.infused_most_ml, b.left_over_ml, b.destroyed_ml, b.balance_ml)


def bag(found: Accountability, bag_id: str) -> BagAccount:
    return next(b for b in found.bags if b.bag_id == bag_id)


def for_patient(infusion: Infusion, subject: str) -> Infusion:
    """The same day for another patient."""
    return msgspec.structs.replace(infusion, order=msgspec.structs.replace(infusion.order, subject=subject))


def test_a_whole_infusion_leaves_nothing_unaccounted_for() -> None:
    found = after(prepared("signed"))
    first, second = found.bags
    assert told(first) == ["B1", 100, 100, 0, 0, (0, 0)]
    assert told(second) == ["B2", 40, 40, 60, 60, (0, 0)]
    assert found.lots[1] == LotAccount(
        lot="lot of B2", received=1, received_ml=Decimal(100), released=1, released_ml=Decimal(100), drawn_off_ml=Decimal(0),
        infused_least_ml=Decimal(40), infused_most_ml=Decimal(40), left_over_ml=Decimal(60), unread=0,
        destroyed_ml=Decimal(60), balance_least_ml=Decimal(0), balance_most_ml=Decimal(0),
    )  # fmt: skip
    assert found.repeated == ()


def test_before_the_leftover_is_destroyed_it_is_the_balance() -> None:
    found = bag(after(prepared("observation")), "B2")
    assert these(found.left_over_ml, found.balance_ml) == [60, (60, 60)]


def test_at_the_bench_everything_received_is_still_there() -> None:
    play = prepared("bags at the bench")
    found = bag(after(play), "B1")
    assert these(found.is_released, found.left_over_ml, found.balance_ml) == [False, None, (100, 100)]
    play.do(RejectBag("B1", "label torn"), CHEN)
    found = bag(after(play), "B1")
    assert these(found.is_released, found.left_over_ml) == [False, 100]


def test_what_was_drawn_off_at_the_bench_is_gone_from_the_balance() -> None:
    play = prepared("bags at the bench")
    play.take(e.SurplusDrawn("B2", Decimal(60), WANG.person_id), CHEN.person_id)
    found = bag(after(play), "B2")
    assert these(found.drawn_off_ml, found.balance_ml) == [60, (40, 40)]


def test_while_it_drips_the_infused_volume_is_an_interval() -> None:
    found = accounts([prepared("running").state], clock("14:10"))
    one = bag(found, "B1")
    assert Decimal(7) < one.infused_least_ml < 10 < one.infused_most_ml < 13
    assert one.left_over_ml is None
    assert one.balance_ml == (100 - one.infused_most_ml, 100 - one.infused_least_ml)
    assert found.lots[0].unread == 1


def test_the_second_bag_counts_from_where_the_first_one_ended() -> None:
    play = prepared("stepped up")
    play.do(ReportEmpty(), LI, clock("14:45"))
    first, second = after(play, "14:46").bags
    assert these(first.infused_least_ml, first.infused_most_ml, first.left_over_ml) == [100, 100, 0]
    assert these(second.infused_most_ml, second.left_over_ml) == [0, None]


def test_an_end_that_nobody_could_read_stays_an_interval() -> None:
    play = prepared("second bag")
    play.do(End(None, "the bag was thrown away"), LI, clock("14:58"))
    found = after(play)
    second = bag(found, "B2")
    assert second.infused_least_ml < second.infused_most_ml <= 100
    assert second.left_over_ml is None
    assert found.lots[1].balance_least_ml < found.lots[1].balance_most_ml


def test_a_bag_taken_down_before_the_start_gave_nothing() -> None:
    play = prepared("hung")
    play.do(TakeDownBag(Decimal(98), "leak"), LI, clock("13:58"))
    found = bag(after(play), "B1")
    assert these(found.infused_most_ml, found.left_over_ml) == [0, 100]
    looked = CheckBag("B2", "B2", appearance_ok=True)
    steps = (ThawBag("B2", clock("13:59")), LI), (looked, LI), (looked, WANG), (HangBag("B2"), LI), (vitals(), LI)
    for command, by in (*steps, (Start(Decimal(20)), LI)):
        play.do(command, by, clock("14:05"))
    assert bag(after(play, "14:10"), "B1").infused_most_ml == 0


def test_a_bag_taken_down_at_the_moment_of_the_start_gave_nothing() -> None:
    play = prepared("running")
    play.do(TakeDownBag(Decimal(98), "leak"), LI, clock("14:00"))
    assert these(bag(after(play), "B1").infused_most_ml) == [0]


def test_a_bag_that_hangs_but_does_not_drip_is_not_left_over() -> None:
    assert bag(after(prepared("hung")), "B1").left_over_ml is None


def test_a_bag_taken_down_while_it_drips_gave_what_is_missing_from_it() -> None:
    play = prepared("stepped up")
    play.do(TakeDownBag(Decimal(70), "leak"), LI, clock("14:20"))
    found = bag(after(play, "14:21"), "B1")
    assert these(found.infused_least_ml, found.infused_most_ml, found.left_over_ml) == [30, 30, 70]


def test_a_broken_bag_is_left_over_and_its_replacement_is_released_with_its_certificate() -> None:
    play = prepared("thawed")
    play.do(ReportBroken("B1", "torn"), LI, clock("13:52"))
    play.do(ScanBag(label("B3")), CHEN, clock("13:54"))
    assert not bag(after(play), "B3").is_released
    play.do(certificate("B3"), CHEN, clock("13:56"))
    found = after(play)
    assert these(bag(found, "B1").left_over_ml, bag(found, "B3").is_released) == [100, True]


def test_a_bag_read_for_two_patients_came_in_once_and_is_named() -> None:
    signed, other = prepared("signed").state, for_patient(prepared("bags at the bench").state, "S-002")
    found = accounts([signed, other], clock("18:00"))
    assert [(r.bag_id, r.subjects) for r in found.repeated] == [("B1", ("S-001", "S-002")), ("B2", ("S-001", "S-002"))]
    assert these(*(lot.received for lot in found.lots), *(lot.received_ml for lot in found.lots)) == [1, 1, 100, 100]
    assert bag(found, "B1").is_released


def test_a_bag_given_twice_shows_as_a_balance_below_nothing() -> None:
    twice = [prepared("signed").state, for_patient(prepared("signed").state, "S-002")]
    found = accounts(twice, clock("18:00"))
    assert these(*bag(found, "B1").balance_ml) == [-100, -100]
    assert bag(found, "B2").left_over_ml == 60


def test_what_was_done_to_one_bag_in_two_infusions_adds_up() -> None:
    """Set aside in the first, in the second drawn off, sent on, destroyed or given back."""
    first = prepared("bags at the bench", bags=[ScanBag(label(name)) for name in ("B1", "B2", "B3")])
    second = prepared("observation", bags=[ScanBag(label(name)) for name in ("B1", "B2", "B3")])
    second.do(ReturnBag("B3", LI), CHEN)
    second.do(DestroyLeftover("B2", Decimal(60), WANG), LI)
    both = accounts([first.state, for_patient(second.state, "S-002")], clock("18:00"))
    returned, destroyed = bag(both, "B3"), bag(both, "B2")
    assert these(returned.is_released, returned.returned_ml, destroyed.destroyed_ml) == [True, 100, 60]
    assert these(*(lot.returned_ml for lot in both.lots)) == [0, 0, 100]
    drawn = prepared("bags at the bench")
    drawn.take(e.SurplusDrawn("B2", Decimal(60), WANG.person_id), CHEN.person_id)
    gone = prepared("released")
    gone.take(e.ReleaseSent("store w", "Ward 3", "0" * 64), CHEN.person_id)
    other = accounts([first.state, for_patient(drawn.state, "S-002"), for_patient(gone.state, "S-003")], clock("18:00"))
    assert these(bag(other, "B2").drawn_off_ml, bag(other, "B2").sent_ml) == [60, 100]


def test_what_is_left_of_a_bag_in_two_infusions_is_the_least_and_unknown_where_one_is() -> None:
    set_aside = prepared("bags at the bench")
    set_aside.do(RejectBag("B2", "label torn"), CHEN)
    whole, given, open_one = set_aside.state, prepared("signed").state, prepared("bags at the bench").state
    assert bag(accounts([whole, for_patient(given, "S-002")], clock("18:00")), "B2").left_over_ml == 60
    assert bag(accounts([given, for_patient(open_one, "S-002")], clock("18:00")), "B2").left_over_ml is None


def test_bags_of_one_lot_are_added_up() -> None:
    one = ScanBag(msgspec.structs.replace(label("X1"), lot="L7"))
    two = ScanBag(msgspec.structs.replace(label("X2"), lot="L7"))
    (lot,) = after(prepared("signed", bags=[one, two])).lots
    assert these(lot.lot, lot.received, lot.received_ml, lot.released) == ["L7", 2, 200, 2]
    assert these(lot.infused_least_ml, lot.left_over_ml, lot.destroyed_ml, lot.balance_most_ml) == [140, 60, 60, 0]


def test_of_many_infusions_one_at_a_time_is_held() -> None:
    held: list[int] = []

    def states() -> Iterator[Infusion]:
        for n in range(5):
            state = for_patient(signed, f"S-{n}")
            yield state
            held.append(getrefcount(state))

    signed = prepared("signed").state
    assert len(accounts(states(), clock("18:00")).repeated) == 2
    assert held == [3] * 5  # its own name, the loop that just had it, and the question itself


def test_a_store_without_infusions_has_no_accounts() -> None:
    assert accounts([], clock("18:00")) == Accountability((), (), ())


# --- bags that were not used


def test_an_unopened_bag_goes_back_to_the_pharmacy_and_is_destroyed_there() -> None:
    play = prepared("observation", bags=[ScanBag(label(name)) for name in ("B1", "B2", "B3")])
    assert these(*bag(after(play), "B3").balance_ml) == [100, 100]
    for by, handed_by, why in ((LI, WANG, "another role"), (CHEN, CHEN, "two people")):
        with pytest.raises(Refused, match=why):
            play.do(ReturnBag("B3", handed_by), by)
    play.do(ReturnBag("B3", LI), CHEN)
    found = bag(after(play), "B3")
    assert these(found.returned_ml, found.left_over_ml, found.balance_ml) == [100, 0, (0, 0)]
    with pytest.raises(Refused, match="recorded already"):
        play.do(ReturnBag("B3", LI), CHEN)
    play.do(DestroyLeftover("B3", Decimal(100), WANG), CHEN)
    found = bag(after(play), "B3")
    assert these(found.returned_ml, found.destroyed_ml, found.balance_ml) == [0, 100, (0, 0)]
    assert play.same_from_disk()


@pytest.mark.parametrize("bag_id", ["B1", "B9"])
def test_a_bag_that_was_opened_or_is_not_there_does_not_go_back(bag_id: str) -> None:
    with pytest.raises(Refused, match="was opened"):
        prepared("observation").do(ReturnBag(bag_id, LI), CHEN)


def test_of_an_infusion_that_was_given_up_every_bag_is_accounted_for() -> None:
    play = prepared("hung")
    play.do(Abandon("fever"), LI)
    assert [b.bag.bag_id for b in unused(play.state)] == ["B2", "B1"]
    play.do(ReturnBag("B2", LI), CHEN)
    play.do(DestroyLeftover("B1", Decimal(100), WANG), LI)
    assert unused(play.state) == []
    assert these(*(b.balance_ml for b in after(play).bags)) == [(0, 0), (0, 0)]


def test_a_signed_infusion_can_still_give_a_bag_back() -> None:
    play = prepared("signed", bags=[ScanBag(label(name)) for name in ("B1", "B2", "B3")])
    play.do(ReturnBag("B3", LI), CHEN)
    assert play.state.phase is Phase.SIGNED
