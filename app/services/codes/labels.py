"""What a scanned text says: ISBT 128, GS1, or the site's own label; and what is wrong with it."""

import re
from datetime import datetime
from typing import Literal

import biip
import msgspec
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

from app.domain.errors import Refused
from app.domain.products import isbt128
from app.domain.texts import Text, say

Kind = Literal["isbt128", "gs1", "site"]

#: The site's own label: the bag's number alone, or with lot, expiry, cells and volume behind bars.
SITE_PATTERN = (
    r"(?P<bag_id>[0-9A-Za-z][0-9A-Za-z._/-]{2,39})"
    r"(?:\|(?P<lot>[^|]{1,40})\|(?P<expiry>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d)?)"
    r"(?:\|(?P<cells>\d{1,12})\|(?P<volume_ml>\d{1,4}(?:\.\d)?))?)?"
)
_GS = "\x1d"
_SYMBOLOGY = re.compile(r"\](C1|d2|Q3|e0)")
_NAMES = {
    "01": "gtin", "10": "lot", "11": "production", "17": "expiry", "21": "serial", "30": "count", "37": "count",
    "7003": "expiry", "8017": "gsrn_provider", "8018": "gsrn_patient",
}  # fmt: skip
_VARIABLE = {"10": say("lot"), "21": say("serial number")}
_EXPIRY_WITH_TIME = "7003"
#: A donation number as it is printed beside its code: A9999 17 123456 00 9.
_PRINTED_DIN = re.compile(r"[A-NP-Z1-9][0-9A-Z]{4} \d\d \d{6} \d\d [0-9A-Z*]")
#: How another field would begin inside a value whose end mark was lost.
_SWALLOWED = re.compile(r".(?:17\d{6}|21|10|8018\d{18}|7003\d{10})")


class NoLabel(Refused):
    """Neither a code of a standard nor a label of this site."""


class ScannedLabel(msgspec.Struct, frozen=True):
    """`fields` by name; with `problems` it may be shown, and is not believed by itself."""

    kind: Kind
    fields: dict[str, str]
    problems: tuple[Text, ...] = ()


def read_label(scanned: str, site_pattern: str = SITE_PATTERN) -> ScannedLabel:
    """Which kind of label it is, by how it begins; then what it says.

    Raises `Refused` for a wrong check character or digit or a date that does not exist, `NoLabel` for what is no label.
    """
    text = scanned.strip("\r\n\t \x02\x03")
    if text[:1] in ("=", "&"):
        return _isbt128(text)
    if _SYMBOLOGY.match(text) or _GS in text or re.match(r"01\d{14}", text):
        return _gs1(text)
    if _PRINTED_DIN.fullmatch(text):
        return _isbt128("=" + text.replace(" ", ""))
    return _site(text, site_pattern)


def _isbt128(text: str) -> ScannedLabel:
    fields: dict[str, str] = {}
    problems: list[Text] = []
    for structure in isbt128.parse(text):
        named = structure.name if structure.number in ("004", "005", "006", "007", "008", "009", "031") else ""
        for key, value in structure.fields.items():
            fields[f"{named} {key}".strip().replace(" ", "_")] = value
        if structure.fields.get("kind") == "expiry":
            fields |= {f"expiry_{zone}": structure.fields[zone] for zone in ("local", "utc") if zone in structure.fields}
        problems += structure.problems
    return ScannedLabel("isbt128", fields, tuple(problems))


def _gs1(text: str) -> ScannedLabel:
    found = biip.parse(text)
    message = found.gs1_message
    if message is None:
        raise Refused(say("This GS1 label cannot be read: {why}", why=str(found.gs1_message_error)))
    if found.gtin_error:
        raise Refused(say("The check digit of the GTIN is wrong: there is a slip in it."))
    fields: dict[str, str] = {}
    for element in sorted(message.element_strings, key=lambda one: one.ai.ai == _EXPIRY_WITH_TIME):
        fields[_NAMES.get(element.ai.ai, f"ai_{element.ai.ai}")] = _value(element)
    return ScannedLabel("gs1", fields, _lost_marks(message, text))


def _value(element: GS1ElementString) -> str:
    if element.datetime and element.ai.ai == _EXPIRY_WITH_TIME:
        return element.datetime.isoformat(timespec="minutes")
    return element.date.isoformat() if element.date else element.value


def _lost_marks(message: GS1Message, text: str) -> tuple[Text, ...]:
    """A keyboard-wedge scanner often drops the mark that ends a field of no fixed length."""
    last = message.element_strings[-1]
    if _GS in text or last.ai.ai not in _VARIABLE or not _SWALLOWED.search(last.value):
        return ()
    return (
        say("The field {name} may have swallowed the next one: the scanner seems to drop the mark FNC1. Set it to send it.",
            name=_VARIABLE[last.ai.ai]),
    )  # fmt: skip


def _site(text: str, pattern: str) -> ScannedLabel:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise NoLabel(say("“{label}” is not a label of this site.", label=text[:64]))
    fields = {name: value for name, value in found.groupdict().items() if value}
    _exists(fields.get("expiry", ""))
    return ScannedLabel("site", fields)


def _exists(expiry: str) -> None:
    """A date in the form of a date must be one; how else a site writes its dates is its own affair."""
    if re.match(r"\d{4}-\d\d-\d\d", expiry):
        try:
            datetime.fromisoformat(expiry)
        except ValueError:
            raise Refused(say("“{label}” is not a date that exists.", label=expiry)) from None
