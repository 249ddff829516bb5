"""Reading a CSV file strictly: what is not allowed is refused naming line, column and what is."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import msgspec

from app.domain.errors import Refused
from app.domain.texts import Text, say

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)


class Cell(msgspec.Struct, frozen=True):
    """One cell and where it stands; or an option of the command line, where `file` is empty."""

    file: str
    line: int
    column: str
    text: str

    def refused(self, allowed: Text) -> Refused:
        """To be raised."""
        if not self.file:
            return Refused(say("{option}: “{text}” is not allowed. Allowed: {allowed}.",
                               option=self.column, text=self.text, allowed=allowed))  # fmt: skip
        return Refused(say("{file}, line {line}, column {column}: “{text}” is not allowed. Allowed: {allowed}.",
                           file=self.file, line=self.line, column=self.column, text=self.text, allowed=allowed))  # fmt: skip


Row = dict[str, Cell]


def option(name: str, text: str) -> Cell:
    return Cell("", 0, name, text)


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Every row below the header; the columns in any order, none missing and no other. Raises `Refused`."""
    reader = csv.reader(StringIO(_text(path), newline=""), strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if header is None:
                header = _header(path.name, stripped, columns)
            elif any(stripped):
                yield _row(path.name, reader.line_num, header, stripped)
    except csv.Error as error:
        raise Cell(path.name, reader.line_num, "—", str(error)).refused(say("comma-separated values")) from None
    if header is None:
        raise Cell(path.name, 1, columns[0], "").refused(_all_of(columns))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused(say("The file {path} cannot be read: {why}.", path=path.name, why=error.strerror)) from None
    except UnicodeDecodeError:
        raise Refused(say("The file {path} is not in UTF-8.", path=path.name)) from None


def _header(file: str, found: list[str], columns: Sequence[str]) -> list[str]:
    for n, name in enumerate(found):
        if name not in columns or name in found[:n]:
            raise Cell(file, 1, name or str(n + 1), name).refused(_all_of(columns))
    for name in columns:
        if name not in found:
            raise Cell(file, 1, name, ",".join(found)).refused(_all_of(columns))
    return found


def _all_of(columns: Sequence[str]) -> Text:
    return say("the columns {columns}, each once", columns=", ".join(columns))


def _row(file: str, line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        column = header[len(cells)] if len(cells) < len(header) else str(len(header) + 1)
        raise Cell(file, line, column, ",".join(cells)).refused(say("{n} fields, one a column", n=len(header)))
    return {name: Cell(file, line, name, text) for name, text in zip(header, cells, strict=True)}


def a_name(cell: Cell) -> str:
    if not cell.text:
        raise cell.refused(say("a text"))
    return cell.text


def one_of(cell: Cell, words: Sequence[str]) -> str:
    if cell.text not in words:
        raise cell.refused(say("one of {words}", words=", ".join(words)))
    return cell.text


def a_whole(cell: Cell, least: int, most: int | None = None) -> int:
    value = int(cell.text) if _WHOLE.fullmatch(cell.text) else None
    if value is None or value < least or (most is not None and value > most):
        what = say("a whole number from {least}", least=least)
        raise cell.refused(what if most is None else say("a whole number from {least} to {most}", least=least, most=most))
    return value


def a_number(cell: Cell, least: Decimal = Decimal(0)) -> Decimal:
    value = Decimal(cell.text) if _NUMBER.fullmatch(cell.text) else None
    if value is None or value < least:
        raise cell.refused(say("a number from {least}, with a decimal point", least=least))
    return value


def a_date(cell: Cell, earliest: date | None = None, latest: date | None = None) -> date:
    try:
        day = date.fromisoformat(cell.text) if _DATE.fullmatch(cell.text) else None
    except ValueError:
        day = None
    if day is None:
        raise cell.refused(say("a date as 2026-06-01"))
    if earliest is not None and day < earliest:
        raise cell.refused(say("a date from {day} on", day=earliest))
    if latest is not None and day > latest:
        raise cell.refused(say("a date up to {day}", day=latest))
    return day


def a_moment(cell: Cell) -> datetime:
    try:
        at = datetime.fromisoformat(cell.text) if _MOMENT.fullmatch(cell.text) else None
    except ValueError:
        at = None
    if at is None:
        raise cell.refused(say("a time with its offset, as 2026-06-01T08:00:00+08:00"))
    return at
