"""A record whose file is gone while it is open: noticed on the writer's thread, saved elsewhere on a person's word."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.texts import Text, say
from app.services.access import keyfile
from app.services.ward.ports import Post
from db import surely
from db.queries import StoreReader
from db.recorder import Recorder
from db.store_errors import FileGone, StoreError


class StoreHealth:
    """Told by the writer's thread, read by the deciding one. `gone`: why nothing is saved any more, None while all is well.

    `tell` is called on the writer's thread when it is gone.
    """

    def __init__(self) -> None:
        self.gone: Text | None = None
        self.tell: Callable[[], None] = lambda: None

    def trouble(self, error: StoreError) -> None:
        if isinstance(error, FileGone):
            self.gone = error.text
            self.tell()

    def recovered(self) -> None:
        self.gone = None

    def low_disk(self, free_bytes: int) -> None:
        pass


class Rescue:
    """On the deciding thread. `path`: where the record lay, and after a rescue where it lies."""

    def __init__(
        self, path: Path, recorder: Recorder, reader: StoreReader, infusions: Callable[[], list[Infusion]], health: StoreHealth,
        post: Post,
    ) -> None:  # fmt: skip
        self.path, self.health = path, health
        self._recorder, self._reader, self._infusions, self._post = recorder, reader, infusions, post
        self._keys = b""
        self.remember_keys()

    def remember_keys(self) -> None:
        """The ways into an encrypted store, which may vanish with its folder."""
        with suppress(OSError):
            self._keys = keyfile.beside(self.path).read_bytes()

    @property
    def can_return(self) -> bool:
        """Whether it can be saved again where it was: the file is gone and its folder is there."""
        return not self.path.exists() and os.access(self.path.parent, os.W_OK)

    def beside(self, now: datetime) -> Path:
        """A free name beside it, or in the person's own folder where its folder is gone."""
        folder = self.path.parent if os.access(self.path.parent, os.W_OK) else Path.home()
        return folder / f"{self.path.stem}-saved-{now:%Y%m%dT%H%M%SZ}{self.path.suffix}"

    def save(self, to: Path, done: Callable[[Text | None], None]) -> None:
        """Save the whole record at `to` and go on there; `done` is told why not, or None."""
        known: list[Entry] = [entry for state in self._infusions() for entry in state.log]
        future = self._recorder.rescue(to, known)
        future.add_done_callback(lambda f: self._post(lambda: done(self._moved(f))))

    def _moved(self, future: Future[Path]) -> Text | None:
        error = future.exception()
        if error is not None:
            return getattr(error, "text", say("Writing failed."))
        self.path = future.result()
        self._reader.moved(self.path)
        try:
            if self._keys:
                surely.put(keyfile.beside(self.path), self._keys)
        except OSError as failed:
            return say("The record is saved, but not its file of keys: {why}. Keep {file} from a backup beside it.",
                       why=failed.strerror or str(failed), file=keyfile.beside(self.path).name)  # fmt: skip
        return None
