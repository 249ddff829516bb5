"""What the trial's desk reads of the log: all of it stream by stream and kind by kind, later only what is new."""

from sqlalchemy import ColumnElement, Text, bindparam, literal_column, or_, select, union

from app.domain.log import TRIAL, stream_text
from db.schema import event

ENTRY = (event.c.event_id, event.c.stream, event.c.at, event.c.by, event.c.co, event.c.payload)


def _of_subjects(stream: ColumnElement[str]) -> ColumnElement[bool]:
    """Streams of subjects lie between these, in the order of text."""
    return stream.between("subject:", "subject:\U0010ffff")


def _parts(stream: ColumnElement[str], kind: ColumnElement[str]) -> list[ColumnElement[bool]]:
    return [_of_subjects(stream), stream == stream_text(TRIAL), kind.in_(bindparam("kinds", expanding=True))]


#: Of those subjects of whom there is an event of a kind, all; and those of this kind alone.
OF_SUBJECTS = (
    select(*ENTRY)
    .where(_of_subjects(event.c.stream), event.c.stream.in_(select(event.c.stream).where(event.c.type == bindparam("kind"))))
    .order_by(event.c.seq)
)
OF_KIND = select(*ENTRY).where(_of_subjects(event.c.stream), event.c.type == bindparam("kind")).order_by(event.c.seq)
_ROWS = select(event.c.seq, *ENTRY).order_by(event.c.seq)
_NUMBERS = union(*(select(event.c.seq).where(part) for part in _parts(event.c.stream, event.c.type)))
DESK = _ROWS.where(event.c.seq.in_(_NUMBERS))
#: The plus keeps it to what is new: nothing is looked up by stream or kind.
DESK_SINCE = _ROWS.where(
    event.c.seq > bindparam("after_seq"), or_(*_parts(literal_column("+event.stream", Text), literal_column("+event.type", Text)))
)
