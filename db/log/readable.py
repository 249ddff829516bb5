"""Rows of events that are read one by one: what cannot be read is left out by whoever asks, and told elsewhere."""

from datetime import datetime
from typing import Any

import msgspec

from app.domain.infusion.facts import BagScanned
from app.domain.log import Entry, Event
from app.domain.streams import decode

from .canonical import utc_from_text
from .log_pages import entry_of


class TakenBag(msgspec.Struct, frozen=True):
    """A bag that was once taken for an infusion; it may have been set aside later."""

    bag_id: str
    infusion_id: str
    subject: str
    bed: str
    taken_at: datetime


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


def taken(stream: str, at: str, payload: str, subject: str | None, bed: str | None) -> TakenBag | None:
    """None for what cannot be read, and is told elsewhere."""
    try:
        scanned = decode("infusion", payload)
    except msgspec.MsgspecError:
        return None
    assert isinstance(scanned, BagScanned)
    return TakenBag(scanned.bag.bag_id, stream, subject or "", bed or "", utc_from_text(at))
