"""Questions to the store that may take long: answered on a thread and a connection of their own, in the order they are asked."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from app.services.ward.ports import Post
from db.queries import StoreReader

T = TypeVar("T")
Question = Callable[[StoreReader], T]
"""Runs on the room's thread; touches nothing but the reader and what it was made with."""
Told = Callable[[Callable[[], T]], None]
"""Is given what gives the answer, or raises the error that there was in its place."""


class Awaited:
    """A question on its way."""

    def __init__(self) -> None:
        self.is_wanted = True

    def drop(self) -> None:
        """Nobody waits for the answer any more: it is not told, and is given up where it is being looked for."""
        self.is_wanted = False


class Reads(Protocol):
    """Where pages ask."""

    def ask(self, question: Question[T], told: Told[T], /) -> Awaited: ...


class ReadingRoom:
    """On the deciding thread; the connection is made when something is first asked. `path`: where the store lies now."""

    def __init__(self, path: Callable[[], Path], key: bytes | None, post: Post) -> None:
        self._path, self._key, self._post = path, key, post
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._reader: StoreReader | None = None
        self._read_at: Path | None = None
        self._is_open = True

    def ask(self, question: Question[T], told: Told[T]) -> Awaited:
        """`told` is called on the deciding thread, unless the question was dropped."""
        asked, path = Awaited(), self._path()

        def is_wanted() -> bool:
            return asked.is_wanted and self._is_open

        def answer() -> T:
            if not is_wanted():
                raise CancelledError
            reader = self._reader_at(path)
            reader.give_up_unless(is_wanted)
            return question(reader)

        def tell(done: "Future[T]") -> None:
            if is_wanted():
                told(done.result)

        self._thread.submit(answer).add_done_callback(lambda done: self._post(lambda: tell(done)))
        return asked

    def _reader_at(self, path: Path) -> StoreReader:
        if self._reader is None or self._read_at != path:
            self._leave()
            self._reader, self._read_at = StoreReader(path, self._key), path
        return self._reader

    def _leave(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def close(self) -> None:
        """Whatever is being looked for is given up."""
        self._is_open = False
        self._thread.shutdown(cancel_futures=True)
        self._leave()
