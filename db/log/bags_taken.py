"""Who took a bag, however long ago: found by its number, not by looking through all bags."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, bindparam, literal_column, select

from app.domain.infusion.facts import BagScanned
from app.domain.streams import decode
from db.schema import event, infusion

from .canonical import utc_from_text

#: As the index `ix_event_bag` has it: a number in small letters; "": not of ASCII alone, or not to be read.
_NUMBER: ColumnElement[str] = literal_column(
    "CASE WHEN json_valid(payload)"
    " AND length(json_extract(payload, '$.bag.bag_id')) = length(CAST(json_extract(payload, '$.bag.bag_id') AS BLOB))"
    " THEN lower(json_extract(payload, '$.bag.bag_id')) ELSE '' END"
)
_IS_TAKEN = event.c.type == literal_column(f"'{BagScanned.__name__}'")
TAKEN = (
    select(event.c.stream, event.c.at, event.c.payload, infusion.c.subject, infusion.c.bed)
    .outerjoin(infusion, infusion.c.infusion_id == event.c.stream)
    .where(_IS_TAKEN, bindparam("number") == _NUMBER)
    .order_by(event.c.seq)
)


class TakenBag(msgspec.Struct, frozen=True):
    """A bag that was once taken for an infusion; it may have been set aside later."""

    bag_id: str
    infusion_id: str
    subject: str
    bed: str
    taken_at: datetime


def folded_number(bag_id: str) -> str:
    """Case makes no other bag."""
    return bag_id.casefold()


def taken(stream: str, at: str, payload: str, subject: str | None, bed: str | None) -> TakenBag | None:
    """Of a row of `TAKEN`. None for what cannot be read, and is told elsewhere."""
    try:
        scanned = decode("infusion", payload)
    except msgspec.MsgspecError:
        return None
    assert isinstance(scanned, BagScanned)
    return TakenBag(scanned.bag.bag_id, stream, subject or "", bed or "", utc_from_text(at))
