"""The infusions of a store for people's tools, the newest first, a page at a time."""

from typing import Any

from sqlalchemy import Select, func, select

from db.schema import event, infusion

#: What an infusion began with: its order, unless somebody wrote into the record.
_FIRST = select(event.c.payload).where(event.c.stream == infusion.c.infusion_id).order_by(event.c.seq).limit(1).scalar_subquery()
_ROWS = select(infusion, _FIRST.label("first")).order_by(infusion.c.id.desc())
_COUNT = select(func.count(infusion.c.id))


def infusion_rows(subject: str, before_id: int | None, most: int) -> Select[Any]:
    """At most so many rows, the newest first, all of them before `before_id`; each with its `first` event.

    `subject`: a part of the subject's code; case does not count. Empty: all.
    """
    asked = _of(_ROWS, subject).limit(most)
    return asked if before_id is None else asked.where(infusion.c.id < before_id)


def infusion_count(subject: str) -> Select[Any]:
    return _of(_COUNT, subject)


def _of(asked: Select[Any], subject: str) -> Select[Any]:
    return asked.where(infusion.c.subject.icontains(subject, autoescape=True)) if subject else asked
