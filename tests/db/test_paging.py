"""Nothing that a person waits for grows with the store: pages are found by their key, bags by their number, kinds by an index."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.people.accounts import BackedUp
from db.engine import driver_connection
from db.log.batch import Batch
from db.log.log_pages import TrailFilter
from db.log.standing import STANDING
from db.queries import StoreReader
from tests.db.making import at, entry, notes, recorder, save
from tests.db.many import bag_of, infusion_of, many
from tests.db.test_verify import plainly
from tests.domain.play import label

FEW, MANY = 10, 400


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    made = {count: tmp_path_factory.mktemp("stores") / f"{count}.db" for count in (FEW, MANY)}
    for count, path in made.items():
        many(path, count)
    return made


def steps(path: Path, ask: Callable[[StoreReader], object]) -> int:
    """How many steps the engine takes for a question."""
    taken = 0

    def step() -> bool:
        nonlocal taken
        taken += 1
        return False

    with StoreReader(path) as reader:
        driver_connection(reader._connection).set_progress_handler(step, 1)
        ask(reader)
    return taken


@pytest.mark.parametrize(
    "ask",
    [
        lambda reader: reader.who_took(bag_of(3)),
        lambda reader: reader.who_took("never seen"),
        lambda reader: reader.trail(TrailFilter(kinds=(BackedUp.__name__,)), None, 5),
        lambda reader: reader.trail(TrailFilter(without=("SamplesSealed",)), None, 20),
        lambda reader: reader.trail(TrailFilter(stream=infusion_of(3), kinds=("Abandoned",)), None, 20),
        lambda reader: reader.subject_entries("AdverseEventNoted"),
        lambda reader: reader.infusion_page("", None, 5),
        lambda reader: reader.infusion_page("", 6, 5),
        lambda reader: reader.desk_entries(reader.head().seq - 10, ("Ordered",)),
    ],
    ids=["bag", "no bag", "kind", "newest page", "one infusion", "subjects", "newest infusions", "oldest infusions", "since"],
)  # fmt: skip
def test_a_question_costs_the_same_with_many_infusions(ask: Callable[[StoreReader], object], stores: dict[int, Path]) -> None:
    few, several = (steps(stores[count], ask) for count in (FEW, MANY))
    assert few == several > 0


def test_where_infusions_stand_is_found_among_leading_events_alone(stores: dict[int, Path]) -> None:
    with StoreReader(stores[FEW]) as reader:
        plan = driver_connection(reader._connection).execute(f"EXPLAIN QUERY PLAN {STANDING}").fetchall()
    assert [step for *_, step in plan] == ["SCAN event USING INDEX ix_event_leading"]


def test_the_bag_of_the_oldest_infusion_is_found(stores: dict[int, Path]) -> None:
    with StoreReader(stores[MANY]) as reader:
        (taken,) = reader.who_took("uc-00000")
        assert (taken.bag_id, taken.infusion_id, taken.subject, taken.bed) == ("UC-00000", infusion_of(0), "S-00000", "12")
        assert reader.who_took("UC-99999") == []


def test_case_makes_no_other_bag_in_any_script(path: Path) -> None:
    stored = ("UC-1", "袋Ä-1", "STRASSE-2", "straße-3", "\u212a4", "K5", "A\x00É", "A%", "'; --", "Ä6")
    save(path, Batch(tuple(entry(n, e.BagScanned(label(bag_id)), f"inf-{n}") for n, bag_id in enumerate(stored))))
    same = ("uc-1", "袋ä-1", "straße-2", "STRASSE-3", "k4", "\u212a5", "a\x00é", "a%", "'; --", "ä6")
    with StoreReader(path) as reader:
        assert [[bag.bag_id for bag in reader.who_took(asked)] for asked in same] == [[bag_id] for bag_id in stored]
        assert [reader.who_took(other) for other in ("UC-10", "a_", "A6", "A", "")] == [[]] * 5


def test_a_bag_of_two_infusions_names_both_and_what_cannot_be_read_hinders_nobody(path: Path) -> None:
    save(path, Batch((entry(1, e.BagScanned(label("U1")), "one"), entry(2, e.BagScanned(label("u1")), "two"))))
    plainly(path, "DROP TRIGGER event_no_update", "UPDATE event SET payload = 'no JSON' WHERE event_id = 'e2'")
    with StoreReader(path) as reader:
        assert [bag.infusion_id for bag in reader.who_took("U1")] == ["one"]
    save(path, Batch((entry(3, e.BagScanned(label("U1")), "three"),)))
    with StoreReader(path) as reader:
        assert [bag.infusion_id for bag in reader.who_took("U1")] == ["one", "three"]


def test_pages_of_infusions_follow_each_other_to_the_last(stores: dict[int, Path]) -> None:
    with StoreReader(stores[FEW]) as reader:
        pages, before = list[list[str]](), None
        while found := reader.infusion_page("", before, 4):
            pages.append([row.infusion_id for row in found])
            before = found[-1].id
        assert [len(page) for page in pages] == [4, 4, 2]
        assert [name for page in pages for name in page] == [infusion_of(n) for n in reversed(range(FEW))]
        assert reader.infusion_count() == FEW
        assert [row.subject for row in reader.infusion_page("s-00007", None, 4)] == ["S-00007"]
        assert (reader.infusion_count("S-0000"), reader.infusion_count("%")) == (FEW, 0)


def test_a_page_of_the_trail_stays_where_it_is_while_events_come(path: Path) -> None:
    writing = recorder(path)
    writing.append(notes(1, 30)).result()
    with StoreReader(path) as reader:
        first = reader.trail(TrailFilter(), None, 10)
        writing.append(notes(31, 45)).result()
        second = reader.trail(TrailFilter(), first[-1].seq, 10)
        assert [saved.seq for saved in (*first, *second)] == list(range(30, 10, -1))
    writing.close()


def test_all_filters_together_find_what_each_finds(path: Path) -> None:
    ours = Entry("ours", "inf-1", at(3), "n1", e.NoteAdded("of that night"), "i1")
    save(path, Batch((*notes(1, 3).entries, ours, entry(5, e.RateSet(Decimal(20))))))
    with StoreReader(path) as reader:
        for wanted in (
            TrailFilter(text="THAT night"), TrailFilter(person="i1"), TrailFilter(kinds=("NoteAdded",), person="n1"),
            TrailFilter(stream="inf-1", without=("RateSet",), text="night", from_at=at(3), before_at=at(4)),
        ):  # fmt: skip
            assert ([saved.entry for saved in reader.trail(wanted)], reader.trail_count(wanted)) == ([ours], 1)
        assert (reader.trail(TrailFilter(text="nothing")), reader.trail_count(TrailFilter(text="nothing"))) == ([], 0)
