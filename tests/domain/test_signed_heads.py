"""Heads that others remember: whether a record goes on from them."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from app.domain.people.laptops import LaptopRemoved
from app.domain.people.signed_heads import (
    HeadKept,
    Judged,
    OwnRecord,
    SeenHeads,
    SignedHead,
    judged_here,
    judged_there,
    told_here,
    told_there,
)

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
HERE = OwnRecord("ward", "genesis", "AAAA", 9, {n: f"hash {n}" for n in range(1, 10)}.get)


def head(events: int, sha256: str = "", minutes: float = 0, store_id: str = "ward", founder: str = "AAAA") -> SignedHead:
    at = AT + timedelta(minutes=minutes)
    return SignedHead(store_id, founder, events, sha256 or f"hash {events}", at, "Laptop", b"key")


@pytest.mark.parametrize(("seen", "judged"), [
    (head(1), ""),
    (head(5), ""),
    (head(9), ""),
    (head(0, "genesis"), ""),
    (head(0, "other genesis"), "rewritten"),
    (head(12), "older"),
    (head(5, "other"), "rewritten"),
    (head(5, store_id="other"), "another"),
    (head(5, founder="BBBB"), "another"),
    (head(5, founder=""), ""),
    (head(400, "genesis", store_id="lost"), ""),
])  # fmt: skip
def test_this_record_goes_on_from_what_was_seen_of_it(seen: SignedHead, judged: Judged) -> None:
    """The last one: it was rescued, and hangs on the hash of the record that was lost."""
    assert judged_here(seen, HERE) == judged


def test_before_its_first_event_a_record_is_its_genesis_whatever_somebody_wrote_there() -> None:
    assert judged_here(head(0, "forged"), HERE._replace(hash_at={0: "forged"}.get)) == "rewritten"


def test_a_copy_of_before_people_had_keys_is_older_and_not_another() -> None:
    assert judged_here(head(12), HERE._replace(founder="")) == "older"


@pytest.mark.parametrize(("before", "now", "judged"), [
    (None, head(5), ""),
    (head(5), head(5, minutes=1), ""),
    (head(5), head(9, minutes=1), ""),
    (head(9, minutes=2), head(5, minutes=1), ""),  # a release of before that comes late
    (head(9, minutes=2), head(5, minutes=2), ""),
    (head(9), head(5, minutes=1), "older"),
    (head(5), head(5, "other", minutes=1), "rewritten"),
    (head(5), head(9, "hash 5", minutes=1), "rewritten"),
    (head(5), head(9, minutes=1, founder="BBBB"), "another"),
    (head(5, founder=""), head(9, minutes=1), ""),
])  # fmt: skip
def test_and_so_does_the_other_one(before: SignedHead | None, now: SignedHead, judged: Judged) -> None:
    assert judged_there(before, now) == judged


@pytest.mark.parametrize(("here", "there", "told"), [
    ("", "", []),
    ("older", "", ["Pharmacy has seen event 12 of this record, which ends before it: the end is missing, or an older copy "
                   "was put in its place."]),
    ("rewritten", "older", ["Event 12 is not the one that Pharmacy has seen: the record was rewritten, or goes on from an "
                            "older copy that was put in its place.",
                            "The record of Pharmacy was longer when it was last seen here: an older copy was put in its place."]),
    ("another", "", ["Pharmacy has seen a record that was founded with the key AAAA; this is another one, or was made anew."]),
])  # fmt: skip
def test_what_is_wrong_is_told(here: Judged, there: Judged, told: list[str]) -> None:
    event = HeadKept("Pharmacy", head(7), head(12), here, there)
    assert [str(text) for text in event.told()] == told
    assert [str(text) for text in event.further() if text][-len(told) :][: len(told)] == told or not told


@pytest.mark.parametrize(("there", "told"), [
    ("rewritten", "The record of Pharmacy is not the one that was last seen"),
    ("another", "The record of Pharmacy was founded with another key than"),
])  # fmt: skip
def test_what_is_wrong_with_the_other_is_told(there: Judged, told: str) -> None:
    assert told in str(told_there(there, "Pharmacy"))
    assert "Pharmacy has seen" not in str(HeadKept("Pharmacy", head(7, founder="")).further())


def test_what_was_kept_is_told_with_the_fingerprint_where_there_is_one() -> None:
    long = replace(head(7), sha256="0123456789abcdef")
    assert [str(part) for part in HeadKept("Pharmacy", long, head(12)).further() if part] == [
        "event 7, head 0123456789ab", "founded with the key AAAA", "it has seen this record up to event 12",
    ]  # fmt: skip
    assert [str(part) for part in HeadKept("Pharmacy", replace(long, founder="")).further() if part] == [
        "event 7, head 0123456789ab"
    ]


def test_a_record_of_before_keys_has_no_fingerprint() -> None:
    told = "Pharmacy has seen a record that was founded with the key —; this is another one, or was made anew."
    assert str(told_here("another", head(5, founder=""), "Pharmacy")) == told


def test_a_laptop_signs_these_bytes_for_ever() -> None:
    """A head that was signed before must be believed by every later version."""
    assert replace(head(5), signature=b"any").message() == (
        b'bedside head 1\x00{"at":"2026-11-30T08:00:00Z","events":5,"founder":"AAAA","laptop":"Laptop","public_key":"a2V5",'
        b'"sha256":"hash 5","signature":"","store_id":"ward"}'
    )


def test_all_of_a_head_is_signed_but_its_signature() -> None:
    one = head(5)
    assert replace(one, signature=b"any").message() == one.message()
    changed = {
        "store_id": "x",
        "founder": "x",
        "events": 6,
        "sha256": "x",
        "at": AT + timedelta(1),
        "laptop": "x",
        "public_key": b"x",
    }
    assert {name for name, value in changed.items() if replace(one, **{name: value}).message() == one.message()} == set()
    assert set(changed) | {"signature"} == set(one.__struct_fields__)


def test_the_newest_of_each_counts() -> None:
    heads = SeenHeads()
    heads.apply(LaptopRemoved("4", "lost"))
    heads.apply(HeadKept("Ward 4", head(1, store_id="4")))
    assert heads.meetings == []
    old, new = head(3, minutes=1), head(8, minutes=2)
    of_ward_3 = head(40, minutes=5, store_id="3")
    for event in (HeadKept("Ward 3", of_ward_3, new), HeadKept("Ward 3", replace(of_ward_3, at=AT, events=2), old)):
        heads.apply(event)
    assert [(met.name, met.seen) for met in heads.meetings] == [("Ward 3", new)]
    assert heads.of("3") == of_ward_3
    assert heads.of("5") is None
    of_that_moment, same = replace(of_ward_3, events=41), replace(new, events=9)
    heads.apply(HeadKept("Ward 3", of_that_moment, same))
    assert (heads.of("3"), [met.seen for met in heads.meetings]) == (of_that_moment, [same])
