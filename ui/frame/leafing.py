"""Leafing through what the store holds, the newest first: a page at a time, read off the GUI thread, with its count after it."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Refused
from app.domain.texts import Text
from app.services.reading_room import Awaited, Reads
from db.queries import StoreReader
from db.store_errors import StoreError

Row = TypeVar("Row")
T = TypeVar("T")
Row_co = TypeVar("Row_co", covariant=True)
#: Until then what is read is there at once to the eye, and nothing need be said.
_LONG_MS = 400


class Shelf(Protocol[Row_co]):
    """What is leafed through: at most so many rows before a key (None: the newest). Both are asked on the reading thread."""

    def rows(self, store: StoreReader, before: int | None, most: int, /) -> Sequence[Row_co]: ...

    def count(self, store: StoreReader, /) -> int: ...


class Leafer(Protocol):
    """The page whose rows these are. It is told when they take long, then that they came; later that they were counted."""

    def takes_long(self) -> None: ...

    def rows_came(self) -> None: ...

    def counted(self) -> None: ...

    def read_failed(self, why: Text, /) -> None: ...


class Leafing(Generic[Row]):
    """`rows`, of `shelf`, stay on the screen until others have come. `total`: how many there are in all; None: not known yet.

    One question at a time: a later one takes its place, and what comes for an earlier one is never shown.
    """

    def __init__(self, reads: Reads, page: int, key: Callable[[Row], int], leafer: Leafer, parent: QObject) -> None:
        self._reads, self._page, self._key, self._leafer = reads, page, key, leafer
        self.rows: list[Row] = []
        self.total: int | None = None
        self.has_older = self.is_reading = False
        self.shelf: Shelf[Row] | None = None
        self._before: int | None = None
        self._newer: list[int | None] = []
        self._asked: list[Awaited] = []
        self._again = False
        self._long = QTimer(parent, singleShot=True, interval=_LONG_MS)
        self._long.timeout.connect(leafer.takes_long)

    @property
    def is_newest(self) -> bool:
        return self._before is None

    @property
    def has_newer(self) -> bool:
        return bool(self._newer)

    @property
    def passed(self) -> int:
        """How many rows are newer than those shown."""
        return len(self._newer) * self._page

    def begin(self, shelf: Shelf[Row]) -> None:
        """From the newest."""
        self._ask(shelf, None, [], None)

    def older(self) -> None:
        if self.shelf is not None and self.has_older and not self.is_reading:
            self._ask(self.shelf, self._key(self.rows[-1]), [*self._newer, self._before], self.total)

    def newer(self) -> None:
        if self.shelf is not None and self._newer and not self.is_reading:
            self._ask(self.shelf, self._newer[-1], self._newer[:-1], self.total)

    def again(self) -> None:
        """Something has changed: the same page once more, however often it is told while one is read."""
        if self.is_reading:
            self._again = True
        elif self.shelf is not None:
            self._ask(self.shelf, self._before, self._newer, None)

    def _ask(self, shelf: Shelf[Row], before: int | None, newer: list[int | None], total: int | None) -> None:
        """`total`: as far as it is known."""
        for asked in self._asked:
            asked.drop()
        most = self._page + 1

        def came(answer: Callable[[], Sequence[Row]]) -> None:
            self.is_reading = False
            self._long.stop()
            found = self._answered(answer) or ()
            self.rows, self.has_older = list(found[: self._page]), len(found) == most
            self.shelf, self._before, self._newer, self.total = shelf, before, newer, total
            if before is None and not self.has_older:
                self.total = len(self.rows)
            self._leafer.rows_came()
            if self._again:
                self.again()
            elif self.total is None:
                self._asked.append(self._reads.ask(shelf.count, self._counted))

        self.is_reading, self._again = True, False
        self._long.start()
        self._asked = []
        self._asked.append(self._reads.ask(lambda store: shelf.rows(store, before, most), came))

    def _counted(self, answer: Callable[[], int]) -> None:
        self.total = self._answered(answer)
        self._leafer.counted()

    def _answered(self, answer: Callable[[], T]) -> T | None:
        return answered(answer, self._leafer.read_failed)


def answered(answer: Callable[[], T], failed: Callable[[Text], None]) -> T | None:
    """None where a newer version wrote what this one does not know, or the store cannot be read; `failed` is told by name."""
    try:
        return answer()
    except (Refused, StoreError) as error:
        failed(error.text)
        return None
