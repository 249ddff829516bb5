"""The whole log as a reviewer asks for it: any part of it, the newest first, a page at a time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Row, Select, or_, select

from app.domain.log import Entry
from app.domain.people import accounts
from app.domain.people.accounts import AccountEntry
from app.domain.streams import decode

from .batch import Stamp
from .canonical import utc_from_text, utc_text
from .schema import event, infusion

_ROWS = (
    select(event, infusion.c.subject, infusion.c.bed)
    .outerjoin(infusion, infusion.c.infusion_id == event.c.stream)
    .order_by(event.c.seq.desc())
)


class Wanted(msgspec.Struct, frozen=True):
    """Which events. Empty: all. `text`: anywhere in the event as it is saved, or in its subject code; case does not count.

    `person`: who did it, or who co-signed. `kinds`: class names. `from_at` inclusive, `before_at` exclusive, record time.
    """

    text: str = ""
    person: str = ""
    kinds: tuple[str, ...] = ()
    stream: str = ""
    from_at: datetime | None = None
    before_at: datetime | None = None


class Saved(msgspec.Struct, frozen=True):
    """One event with its place in the chain and the laptop's clocks when it was saved. `subject`, `bed`: of its infusion."""

    seq: int
    entry: Entry | AccountEntry
    stamp: Stamp
    hash: str
    subject: str
    bed: str


def rows(wanted: Wanted, before_seq: int | None, most: int) -> Select[Any]:
    """At most so many events, the newest first, all of them before `before_seq`."""
    asked = _ROWS.limit(most)
    if before_seq is not None:
        asked = asked.where(event.c.seq < before_seq)
    if wanted.text:
        found = (column.icontains(wanted.text, autoescape=True) for column in (event.c.payload, infusion.c.subject))
        asked = asked.where(or_(*found))
    if wanted.person:
        asked = asked.where(or_(event.c.by == wanted.person, event.c.co == wanted.person))
    if wanted.kinds:
        asked = asked.where(event.c.type.in_(wanted.kinds))
    if wanted.stream:
        asked = asked.where(event.c.stream == wanted.stream)
    if wanted.from_at is not None:
        asked = asked.where(event.c.at >= utc_text(wanted.from_at))
    return asked if wanted.before_at is None else asked.where(event.c.at < utc_text(wanted.before_at))


def saved(row: Row[Any]) -> Saved:
    """A row of `rows`."""
    clocks = (utc_from_text(row.wall_utc), row.utc_offset_min, Decimal(row.steady_s), row.boot_id)
    return Saved(row.seq, _entry(row), Stamp(*clocks, row.laptop, row.version), row.hash, row.subject or "", row.bed or "")


def _entry(row: Row[Any]) -> Entry | AccountEntry:
    at = utc_from_text(row.at)
    if row.stream == accounts.STREAM:
        return AccountEntry(row.event_id, at, row.by, accounts.decode(row.payload), co=row.co)
    return Entry(row.event_id, row.stream, at, row.by, decode("infusion", row.payload), row.co)
