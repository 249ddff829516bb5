"""Two people at the bed: patient, bags and their labels, each read alone; what does not match stops everything."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RejectBag, ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import ReleaseBag
from app.domain.infusion.chapters.identity import CheckIdentity, CodeRead, VerifyBag, releasing, verifiers, wrong_label
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.phases import Phase
from app.domain.people.roles import BEDSIDE, Role
from app.domain.protocol import Protocol

from .cast import CHEN, DAY, LI, SUN, TRIAL, WANG, ZHAO, clock
from .play import Play, certificate, label, prepared, recorded
from .whole_answers import facts, refusal

EXPIRY = DAY + timedelta(days=1)
MOMENT = timedelta(seconds=1)
SECOND = "The second check needs another person."
TYPED = "Say why a code was typed and not scanned."
RECEIVED = clock("13:22")

BOTH = CheckIdentity("S-001", ("B1", "B2"), "scan")
WRONG_PATIENT = e.MismatchFound("patient", "S-001", "S-002", "scan")


def received() -> Play:
    return recorded("received")


def with_a_third_bag(point: str = "verified", *, released: bool = True) -> Play:
    """B2 has broken; B3 came in its place."""
    play = recorded(point)
    play.do(ReportBroken("B2", "leak"), LI)
    play.do(ScanBag(label("B3")), SUN)
    play.do(certificate("B3"), SUN)
    if released:
        play.do(ReleaseBag("B3"), SUN)
    return play


# --- who checks, and when


Whom = Literal["none", "others", "all"]


def verified_also_by(pharmacists: Whom) -> Protocol:
    return replace(TRIAL, verification=replace(TRIAL.verification, pharmacists=pharmacists))


@pytest.mark.parametrize(
    ("pharmacists", "roles"), [("none", BEDSIDE), ("others", BEDSIDE | {Role.PHARMACIST}), ("all", BEDSIDE | {Role.PHARMACIST})]
)
def test_whose_role_may_be_one_of_the_two_is_the_sites_to_say(pharmacists: Whom, roles: frozenset[Role]) -> None:
    assert verifiers(Play(verified_also_by(pharmacists)).state) == roles


def test_whoever_is_no_nurse_or_investigator_checks_nothing_where_the_site_lets_no_pharmacist() -> None:
    who = "This needs another role: Nurse or Investigator."
    assert refusal(received(), BOTH, SUN) == who
    assert refusal(with_a_third_bag(), VerifyBag("B3", "S-001", "B3"), CHEN) == who
    assert refusal(recorded("thawed"), CheckBag("B1", "B1", True), CHEN) == who


def test_a_pharmacist_who_released_any_bag_of_it_is_no_second_pair_of_eyes() -> None:
    rules = verified_also_by("others")
    play = recorded("received", rules=rules)
    assert refusal(play, BOTH, CHEN) == "Whoever released the bags does not check them at the bed."
    assert releasing(play.state) == {CHEN.person_id}
    play.do(ReportBroken("B2", "leak"), LI)
    play.do(ScanBag(label("B3")), SUN)
    play.do(certificate("B3", rules=rules), SUN)
    play.do(ReleaseBag("B3"), SUN)
    assert releasing(play.state) == {CHEN.person_id, SUN.person_id}


@pytest.mark.parametrize(("pharmacists", "who"), [("none", ["p1"]), ("others", ["p1"]), ("all", [])])
def test_whoever_released_it_checks_it_only_where_all_pharmacists_may(pharmacists: Whom, who: list[str]) -> None:
    play = Play(verified_also_by(pharmacists))
    before = releasing(play.state)
    play.take(e.Released(), CHEN.person_id)
    assert (list(before), list(releasing(play.state))) == ([], who)


def test_before_the_bags_are_received_there_is_nothing_to_check() -> None:
    for point in ("released", "verified"):
        assert refusal(recorded(point), BOTH) == "Receive the bags from the pharmacy first."


def test_without_a_bag_or_with_one_that_nobody_released_nothing_is_checked() -> None:
    play = received()
    for bag in ("B1", "B2"):
        play.do(RejectBag(bag, "label torn"), CHEN)
    assert refusal(play, CheckIdentity("S-001", ())) == "No bag is left for this infusion: ask the pharmacy for another one."
    other = received()
    other.do(RejectBag("B2", "label torn"), CHEN)
    other.do(ScanBag(label("B3")), CHEN)
    assert refusal(other, CheckIdentity("S-001", ("B1", "B3"))) == "Bag B3 has not been released by a pharmacist."


# --- what two people find


def test_the_second_of_two_people_verifies_it() -> None:
    play = received()
    found = [facts(play, CheckIdentity("S-001", ("B2", "B1"), "scan"), by) for by in (LI, WANG)]
    first = e.IdentityChecked("S-001", ("B2", "B1"), "scan", "", printed_name="Li")
    assert found == [[first], [replace(first, printed_name="Wang"), e.IdentityVerified()]]
    assert play.state.phase is Phase.VERIFIED
    assert {bag.verified_by for bag in play.state.bags.values()} == {("n1", "n2")}
    assert refusal(received_once(), BOTH) == SECOND


def received_once() -> Play:
    play = received()
    play.do(BOTH, LI)
    return play


@pytest.mark.parametrize("entry", ["typed", "mixed"])
def test_a_typed_code_is_kept_with_its_reason(entry: e.Entered) -> None:
    play = received()
    for reason in ("", "  "):
        assert refusal(play, replace(BOTH, entry=entry, reason=reason)) == TYPED
    checked = e.IdentityChecked("S-001", ("B1", "B2"), entry, "no_scanner", printed_name="Li")
    assert facts(play, replace(BOTH, entry=entry, reason=" no_scanner ")) == [checked]


def test_a_scanned_code_needs_no_reason() -> None:
    for entry in ("scan", None):
        assert facts(received(), replace(BOTH, entry=entry)) == [
            e.IdentityChecked("S-001", ("B1", "B2"), entry, "", printed_name="Li")
        ]


@pytest.mark.parametrize("read", ["S-001", " S-001 ", "Ｓ－００１"])
def test_the_wristband_may_be_read_with_blanks_or_in_full_width(read: str) -> None:
    (checked,) = facts(received(), replace(BOTH, subject=read))
    assert isinstance(checked, e.IdentityChecked)


@pytest.mark.parametrize(("read", "found"), [("S-002", "S-002"), (" s-001 ", "s-001"), ("", "")])
def test_another_patient_is_a_full_stop_with_what_was_read(read: str, found: str) -> None:
    stop = e.MismatchFound("patient", "S-001", found, "typed")
    assert facts(received(), CheckIdentity(read, ("B1", "B2"), "typed")) == [stop]


@pytest.mark.parametrize(
    ("read", "found"), [(("B2",), "B2"), (("B2", "B9"), "B2, B9"), (("B2", "B1", "B9"), "B2, B1, B9"), ((), "")]
)
def test_other_bags_than_the_planned_ones_are_a_full_stop(read: tuple[str, ...], found: str) -> None:
    assert facts(received(), CheckIdentity("S-001", read, "mixed")) == [e.MismatchFound("bag", "B1, B2", found, "mixed")]


def test_many_planned_bags_are_told_in_order() -> None:
    names = [f"B{n}" for n in range(1, 8)]
    scans = [ScanBag(label(name, 20_000_000, 20)) for name in reversed(names)]
    play = prepared("received", bags=scans)
    assert facts(play, CheckIdentity("S-001", ())) == [e.MismatchFound("bag", ", ".join(names), "", None)]


def test_a_mismatch_makes_both_begin_again_and_the_first_good_look_clears_it() -> None:
    play = received_once()
    play.do(replace(BOTH, subject="S-002"), WANG)
    state = play.state
    assert (state.mismatch, state.mismatch_at, state.identity_checked_by) == (WRONG_PATIENT, play.now, ())
    play.do(BOTH, WANG)
    assert (play.state.mismatch, play.state.identity_checked_by) == (None, ("n2",))
    assert play.same_from_disk()


# --- whole labels


READ = CodeRead("B1", "lot of B1", (EXPIRY, EXPIRY))
LABELS: list[tuple[CodeRead, tuple[Any, ...] | None]] = [
    (READ, None),
    (CodeRead("B1"), None),
    (replace(READ, lot=" ＬＯＴ of b1"), None),
    (replace(READ, lot="lotofB1"), None),
    (replace(READ, lot="lot of B2"), ("lot of B1", "lot of B2", "lot")),
    (replace(READ, expires=(EXPIRY - MOMENT, EXPIRY)), None),
    (replace(READ, expires=(EXPIRY, EXPIRY + MOMENT)), None),
    (replace(READ, expires=(EXPIRY + MOMENT, EXPIRY + 2 * MOMENT)),
     ("2026-03-03T00:00:00+00:00", "2026-03-03T00:00:02+00:00", "expiry")),
    (replace(READ, expires=(EXPIRY - 2 * MOMENT, EXPIRY - MOMENT)),
     ("2026-03-03T00:00:00+00:00", "2026-03-02T23:59:59+00:00", "expiry")),
]  # fmt: skip


@pytest.mark.parametrize(("read", "differs"), LABELS)
def test_what_differs_on_a_label(read: CodeRead, differs: tuple[str, str, Any] | None) -> None:
    stop = None if differs is None else e.MismatchFound("bag", differs[0], differs[1], "typed", differs[2], "B1")
    assert wrong_label(label("B1"), read, "typed", EXPIRY - MOMENT) == stop


@pytest.mark.parametrize(("read", "differs"), LABELS)
def test_a_label_says_the_lot_and_the_expiry_that_were_taken_in(read: CodeRead, differs: tuple[str, str, Any] | None) -> None:
    """At the first check, of a bag that came later, and at the bed: the same is a full stop each time."""
    first = received()
    later = recorded("verified")
    later.do(ReportBroken("B2", "leak"), LI)
    later.do(ScanBag(of_the_lot_of_b1("B3")), SUN)
    later.do(certificate("B3"), SUN)
    later.do(ReleaseBag("B3"), SUN)
    third = replace(read, number="B3")
    answers = [
        facts(first, replace(BOTH, labels=(CodeRead("B2"), read)))[0],
        facts(later, VerifyBag("B3", "S-001", "B3", "scan", label=third))[0],
        facts(recorded("thawed"), CheckBag("B1", "B1", True, "scan", label=read))[0],
    ]
    if differs is None:
        assert [type(x) for x in answers] == [e.IdentityChecked, e.BagVerified, e.BagChecked]
    else:
        expected, found, what = differs
        assert answers == [e.MismatchFound("bag", expected, found, "scan", what, bag) for bag in ("B1", "B3", "B1")]


def of_the_lot_of_b1(bag_id: str) -> e.Bag:
    """A bag with the lot of B1."""
    return replace(label(bag_id), lot="lot of B1")


def test_what_is_past_its_expiry_is_refused_at_its_moment_though_the_label_is_right() -> None:
    """Whoever reads only the number is not stopped here: thawing and hanging look at the expiry themselves."""
    play = received()
    expired = "Bag B1 expired on 2026-03-03 00:00. Set it aside."
    with_label = replace(BOTH, labels=(READ,))
    assert refusal(play, with_label, LI, EXPIRY) == expired
    assert isinstance(facts(play, with_label, LI, EXPIRY - MOMENT)[0], e.IdentityChecked)
    assert refusal(recorded("thawed"), CheckBag("B1", "B1", True, "scan", label=READ), LI, EXPIRY) == expired
    later = with_a_third_bag()
    third = CodeRead("B3", "lot of B3", (EXPIRY, EXPIRY))
    assert refusal(later, VerifyBag("B3", "S-001", "B3", "scan", label=third), LI, EXPIRY) == expired.replace("B1", "B3")


# --- a bag that came after the first check


THIRD = VerifyBag("B3", "S-001", "B3", "scan")


def test_two_people_verify_the_bag_that_came_later() -> None:
    play = with_a_third_bag()
    typed = VerifyBag("B3", " S-001 ", " B3 ", "typed", " no_scanner ")
    assert refusal(play, replace(typed, reason=" ")) == TYPED
    found = [facts(play, typed, LI), facts(play, THIRD, ZHAO)]
    assert found == [
        [e.BagVerified("B3", "S-001", "B3", "typed", "no_scanner", printed_name="Li")],
        [e.BagVerified("B3", "S-001", "B3", "scan", "", printed_name="Zhao")],
    ]
    assert play.state.bags["B3"].verified_by == ("n1", "i1")
    assert refusal(play, THIRD, WANG) == "Bag B3 was checked by two people already."
    assert play.same_from_disk()


def test_the_bag_that_came_later_is_one_of_this_infusion_released_and_looked_at_by_two() -> None:
    assert refusal(with_a_third_bag(), replace(THIRD, bag_id="B9")) == "Bag B9 does not belong to this infusion."
    assert refusal(with_a_third_bag(released=False), THIRD) == "Bag B3 has not been released by a pharmacist."
    play = with_a_third_bag()
    play.do(THIRD, LI)
    assert refusal(play, THIRD, LI) == SECOND


@pytest.mark.parametrize(
    ("subject", "found_id", "stop"),
    [
        (" S-002 ", "B3", e.MismatchFound("patient", "S-001", "S-002", "mixed")),
        ("S-001", " B1 ", e.MismatchFound("bag", "B3", "B1", "mixed")),
        ("S-002", "B1", e.MismatchFound("patient", "S-001", "S-002", "mixed")),
    ],
)
def test_what_does_not_match_before_the_thaw_stops_everything(subject: str, found_id: str, stop: e.MismatchFound) -> None:
    play = with_a_third_bag()
    play.do(THIRD, LI)
    assert facts(play, VerifyBag("B3", subject, found_id, "mixed"), WANG) == [stop]
    assert (play.state.mismatch, play.state.mismatch_at) == (stop, play.now)
    bags = play.state.bags
    assert (bags["B3"].verified_by, bags["B1"].verified_by) == ((), ("n1", "n2")), "the bag that was ready stays so"
    play.do(THIRD, WANG)
    assert (play.state.mismatch, play.state.bags["B3"].verified_by) == (None, ("n2",))


def test_a_mismatch_makes_the_looks_at_a_thawed_bag_begin_again_but_not_at_one_that_hangs() -> None:
    play = recorded("stepped up")
    play.do(ThawBag("B2", clock("14:36")), LI, clock("14:36"))
    look = CheckBag("B2", "B2", appearance_ok=True)
    play.do(look, LI)
    assert (play.state.bags["B1"].checked_by, play.state.bags["B2"].checked_by) == (("n1", "n2"), ("n1",))
    play.do(replace(look, found_id="B9"), WANG)
    assert (play.state.bags["B1"].checked_by, play.state.bags["B2"].checked_by) == (("n1", "n2"), ())
    assert refusal(play, HangBag("B2")) == "Patient or bag did not match. Check again before going on."
    play.do(look, WANG)
    assert (play.state.mismatch, play.state.bags["B2"].checked_by) == (None, ("n2",))


# --- the thawed bag


THAWED = CheckBag("B1", "B1", True, "scan")


def test_two_people_look_at_the_thawed_bag() -> None:
    play = recorded("thawed")
    whole = CheckBag("B1", " B1 ", True, "typed", " code_damaged ", None, " S-001 ")
    assert refusal(play, replace(whole, reason=" ")) == TYPED
    assert facts(play, whole, LI) == [e.BagChecked("B1", "B1", True, "typed", "code_damaged", "S-001", printed_name="Li")]
    assert refusal(play, THAWED, LI) == SECOND
    assert facts(play, THAWED, ZHAO) == [e.BagChecked("B1", "B1", True, "scan", "", None, printed_name="Zhao")]
    assert play.state.bags["B1"].checked_by == ("n1", "i1")


def test_a_thawed_bag_that_does_not_look_right_is_set_aside_for_good() -> None:
    play = recorded("thawed")
    checked = e.BagChecked("B1", "B1", False, "scan", "", None, printed_name="Li")
    assert facts(play, replace(THAWED, appearance_ok=False)) == [checked, e.BagBroken("B1", "appearance")]
    assert play.state.bags["B1"].broken == "appearance"
    assert refusal(play, THAWED, WANG) == "Bag B1 was set aside and must not be used."


def test_a_bag_is_looked_at_between_thaw_and_hanging() -> None:
    assert refusal(recorded("thawed"), replace(THAWED, bag_id="B2", found_id="B2")) == "Bag B2 has not been thawed."
    assert refusal(recorded("hung"), THAWED, ZHAO) == "Bag B1 was hung already."


@pytest.mark.parametrize(
    ("look", "stop"),
    [
        (replace(THAWED, subject=" S-002 "), WRONG_PATIENT),
        (replace(THAWED, subject=""), e.MismatchFound("patient", "S-001", "", "scan")),
        (replace(THAWED, found_id=" B2 "), e.MismatchFound("bag", "B1", "B2", "scan")),
        (replace(THAWED, subject="S-002", found_id="B2"), WRONG_PATIENT),
    ],
)
def test_what_does_not_match_at_the_thawed_bag_stops_everything(look: CheckBag, stop: e.MismatchFound) -> None:
    play = recorded("thawed")
    assert facts(play, look) == [stop]
    assert (play.state.mismatch, play.state.mismatch_at) == (stop, play.now)
