"""Makes records for the window, one after another as they are asked for, while it goes on."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from app.domain.texts import Text, say
from app.jobs.record_process import RecordRequest, card, record
from app.services.access.people import People
from app.services.access.store_key import StoreFile
from app.services.ward.ports import Post
from app.services.ward.ward import Bedside

Done = Callable[[dict[str, Path] | Text], None]


class RecordMaker:
    """On the deciding thread; each record waits for its process on `executor`. `root`: where a folder a record is made."""

    def __init__(self, file: StoreFile, root: Path, bedside: Bedside, people: People, executor: Executor, post: Post) -> None:
        self._file, self._root, self._bedside, self._people = file, root, bedside, people
        self._executor, self._post = executor, post

    def folder(self, infusion_id: str) -> Path:
        """Where the files of this infusion's record lie, once it was made."""
        return self._root / infusion_id[:12]

    def make(self, infusion_id: str, language: str, done: Done, sheet: str = "") -> None:
        """`done` gets the files by name, or why there are none. `sheet`: that one and not the record."""
        people, now = dict(self._people.by_id), self._bedside.now()
        file, folder = self._file, self.folder(infusion_id)
        request = RecordRequest(file.path, infusion_id, people, now, language, folder, file.key, sheet)
        self._work(lambda: record(request), done)

    def make_card(self, done: Done) -> None:
        """The nurse's card, by the protocol in force."""
        trial, out, now = self._bedside.trial, self._root / "nurse-card.pdf", self._bedside.now()
        self._work(lambda: card(trial, out, now), done)

    def _work(self, make: Callable[[], dict[str, Path] | Text], done: Done) -> None:
        def work() -> None:
            made: dict[str, Path] | Text = say("The record could not be made.")
            try:
                made = make()
            finally:
                self._post(lambda: done(made))

        self._executor.submit(work)
