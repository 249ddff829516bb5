"""What the trial's desk reads of the log: all of it stream by stream and kind by kind, later only what is new."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, literal_column, or_, select, union

from app.domain.log import TRIAL, stream_text
from db.schema import event

ENTRY = (event.c.event_id, event.c.stream, event.c.at, event.c.by, event.c.co, event.c.payload)
_ROWS = select(event.c.seq, *ENTRY).order_by(event.c.seq)


def _of_subjects(stream: ColumnElement[str]) -> ColumnElement[bool]:
    """Streams of subjects lie between these, in the order of text."""
    return stream.between("subject:", "subject:\U0010ffff")


def _parts(stream: ColumnElement[str], kind: ColumnElement[str]) -> list[ColumnElement[bool]]:
    return [_of_subjects(stream), stream == stream_text(TRIAL), kind.in_(bindparam("kinds", expanding=True))]


def of_subjects() -> Select[Any]:
    """All of those subjects of whom there is an event of a `kind`."""
    told = select(event.c.stream).where(event.c.type == bindparam("kind"))
    return select(*ENTRY).where(_of_subjects(event.c.stream), event.c.stream.in_(told)).order_by(event.c.seq)


def of_kind() -> Select[Any]:
    """Of subjects, those of this `kind` alone."""
    return select(*ENTRY).where(_of_subjects(event.c.stream), event.c.type == bindparam("kind")).order_by(event.c.seq)


def desk() -> Select[Any]:
    """With their numbers, all that the desk reads; `kinds`: of the infusions."""
    numbers = union(*(select(event.c.seq).where(part) for part in _parts(event.c.stream, event.c.type)))
    return _ROWS.where(event.c.seq.in_(numbers))


def desk_since() -> Select[Any]:
    """The same after `after_seq`. The plus keeps it to what is new: nothing is looked up by stream or kind."""
    parts = _parts(literal_column("+event.stream", Text), literal_column("+event.type", Text))
    return _ROWS.where(event.c.seq > bindparam("after_seq"), or_(*parts))
