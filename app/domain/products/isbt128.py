"""ISBT 128 data structures (ICCBBA ST-001 v6.2.2): which one it is by its identifier, then its fields, checked.

The structure's identifier is looked at before its content is (UK Red Book 23.3). No product tables: they are licensed.
"""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec

from app.domain.errors import Refused
from app.domain.texts import Text, say

_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_CHECKED_FLAGS = range(60, 97)
_RESERVED_FLAGS = range(97, 100)
_DIN = re.compile(r"[A-NP-Z1-9][0-9A-Z]{4}\d{8}")
_MOST = 64

Fields = dict[str, str]


class Structure(msgspec.Struct, frozen=True):
    """One data structure as read. `problems` are worth telling though the content could be read."""

    number: str
    name: str
    fields: Fields
    problems: tuple[Text, ...] = ()


def check_character(din: str) -> str:
    """ISO 7064 mod 37-2 over the 13 characters of a donation identification number."""
    total = sum(_VALUES.index(letter) * 2 ** (len(din) - at) for at, letter in enumerate(din))
    return _VALUES[(38 - total % 37) % 37]


def is_checked_by(din: str, flags: str) -> bool:
    """Whether the flags are those that bear the check character of this donation identification number."""
    return int(flags) in _CHECKED_FLAGS and int(flags) - 60 == _VALUES.index(check_character(din))


def parse(text: str) -> tuple[Structure, ...]:
    """Every structure of a scanned text, a compound message taken apart. Raises `Refused` for one that cannot be."""
    if text.startswith("=+"):
        return _compound(text)
    return (_structure(text),)


def _compound(text: str) -> tuple[Structure, ...]:
    """`=+` aa bbb: the number of structures is verified before any of them is used."""
    count, reference, rest = text[2:4], text[4:7], text[7:]
    if not (count.isdigit() and reference.isdigit()):
        raise Refused(say("This compound message is damaged. Scan it again."))
    parts = [part for part in re.split(r"(?=[=&])", rest) if part]
    if len(parts) != int(count):
        raise Refused(say("The compound message announces {n} structures and holds {found}. Scan it again.",
                          n=int(count), found=len(parts)))  # fmt: skip
    return tuple(_structure(part) for part in parts)


def _structure(text: str) -> Structure:
    if text[:4].upper() == "&/CH":
        return Structure("040", "chain of identity", _chain_of_identity(text[4:].upper()))
    found = _READERS.get(text[:2])
    if found is not None:
        number, name, read = found
        return _read(number, name, read, text[2:])
    if text.startswith("=") and _DIN.match(text[1:].upper()):
        return _din(text[1:].upper())
    raise Refused(say("“{label}” is not an ISBT 128 structure that is known here.", label=text[:_MOST]))


def _read(number: str, name: str, read: Callable[[str], Fields], content: str) -> Structure:
    return Structure(number, name, read(content))


def _damaged(content: str) -> Refused:
    return Refused(say("“{label}” does not have the form of its ISBT 128 structure. Scan it again.", label=content[:_MOST]))


def _din(content: str) -> Structure:
    """In capitals, as no number has small letters: 13 characters, two flags, and the check character where it was typed too."""
    found = re.fullmatch(r"([A-NP-Z1-9][0-9A-Z]{4}\d{8})(\d\d)([0-9A-Z*])?", content)
    if not found:
        raise _damaged(content)
    din, flags, typed = found.groups()
    expected = check_character(din)
    if typed is not None and typed != expected:
        raise Refused(say("The check character of {din} is {found}, and should be {expected}: there is a slip in it.",
                          din=din, found=typed, expected=expected))  # fmt: skip
    if int(flags) in _CHECKED_FLAGS and not is_checked_by(din, flags):
        raise Refused(say("The flags {flags} of {din} do not fit its check character.", flags=flags, din=din))
    problems = (say("The flags {flags} are reserved.", flags=flags),) if int(flags) in _RESERVED_FLAGS else ()
    fields = {"din": din, "facility": din[:5], "year": f"20{din[5:7]}", "serial": din[7:], "flags": flags, "check": expected}
    return Structure("001", "donation identification number", fields, problems)


def _chain_of_identity(content: str) -> Fields:
    if not _DIN.fullmatch(content):
        raise _damaged(content)
    return {"coi": content, "check": check_character(content)}


def _group(content: str) -> Fields:
    if not re.fullmatch(r"[0-9A-Za-z]{4}", content):
        raise _damaged(content)
    known = _GROUPS.get(content[:2])
    return {"code": content} | ({"abo_rhd": known} if known else {})


