"""Who signs what with a key of their own, the founding key of a record, and doubts about its end that somebody looks into."""

from base64 import b32encode
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest

from app.domain.errors import Broken
from app.domain.infusion.facts import ReleaseArrived, Released, ReleaseSent, Resumed, SurplusDrawn
from app.domain.infusion.story import unreadable
from app.domain.log import Entry, Event
from app.domain.people.accounts import PasswordSet, PinSet, SignedIn, Unlocked
from app.domain.people.own_keys import RECOVERY, KeyMade, Keyring, RecoveryKeyMade, founder, key_fingerprint, signers
from app.domain.people.proofs import Doubts, HeadDoubted, HeadExplained, StreamShutOff, kept_sha256
from app.domain.site.site_facts import SettingChanged
from app.domain.texts import say
from app.domain.trial.subject.subject_facts import EnrolmentArrived

from .seeing import plain

AT = datetime(2026, 3, 1, tzinfo=UTC)
FIRST, SECOND = KeyMade("a1", b"1" * 32, "founded", "0" * 64), KeyMade("n1", b"2" * 32, "own", "0" * 64)


ARRIVED = EnrolmentArrived("e1", "A", "escalation", AT.date(), "i1", "Zhao", AT, "s", "Office", AT, (), "0" * 64)


def entry(event: Event, by: str | None = "p1", co: str | None = None) -> Entry:
    return Entry("id", "people", AT, by, event, co)


def test_a_key_is_told_by_80_bits_in_four_groups() -> None:
    digits = b32encode(sha256(b"bedside key" + b"1" * 32).digest())[:16].decode()
    told = f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}"
    assert key_fingerprint(b"1" * 32) == told == "VO2D-DFJR-5TW3-DELJ"
    how, fingerprint = FIRST.further()
    assert (str(how), str(fingerprint)) == ("with the record", f"fingerprint {told}")
    assert [str(part) for part in RecoveryKeyMade(b"1" * 32).further()] == [f"fingerprint {told}"]


def test_the_newest_key_of_each_counts_and_the_first_of_all_founded_the_record() -> None:
    ring = Keyring()
    assert (ring.founder, ring.key("a1"), ring.key(RECOVERY)) == ("", None, None)
    newer = KeyMade("a1", b"3" * 32, "own", "0" * 64)
    for event in (RecoveryKeyMade(b"8" * 32), FIRST, SECOND, newer, RecoveryKeyMade(b"9" * 32), HeadExplained("id", "power cut")):
        ring.apply(event)
    assert [ring.key(who) for who in ("a1", "n1", RECOVERY, "n2")] == [b"3" * 32, b"2" * 32, b"9" * 32, None]
    assert ring.founded == FIRST


def test_a_record_is_known_by_the_first_key_made_in_it() -> None:
    assert founder([entry(RecoveryKeyMade(b"9" * 32)), entry(FIRST), entry(SECOND)]) == key_fingerprint(b"1" * 32)
    assert founder([]) == ""


@pytest.mark.parametrize(
    ("event", "by", "co", "who"),
    [
        (ReleaseSent("s", "Ward 3", "0" * 64), "p1", None, ("p1",)),
        (ReleaseSent("s", "Ward 3", "0" * 64), None, None, ()),
        (FIRST, "a1", None, ("a1",)),
        (FIRST, "a1", "n1", ("a1", "n1")),
        (FIRST, None, None, (RECOVERY,)),
        (RecoveryKeyMade(b"9" * 32), None, None, ()),
        (HeadExplained("id", "power cut"), "a1", None, ()),
        (Released(), "p1", "n1", ("p1",)),
        (Released(), None, "n1", ()),
        (Resumed(Decimal(20), None), "n1", None, ()),
        (Resumed(Decimal(20), "i1"), "n1", None, ("i1",)),
        (SurplusDrawn("B2", Decimal(10), "n1"), "p1", None, ()),  # a witness of before witnesses signed
        (SurplusDrawn("B2", Decimal(10), "n1", printed_name="Li"), "p1", None, ("n1",)),
        (ARRIVED, "n1", "n2", ("n1",)),
        (ARRIVED, None, "n2", ()),
        (ReleaseArrived("s", "Pharmacy", "0" * 64), "n1", "n2", ("n1",)),
        (PasswordSet("n1", first=True), "a1", None, ("a1",)),
        (PasswordSet("n1", first=True), None, "n1", ("n1",)),
        (PasswordSet("n1", first=True), None, None, (RECOVERY,)),
        (Unlocked("n1"), None, None, (RECOVERY,)),
        (PinSet("n1"), "n1", None, ("n1",)),
        (PinSet("n1"), None, None, ()),
        (SignedIn("n1"), "n1", None, ()),
        (SettingChanged("thaw.warn_min", "45", "40", "why"), "a1", None, ("a1",)),
    ],
)
def test_who_signs_an_event(event: Event, by: str | None, co: str | None, who: tuple[str, ...]) -> None:
    assert signers(entry(event, by, co)) == who


def test_a_doubt_stands_until_somebody_has_looked_into_it() -> None:
    doubts = Doubts()
    older, later = HeadDoubted("missing", 10, 0), HeadDoubted("ahead", 12, 15)
    doubts.apply("1", older)
    doubts.apply("2", later)
    assert doubts.oldest == ("1", older)
    doubts.apply("3", HeadExplained("1", "power cut"))
    assert doubts.oldest == ("2", later)
    doubts.apply("4", HeadExplained("9", "of another"))
    assert doubts.oldest == ("2", later)
    doubts.apply("5", StreamShutOff("inf", "a hole"))
    assert doubts.oldest == ("2", later)
    doubts.apply("6", HeadExplained("2", "restored"))
    assert doubts.oldest is None


def test_a_doubt_tells_what_the_head_file_knew() -> None:
    why, known = HeadDoubted("ahead", 12, 15).further()
    assert "knows more events than are there" in plain(why)
    assert plain(known) == "it knew event 15"
    assert HeadDoubted("missing", 12, 0).further()[1] is None
    told = (
        "The record was opened with 12 events, and its end is not proved: the file by which a missing end is noticed was not there."
    )
    assert plain(HeadDoubted("missing", 12, 0).told_in_words) == told
    assert [str(part) for part in StreamShutOff("i1", "a hole").further()] == ["a hole"]


def test_what_is_kept_of_a_secret_is_known_by_its_sha256() -> None:
    assert kept_sha256("argon") == "eeda9c8d5884b58cb81f0e0478eccb9b656d07c25db802c8febad3bd46cbad7c"


@pytest.mark.parametrize(
    ("error", "what"),
    [(None, "no order at its beginning"), (Broken("a hole"), "a hole"), (ValueError("no number"), "ValueError: no number")],
)
def test_an_infusion_that_cannot_be_put_together_says_why(error: Exception | None, what: str) -> None:
    found = unreadable("i1", error)
    assert (found.infusion, found.what) == ("i1", what)
    assert found.text == say("The events of infusion {infusion} cannot be put together: {what}", infusion="i1", what=what)
