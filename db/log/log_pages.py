"""The whole log as a reviewer asks for it: any part of it, the newest first, a page at a time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.log import Entry, Stream, stream_of, stream_text
from app.domain.streams import decode
from db.statements import LIKE, Driver, names, sought
from db.store_form import EVENT

from .batch import Stamp
from .canonical import utc_from_text, utc_text

_WITH_INFUSION = "event LEFT JOIN infusion ON infusion_id = stream"
_ENTRY = ("event_id", "stream", "at", "by", "co", "payload")
_ROWS = f"SELECT {names(EVENT)}, subject, bed FROM {_WITH_INFUSION}"
_SOUGHT = f"({' OR '.join(map(LIKE.format, ('payload', 'subject', 'stream')))})"


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


def rows(raw: Driver, wanted: TrailFilter, before_seq: int | None, most: int) -> list[Saved]:
    """At most so many events, the newest first, all of them before `before_seq`. Only their numbers are sorted.

    Raises `UnknownKind`.
    """
    place, which, asked = _wanted(wanted)
    if before_seq is not None:
        which, asked = [*which, "seq < ?"], [*asked, before_seq]
    numbers = f"SELECT seq FROM {place}{_where(which)} ORDER BY seq DESC LIMIT ?"
    return [_saved(*row) for row in raw.execute(f"{_ROWS} WHERE seq IN ({numbers}) ORDER BY seq DESC", (*asked, most))]


def how_many(raw: Driver, wanted: TrailFilter) -> int:
    place, which, asked = _wanted(wanted)
    (count,) = raw.execute(f"SELECT count(*) FROM {place}{_where(which)}", asked).fetchone()
    return int(count)


def _where(which: list[str]) -> str:
    return f" WHERE {' AND '.join(which)}" if which else ""


def _wanted(wanted: TrailFilter) -> tuple[str, list[str], list[Any]]:
    """Where to look, what must be true there, and what stands in its places."""
    which, asked, place = [], [], "event"
    if wanted.text:
        place = _WITH_INFUSION
        which.append(_SOUGHT)
        of_subject = stream_text(Stream("subject", wanted.text))
        asked += [sought(text) for text in (wanted.text, wanted.text, of_subject)]
    if wanted.person:
        which.append('("by" = ? OR co = ?)')
        asked += [wanted.person, wanted.person]
    # The kind of an event of one stream: that stream alone is read, not all events of the kind.
    kind = "+type" if wanted.stream else "type"
    for word, kinds in (("IN", wanted.kinds), ("NOT IN", wanted.without)):
        if kinds:
            which.append(f"{kind} {word} ({', '.join('?' * len(kinds))})")
            asked += kinds
    if wanted.stream:
        which.append("stream = ?")
        asked.append(wanted.stream)
    for sign, at in ((">=", wanted.from_at), ("<", wanted.before_at)):
        if at is not None:
            which.append(f"at {sign} ?")
            asked.append(utc_text(at))
    return place, which, asked


def _saved(*row: Any) -> Saved:
    """Of a row of `_ROWS`. Raises `UnknownKind`."""
    *of_event, subject, bed = row
    found = dict(zip(EVENT, of_event, strict=True))
    clocks = utc_from_text(found["wall_utc"]), found["utc_offset_min"], Decimal(found["steady_s"]), found["boot_id"]
    entry, of = entry_of(*(found[name] for name in _ENTRY)), stream_of(found["stream"])
    whose = of.id if of.kind == "subject" else subject or ""
    return Saved(found["seq"], entry, Stamp(*clocks, found["laptop"], found["version"]), found["hash"], whose, bed or "")


def entry_of(event_id: str, stream: str, at: str, by: str | None, co: str | None, payload: str) -> Entry:
    """An event as its columns hold it.

    Raises `UnknownKind`, and `msgspec.ValidationError` for an event that its kind does not have.
    """
    return Entry(event_id, stream, utc_from_text(at), by, decode(stream_of(stream).kind, payload), co)
