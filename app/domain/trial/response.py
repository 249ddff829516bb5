"""Response by kind and lineage. At a visit: what stands at the last count of its window, never an older value carried on.
Ever: what was reached until the last week looked at.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from app.domain.texts import Text

from . import response_words as words
from .counts import LINEAGES, Count
from .course import Course, Episode, episodes, lost_after
from .rules import Anchor
from .visits import Window

_DAY = timedelta(days=1)
#: What two counts confirm; a partial response is that of a lineage.
_CONFIRMED = ("cr", *LINEAGES)


class ResponseAnswer(msgspec.Struct, frozen=True):
    """One answer: when, or why not. `duration_days` runs to the loss, or as far as it was followed (`censored`)."""

    responded_at: datetime | None = None
    confirmed_at: datetime | None = None
    lost_at: datetime | None = None
    duration_days: Decimal | None = None
    censored: bool | None = None
    reason: Text | None = None


class Assessment(msgspec.Struct, frozen=True):
    """The answers of one table: by kind (`cr`, `pr`) and by lineage."""

    found: Mapping[str, ResponseAnswer]

    @property
    def best(self) -> str:
        """Counted exclusively: a complete response is not also a partial one."""
        return "CR" if self.found["cr"].responded_at else "PR" if self.found["pr"].responded_at else "none"


def ever(found: Course) -> Assessment:
    """The first response of each kind until the last week looked at after the last infusion."""
    ends = found.day_ends(found.looked_until)
    first = {kind: next(episodes(found, kind), None) for kind in _CONFIRMED}
    in_time = {kind: e for kind, e in first.items() if e is not None and _dated(found, e) < ends}

    def why(kind: str) -> Text:
        episode = first[kind]
        if episode is not None:
            return words.too_late(episode.first.at, found.reading.looked_for_until_week)
        return words.why_not(found, kind, found.evaluable[kind], found.duration_ends)

    return _assessed(found, in_time, why)


def at_visit(found: Course, week: int, anchor: Anchor | None = None) -> Assessment:
    """What stands at the last count of the visit's window; a visit without a count is no response."""
    window = found.window(anchor or found.anchor, week)
    ends = found.day_ends(window)
    standing = {kind: e for kind in _CONFIRMED if (e := _standing(found, kind, window)) is not None}

    def why(kind: str) -> Text:
        last = _last_in(found, kind, window)
        if last is None:
            return words.no_count(window)
        if not last[1]:
            return words.fails(found, kind, last[0])
        return words.why_not(found, kind, [c for c in found.evaluable[kind] if c[0].at < ends], ends)

    return _assessed(found, standing, why)


def _last_in(found: Course, kind: str, window: Window) -> tuple[Count, bool] | None:
    zone = found.last_infusion.tzinfo
    inside = [c for c in found.evaluable[kind] if window[0] <= c[0].at.astimezone(zone).date() <= window[1]]
    return inside[-1] if inside else None


def _standing(found: Course, kind: str, window: Window) -> Episode | None:
    last = _last_in(found, kind, window)
    if last is None or not last[1]:
        return None
    at = last[0].at
    return next((e for e in episodes(found, kind) if e.second.at <= at and (e.lost_at is None or e.lost_at > at)), None)


def _assessed(found: Course, responses: Mapping[str, Episode], why: words.Why) -> Assessment:
    answers = {
        kind: _answer(found, kind, responses[kind]) if kind in responses else ResponseAnswer(reason=why(kind))
        for kind in _CONFIRMED
    }
    earliest = min((responses[x] for x in LINEAGES if x in responses), key=lambda e: (_dated(found, e), e.second.at), default=None)
    if earliest is None:
        reason = words.no_lineage({x: answers[x].reason for x in LINEAGES})
        return Assessment({**answers, "pr": ResponseAnswer(reason=reason)})
    whole = replace(earliest, lost_at=lost_after(found, "pr", earliest.second))
    return Assessment({**answers, "pr": _answer(found, "pr", whole)})


def _dated(found: Course, episode: Episode) -> datetime:
    return episode.first.at if found.reading.dated_by == "first" else episode.second.at


def _answer(found: Course, kind: str, episode: Episode) -> ResponseAnswer:
    responded, ends = _dated(found, episode), found.duration_ends
    lost = episode.lost_at if episode.lost_at is not None and episode.lost_at <= ends else None
    followed = min(ends, found.evaluable[kind][-1][0].at)
    days = Decimal(((lost or followed) - responded) // timedelta(microseconds=1)) / (_DAY // timedelta(microseconds=1))
    return ResponseAnswer(responded, episode.second.at, lost, days, lost is None)


def sensitivity(found: Course) -> tuple[str, ...]:
    """The keys of the decided readings under which this subject's answer would be another."""
    r = found.reading
    other_anchor: Anchor = "last" if found.anchor == "first" else "first"
    variants = {
        "response.transfusion_free_through": replace(
            r, transfusion_free_through="first" if r.transfusion_free_through == "second" else "second"
        ),
        "response.dated_by": replace(r, dated_by="second" if r.dated_by == "first" else "first"),
        "response.falls_to_end": replace(r, falls_to_end=2 if r.falls_to_end == 1 else 1),
        "response.transfusion_ends": replace(r, transfusion_ends=not r.transfusion_ends),
    }
    courses = {key: replace(found, reading=reading) for key, reading in variants.items()}
    courses["response.assessed_from"] = replace(found, anchor=other_anchor)
    now = _told(found)
    return tuple(key for key, other in courses.items() if _told(other) != now)


def _told(found: Course) -> list[tuple[object, ...]]:
    """Everything that the tables print of one subject."""
    tables = [ever(found), *(at_visit(found, week) for week in found.weeks)]
    return [(table.best, *((f.responded_at, f.duration_days) for f in table.found.values())) for table in tables]
