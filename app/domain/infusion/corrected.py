"""Events with their corrections laid over them."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.domain.log import Entry, Event, StreamKind, encode, stream_of
from app.domain.streams import decode
from app.domain.vitals.news2 import score_of

from . import facts as e

Changes = Mapping[tuple[str, str], Sequence[e.Corrected]]
"""The corrections of an event, by its stream and `event_id`."""


def as_corrected(entries: list[Entry]) -> list[Entry]:
    """The entries of a stream with every correction laid over the one it corrects."""
    changes = changes_in(entries)
    return [laid_over(entry, changes) for entry in entries] if changes else entries


def changes_in(entries: Iterable[Entry]) -> Changes:
    changes: dict[tuple[str, str], list[e.Corrected]] = {}
    for entry in entries:
        if isinstance(entry.event, e.Corrected):
            changes.setdefault((entry.stream, entry.event.event_id), []).append(entry.event)
    return changes


def laid_over(entry: Entry, changes: Changes) -> Entry:
    """An entry with its corrections laid over it; they stand on the same stream."""
    for change in changes.get((entry.stream, entry.event_id), ()):
        event = patch(entry.event, change.field, change.new, stream_of(entry.stream).kind)
        entry = msgspec.structs.replace(entry, event=event)
    return entry


def current(entries: Iterable[Entry], target: Entry) -> Event:
    """The event of one entry as it stands after all of them."""
    event = target.event
    for entry in entries:
        if isinstance(entry.event, e.Corrected) and entry.event.event_id == target.event_id:
            event = patch(event, entry.event.field, entry.event.new, stream_of(entry.stream).kind)
    return event


def patch(event: Event, field: str, new_json: str, kind: StreamKind = "infusion") -> Event:
    """The event with one field replaced by a JSON value. Raises `msgspec.ValidationError` where it does not fit."""
    fields = msgspec.json.decode(encode(event))
    fields[field] = msgspec.json.decode(new_json)
    patched = decode(kind, msgspec.json.encode(fields))
    return msgspec.structs.replace(patched, news2=_score(patched)) if isinstance(patched, e.VitalsRecorded) else patched


def _score(check: e.VitalsRecorded) -> int | None:
    return score_of({v.vital: v.value for v in check.values}, check.oxygen, check.consciousness, check.scale)
