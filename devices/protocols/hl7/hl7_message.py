"""A message's header and segments, split by the separators that every header here declares; its times, its acknowledgement."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple, TypeAlias

from .mllp import HEADER

Segment: TypeAlias = Sequence[str]
"""Fields as they were sent, by their HL7 number. Repetitions stand behind ~, components behind ^, their parts behind &."""

_NAMED = {
    "ASCII": "ascii",
    "8859/1": "latin-1",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "GB 18030-2000": "gb18030",
    "GB18030": "gb18030",
    "GBK": "gb18030",
    "GB2312": "gb18030",
}
_TRIED = ("utf-8", "gb18030")
_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:\.([0-9]{1,6}))?)?([+-][0-9]{4})?")
_LAST_SECOND = 59
_LONGEST_ECHO = 200


class Hl7Header(NamedTuple):
    """What a message says of itself. `sent_at`: the device's clock (UTC, or its own zone taken for UTC), None if not told.

    `raw` is what an acknowledgement gives back; `is_answered`: whether MSH-15 and MSH-16 ask for one.
    """

    kind: str
    version: str
    charset: str
    is_production: bool
    sent_at: datetime | None
    zone: tzinfo
    is_answered: bool
    is_enveloped: bool
    raw: Segment


def text_of(segment: bytes, charset: str) -> str:
    """In the character set that MSH-18 names, else UTF-8, else GB18030; what fits none is marked, never an error.

    Separators are looked for in text only: a byte of a Chinese character may look like one.
    """
    for encoding in (_NAMED.get(charset, "utf-8"), *_TRIED):
        try:
            return segment.decode(encoding)
        except UnicodeDecodeError:
            continue
    return segment.decode(errors="replace")


def segment_of(text: str) -> Segment:
    """Any segment but a header, whose fields then have their HL7 numbers."""
    return text.rstrip().split("|")


def component(segment: Segment, number: int, part: int = 1) -> str:
    """A component of a field's first repetition, as it was sent; "" where none is."""
    if number >= len(segment):
        return ""
    first = segment[number]
    if "~" in first:
        first = first[: first.index("~")]
    if "^" not in first:
        return first.strip() if part == 1 else ""
    parts = first.split("^")
    return parts[part - 1].strip() if part <= len(parts) else ""


def field(segment: Segment, number: int) -> str:
    """A whole field, as it was sent."""
    return segment[number] if number < len(segment) else ""


def header_of(segment: bytes, is_enveloped: bool) -> Hl7Header:
    raw = _header_fields(text_of(segment, "").rstrip())
    kind = "^".join(filter(None, (component(raw, 9)[:3], component(raw, 9, 2)[:3])))
    zone = _zone(_TIME.fullmatch(component(raw, 7)))
    return Hl7Header(
        kind=kind,
        version=component(raw, 12),
        charset=component(raw, 18).upper(),
        is_production=component(raw, 11) in ("", "P"),
        sent_at=moment(component(raw, 7), zone, _LAST_SECOND),
        zone=zone,
        is_answered=component(raw, 9) != "ACK" and _asks(component(raw, 15), component(raw, 16)),
        is_enveloped=is_enveloped,
        raw=raw,
    )


def _header_fields(text: str) -> Segment:
    """The separators themselves are the first two fields behind its name."""
    declared, _, told = text[4:].partition("|")
    return ["MSH", "|", declared, *told.split("|")]


def _asks(accept: str, application: str) -> bool:
    """Without MSH-15 and MSH-16 every message is answered; else AL and SU ask for it, NE and ER do not."""
    return not (accept or application) or not {accept, application}.isdisjoint(("AL", "SU"))


def moment(text: str, zone: tzinfo, second: int = 0) -> datetime | None:
    """A time with at least hours and minutes, in UTC; `second` stands for one not told. None for anything else."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute = map(int, match.groups()[:5])
    told, fraction = match[6], (match[7] or "").ljust(6, "0")
    try:
        at = datetime(year, month, day, hour, minute, int(told or second), int(fraction), tzinfo=_zone(match, zone))
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(match: re.Match[str] | None, otherwise: tzinfo = UTC) -> tzinfo:
    """The zone a time gives; a device that gives none is taken at its word for UTC, as only ages are used."""
    told = match[8] if match else None
    if not told:
        return otherwise
    ahead = timedelta(hours=int(told[1:3]), minutes=int(told[3:]))
    return timezone(-ahead if told[0] == "-" else ahead) if ahead < timedelta(hours=24) else otherwise


def acknowledgement(header: Hl7Header, number: int) -> bytes:
    """Application accept: the message has come. It goes to whoever sent it, with the time that it gave itself."""
    sender, receiver = [field(header.raw, n) for n in (3, 4)], [field(header.raw, n) for n in (5, 6)]
    trigger, version = component(header.raw, 9, 2), header.version or "2.4"
    places = "|".join(part[:_LONGEST_ECHO] for part in (*receiver, *sender))
    head = f"{HEADER.decode()}|{places}|{component(header.raw, 7)[:26]}||ACK^{trigger[:3]}^ACK|{number}|P|{version[:5]}"
    return f"{head}\rMSA|AA|{field(header.raw, 10)[:_LONGEST_ECHO]}\r".encode()
