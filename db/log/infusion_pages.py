"""The infusions of a store as a list shows them, the newest first, a page at a time."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from db.statements import LIKE, Driver, sought

from .canonical import utc_from_text

_FIRST = "SELECT payload FROM event WHERE stream = infusion_id ORDER BY seq LIMIT 1"
_LINES = f"""
SELECT id, infusion_id, subject, bed, grp, dose_number, phase, started_at, given_least_ml, given_most_ml, ({_FIRST})
FROM infusion WHERE id < ?{{}} ORDER BY id DESC LIMIT ?"""
_OF_SUBJECT = LIKE.format("subject")
#: No small key is larger.
_NO_END = (1 << 63) - 1


class InfusionLine(NamedTuple):
    """Of a row of `infusion`. `first`: what it began with: its order, unless somebody wrote into the record."""

    id: int
    infusion_id: str
    subject: str | None
    bed: str | None
    grp: str | None
    dose_number: int | None
    phase: str | None
    started_at: datetime | None
    given_least_ml: Decimal | None
    given_most_ml: Decimal | None
    first: str | None


def infusion_lines(raw: Driver, subject: str, before_id: int | None, most: int) -> list[InfusionLine]:
    """At most so many, all of them before `before_id`. `subject`: a part of the subject's code; case does not count. Empty: all."""
    which, asked = (f" AND {_OF_SUBJECT}", [sought(subject)]) if subject else ("", [])
    before = _NO_END if before_id is None else before_id
    return [_line(*row) for row in raw.execute(_LINES.format(which), (before, *asked, most))]


def infusion_count(raw: Driver, subject: str) -> int:
    which, asked = (f" WHERE {_OF_SUBJECT}", [sought(subject)]) if subject else ("", [])
    (count,) = raw.execute(f"SELECT count(*) FROM infusion{which}", asked).fetchone()
    return int(count)


def _line(*row: Any) -> InfusionLine:
    *texts, started_at, least_ml, most_ml, first = row
    least, most = (None if ml is None else Decimal(repr(ml)) for ml in (least_ml, most_ml))
    return InfusionLine._make((*texts, None if started_at is None else utc_from_text(started_at), least, most, first))
