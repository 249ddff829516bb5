"""A subject's calendar as iCalendar (RFC 5545): all-day entries over their windows, for any calendar program.

A moved dose moves the entries: each keeps its UID, and SEQUENCE grows with every dose that was given.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from app.domain.texts import Text, parts
from app.domain.trial.due import DUE_NAMES, DueItem, due_name

Tr = Callable[[Text | str], str]
_OCTETS = 75
_OVER = ("missed", "dropped")


def icalendar(items: Iterable[DueItem], stamped: datetime, tr: Tr) -> bytes:
    """What is done, due and planned; what is no longer expected is cancelled. `stamped`: when this file was made (aware)."""
    found = list(items)
    given: dict[str, int] = {}
    for item in found:
        given[item.subject] = given.get(item.subject, 0) + (item.kind == "dose" and item.status == "done")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bedside//Trial desk//EN", "CALSCALE:GREGORIAN"]
    for item in found:
        lines += _entry(item, given[item.subject], stamped, tr)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def uid(item: DueItem) -> str:
    """The same for the same entry of the same subject, whatever day it lies on; the subject cannot be read from it."""
    digest = hashlib.sha256(f"{item.subject}/{item.kind}/{item.week}".encode()).hexdigest()
    return f"{digest[:32]}@bedside"


def _entry(item: DueItem, sequence: int, stamped: datetime, tr: Tr) -> Iterator[str]:
    first, last = item.window
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(item)}"
    yield f"DTSTAMP:{stamped.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{sequence}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(tr(parts(item.subject, due_name(item))))}"
    yield f"DESCRIPTION:{_escaped(tr(parts(str(item.day), DUE_NAMES[item.status], item.hint)))}"
    yield "TRANSP:TRANSPARENT"
    yield "STATUS:CANCELLED" if item.status in _OVER else "STATUS:CONFIRMED"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """No line is longer than 75 octets; a letter is never parted."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > _OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
