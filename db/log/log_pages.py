"""The whole log as a reviewer asks for it: any part of it, the newest first, a page at a time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, func, literal_column, or_, select

from app.domain.log import Entry, Stream, stream_of, stream_text
from app.domain.streams import decode
from db.schema import event, infusion

from .batch import Stamp
from .canonical import utc_from_text, utc_text

_OF_INFUSION = infusion.c.infusion_id == event.c.stream
_ROWS = select(event, infusion.c.subject, infusion.c.bed).outerjoin(infusion, _OF_INFUSION).order_by(event.c.seq.desc())
_NUMBERS = select(event.c.seq).order_by(event.c.seq.desc())
_COUNT = select(func.count()).select_from(event)
#: The kind of an event of one stream: that stream alone is read, not all events of the kind.
_KIND_THERE: ColumnElement[str] = literal_column("+event.type")


class TrailFilter(msgspec.Struct, frozen=True):
    """Which events. Empty: all. `text`: anywhere in the event as it is saved, or in its subject code (of a
    subject's own stream: at its beginning); case does not count.

    `person`: who did it, or who co-signed. `kinds`: class names; `without`: those left out. `from_at` inclusive, `before_at`
    exclusive, record time.
    """

    text: str = ""
    person: str = ""
    kinds: tuple[str, ...] = ()
    stream: str = ""
    from_at: datetime | None = None
    before_at: datetime | None = None
    without: tuple[str, ...] = ()


class Saved(msgspec.Struct, frozen=True):
    """One event with its place in the chain and the laptop's clocks when it was saved.

    `subject`, `bed`: of its infusion; `subject` also of a subject's own stream. Both empty for what belongs to neither.
    """

    seq: int
    entry: Entry
    stamp: Stamp
    hash: str
    subject: str
    bed: str


class LastEvent(msgspec.Struct, frozen=True):
    """An event that nothing follows, with the laptop's clocks when it was saved."""

    seq: int
    hash: str
    at: datetime
    stamp: Stamp


def rows(wanted: TrailFilter, before_seq: int | None, most: int) -> Select[Any]:
    """At most so many events, the newest first, all of them before `before_seq`. Only their numbers are sorted."""
    asked = _wanted(_NUMBERS, wanted).limit(most)
    return _ROWS.where(event.c.seq.in_(asked if before_seq is None else asked.where(event.c.seq < before_seq)))


def how_many(wanted: TrailFilter, after_seq: int | None) -> Select[Any]:
    """Of all events, or of those after one."""
    asked = _wanted(_COUNT, wanted)
    return asked if after_seq is None else asked.where(event.c.seq > after_seq)


def _wanted(asked: Select[Any], wanted: TrailFilter) -> Select[Any]:
    if wanted.text:
        of_subject = stream_text(Stream("subject", wanted.text))
        sought = ((event.c.payload, wanted.text), (infusion.c.subject, wanted.text), (event.c.stream, of_subject))
        asked = asked.outerjoin(infusion, _OF_INFUSION)
        asked = asked.where(or_(*(column.icontains(text, autoescape=True) for column, text in sought)))
    if wanted.person:
        asked = asked.where(or_(event.c.by == wanted.person, event.c.co == wanted.person))
    kind = _KIND_THERE if wanted.stream else event.c.type
    if wanted.kinds:
        asked = asked.where(kind.in_(wanted.kinds))
    if wanted.without:
        asked = asked.where(kind.not_in(wanted.without))
    if wanted.stream:
        asked = asked.where(event.c.stream == wanted.stream)
    if wanted.from_at is not None:
        asked = asked.where(event.c.at >= utc_text(wanted.from_at))
    return asked if wanted.before_at is None else asked.where(event.c.at < utc_text(wanted.before_at))


def saved(row: Row[Any]) -> Saved:
    """A row of `rows`. Raises `UnknownKind`."""
    entry, stream = entry_of(row.event_id, row.stream, row.at, row.by, row.co, row.payload), stream_of(row.stream)
    subject = stream.id if stream.kind == "subject" else row.subject or ""
    return Saved(row.seq, entry, _stamp(row), row.hash, subject, row.bed or "")


def last_event(row: Row[Any]) -> LastEvent:
    return LastEvent(row.seq, row.hash, utc_from_text(row.at), _stamp(row))


def _stamp(row: Row[Any]) -> Stamp:
    clocks = (utc_from_text(row.wall_utc), row.utc_offset_min, Decimal(row.steady_s), row.boot_id)
    return Stamp(*clocks, row.laptop, row.version)


def entry_of(event_id: str, stream: str, at: str, by: str | None, co: str | None, payload: str) -> Entry:
    """An event as its columns hold it.

    Raises `UnknownKind`, and `msgspec.ValidationError` for an event that its kind does not have.
    """
    return Entry(event_id, stream, utc_from_text(at), by, decode(stream_of(stream).kind, payload), co)
