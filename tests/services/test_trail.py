"""The trail of a real store: every event in words, found by what a reviewer asks, with all that is known of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.story import replay
from app.domain.infusion.summary import summary
from app.domain.log import PEOPLE, Entry, encode, stream_text
from app.domain.people import accounts as a
from app.domain.people.laptops import LaptopAdded, LaptopRemoved, PersonMet
from app.domain.people.own_keys import KeyMade, RecoveryKeyMade
from app.domain.people.proofs import HeadDoubted, HeadExplained, RecordDescribed, RowsRebuilt, StreamShutOff
from app.domain.people.roles import Role
from app.domain.people.signed_heads import HeadKept, SignedHead
from app.domain.streams import decode
from app.services.words.account_words import describe_account
from app.services.words.trail import PAGE, Trail, details, entered
from app.services.words.trail_scope import GROUP_NAMES, kinds
from app.services.words.words import Words
from db.log.batch import Batch, Projection
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from tests.db.making import at, entry, notes, recorder, save
from tests.domain.cast import EVERYBODY, TRIAL
from tests.domain.play import prepared
from tests.services.record.one_of_each import BAG, vital

_HEAD = SignedHead("a1b2", "ABCD-EFGH-IJKL-MNOP", 12, "ab" * 32, datetime(2026, 3, 1, tzinfo=UTC), "Ward 3", b"k" * 32, b"s")
HAPPENED: tuple[a.Happened, ...] = (
    a.PersonAdded("n9", "Lin Mei", Role.NURSE), a.PersonDisabled("n9", "has left"), a.PasswordSet("n9", first=True),
    a.PinSet("n9"), a.SignedIn("n9"), a.SignedOut("n9", "idle"), a.SignInFailed("n9", "pin", 3), a.Unlocked("n9"),
    a.EmergencyOpened("Wu"), a.EmergencyJustified("e1", "no account yet"), a.RecordTakenOver(4),
    a.NameShown("S-001"), a.NameKept("S-001"),
    a.BackedUp("E:/", 12, "ab" * 32), a.Exported("x.sqlite", 12, "cd" * 32), LaptopAdded("a1b2", "Ward 3", b"k" * 32),
    LaptopRemoved("a1b2", "broken"), a.RecoveryKeyUsed(),
    RecordDescribed("a1b2", "2026-03-01", "0.1.0", practice=False), RowsRebuilt(3, 1), StreamShutOff("inf", "no order"),
    HeadDoubted("missing", 12, 0), HeadExplained("e1", "restored from the stick"),
    KeyMade("n9", b"k" * 32, "given", ""), RecoveryKeyMade(b"k" * 32),
    HeadKept("Ward 3", _HEAD, _HEAD, "older", "rewritten"),
    PersonMet("p8", "Sun", Role.PHARMACIST, "a1b2"), a.Reviewed(12, a.Scope(), "in order"),
)  # fmt: skip
NAMES = {person.person_id: person.name for person in EVERYBODY} | {"n9": "Lin Mei"}


@pytest.mark.parametrize("event", HAPPENED, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_everything_that_happens_to_accounts_has_one_whole_line(event: a.Happened, language: str) -> None:
    said = Words(language).tr(describe_account(event, NAMES))
    assert said == said.strip()
    assert said
    assert not any(mark in said for mark in "{}\n")


def test_there_is_one_of_each() -> None:
    assert {type(event) for event in HAPPENED} == set(get_args(a.Happened))


def test_words_hold_what_the_event_holds() -> None:
    said = [Words().tr(describe_account(event, NAMES)) for event in HAPPENED]
    assert said[1] == "Account of Lin Mei disabled · has left"
    assert said[5] == "Lin Mei signed out · nobody was there"
    assert said[6] == "Sign-in as Lin Mei refused · wrong PIN · 3 times"
    assert said[-1] == "Trail reviewed up to event 12: everything · in order"
    drilled = Words().tr(describe_account(a.BackedUp("E:/", 12, "ab" * 32, drill=True), NAMES))
    assert drilled == f"Restore drill of the backup in E:/ passed: 12 events · head {'ab' * 32}"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "ward.db"
    writing = recorder(path)
    play = prepared("signed")
    wrong = next(x for x in play.entries if isinstance(x.event, e.VitalsRecorded))
    corrected = e.Corrected(wrong.event_id, "late_reason", '""', '"patient asleep"', "typed wrongly")
    entries = (*play.entries, Entry("c1", "inf", play.now, "n1", corrected, "i1"))
    writing.append(Batch(entries, (Projection("inf", summary(play.state, play.now).infusion),))).result()
    happened = tuple(Entry(f"a{n}", stream_text(PEOPLE), at(n), "c1", event) for n, event in enumerate(HAPPENED))
    writing.append(Batch(happened)).result()
    writing.close()
    return path


@pytest.fixture
def trail(store: Path) -> Iterator[Trail]:
    with StoreReader(store) as reader:
        yield Trail(reader, lambda stream, entries: replay(stream, entries, TRIAL), NAMES)


def in_words(trail: Trail, wanted: TrailFilter) -> list[str]:
    return [Words().tr(line.said) for line in trail.lines(wanted)]


def test_the_whole_log_newest_first(trail: Trail) -> None:
    found = trail.lines(TrailFilter())
    assert [x.saved.seq for x in found] == list(range(len(found), 0, -1))
    said = in_words(trail, TrailFilter())
    assert said[0] == "Trail reviewed up to event 12: everything · in order"
    assert said[-1].startswith("Ordered: subject S-001, bed 12")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (TrailFilter(text="HAS left"), ["Account of Lin Mei disabled · has left"]),
        (TrailFilter(text="%"), []),
        (TrailFilter(kinds=kinds("corrections")), ["Correction"]),
        (TrailFilter(kinds=kinds("corrections"), person="i1"), ["Correction"]),
        (TrailFilter(kinds=kinds("corrections"), person="n2"), []),
        (TrailFilter(stream="people", from_at=at(3), before_at=at(5)), ["Lin Mei signed in", "PIN of Lin Mei set"]),
    ],
)
def test_a_reviewer_finds(trail: Trail, wanted: TrailFilter, said: list[str]) -> None:
    found = in_words(trail, wanted)
    assert len(found) == len(said)
    assert all(line.startswith(start) for line, start in zip(found, said, strict=True))


def test_a_subject_code_finds_the_whole_infusion(trail: Trail) -> None:
    found = trail.lines(TrailFilter(text="s-001", stream="inf"))
    assert len(found) == len(prepared("signed").entries) + 1
    assert {(x.saved.subject, x.saved.bed) for x in found} == {("S-001", "12")}


def test_a_correction_tells_old_and_new_value_why_and_who(trail: Trail) -> None:
    (line,) = trail.lines(TrailFilter(kinds=kinds("corrections")))
    words = Words()
    told = {words.tr(name): words.tr(value) for name, value in details(line, NAMES)}
    assert (told["Field"], told["Old value"], told["New value"]) == ("reason for lateness", "—", "patient asleep")
    assert (told["Reason"], told["Who"], told["Co-signer"]) == ("typed wrongly", "Li (n1)", "Zhao (i1)")
    assert told["UTC"].startswith("2026-03-02 ")
    assert told["Local time"].endswith("+08:00")
    assert (told["Saved at (UTC)"], told["Steady clock"]) == ("2026-03-01 08:00:00.000", "12.500 s since the computer was started")
    assert (told["Start of the computer"], told["Where"], told["Program version"]) == ("boot-1", "ward-laptop", "0.1.0")
    assert told["Belongs to"] == "Subject S-001, bed 12, infusion inf"
    assert told["Hash"] == line.saved.hash


def test_what_belongs_to_a_subject_or_to_the_trial_says_so(store: Path, trail: Trail) -> None:
    save(store, Batch((entry(901, stream="subject:S-001"), entry(902, stream="trial"))))
    words = Words()
    of_trial, of_subject = trail.lines(TrailFilter())[:2]
    for line, number, about in ((of_subject, 901, "Subject S-001"), (of_trial, 902, "The trial as a whole")):
        assert words.tr(line.said) == f"Note: note {number}"
        assert {words.tr(name): words.tr(value) for name, value in details(line, NAMES)}["Belongs to"] == about
    assert (of_subject.saved.subject, of_trial.saved.subject) == ("S-001", "")
    assert of_subject.saved.seq in [line.saved.seq for line in trail.lines(TrailFilter(text="s-001"))]


def test_how_something_was_entered() -> None:
    values = e.VitalsRecorded("infusion", 15, (vital("hr", "82"), vital("temp", None)), False, "A", False)
    for event, said in (
        (e.BagScanned(BAG), "scanned"),
        (values, "HR: monitor, Temp: missing"),
        (e.BagHung("UC-1"), None),
    ):
        how = entered(event)
        assert (how and Words().tr(how)) == said


def test_the_newest_review_is_known(trail: Trail) -> None:
    saved = trail.reviewed()
    assert saved is not None
    assert saved.entry.event == HAPPENED[-1]


def test_every_group_of_events_has_members() -> None:
    assert all(kinds(group) for group in GROUP_NAMES)
    assert kinds("") == ()


@pytest.mark.parametrize(
    ("scope", "english", "chinese"),
    [
        (a.Scope(), "everything", "全部"),
        (a.Scope(kind="corrections", person="n1"), "Person: Li, Kind: Corrections", "人员：Li，类别：更正"),
        (a.Scope(stream="inf", subject="S-001", dose=2), "Infusion: S-001 · dose 2", "输注：S-001 · 第 2 剂"),
        (a.Scope("bag", stream="people"), "Text in the event: bag, Infusion: Accounts and the record as a whole", ""),
        (a.Scope(from_day="2026-03-01", to_day="2026-03-02"), "From: 2026-03-01, Until: 2026-03-02", ""),
        ("类别: 更正", "类别: 更正", "类别: 更正"),
    ],
)
def test_a_review_says_in_the_readers_language_what_was_looked_at(scope: a.Scope | str, english: str, chinese: str) -> None:
    kept = decode("people", encode(a.Reviewed(7, scope, "")))
    for language, said in (("en", english), ("zh_CN", chinese)):
        assert said in Words(language).tr(describe_account(kept, NAMES))


def test_a_long_log_comes_a_page_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "long.db"
    writing = recorder(path)
    writing.append(notes(1, PAGE + 50)).result()
    writing.close()
    with StoreReader(path) as reader:
        first = reader.trail(TrailFilter())
        rest = reader.trail(TrailFilter(), first[-1].seq)
        assert [x.seq for x in (*first, *rest)] == list(range(PAGE + 50, 0, -1))
        assert reader.hash_at(1) == rest[-1].hash
        assert reader.hash_at(PAGE + 51) is None


def test_what_came_with_a_release_says_where_it_was_recorded(tmp_path: Path) -> None:
    path, play = tmp_path / "ward.db", prepared("released")
    writing = recorder(path)
    arrival = Entry("in", "inf", play.now, "n1", e.ReleaseArrived("store p", "Pharmacy", "0" * 64))
    received = Entry("got", "inf", play.now, "n1", e.Received())
    writing.append(Batch((*play.entries, arrival, received))).result()
    writing.close()
    with StoreReader(path) as reader:
        trail = Trail(reader, lambda stream, entries: replay(stream, entries, TRIAL), NAMES)
        told = {
            type(x.saved.entry.event).__name__: {str(name): text for name, text in details(x, NAMES)}
            for x in trail.lines(TrailFilter())
        }
    assert told["Released"]["Recorded on"] == "Pharmacy"
    assert ["Recorded on" in told[name] for name in ("ReleaseArrived", "Received")] == [False, False]
