"""Leafing: a page at a time, its count after it, and never a row of another question."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.texts import Text
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from tests.db.making import newer, notes, recorder
from tests.fakes import ReadsAtOnce
from ui.frame.leafing import Leafing

PAGE = 10


class Notes(NamedTuple):
    """Numbers of the events that hold a text."""

    text: str = ""

    def rows(self, store: StoreReader, before: int | None, most: int) -> list[int]:
        return [saved.seq for saved in store.trail(TrailFilter(text=self.text), before, most)]

    def count(self, store: StoreReader) -> int:
        return store.trail_count(TrailFilter(text=self.text))


class Seen:
    """What a page was told."""

    def __init__(self) -> None:
        self.pages: list[list[int]] = []
        self.counts: list[int | None] = []
        self.long = 0
        self.failed: list[str] = []
        self.leaf: Leafing[int] | None = None

    def rows_came(self) -> None:
        assert self.leaf is not None
        self.pages.append(list(self.leaf.rows))

    def counted(self) -> None:
        assert self.leaf is not None
        self.counts.append(self.leaf.total)

    def takes_long(self) -> None:
        self.long += 1

    def read_failed(self, why: Text) -> None:
        self.failed.append(str(why))


class Book:
    """A store of notes, leafed through."""

    def __init__(self, path: Path, last: int) -> None:
        self.path, self.writing, self.seen, self.parent = path, recorder(path), Seen(), QObject()
        self.write(1, last)
        self.reads = ReadsAtOnce(StoreReader(path))
        self.leaf: Leafing[int] = Leafing(self.reads, PAGE, int, self.seen, self.parent)
        self.seen.leaf = self.leaf

    def write(self, first: int, last: int) -> None:
        if last >= first:
            self.writing.append(notes(first, last)).result()


@pytest.fixture
def book(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Iterator[Book]:  # noqa: ARG001
    made = Book(tmp_path / "ward.db", getattr(request, "param", 25))
    yield made
    made.reads.close()
    made.writing.close()


def down(last: int, first: int) -> list[int]:
    return list(range(last, first - 1, -1))


def test_pages_follow_each_other_to_the_last_and_back(book: Book) -> None:
    leaf = book.leaf
    leaf.begin(Notes())
    assert (leaf.rows, leaf.has_older, leaf.has_newer, leaf.total) == (down(25, 16), True, False, 25)
    leaf.older()
    leaf.older()
    assert (leaf.rows, leaf.has_older, leaf.has_newer, leaf.passed) == (down(5, 1), False, True, 20)
    leaf.older()
    leaf.newer()
    leaf.newer()
    leaf.newer()
    assert book.seen.pages == [down(25, 16), down(15, 6), down(5, 1), down(15, 6), down(25, 16)]
    assert leaf.is_newest
    assert not book.seen.failed


@pytest.mark.parametrize(("book", "has_older"), [(0, False), (PAGE, False), (PAGE + 1, True)], indirect=["book"])
def test_what_fits_on_one_page_is_not_counted(book: Book, has_older: bool) -> None:
    book.leaf.begin(Notes())
    assert (book.leaf.has_older, book.reads.asked, len(book.seen.counts)) == (has_older, 1 + has_older, has_older)
    assert book.leaf.total == len(book.leaf.rows) + has_older


def test_a_filter_without_a_hit_is_empty(book: Book) -> None:
    book.leaf.begin(Notes("nowhere"))
    assert (book.leaf.rows, book.leaf.total, book.leaf.has_older) == ([], 0, False)


def test_who_presses_fast_asks_once_and_misses_nothing(book: Book) -> None:
    book.leaf.begin(Notes())
    book.reads.holding = True
    asked = book.reads.asked
    for _ in range(5):
        book.leaf.older()
    assert (book.leaf.is_reading, book.reads.asked, book.leaf.rows) == (True, asked + 1, down(25, 16))
    book.reads.holding = False
    book.reads.release()
    book.leaf.older()
    assert book.seen.pages == [down(25, 16), down(15, 6), down(5, 1)]


def test_rows_of_an_earlier_question_never_come_after_a_later_one(book: Book) -> None:
    book.reads.holding = True
    for text in ("note 1", "note 2", "note 3"):
        book.leaf.begin(Notes(text))
    book.reads.holding = False
    book.reads.release()
    assert book.seen.pages == [[3]]
    assert book.leaf.shelf == Notes("note 3")


def test_a_count_of_before_is_not_told_of_other_rows(book: Book) -> None:
    book.reads.holding = True
    book.leaf.begin(Notes())
    book.reads.release()  # the rows; their count is held
    assert (book.leaf.rows, book.leaf.total) == (down(25, 16), None)
    book.leaf.begin(Notes("note 3"))
    book.reads.release()
    assert (book.leaf.rows, book.leaf.total, book.seen.counts) == ([3], 1, [])


def test_a_page_stays_where_it_is_while_events_come(book: Book) -> None:
    book.leaf.begin(Notes())
    book.write(26, 40)
    book.leaf.older()
    assert book.leaf.rows == down(15, 6)
    book.leaf.again()
    assert (book.leaf.rows, book.leaf.total) == (down(15, 6), 40)
    book.leaf.newer()
    assert book.leaf.rows == down(40, 31)


def test_however_often_something_changes_meanwhile_it_is_read_once_more(book: Book) -> None:
    book.leaf.again()
    book.leaf.begin(Notes("note 1"))
    book.reads.holding = True
    asked = book.reads.asked
    for _ in range(4):
        book.leaf.again()
    book.reads.holding = False
    book.reads.release()
    assert book.reads.asked == asked + 3  # twice the rows, once their count
    assert not book.leaf.is_reading


def test_what_takes_long_is_said_before_it_is_there(book: Book, qtbot: QtBot) -> None:
    book.reads.holding = True
    book.leaf.begin(Notes())
    qtbot.waitUntil(lambda: book.seen.long == 1)
    book.reads.release()
    assert book.seen.pages == [down(25, 16)]


def test_what_this_version_does_not_know_is_told_by_name(book: Book) -> None:
    newer(book.path)
    book.leaf.begin(Notes())
    assert book.leaf.rows == []
    assert "“robot”" in book.seen.failed[0]
