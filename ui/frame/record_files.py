"""The records of infusions as files: made elsewhere while the window goes on, then opened."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.domain.texts import Text, say
from ui.frame.shell import open_file
from ui.kit.live_words import LiveWords


class RecordMaking(Protocol):
    """Where records are made."""

    def folder(self, infusion_id: str, /) -> Path:
        """Where the files of a record lie, once it was made."""

    def make(self, infusion_id: str, language: str, done: Callable[[dict[str, Path] | Text], None], sheet: str = "", /) -> None:
        """`done` gets the files by name, or why there are none. `sheet`: that one and not the record."""

    def make_card(self, done: Callable[[dict[str, Path] | Text], None], /) -> None:
        """The nurse's card."""


class TellAbout(Protocol):
    def __call__(self, happened: Text, safe: Text | str = "", to_do: Text | str = "", about: str | None = None) -> object: ...


class RecordFiles(QObject):
    """Signal `working(bool)`: whether a record is being made. What comes of it is told to the person."""

    working = Signal(bool)

    def __init__(self, making: RecordMaking, words: LiveWords, tell: TellAbout, parent: QObject) -> None:
        super().__init__(parent)
        self._making, self._words, self._tell = making, words, tell
        self.is_working = False

    def open(self, infusion_id: str) -> None:
        """Make the record, then open it."""
        self._work(True)
        self._making.make(infusion_id, self._words.language, partial(self._made, infusion_id))

    def open_sheet(self, infusion_id: str, sheet: str) -> None:
        """Make one sheet as it stands now, then open it to be printed."""
        self._work(True)
        self._making.make(infusion_id, self._words.language, partial(self._made, infusion_id), sheet)

    def open_card(self) -> None:
        """Make the nurse's card, then open it."""
        self._work(True)
        self._making.make_card(partial(self._made, None))

    def _made(self, infusion_id: str | None, made: dict[str, Path] | Text) -> None:
        self._work(False)
        if isinstance(made, Text):
            self._tell(made, say("Everything recorded is safe."), about=infusion_id)
            return
        is_record = "record.pdf" in made
        path = made["record.pdf"] if is_record else next(iter(made.values()))
        opened = open_file(path)
        ready = say("The record is ready: {path}") if is_record else say("The sheet is ready: {path}")
        to_do = "" if opened else say("Open it with a PDF program.")
        self._tell(Text(ready.msgid, {"path": str(path)}), to_do=to_do, about=infusion_id)

    def show_folder(self, infusion_id: str) -> None:
        folder = self._making.folder(infusion_id)
        if not folder.exists() or not open_file(folder):
            self._tell(say("Make the record first: its files will lie in {path}.", path=str(folder)), about=infusion_id)

    def _work(self, working: bool) -> None:
        self.is_working = working
        self.working.emit(working)
