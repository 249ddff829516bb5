"""All files of one record in one folder."""

from collections.abc import Callable
from pathlib import Path

from app.domain.errors import Refused
from app.domain.texts import say
from app.services.record.data.csv_files import alarms_csv, cells_csv, checks_csv, events_csv, samples_csv
from app.services.record.data.record_json import record_json
from app.services.words.words import Words

from .files import written
from .record_pdf import pdf_bytes, sheet_bytes
from .source import RecordSource

NAMES = ("record.pdf", "record.json", "cells.csv", "checks.csv", "events.csv", "samples.csv", "alarms.csv")


def write_all(source: RecordSource, words: Words, folder: Path, also: Words | None = None) -> dict[str, Path]:
    """Write every file whole or not at all; what is there already is replaced. Returns name → path.

    The data come first: whatever hinders the pages hinders nothing else. `also` adds a second language to the PDF. Raises
    `Refused` where no page can be set (no Chinese font, a fault of the typesetter) and says that the data are there;
    `NotWritten` at the first file that the disk does not take.
    """
    makers: dict[str, Callable[[], bytes]] = {
        "record.json": lambda: record_json(source),
        "cells.csv": lambda: cells_csv(source),
        "checks.csv": lambda: checks_csv(source),
        "events.csv": lambda: events_csv(source, words),
        "samples.csv": lambda: samples_csv(source),
        "alarms.csv": lambda: alarms_csv(source, words),
    }
    data = {name: _made(folder / name, make()) for name, make in makers.items()}
    try:
        pages = pdf_bytes(source, words, also)
    except Refused as refusal:
        raise Refused(
            say("{why} The data files of this record are written: {folder}", why=refusal.text, folder=str(folder))
        ) from refusal
    return {"record.pdf": _made(folder / "record.pdf", pages), **data}


def write_sheet(source: RecordSource, sheet: str, words: Words, folder: Path) -> dict[str, Path]:
    """One of `SHEET_NAMES`, whole or not at all. Raises `Refused` where it cannot be made yet, and `NotWritten`."""
    name = f"{sheet}.pdf"
    return {name: _made(folder / name, sheet_bytes(source, sheet, words))}


def _made(path: Path, data: bytes) -> Path:
    written(path, data)
    return path
