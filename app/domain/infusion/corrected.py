"""Events with their corrections laid over them."""

from collections.abc import Iterable

import msgspec

from app.domain.log import Entry, Event, StreamKind, encode, stream_of
from app.domain.streams import decode
from app.domain.vitals.news2 import score_of

from . import facts as e


def as_corrected(entries: list[Entry]) -> list[Entry]:
    """The entries with every correction laid over the one it corrects."""
    changes: dict[str, list[e.Corrected]] = {}
    for entry in entries:
        if isinstance(entry.event, e.Corrected):
            changes.setdefault(entry.event.event_id, []).append(entry.event)
    if not changes:
        return entries
    return [_patched(entry, changes.get(entry.event_id, [])) for entry in entries]


def _patched(entry: Entry, changes: list[e.Corrected]) -> Entry:
    for change in changes:
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
