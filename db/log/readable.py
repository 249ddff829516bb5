"""Rows of events that are read one by one: what cannot be read is left out by whoever asks, and told elsewhere."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app.domain.log import Entry, Event
from app.domain.streams import decode
from db.schema import event

from .chain import Row
from .log_pages import entry_of

_NAMES = tuple(column.name for column in event.columns)


def row_of(values: Sequence[Any]) -> Row:
    """An event's columns by their names, as the table has them."""
    return dict(zip(_NAMES, values, strict=True))


def entry_of_row(row: Row) -> Entry:
    """The event of a row. Raises `UnknownKind`, `MsgspecError` or `ValueError` where it is none that its kind has."""
    by, co = row["by"], row["co"]
    who = None if by is None else str(by), None if co is None else str(co)
    return entry_of(str(row["event_id"]), str(row["stream"]), str(row["at"]), *who, str(row["payload"]))


def readable(row: tuple[Any, ...]) -> Entry | None:
    try:
        return entry_of(*row)
    except (msgspec.MsgspecError, ValueError):
        return None


def order_of(payload: str) -> Event | None:
    """None for what cannot be read, and is told elsewhere."""
    try:
        return decode("infusion", payload)
    except msgspec.MsgspecError:
        return None