_GROUPS = {
    "51": "O RhD positive", "95": "O RhD negative", "62": "A RhD positive", "06": "A RhD negative", "73": "B RhD positive",
    "17": "B RhD negative", "84": "AB RhD positive", "28": "AB RhD negative", "55": "O", "66": "A", "77": "B", "88": "AB",
}  # fmt: skip


def _product(content: str) -> Fields:
    """In capitals: those of a code stay apart, as of a division's two letters only the second may be a small one."""
    content = content.upper()
    found = re.fullmatch(r"([A-Z][0-9A-Z]{4})([0-9A-Z])([0-9A-Z]{2})", content)
    if not found:
        raise _damaged(content)
    product, kind, division = found.groups()
    return {"product_code": content, "product": product, "donation_type": kind, "division": division}


def _day(content: str) -> Fields:
    """cyyjjj: no time means 23:59."""
    return _moment(content, "2359") if re.fullmatch(r"\d{6}", content) else _no(content)


def _day_and_time(content: str) -> Fields:
    """cyyjjjhhmm."""
    return _moment(content[:6], content[6:]) if re.fullmatch(r"\d{10}", content) else _no(content)


def _no(content: str) -> Fields:
    raise _damaged(content)


def _moment(cyyjjj: str, hhmm: str) -> Fields:
    """c is the century's last digit but one: 0 is 20xx, 9 is 19xx."""
    year = (1900 if cyyjjj[0] == "9" else 2000 + 100 * int(cyyjjj[0])) + int(cyyjjj[1:3])
    day, hour, minute = int(cyyjjj[3:]), int(hhmm[:2]), int(hhmm[2:])
    if not 1 <= day <= 365 + calendar.isleap(year) or hour > 23 or minute > 59:
        raise Refused(say("“{label}” is not a date that exists.", label=cyyjjj + hhmm))
    at = datetime(year, 1, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)
    return {"local": f"{at:%Y-%m-%dT%H:%M}"}


def _flexible(content: str) -> Fields:
    """Z UTT YYYYMMDD hhmm: whose time it is, what happens then."""
    found = re.fullmatch(r"([12])(0[123])(\d{8})(\d{4})", content)
    if not found:
        raise _damaged(content)
    zone, kind, day, hhmm = found.groups()
    try:
        at = datetime.strptime(day + hhmm, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(say("“{label}” is not a date that exists.", label=day + hhmm)) from None
    kinds = {"01": "expiry", "02": "collection", "03": "production"}
    return {"kind": kinds[kind], "utc" if zone == "2" else "local": f"{at:%Y-%m-%dT%H:%M}"}


def _birth(content: str) -> Fields:
    found = re.fullmatch(r"(\d\d)(\d{8})", content)
    if not found:
        raise _damaged(content)
    try:
        born = date(int(found[2][:4]), int(found[2][4:6]), int(found[2][6:]))
    except ValueError:
        raise Refused(say("“{label}” is not a date that exists.", label=found[2])) from None
    return {"position": found[1], "date_of_birth": born.isoformat()}


def _patient(content: str) -> Fields:
    """aa ll x…x: ll is the identifier's length."""
    found = re.fullmatch(r"(\d\d)(\d\d)(.+)", content)
    if not found or int(found[2]) != len(found[3]):
        raise _damaged(content)
    return {"position": found[1], "patient_id": found[3]}


def _as_it_stands(content: str) -> Fields:
    if not content:
        raise _damaged(content)
    return {"value": content}


#: identifier → number of the structure, its name, how its content is read
_READERS: dict[str, tuple[str, str, Callable[[str], Fields]]] = {
    "=%": ("002", "ABO/RhD", _group),
    "=<": ("003", "product code", _product),
    "=>": ("004", "expiration date", _day),
    "&>": ("005", "expiration date and time", _day_and_time),
    "=*": ("006", "collection date", _day),
    "&*": ("007", "collection date and time", _day_and_time),
    "=}": ("008", "production date", _day),
    "&}": ("009", "production date and time", _day_and_time),
    "=)": ("017", "container manufacturer and catalogue number", _as_it_stands),
    "&)": ("018", "container lot number", _as_it_stands),
    "=-": ("021", "manufacturer and catalogue number, other items", _as_it_stands),
    "&-": ("022", "lot number, other items", _as_it_stands),
    "=#": ("024", "patient date of birth", _birth),
    "&#": ("025", "patient identification number", _patient),
    "=]": ("026", "month and year", _as_it_stands),
    "=$": ("028", "consignment", _as_it_stands),
    "&$": ("029", "dimensions", _as_it_stands),
    "=(": ("031", "flexible date and time", _flexible),
    "=,": ("032", "product divisions", _as_it_stands),
    "&+": ("033", "processing facility", _as_it_stands),
    "=/": ("034", "processing facility", _as_it_stands),
}
