"""The log: everything that was ever saved, one entry after the other, each on the stream of what it happened to."""

from datetime import datetime

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Base of all events; its JSON carries the class name as `type`."""


class Entry(msgspec.Struct, frozen=True):
    """An event with who and when (record time, UTC). `by` is a person id, None for the program itself; `co` the second person."""

    event_id: str
    stream: str
    at: datetime
    by: str | None
    event: Event
    co: str | None = None


def encode(event: Event) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, decimals as strings."""
    return msgspec.json.encode(event, order="sorted")
