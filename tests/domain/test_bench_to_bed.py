"""A release on its way from the pharmacy's laptop to the ward's: what is sent, what arrives, what each side still has."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.arrival import Place, arrived, taken_in
from app.domain.infusion.chapters.bags import RejectBag, ScanBag
from app.domain.infusion.chapters.bench import DrawSurplus, Release
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.ending import DestroyLeftover
from app.domain.infusion.chapters.exchange import Receive, SendRelease
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.infusion.stages import stages
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.log import Entry
from app.domain.people.roles import Person, Role
from app.domain.people.signed_heads import Heads, SignedHead
from app.domain.products.accountability import BagAccount, accounts
from app.domain.products.parcel import Laptop, Parcel, decoded, digest, encoded, packed
from app.domain.protocol import Protocol
from app.domain.texts import Dated

from .cast import BY_NAME, CHEN, EVERYBODY, LI, SHA256, TRIAL, WANG, clock, protocol
from .play import Play, Preparation, certificate, label, prepared, signed_anew

PHARMACY, WARD = Laptop("store p", "Pharmacy"), Laptop("store w", "Ward 3")
NAMES = {person.person_id: person.name for person in BY_NAME.values()}
HERE = Place(WARD.store_id, False, lambda _order: TRIAL, SHA256["msc-icaht"], NAMES)
SEND = SendRelease(PHARMACY, WARD, EVERYBODY)
NOON = clock("13:18")


def parcel_of(play: Play) -> Parcel:
    return decoded(encoded(packed(play.entries, PHARMACY, WARD, EVERYBODY)))


def sent() -> tuple[Play, Parcel]:
    play = prepared("released")
    parcel = parcel_of(play)
    play.do(SEND, CHEN, clock("13:16"))
    return play, parcel


def taken(parcel: Parcel, by: Person = LI, at: str = "13:18") -> Infusion:
    """The infusion on the ward's laptop."""
    stream = parcel.entries[0].stream
    return replay(stream, [*parcel.entries, Entry("in", stream, clock(at), by.person_id, taken_in(parcel, by))], TRIAL)


def bag(infusion: Infusion, bag_id: str) -> BagAccount:
    return next(b for b in accounts([infusion], clock("18:00")).bags if b.bag_id == bag_id)


def span(ml: int) -> tuple[Decimal, Decimal]:
    return Decimal(ml), Decimal(ml)


# --- sending


def test_a_sent_release_is_closed_at_the_pharmacy_and_waits_on_the_ward() -> None:
    play, parcel = sent()
    assert play.state.phase is Phase.SENT
    assert Phase.SENT in CLOSED
    assert play.same_from_disk()
    at_ward = taken(parcel)
    assert at_ward.phase is Phase.RELEASED
    assert (at_ward.sent, play.state.came) == (None, None)
    assert at_ward.came is not None
    assert play.state.sent is not None
    assert (at_ward.came.sha256, at_ward.came.from_store) == (play.state.sent.sha256, PHARMACY.store_id)
    for command, by in (
        (Receive(), LI),
        (Abandon("lost"), LI),
        (Correct("e2", "weight_kg", '"71"', "slip"), LI),
        (SEND, CHEN),
    ):
        with pytest.raises(Refused):
            play.do(command, by)


def test_the_same_release_gives_the_same_parcel_each_time() -> None:
    play, parcel = sent()
    again = packed(play.state.entries[:-1], PHARMACY, WARD, (Person("x1", "Wu", Role.NURSE), *reversed(EVERYBODY)))
    assert encoded(again) == encoded(parcel)


@pytest.mark.parametrize("by", [person for person in BY_NAME.values() if person.role is not Role.PHARMACIST])
def test_only_a_pharmacist_sends(by: Person) -> None:
    with pytest.raises(Refused, match="another role: Pharmacist"):
        prepared("released").do(SEND, by)


@pytest.mark.parametrize("point", ["bags at the bench", "received", "verified"])
def test_only_what_is_released_and_not_yet_received_is_sent(point: str) -> None:
    with pytest.raises(Refused, match="Only a release that no nurse has received yet"):
        prepared(point).do(SEND, CHEN)


def test_a_bag_that_is_no_part_of_the_release_is_set_aside_first() -> None:
    play = prepared("released")
    play.do(ScanBag(label("B9")), CHEN)
    with pytest.raises(Refused, match="Bag B9 is not released for this dose"):
        play.do(SEND, CHEN)
    play.do(RejectBag("B9", "not needed"), CHEN)
    play.do(SEND, CHEN)
    assert play.state.phase is Phase.SENT


def test_a_bag_that_expired_since_the_release_is_not_sent() -> None:
    with pytest.raises(Refused, match="Bag B1 expired"):
        prepared("released").do(SEND, CHEN, clock("24:00"))


