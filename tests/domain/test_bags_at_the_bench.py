"""At the bench: what is a bag and what is none, its certificate, the giving set, what is drawn off, and what may be released."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RecordCertificate, RejectBag, ReportBroken, ScanBag, certified
from app.domain.infusion.chapters.bench import ChooseSet, DrawSurplus, Release, ReleaseBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.exchange import Receive, SendRelease, loose
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.weighing import ConfirmWeight, RecordWeight
from app.domain.infusion.phases import Phase
from app.domain.people.roles import Person
from app.domain.products.parcel import Laptop, digest, packed

from .cast import CHEN, DAY, EVERYBODY, LI, SUN, TRIAL, WANG, ZHAO, clock, protocol
from .play import Play, Preparation, certificate, label, recorded
from .seeing import plain
from .whole_answers import facts, refusal

EXPIRY = DAY + timedelta(days=1)
MOMENT = timedelta(seconds=1)
PHARMACIST_ONLY = "This needs another role: Pharmacist."
ASIDE = "Bag B1 was set aside and must not be used."
NO_BAG = "Bag B9 does not belong to this infusion."
TOO_SLOW = (
    "Too slow: 8400.0 drops at 60 drops/ml take at least 150.0 min at 60 drops/min, and 60 min are allowed. "
    "Use a set with 10, 15, 20 drops/ml."
)
EXPIRED = "Bag B1 expired on 2026-03-03 00:00. Set it aside."


def bench() -> Play:
    return recorded("bags at the bench")


# --- a bag is taken in


NEW = e.Bag("B9", "L9", 100_000_000, D(100), EXPIRY, "scan", "code_damaged")
COUNTLESS = "A bag needs a count and a volume above zero."


def test_a_bag_is_taken_in_as_it_is_labelled() -> None:
    play = bench()
    assert facts(play, ScanBag(replace(NEW, lot=" Ｌ９ ")), CHEN) == [e.BagScanned(NEW)]
    bag = play.state.bags["B9"]
    assert (bag.bag, bag.scanned_by, bag.certificate, bag.place, bag.volume_ml) == (NEW, "p1", None, "here", D(100))
    assert refusal(play, ScanBag(replace(NEW, bag_id="B8")), LI) == PHARMACIST_ONLY


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"bag_id": "b1"}, "Bag b1 is on this infusion already."),
        ({"bag_id": "  "}, "A bag needs its number and its lot."),
        ({"lot": " "}, "A bag needs its number and its lot."),
        ({"lot": "?"}, "“?” is no lot here: at most 40 letters, digits and signs, or as the site has set."),
        ({"cells": 0}, COUNTLESS),
        ({"cells": 10**12 + 1}, COUNTLESS),
        ({"volume_ml": D("0.9")}, COUNTLESS),
        ({"volume_ml": D("10000.1")}, COUNTLESS),
        ({"volume_ml": D("NaN")}, COUNTLESS),
        ({"bag_id": "S-001"}, "S-001 is the subject code, not the number of a bag."),
        ({"cells": 1}, "Bag B9: 0.000001 million cells cannot be right, 100 are usual. Read the label again."),
        ({"cells": 10_000_000}, "Bag B9: 10 million cells cannot be right, 100 are usual. Read the label again."),
        ({"cells": 1_000_000_000}, "Bag B9: 1000 million cells cannot be right, 100 are usual. Read the label again."),
        ({"cells": 10**12}, "Bag B9: 1000000 million cells cannot be right, 100 are usual. Read the label again."),
        ({"volume_ml": D(1)}, "Bag B9: 1 ml cannot be right, 100 are usual. Read the label again."),
        ({"volume_ml": D(10)}, "Bag B9: 10 ml cannot be right, 100 are usual. Read the label again."),
        ({"volume_ml": D(1000)}, "Bag B9: 1000 ml cannot be right, 100 are usual. Read the label again."),
        ({"volume_ml": D(10_000)}, "Bag B9: 10000 ml cannot be right, 100 are usual. Read the label again."),
        ({"expires_at": clock("13:12")}, "Bag B9 expired on 2026-03-02 13:12. Set it aside."),
    ],
)
def test_what_cannot_be_a_bag_is_not_taken(other: dict[str, Any], why: str) -> None:
    """A slip of the decimal point either way: a tenth and ten times what is usual are refused."""
    assert refusal(bench(), ScanBag(replace(NEW, **other)), CHEN) == why


@pytest.mark.parametrize(
    "other",
    [
        {"cells": 10_000_001},
        {"cells": 999_999_999},
        {"volume_ml": D("10.1")},
        {"volume_ml": D("999.9")},
        {"expires_at": clock("13:12:01")},
    ],
)
def test_what_may_still_be_a_bag_is_taken(other: dict[str, Any]) -> None:
    assert facts(bench(), ScanBag(replace(NEW, **other)), CHEN) == [e.BagScanned(replace(NEW, **other))]


def test_a_site_with_other_bags_counts_theirs() -> None:
    """100 times 10¹⁰ cells and 100 times 100 ml: the ends of what the program can plan with."""
    rules = protocol(settings={"product.cells_per_bag": 10**11, "product.volume_per_bag_ml": 1100})
    play = Play(rules)
    for other in ({"cells": 10**12 - 1, "volume_ml": D(10_000)}, {"cells": 10**12 - 1, "volume_ml": D(111)}):
        whole = replace(NEW, **other)
        assert facts(Play(rules), ScanBag(whole), CHEN) == [e.BagScanned(whole)]
    assert refusal(play, ScanBag(replace(NEW, cells=10**12 + 1, volume_ml=D(1000))), CHEN) == COUNTLESS


def test_a_bag_taken_in_later_makes_both_checks_begin_again() -> None:
    play = recorded("received")
    play.do(CheckIdentity("S-001", ("B1", "B2")), LI)
    play.do(ScanBag(NEW), CHEN)
    assert play.state.identity_checked_by == ()


# --- it is set aside


SET_ASIDE = [(RejectBag("B1", " label torn "), CHEN), (ReportBroken("B1", " label torn "), LI)]


@pytest.mark.parametrize(("command", "by"), SET_ASIDE)
def test_a_bag_is_set_aside_for_good_with_a_reason(command: RejectBag | ReportBroken, by: Person) -> None:
    play = recorded("released")
    assert refusal(play, replace(command, reason=" "), by) == "Give a reason."
    assert refusal(play, replace(command, bag_id="B9"), by) == NO_BAG
    assert refusal(recorded("hung"), command, by) == "Bag B1 hangs already: take it down instead."
    is_rejected = isinstance(command, RejectBag)
    told = e.BagRejected("B1", "label torn") if is_rejected else e.BagBroken("B1", "label torn")
    assert facts(play, command, by) == [told]
    bag = play.state.bags["B1"]
    assert (bag.rejected, bag.broken) == (("label torn", None) if is_rejected else (None, "label torn"))
    assert refusal(play, command, by) == ASIDE


def test_who_may_set_a_bag_aside() -> None:
    assert refusal(bench(), RejectBag("B1", "torn"), LI) == PHARMACIST_ONLY
    for by in (LI, ZHAO, CHEN):
        assert facts(recorded("released"), ReportBroken("B1", "torn"), by) == [e.BagBroken("B1", "torn")]


@pytest.mark.parametrize(("command", "by"), SET_ASIDE)
@pytest.mark.parametrize(
    ("stop", "stands"),
    [
        (e.MismatchFound("bag", "B1", "B9"), False),
        (e.MismatchFound("bag", "lot of B1", "L9", None, "lot", "B1"), False),
        (e.MismatchFound("bag", "B2", "B9"), True),
        (e.MismatchFound("patient", "B1", "S-002"), True),
    ],
)
def test_a_mismatch_goes_with_its_bag_and_whoever_had_looked_looks_again(
    command: Command, by: Person, stop: e.MismatchFound, stands: bool
) -> None:
    play = recorded("received")
    play.do(CheckIdentity("S-001", ("B1", "B2")), LI)
    looked = [play.state.identity_checked_by]
    play.do(command, by)
    assert [*looked, play.state.identity_checked_by] == [("n1",), ()]
    other = recorded("received")
    other.take(stop, LI.person_id)
    other.do(command, by)
    assert (other.state.mismatch == stop) is stands


# --- its certificate


WHOLE = dict.fromkeys(TRIAL.product.certificate_tests, True)
READ = RecordCertificate("B1", D("84.5"), WHOLE, True, False, LI)


def test_a_certificate_is_kept_as_it_was_read() -> None:
    play = bench()
    told = e.CertificateRecorded("B1", D("84.5"), WHOLE, True, False, "n1")
    assert facts(play, READ, CHEN) == [told]
    assert (play.state.bags["B1"].certificate, [x.event for x in play.state.certificates][-1]) == (told, told)
    alone = replace(READ, second=None, appearance_ok=False, storage_ok=True)
    assert facts(bench(), alone, CHEN) == [e.CertificateRecorded("B1", D("84.5"), WHOLE, False, True, None)]


@pytest.mark.parametrize(("viability", "possible"), [("-0.1", False), ("0", True), ("100", True), ("100.1", False), ("NaN", False)])
def test_viability_is_a_share_of_a_hundred(viability: str, possible: bool) -> None:
    told = replace(READ, viability_pct=D(viability))
    if possible:
        assert len(facts(bench(), told, CHEN)) == 1
    else:
        assert refusal(bench(), told, CHEN) == "Viability is a percentage from 0 to 100."


def test_who_enters_a_certificate_of_which_bag() -> None:
    assert refusal(bench(), READ, LI) == PHARMACIST_ONLY
    assert refusal(bench(), replace(READ, bag_id="B9"), CHEN) == NO_BAG
    assert refusal(bench(), replace(READ, second=CHEN), CHEN) == "The witness must be another person."
    every = "Answer every test of the certificate."
    for tests in ({}, {**WHOLE, "sterility": True}, dict.fromkeys(list(WHOLE)[1:], True)):
        assert refusal(bench(), replace(READ, tests=tests), CHEN) == every


def certified_is(play: Play, **found: Any) -> str | None:
    """Why the certificate of B1 does not do; None: it does."""
    bag = replace(play.state.bags["B1"], certificate=found.get("whole") or e.CertificateRecorded("B1", **{**PASSED, **found}))
    try:
        certified(play.state, bag)
    except Refused as refused:
        return plain(refused.text)
    return None


PASSED: dict[str, Any] = {"viability_pct": D(85), "tests": WHOLE, "appearance_ok": True, "storage_ok": True}
NOT_TOLD = "The certificate of bag B1 does not tell: purity, GMP manufacture."
FAILED = "The certificate of bag B1 does not pass: {}. Set the bag aside."


def test_a_certificate_passes_in_every_point_or_says_which_it_does_not() -> None:
    play = bench()
    some = {"microorganisms": True, "tumorigenicity": True}
    assert certified_is(play) is None
    assert certified_is(play, viability_pct=D("84.9")) == "Viability of bag B1 is 84.9 %; at least 85 % is needed."
    assert certified_is(play, tests=some) == NOT_TOLD
    assert certified_is(play, tests={**some, "microorganisms": False}) == NOT_TOLD
    assert certified_is(play, tests={**WHOLE, "purity": False}, storage_ok=False) == FAILED.format("purity, storage and transport")
    assert certified_is(play, appearance_ok=False) == FAILED.format("appearance")
    bare = replace(play.state.bags["B1"], certificate=None)
    with pytest.raises(Refused, match=r"^The certificate of bag B1 has not been entered\.$"):
        certified(play.state, bare)


# --- the giving set, and what is drawn off


def test_a_set_that_is_not_in_use() -> None:
    assert refusal(Play(), ChooseSet(12)) == "No set with 12 drops/ml is in use. In use: 10, 15, 20, 60."


def test_a_set_that_is_in_use_and_brings_the_dose_in_on_time() -> None:
    play = bench()
    assert facts(play, ChooseSet(15), LI) == [e.SetChosen(15)]
    assert play.state.drop_factor == 15
    assert refusal(play, ChooseSet(60)) == TOO_SLOW


DRAWN = DrawSurplus("B2", D(60), WANG)


def drawing() -> Play:
    return recorded("bags at the bench", rules=protocol(settings={"dose.surplus_drawn_at_bench": True}))


def test_the_surplus_is_drawn_off_before_a_witness() -> None:
    play = drawing()
    assert facts(play, DRAWN, CHEN) == [e.SurplusDrawn("B2", D(60), "n2", printed_name="Wang")]
    assert (play.state.bags["B2"].drawn_off_ml, play.state.bags["B2"].volume_ml) == (D(60), D(40))
    assert refusal(play, replace(DRAWN, volume_ml=D(40)), CHEN) == "Less than the bag's 40 ml can be drawn off."
    play.do(replace(DRAWN, volume_ml=D("39.9")), CHEN)
    assert play.state.bags["B2"].drawn_off_ml == D("99.9")


@pytest.mark.parametrize("ml", ["0", "-1", "100", "NaN", "Infinity"])
def test_something_is_drawn_off_and_something_stays(ml: str) -> None:
    assert refusal(drawing(), replace(DRAWN, volume_ml=D(ml)), CHEN) == "Less than the bag's 100 ml can be drawn off."


def test_who_draws_off_where() -> None:
    assert refusal(drawing(), DRAWN, LI) == PHARMACIST_ONLY
    assert refusal(drawing(), replace(DRAWN, witness=CHEN), CHEN) == "The witness must be another person."
    assert refusal(drawing(), replace(DRAWN, bag_id="B9"), CHEN) == NO_BAG
    assert refusal(bench(), DRAWN, CHEN) == "This site does not draw off the surplus at the bench."
    (drawn,) = facts(drawing(), replace(DRAWN, volume_ml=D("0.1")), CHEN)
    assert drawn == e.SurplusDrawn("B2", D("0.1"), "n2", printed_name="Wang")


# --- released


def test_a_release_takes_all_of_it() -> None:
    play = bench()
    assert refusal(play, Release(), LI) == PHARMACIST_ONLY
    assert facts(play, Release(), CHEN) == [e.Released(printed_name="Chen")]
    assert (play.state.released_by, play.state.phase) == ("p1", Phase.RELEASED)
    assert {bag_id: bag.released_by for bag_id, bag in play.state.bags.items()} == {"B1": "p1", "B2": "p1"}


def test_only_the_bags_that_the_dose_opens_are_released_with_it() -> None:
    play = bench()
    play.do(ScanBag(NEW), CHEN)
    play.do(Release(), CHEN)
    assert {bag_id: bag.released_by for bag_id, bag in play.state.bags.items()} == {"B1": "p1", "B2": "p1", "B9": None}


def step(kg: str = "70.0", before: str | None = None) -> Play:
    play = Play()
    play.do(RecordWeight(D(kg), None if before is None else D(before), D(kg)), LI, clock("13:05"))
    return play


def test_without_a_weight_there_is_neither_set_nor_release() -> None:
    for command in (Release(), ChooseSet(20)):
        assert refusal(Play(), command, CHEN) == "Record the weight first."


def test_a_set_that_cannot_bring_it_in_on_time_is_not_released() -> None:
    weighed = step()
    weighed.take(e.SetChosen(60))
    assert refusal(weighed, Release(), CHEN) == TOO_SLOW


@pytest.mark.parametrize(
    ("cells", "told"), [(40_000_000, "100.0"), (139_000_000, "1.0"), (139_850_000, "0.2"), (139_999_999, "0.1")]
)
def test_how_many_cells_are_missing_is_told_to_a_tenth_of_a_million(cells: int, told: str) -> None:
    play = step()
    play.take(e.SetChosen(20))
    play.take(e.BagScanned(label("B1", cells, D(cells) / 1_000_000)))
    assert refusal(play, Release(), CHEN) == f"The bags hold too few cells: {told} million are missing."


def test_what_a_release_still_lacks() -> None:
    weighed = step(before="50")
    assert refusal(weighed, Release(), CHEN) == "The weight must be confirmed by a second person."
    weighed.do(ConfirmWeight(), ZHAO)
    assert refusal(weighed, Release(), CHEN) == "Choose the giving set."
    weighed.do(ChooseSet(20), CHEN)
    assert refusal(weighed, Release(), CHEN) == "The bags hold too few cells: 140.0 million are missing."
    weighed.do(ScanBag(label("B1")), CHEN)
    assert refusal(weighed, Release(), CHEN) == "The bags hold too few cells: 40.0 million are missing."
    weighed.do(ScanBag(label("B2")), CHEN)
    for bag in ("B1", "B2"):
        assert refusal(weighed, Release(), CHEN) == f"The certificate of bag {bag} has not been entered."
        weighed.do(certificate(bag), CHEN)
    assert facts(weighed, Release(), CHEN) == [e.Released(printed_name="Chen")]


@pytest.mark.parametrize(("after_h", "of_today"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)])
def test_a_weight_is_of_today_for_24_h(after_h: timedelta, of_today: bool) -> None:
    scans = [ScanBag(label(name, expires=DAY + timedelta(days=9))) for name in ("B1", "B2")]
    play = Preparation(Play(TRIAL), "70.0", 20, scans).until("bags at the bench")
    at = clock("13:05") + after_h
    if of_today:
        assert facts(play, Release(), CHEN, at) == [e.Released(printed_name="Chen")]
    else:
        assert refusal(play, Release(), CHEN, at) == "The weight is not of today. Weigh again."


def test_neither_an_expired_bag_nor_one_that_does_not_pass_is_released() -> None:
    assert refusal(bench(), Release(), CHEN, clock("24:00")) == EXPIRED
    play = bench()
    play.do(certificate("B2", "84.9"), CHEN)
    assert refusal(play, Release(), CHEN) == "Viability of bag B2 is 84.9 %; at least 85 % is needed."


def came_later() -> Play:
    play = recorded("received")
    play.do(ScanBag(NEW), SUN)
    return play


def test_a_bag_that_came_later_is_released_by_itself() -> None:
    play = came_later()
    alone = ReleaseBag("B9")
    assert refusal(play, alone, LI) == PHARMACIST_ONLY
    assert refusal(play, ReleaseBag("B7"), SUN) == "Bag B7 does not belong to this infusion."
    assert refusal(play, ReleaseBag("B1"), SUN) == "Bag B1 was released already."
    assert refusal(play, alone, SUN) == "The certificate of bag B9 has not been entered."
    play.do(certificate("B9"), SUN)
    assert refusal(play, alone, SUN, EXPIRY) == EXPIRED.replace("B1", "B9")
    assert facts(play, alone, SUN, EXPIRY - MOMENT) == [e.BagReleased("B9", printed_name="Sun")]
    assert (play.state.bags["B9"].released_by, play.state.bags["B1"].released_by, play.state.released_by) == ("p2", "p1", "p1")


# --- to the ward


SEND = SendRelease(Laptop("store p", "Pharmacy"), Laptop("store w", "Ward 3"), EVERYBODY)


def test_a_release_is_sent_to_one_laptop_with_all_that_was_recorded() -> None:
    play = recorded("released")
    parcel = packed(play.state.log, SEND.sender, SEND.to, SEND.people)
    told = e.ReleaseSent("store w", "Ward 3", digest(parcel))
    assert refusal(play, SEND, LI) == PHARMACIST_ONLY
    assert facts(play, SEND, CHEN) == [told]
    assert (play.state.sent, play.state.phase) == (told, Phase.SENT)
    assert {bag.place for bag in play.state.bags.values()} == {"sent"}


def test_what_is_not_sent() -> None:
    for point in ("bags at the bench", "received"):
        assert refusal(recorded(point), SEND, CHEN) == "Only a release that no nurse has received yet can be sent."
    assert refusal(recorded("released"), SEND, CHEN, clock("24:00")) == EXPIRED
    play = recorded("released")
    play.do(ScanBag(NEW), CHEN)
    assert [bag.bag.bag_id for bag in loose(play.state)] == ["B9"]
    assert refusal(play, SEND, CHEN) == "Bag B9 is not released for this dose. Set it aside first."
    play.do(RejectBag("B9", "not needed"), CHEN)
    assert loose(play.state) == []
    play.do(SEND, CHEN)
    assert {bag_id: bag.place for bag_id, bag in play.state.bags.items()} == {"B1": "sent", "B2": "sent", "B9": "here"}


def test_a_planned_bag_that_nobody_released_is_loose() -> None:
    play = recorded("released")
    play.do(RejectBag("B2", "torn"), CHEN)
    play.do(ScanBag(NEW), CHEN)
    assert [bag.bag.bag_id for bag in loose(play.state)] == ["B9"]


def test_a_release_that_came_stays_with_its_bags_and_a_nurse_receives_it() -> None:
    scans = [ScanBag(label(name)) for name in ("B1", "B2", "B9")]
    play = Preparation(Play(TRIAL), "70.0", 20, scans).until("bags at the bench")
    play.do(RejectBag("B9", "label torn"), CHEN)
    play.do(Release(), CHEN)
    arrived = e.ReleaseArrived("store p", "Pharmacy", "0" * 64)
    play.take(arrived, LI.person_id)
    assert play.state.came == arrived
    assert {bag_id: bag.place for bag_id, bag in play.state.bags.items()} == {"B1": "came", "B2": "came", "B9": "stayed"}
    for by in (CHEN, ZHAO):
        assert refusal(play, Receive(), by) == "This needs another role: Nurse."
    assert facts(play, Receive(), WANG) == [e.Received(printed_name="Wang")]
    assert (play.state.received_by, play.state.nurse, play.state.phase) == ("n2", "n2", Phase.RECEIVED)
    assert refusal(play, Receive(), WANG) == "Nothing has been released to receive."
