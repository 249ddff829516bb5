"""The record made in a process of its own: the typesetter holds up every thread of the one that it runs in."""

import ctypes
import os
import sys
from concurrent.futures import BrokenExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app import VERSION
from app.domain.people.roles import Person
from app.domain.texts import Text, say
from app.services.protocol_files import Trial

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_NICER = 10
#: `BELOW_NORMAL_PRIORITY_CLASS` of Windows' `SetPriorityClass`.
_BELOW_NORMAL = 0x4000


def apart() -> "ProcessPoolExecutor":
    """A process of its own for one thing after the other, behind the window; what makes it is loaded when wanted."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(1, get_context("spawn"), step_back)


def step_back() -> None:
    """From now on this process works where no other wants to: a screen that stands still is worse than a record that comes late."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass(ctypes.c_void_p(kernel.GetCurrentProcess()), _BELOW_NORMAL)
    else:
        os.nice(_NICER)


class RecordRequest(msgspec.Struct, frozen=True):
    """Which record, of what, in which language, and where its files are to lie. `key`: that of an encrypted store.

    `sheet`: not the record but this sheet of it.
    """

    store: Path
    infusion_id: str
    people: dict[str, Person]
    made_at: datetime
    language: str
    folder: Path
    key: bytes | None = None
    sheet: str = ""


def record(request: RecordRequest) -> dict[str, Path] | Text:
    """Wait for its files by name, or for why they could not be made. Raises what is our own fault."""
    try:
        with apart() as process:
            return process.submit(_made, request).result()
    except BrokenExecutor:
        return _ended(request.folder)


def _ended(folder: Path) -> Text:
    return say("The program that makes the pages ended before they were done. The data files of this record are written "
               "before them: {folder}", folder=str(folder))  # fmt: skip


def _made(request: RecordRequest) -> dict[str, Path] | Text:
    from app.domain.errors import Refused
    from app.jobs.record_folder import source, write_record
    from app.services.record.files import NotWritten
    from db.store_errors import StoreError

    try:
        made_from = source(request.store, request.infusion_id, request.people, request.made_at, request.key)
        return write_record(made_from, request.language, request.folder, request.sheet)
    except (Refused, NotWritten, StoreError) as error:
        return error.text


def card(trial: Trial, out: Path, made_at: datetime) -> dict[str, Path] | Text:
    """The nurse's card by this protocol, or why it could not be made."""
    with apart() as process:
        return process.submit(_card_made, trial, out, made_at).result()


def _card_made(trial: Trial, out: Path, made_at: datetime) -> dict[str, Path] | Text:
    from app.services.record.files import NotWritten, written
    from app.services.record.record_pdf import NotSet, card_bytes

    try:
        written(out, card_bytes(trial, VERSION, made_at))
    except (NotSet, NotWritten) as error:
        return error.text
    return {out.name: out}


def trial_report(store: Path, folder: Path, key: bytes | None) -> Path | Text:
    """Wait for the folder with the files of the trial's report, or for why they could not be made."""
    try:
        with apart() as process:
            return process.submit(_reported, store, folder, key).result()
    except BrokenExecutor:
        return _ended(folder)


def _reported(store: Path, folder: Path, key: bytes | None) -> Path | Text:
    from app.domain.errors import Refused
    from app.jobs.trial_reports import write_report
    from app.services.record.files import NotWritten
    from db.store_errors import StoreError

    try:
        write_report(store, folder, key)
    except (Refused, NotWritten, StoreError) as error:
        return error.text
    return folder
