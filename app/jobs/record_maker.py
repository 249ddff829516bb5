"""Makes records and the trial's report for the window, one after another as they are asked for, while it goes on."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeVar

from app.domain.texts import Text, say
from app.jobs.record_process import RecordRequest, card, record, trial_report
from app.services.access.people import People
from app.services.access.store_key import StoreFile
from app.services.ward.ports import Post
from app.services.ward.ward import Bedside

T = TypeVar("T")
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
        _work(self._executor, self._post, lambda: record(request), done)

    def make_card(self, done: Done) -> None:
        """The nurse's card, by the protocol in force."""
        trial, out, now = self._bedside.trial, self._root / "nurse-card.pdf", self._bedside.now()
        _work(self._executor, self._post, lambda: card(trial, out, now), done)


class ReportMaker:
    """On the deciding thread; the files of the trial's report, beside the store. Their process is waited for on `executor`."""

    def __init__(self, file: StoreFile, executor: Executor, post: Post) -> None:
        self._file, self._executor, self._post = file, executor, post

    def make(self, done: Callable[[Path | Text], None]) -> None:
        """`done` gets the folder, or why there are no files."""
        file, folder = self._file, self._file.path.parent / "trial"
        _work(self._executor, self._post, lambda: trial_report(file.path, folder, file.key), done)


def _work(executor: Executor, post: Post, make: Callable[[], T | Text], done: Callable[[T | Text], None]) -> None:
    """`done` is told whatever happens, on the deciding thread."""

    def work() -> None:
        made: T | Text = say("The record could not be made.")
        try:
            made = make()
        finally:
            post(lambda: done(made))

    executor.submit(work)
