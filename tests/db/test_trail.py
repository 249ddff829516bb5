"""Any part of the log as a reviewer asks for it: each filter finds what it says, and nothing beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.infusion.facts import Abandoned, BagScanned, NoteAdded, Ordered
from app.domain.infusion.summary import summary
from app.domain.log import Entry, Event, UnknownKind, encode
from app.domain.people.accounts import SignedIn
from db.log.bags_taken import TakenBag, folded_number, taken
from db.log.batch import Batch, Projection, Recorded, SampleRow, projection, sample_line
from db.log.log_pages import Saved, TrailFilter
from db.log.readable import entry_of_row, order_of, readable
from db.queries import StoreReader
from tests.db.making import at, save, stamp
from tests.domain.play import Play, label, prepared

ORDERED = Play()


def entry(n: int, stream: str, happened: Event, by: str | None = "n1", co: str | None = None) -> Entry:
    return Entry(f"e{n}", stream, at(n), by, happened, co)


def ordered(subject: str) -> Ordered:
    order = ORDERED.entries[0].event
    assert isinstance(order, Ordered)
    return replace(order, subject=subject)


EVENTS = (
    entry(1, "one", ordered("S-001")),
    entry(2, "two", ordered("X-100")),
    entry(3, "one", NoteAdded("Cold hands, 100% sure")),
    entry(4, "subject:S-001", NoteAdded("weighed"), "i1"),
    entry(5, "people", SignedIn("n2"), None),
    entry(6, "trial", NoteAdded("committee met"), "i1", "n2"),
    entry(7, "two", Abandoned("fever"), "n2", "n1"),
    entry(8, "one", BagScanned(label("UC-1"))),
)


class Store:
    """One for all questions of this file."""

    def __init__(self, path: Path) -> None:
        rows = summary(ORDERED.state, ORDERED.now).infusion
        projections = [
            Projection(name, replace(rows, infusion_id=name, subject=subject, bed=bed))
            for name, subject, bed in (("one", "S-001", "12"), ("two", "X-100", "7"))
        ]
        self.recorded: list[Recorded] = save(path, Batch(EVENTS, tuple(projections)))
        self.reading = StoreReader(path)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("trail") / "ward.db")
    yield made
    made.reading.close()


def numbers(found: list[Saved]) -> list[int]:
    return [one.seq for one in found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [8, 7, 6, 5, 4, 3, 2, 1]),
        ({"text": "COLD hands"}, [3]),
        ({"text": "100%"}, [3]),
        ({"text": "s_001"}, []),
        ({"text": "s-001"}, [8, 4, 3, 1]),
        ({"text": "x-1"}, [7, 2]),
        ({"text": "committee"}, [6]),
        ({"person": "n2"}, [7, 6]),
        ({"person": "n1"}, [8, 7, 3, 2, 1]),
        ({"person": "n"}, []),
        ({"kinds": ("NoteAdded",)}, [6, 4, 3]),
        ({"kinds": ("NoteAdded", "SignedIn")}, [6, 5, 4, 3]),
        ({"kinds": ("NoteAdded",), "stream": "one"}, [3]),
        ({"without": ("NoteAdded", "Ordered")}, [8, 7, 5]),
        ({"without": ("NoteAdded", "Ordered"), "stream": "one"}, [8]),
        ({"stream": "two"}, [7, 2]),
        ({"stream": "subject:S-001"}, [4]),
        ({"from_at": at(5)}, [8, 7, 6, 5]),
        ({"before_at": at(5)}, [4, 3, 2, 1]),
        ({"from_at": at(3), "before_at": at(4)}, [3]),
        ({"from_at": at(4), "kinds": ("NoteAdded",), "person": "i1", "text": "W"}, [4]),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_says_the_newest_first(wanted: dict[str, Any], found: list[int], store: Store) -> None:
    asked = TrailFilter(**wanted)
    assert numbers(store.reading.trail(asked)) == found
    assert store.reading.trail_count(asked) == len(found)
    assert numbers(store.reading.trail(asked, before_seq=4)) == [seq for seq in found if seq < 4]
    assert numbers(store.reading.trail(asked, most=2)) == found[:2]


def test_each_event_comes_back_with_its_place_its_clocks_and_its_patient(store: Store) -> None:
    of = {"one": ("S-001", "12"), "two": ("X-100", "7"), "subject:S-001": ("S-001", ""), "people": ("", ""), "trial": ("", "")}
    expected = [
        Saved(seq, x, stamp(), kept.hash, *of[x.stream])
        for seq, (x, kept) in enumerate(zip(EVENTS, store.recorded, strict=True), start=1)
    ]
    assert store.reading.trail(TrailFilter()) == expected[::-1]


@pytest.mark.parametrize(
    ("after_seq", "kinds", "found"),
    [
        (0, ("Ordered", "BagScanned"), [1, 2, 4, 6, 8]),
        (0, (), [4, 6]),
        (3, ("Ordered", "BagScanned"), [4, 6, 8]),
        (4, ("Abandoned",), [6, 7]),
        (6, ("Ordered",), []),
    ],
)
def test_the_desk_reads_subjects_the_trial_and_what_it_asks_for_of_infusions(
    after_seq: int, kinds: tuple[str, ...], found: list[int], store: Store
) -> None:
    assert store.reading.desk_entries(after_seq, kinds) == [(seq, EVENTS[seq - 1]) for seq in found]


@pytest.mark.parametrize(("kind", "of_streams", "alone"), [("NoteAdded", [4], [4]), ("Ordered", [], []), ("Abandoned", [], [])])
def test_of_subjects_nothing_is_read_that_happened_to_anything_else(
    kind: str, of_streams: list[int], alone: list[int], store: Store
) -> None:
    assert store.reading.subject_entries(kind) == [EVENTS[n - 1] for n in of_streams]
    assert store.reading.subject_entries(kind, alone=True) == [EVENTS[n - 1] for n in alone]


def test_what_happened_to_several_subjects_comes_in_the_order_in_which_it_was_recorded(path: Path) -> None:
    told = tuple(entry(n, f"subject:S-00{3 - n % 2}", NoteAdded(f"{n}")) for n in range(1, 6))
    save(path, Batch(told))
    with StoreReader(path) as reading:
        assert reading.subject_entries("NoteAdded") == list(told)
        assert reading.subject_entries("NoteAdded", alone=True) == list(told)


# --- row by row


def row(happened: Event, stream: str = "inf", by: str | None = "n1", co: str | None = "n2") -> tuple[str | None, ...]:
    return "e1", stream, "2026-03-01T08:03:00.000000Z", by, co, encode(happened).decode()


def test_a_row_is_read_whole_or_not_at_all() -> None:
    note = NoteAdded("x")
    assert readable(row(note)) == Entry("e1", "inf", at(3), "n1", note, "n2")
    assert readable(row(note, "subject:S-1", None, None)) == Entry("e1", "subject:S-1", at(3), None, note)
    assert readable((*row(note)[:5], "no JSON")) is None
    assert readable((*row(note)[:5], '{"type":"Moved"}')) is None
    assert readable((*row(note)[:2], "soon", *row(note)[3:])) is None
    with pytest.raises(UnknownKind):
        readable(row(note, "robot:1"))


def test_a_row_is_read_by_the_names_of_its_columns_too() -> None:
    names = ("event_id", "stream", "at", "by", "co", "payload")
    for one in (row(NoteAdded("x")), row(NoteAdded("x"), by=None, co=None)):
        assert entry_of_row(dict(zip(names, one, strict=True))) == readable(one)


def test_an_order_is_read_or_nothing_is() -> None:
    assert order_of(encode(ordered("S-001")).decode()) == ordered("S-001")
    assert order_of('{"type":"Ordered"}') is None


def test_a_bag_tells_who_took_it_when_also_where_no_row_tells_of_the_infusion() -> None:
    payload = encode(BagScanned(label("UC-1"))).decode()
    when = "2026-03-01T08:03:00.000000Z"
    assert taken("inf", when, payload, "S-001", "12") == TakenBag("UC-1", "inf", "S-001", "12", at(3))
    assert taken("inf", when, payload, None, None) == TakenBag("UC-1", "inf", "", "", at(3))
    assert taken("inf", when, "no JSON", "S-001", "12") is None
    assert folded_number("STRASSE-2") == folded_number("straße-2") != folded_number("strase-2")


# --- what is handed to the writer


def test_the_readable_rows_are_those_of_the_last_event() -> None:
    play = prepared("running")
    rows = summary(play.state, play.now)
    assert projection(play.state) == Projection("inf", rows.infusion, rows.checks, rows.observation)
    assert projection(ORDERED.state).infusion == summary(ORDERED.state, ORDERED.now).infusion


def test_a_sample_is_stored_in_milliseconds_and_never_as_minus_zero() -> None:
    sample = SampleRow("inf", "hr", at(1), 61, "ok", "ecg")
    milliseconds = round(at(1).timestamp() * 1000)
    assert sample_line(sample) == ("inf", "hr", milliseconds, 61.0, "ok", "ecg")
    assert sample_line(sample._replace(value=None)) == ("inf", "hr", milliseconds, None, "ok", "ecg")
    assert str(sample_line(sample._replace(value=-0.0))[3]) == "0.0"
    with pytest.raises(KeyError):
        sample_line(sample._replace(vital="icp"))