def test_the_strip_of_a_sent_release_ends_there() -> None:
    first, second, *_ = stages(sent()[0].state)
    assert (first.key, first.ended_at) == ("released", clock("13:16"))
    assert (second.key, second.started_at) == ("verified", None)


def test_a_parcel_is_written_in_one_way_alone_and_named_without_its_heads() -> None:
    """Its keys stand in order; the heads come and go, and what both sides call it stays."""
    parcel = sent()[1]
    head = SignedHead("store p", "founder", 9, "0" * 64, NOON, "Pharmacy", b"key", b"signed")
    with_heads = replace(parcel, heads=Heads(head))
    assert encoded(parcel).startswith(b'{"entries":[{"at":')
    assert decoded(encoded(with_heads)) == with_heads
    assert digest(with_heads) == digest(parcel) == sha256(encoded(parcel)).hexdigest()


# --- arriving


def refusal(parcel: Parcel, place: Place = HERE, at: str = "13:18") -> str:
    with pytest.raises(Refused) as refused:
        arrived(parcel, place, clock(at))
    return str(refused.value.text)


def test_a_whole_release_arrives_as_it_was_released() -> None:
    play = prepared("released")
    assert arrived(parcel_of(play), HERE, NOON) == play.state


def test_it_is_for_one_laptop_alone() -> None:
    assert refusal(sent()[1], replace(HERE, store_id="store x")) == "This release is for the laptop Ward 3, not for this one."


def test_practice_and_real_do_not_mix() -> None:
    assert refusal(sent()[1], replace(HERE, practice=True)) == (
        "Practice and real records do not mix: this release was not taken in."
    )


def test_both_laptops_work_by_the_same_protocol() -> None:
    assert refusal(sent()[1], replace(HERE, protocol_sha256="1" * 64)) == (
        "It was released by another protocol: msc-icaht 2. Both laptops need the same one."
    )
    unread = replace(HERE, protocol_of=lambda _order: None)
    assert refusal(sent()[1], unread) == "The release is not whole. Nothing was taken in: have it sent again."
    asked: list[e.Ordered] = []

    def of_file(order: e.Ordered) -> Protocol | None:
        asked.append(order)
        return TRIAL

    arrived(sent()[1], replace(HERE, protocol_of=of_file), NOON)
    assert asked == [sent()[0].state.order], "what the order says is read by its own file"


def test_a_staff_number_is_one_person_on_both() -> None:
    assert refusal(sent()[1], replace(HERE, names={CHEN.person_id: "Qian"})) == (
        "p1 is Chen at the pharmacy and Qian here. A staff number must mean one person everywhere."
    )
    assert arrived(sent()[1], replace(HERE, names={}), NOON).released_by == CHEN.person_id


def test_the_pharmacys_clock_may_not_be_ahead() -> None:
    assert refusal(sent()[1], at="13:14:59") == (
        f"By the clock of Pharmacy it is later than here: released at {Dated(clock('13:15'))}. "
        "Set the clocks right, or try again then."
    )
    assert arrived(sent()[1], HERE, clock("13:15")).phase is Phase.RELEASED


def test_what_expired_on_the_way_is_refused_at_its_minute() -> None:
    last = clock("23:59:59") + timedelta(seconds=1)
    assert arrived(sent()[1], HERE, last - timedelta(seconds=1)).phase is Phase.RELEASED
    assert refusal(sent()[1], at="24:00").startswith("Bag B1 expired")


def test_a_certificate_that_does_not_pass_is_refused_here_too() -> None:
    play = prepared("released")
    entries = [
        replace(x, event=replace(x.event, viability_pct=Decimal("84.9"))) if isinstance(x.event, e.CertificateRecorded) else x
        for x in play.entries
    ]
    parcel = replace(parcel_of(play), entries=signed_anew(entries))
    assert refusal(parcel).startswith("Viability of bag B1 is 84.9 %")


@pytest.mark.parametrize("role", [Role.NURSE, Role.INVESTIGATOR, Role.ADMINISTRATOR])
def test_whoever_released_it_is_a_pharmacist(role: Role) -> None:
    whole = sent()[1]
    people = tuple(replace(p, role=role) if p.person_id == CHEN.person_id else p for p in whole.people)
    for wrong in (people, tuple(p for p in people if p.person_id != CHEN.person_id)):
        assert refusal(replace(whole, people=wrong)).startswith("The release is not whole")


def damaged(parcel: Parcel) -> list[Parcel]:
    first, *others = parcel.entries
    other_stream = replace(others[3], stream="other")
    return [
        replace(parcel, entries=()),
        replace(parcel, entries=tuple(others)),
        replace(parcel, entries=(first, *others[:3], other_stream, *others[4:])),
        replace(parcel, entries=(first, *others[1:])),
        replace(parcel, entries=(first, *others, others[-1])),
        replace(parcel, entries=tuple(replace(x, event=replace(x.event, signed_sha256="")) if isinstance(x.event, e.Released) else x
                                      for x in parcel.entries if not isinstance(x.event, e.BagScanned))),
    ]  # fmt: skip


