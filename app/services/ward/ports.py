"""What the services need from the edges, by shape."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

import msgspec

from app.domain.texts import Text
from db.log.batch import Batch, Recorded, SampleRow

Post = Callable[[Callable[[], None]], None]
"""Run a call on the deciding thread, soon and in order."""


class Tell(Protocol):
    """Say something to the person at the screen: what happened, what is safe nevertheless, what there is to do."""

    def __call__(self, happened: Text, safe: Text | str = "", to_do: Text | str = "", /) -> None: ...


class Store(Protocol):
    """The one writer. A future is done when its batch is on the disk, or failed with an error that has a text."""

    def append(self, batch: Batch) -> "Future[list[Recorded]]": ...

    def add_samples(self, rows: Sequence[SampleRow]) -> None: ...

    def held_back(self) -> datetime | None:
        """When the oldest sample arrived that a full disk holds back; None: all go with the next batch."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command: saved, refused by the rules, or failed to be written (nothing has moved)."""

    refused: Text | None = None
    failed: Text | None = None

    @property
    def ok(self) -> bool:
        return self.refused is None and self.failed is None


Done = Callable[[Outcome], None]


def ignore(_outcome: Outcome) -> None:
    """For commands whose outcome nobody waits for."""
