"""Rows of events that are read one by one: what cannot be read is left out by whoever asks, and told elsewhere."""

from typing import Any

import msgspec

from app.domain.log import Entry, Event
from app.domain.streams import decode

from .log_pages import entry_of


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