@pytest.mark.parametrize("at", range(6))
def test_a_release_with_something_missing_or_changed_is_not_whole(at: int) -> None:
    assert refusal(damaged(sent()[1])[at]).startswith("The release is not whole")


def test_something_that_is_not_released_or_has_moved_on_is_refused() -> None:
    again = Entry("in", "inf", NOON, LI.person_id, e.ReleaseArrived("store p", "Pharmacy", "0" * 64))
    whole = sent()[1]
    for parcel in (
        parcel_of(prepared("bags at the bench")),
        parcel_of(Play()),
        parcel_of(prepared("received")),
        replace(whole, entries=(*whole.entries, again)),
    ):
        assert refusal(parcel, at="14:00") == "This is no release that waits to be received."


def test_a_loose_bag_in_a_parcel_is_refused() -> None:
    play = prepared("released")
    play.do(ScanBag(label("B9")), CHEN)
    assert refusal(parcel_of(play)) == "This is no release that waits to be received."


def test_what_is_recorded_of_its_arrival() -> None:
    parcel = sent()[1]
    assert taken_in(parcel, LI) == e.ReleaseArrived("store p", "Pharmacy", digest(parcel))


def test_who_reads_or_keeps_accounts_takes_nothing_in() -> None:
    for role in (Role.MONITOR, Role.ADMINISTRATOR, Role.EMERGENCY):
        with pytest.raises(Refused, match="another role"):
            taken_in(sent()[1], Person("x", "Wu", role))


def test_the_pharmacist_who_released_it_elsewhere_does_not_verify_here() -> None:
    play = prepared("released")
    play.take(taken_in(parcel_of(play), LI), LI.person_id)
    play.do(Receive(), LI)
    with pytest.raises(Refused):
        play.do(CheckIdentity("S-001", ("B1", "B2")), CHEN)


# --- accountability


def test_the_ledger_of_both_sides_agrees() -> None:
    play, parcel = sent()
    there, here = accounts([play.state], clock("18:00")), accounts([taken(parcel)], clock("13:20"))
    assert [(lot.lot, lot.sent_ml) for lot in there.lots] == [(lot.lot, lot.received_ml) for lot in here.lots]
    assert [lot.balance_most_ml for lot in there.lots] == [0, 0]
    assert [lot.balance_most_ml for lot in here.lots] == [100, 100]


def test_a_bag_set_aside_at_the_bench_stays_there_and_is_destroyed_there() -> None:
    scans = [ScanBag(label(name)) for name in ("B1", "B2", "B9")]
    play = Preparation(Play(TRIAL), "70.0", 20, scans).until("bags at the bench")
    play.do(RejectBag("B9", "label torn"), CHEN)
    play.do(Release(), CHEN, clock("13:15"))
    parcel = parcel_of(play)
    play.do(SEND, CHEN)
    assert [b.bag_id for b in accounts([taken(parcel)], NOON).bags] == ["B1", "B2"]
    assert bag(play.state, "B9").balance_ml == span(100)
    with pytest.raises(Refused, match="Nothing of bag B1 is left"):
        play.do(DestroyLeftover("B1", Decimal(10), WANG), CHEN)
    play.do(DestroyLeftover("B9", Decimal(100), WANG), CHEN)
    assert bag(play.state, "B9").balance_ml == span(0)


def test_what_was_drawn_off_at_the_bench_does_not_arrive() -> None:
    rules = protocol(settings={"dose.surplus_drawn_at_bench": True})
    play = Preparation(Play(rules), "70.0", 20).until("bags at the bench")
    play.do(DrawSurplus("B2", Decimal(60), WANG), CHEN)
    play.do(certificate("B2", rules=rules), CHEN)
    play.do(Release(), CHEN, clock("13:15"))
    parcel = parcel_of(play)
    play.do(SEND, CHEN)
    stream = parcel.entries[0].stream
    at_ward = replay(stream, [*parcel.entries, Entry("in", stream, NOON, LI.person_id, taken_in(parcel, LI))], rules)
    there, here = bag(play.state, "B2"), bag(at_ward, "B2")
    assert [there.received_ml, there.drawn_off_ml, there.sent_ml] == [Decimal(100), Decimal(60), Decimal(40)]
    assert [here.received_ml, here.drawn_off_ml, here.sent_ml] == [Decimal(40), Decimal(0), Decimal(0)]


def test_the_ward_is_told_who_orders_it_also_before_they_signed() -> None:
    order = e.Ordered("S-001", "12", "A", 1, TRIAL.id, TRIAL.version, SHA256["msc-icaht"], False, prescriber="i1")
    play = Preparation(Play(order=order), "70.0", 20).until("released")
    assert "i1" in {person.person_id for person in parcel_of(play).people}
    assert arrived(parcel_of(play), HERE, NOON).order_signed_at is None
