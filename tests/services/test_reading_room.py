"""The reading room: what may take long is read on a thread of its own, and whoever turned away is told nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from shutil import copy
from threading import Event, get_ident

import pytest
from sqlalchemy.exc import DBAPIError

from app.services.reading_room import ReadingRoom
from db.queries import StoreReader
from db.store_errors import StoreError
from tests.db.making import notes, save

_ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


class Room:
    """The room with its deciding thread: `wait` runs what was posted next."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.room = ReadingRoom(lambda: self.path, None, self.posted.put)
        self.told: list[object] = []

    def ask(self, question: Callable[[StoreReader], object]) -> Callable[[], None]:
        return self.room.ask(question, lambda answer: self.told.append(answer())).drop

    def wait(self) -> None:
        self.posted.get(timeout=30)()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    save(tmp_path / "ward.db", notes(1, 3))
    made = Room(tmp_path / "ward.db")
    yield made
    made.room.close()


def test_it_reads_on_one_thread_of_its_own_in_order(room: Room) -> None:
    for _ in range(2):
        room.ask(lambda store: (store.head().seq, get_ident()))
    room.wait()
    assert len(room.told) == 1
    room.wait()
    (first, second) = room.told
    assert first == second != (3, get_ident())


def test_it_can_only_query(room: Room) -> None:
    room.ask(lambda store: store._connection.exec_driver_sql("DELETE FROM vital"))
    with pytest.raises(DBAPIError, match="readonly"):
        room.wait()


def test_what_was_dropped_is_given_up_and_never_told(room: Room) -> None:
    began = Event()

    def endless(store: StoreReader) -> object:
        began.set()
        return store._connection.exec_driver_sql(_ENDLESS).scalar()

    drop, never = room.ask(endless), room.ask(lambda _store: room.told.append("begun"))
    began.wait(30)
    never()
    drop()
    room.ask(lambda store: store.head().seq)
    for _ in range(3):
        room.wait()
    assert room.told == [3]


def test_an_answer_that_was_dropped_on_its_way_is_not_told(room: Room) -> None:
    drop = room.ask(lambda store: store.head().seq)
    posted = room.posted.get(timeout=30)
    drop()
    posted()
    assert room.told == []


def test_it_follows_a_record_that_was_saved_elsewhere(room: Room, tmp_path: Path) -> None:
    room.ask(lambda store: store.head().seq)
    room.wait()
    room.path = Path(copy(room.path, tmp_path / "saved.db"))
    save(room.path, notes(4, 4))
    room.ask(lambda store: store.head().seq)
    room.wait()
    assert room.told == [3, 4]


def test_what_cannot_be_read_is_told_as_its_error(room: Room, tmp_path: Path) -> None:
    room.path = tmp_path / "nowhere.db"
    room.ask(lambda store: store.head())
    with pytest.raises(StoreError):
        room.wait()


def test_closing_gives_up_what_is_being_looked_for(room: Room) -> None:
    began = Event()

    def endless(store: StoreReader) -> object:
        began.set()
        return store._connection.exec_driver_sql(_ENDLESS).scalar()

    room.ask(endless)
    room.ask(lambda store: store.head().seq)
    began.wait(30)
    room.room.close()
    while not room.posted.empty():
        room.wait()
    assert room.told == []
