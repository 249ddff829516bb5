"""What a scanned text says: ISBT 128, GS1, or the site's own label; and what is wrong with it."""

import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from app.domain.errors import Refused
from app.domain.products import isbt128
from app.domain.texts import Text, say

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString
    from biip.gs1_messages import GS1Message

Kind = Literal["isbt128", "gs1", "site"]

#: The site's own label: the bag's number alone, or with lot, expiry, cells and volume behind bars.
SITE_PATTERN = (
    r"(?P<bag_id>[0-9A-Za-z][0-9A-Za-z._/-]{2,39})"
    r"(?:\|(?P<lot>[^|]{1,40})\|(?P<expiry>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d)?)"
    r"(?:\|(?P<cells>\d{1,12})\|(?P<volume_ml>\d{1,4}(?:\.\d)?))?)?"
)
_GS = "\x1d"
_EDGES = "\r\n\t \x01\x02\x03"
#: What a scanner that sends AIM identifiers puts before a code: which kind of code it was, and how it was printed.
_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_GS1_CODES = frozenset(("C1", "d2", "d5", "d8", "e0", "J1", "Q3", "Q4", "z1"))
#: AIM identifiers as they arrive under Caps Lock; none of them is one by itself.
_UNDER_CAPS_LOCK = re.compile(r"\](?:[cjqDZ]\d|E0(?=01\d{14}))")
#: How scanners write the mark FNC1 where they cannot send it.
_WRITTEN_MARK = re.compile(r"<GS>|<FNC1>|\{GS\}|\{FNC1\}|\[GS\]|\[FNC1\]|\^FNC1|␝|\\x1[dD]|\\u001[dD]|%1[dD]", re.IGNORECASE)
_PRINTED_GS1 = re.compile(r"(?:\(\d{2,4}\)[^()]+)+")
#: A GS1 code without an identifier: a GTIN first, or a logistic unit, a count's GTIN or a date that another field follows.
_BARE_GS1 = re.compile(r"01\d{14}")
_PERHAPS_GS1 = re.compile(r"(?:00\d{18}|02\d{14}|1[1-35-7]\d{6}).{3,}")
_NAMES = {
    "01": "gtin", "10": "lot", "11": "production", "17": "expiry", "21": "serial", "30": "count", "37": "count",
    "7003": "expiry", "8017": "gsrn_provider", "8018": "gsrn_patient",
}  # fmt: skip
_VARIABLE = {"10": say("lot"), "21": say("serial number")}
_EXPIRY_WITH_TIME = "7003"
#: A donation number as it is printed beside its code: A9999 17 123456 00 9.
_PRINTED_DIN = re.compile(r"[A-NP-Z1-9][0-9A-Z]{4} \d\d \d{6} \d\d [0-9A-Z*]")
#: A donation number whose `=` the scanner left out: with its flags, and perhaps with its check character.
_BARE_DIN = re.compile(r"([A-NP-Z1-9][0-9A-Z]{4}\d{8})(\d\d)([0-9A-Z*]?)")
#: A compound message without its first character, or without both.
_BARE_COMPOUND = re.compile(r"\+?\d{5}[=&].*")
#: What stands where digits and signs should: accents of a French or German keyboard, the `]` of an identifier as its key has
#: it there, or a French row of digits without a digit among it.
_OTHER_KEYBOARD = re.compile(r".*[À-ÿ§μ£°¿¡€œŒ\u0300-\u036f].*|[+$][A-Za-z]\d.*|[^\d(]*[\"'(][^\d]*", re.DOTALL)

_CAPS_LOCK = say("The letters came in the wrong size: switch Caps Lock off, and set the scanner to ignore it. Scan again.")
_LAYOUT = say(
    "The scanner types for another keyboard layout than this computer's. Set the scanner's keyboard country, and scan again."
)
_IDENTIFIERS = say(
    "The scanner seems to leave out the beginning of this code. Set it to send data identifiers (AIM), and scan again."
)
_NOT_GS1 = say(
    "The scanner says that this is no GS1 code, but it begins like one. Set the scanner to send AIM identifiers as they are."
)


class NoLabel(Refused):
    """Neither a code of a standard nor a label of this site."""


class ScannedLabel(msgspec.Struct, frozen=True):
    """`fields` by name; with `problems` it may be shown, and is not believed by itself."""

    kind: Kind
    fields: dict[str, str]
    problems: tuple[Text, ...] = ()


def plain(scanned: str) -> str:
    """Full-width letters of a Chinese keyboard become plain ones; the marks inside a GS1 code stay."""
    return unicodedata.normalize("NFKC", scanned).strip(_EDGES)


def read_label(scanned: str, site_pattern: str = SITE_PATTERN) -> ScannedLabel:
    """Which kind of label it is, by what the scanner says of it (AIM) or by how it begins; then what it says.

    One label read through scanners that are set up differently is one and the same, or is refused with what to set.
    Raises `Refused` for a wrong check character or digit or a date that does not exist, `NoLabel` for what is no label.
    """
    text = plain(scanned)
    if _OTHER_KEYBOARD.fullmatch(text) and not re.fullmatch(site_pattern, text):
        raise Refused(_LAYOUT)
    if _UNDER_CAPS_LOCK.match(text):
        text = text.swapcase()
    aim = _AIM.match(text)
    content = text[aim.end() :] if aim else text
    if aim and aim[1] in _GS1_CODES:
        return _gs1(content)
    if content[:1] in ("=", "&"):
        return _isbt128(content)
    if _looks_like_gs1(content):
        if aim and not _PRINTED_GS1.fullmatch(content):
            raise Refused(_NOT_GS1)
        return _gs1(_upright(content))
    if _PRINTED_DIN.fullmatch(content):
        return _isbt128("=" + content.replace(" ", ""))
    return _without_mark(content, site_pattern)


def _looks_like_gs1(text: str) -> bool:
    return _GS in text or bool(_BARE_GS1.match(_WRITTEN_MARK.sub(_GS, text).lstrip(_GS)) or _PRINTED_GS1.fullmatch(text))


def _upright(text: str) -> str:
    """Nobody prints a GS1 code in small letters alone."""
    if text.upper() != text and text.lower() == text and not _WRITTEN_MARK.search(text):
        raise Refused(_CAPS_LOCK)
    return text


def _without_mark(text: str, site_pattern: str) -> ScannedLabel:
    """The site's label, unless it may be a standard's whose beginning was lost: then it is that, or nothing."""
    is_sites_own = site_pattern != SITE_PATTERN and re.fullmatch(site_pattern, text)
    din = None if is_sites_own else _BARE_DIN.fullmatch(text.upper())
    if din and _is_checked(*din.groups()):
        return _isbt128("=" + din[0])
    is_half_a_din = din and not din[3] and din[1][0].isalpha()
    if not is_sites_own and (is_half_a_din or _BARE_COMPOUND.fullmatch(text) or _is_perhaps_gs1(text)):
        raise Refused(_IDENTIFIERS)
    return _site(text, site_pattern)


def _is_checked(din: str, flags: str, check: str) -> bool:
    """Whether the flags, or the check character typed behind them, fit the number."""
    return check == isbt128.check_character(din) if check else isbt128.is_checked_by(din, flags)


def _is_perhaps_gs1(text: str) -> bool:
    return bool(_PERHAPS_GS1.fullmatch(text)) and _is_elements(text)


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
    import biip  # all prefixes of the world: loaded with the first label

    written = _WRITTEN_MARK.search(text)
    content = _from_print(_WRITTEN_MARK.sub(_GS, text))
    found = biip.parse(f"]C1{content.lstrip(_GS)}")
    message = found.gs1_message
    if message is None:
        why = str(found.gs1_message_error)
        if _GS in content:
            raise Refused(say("This GS1 label cannot be read: {why}", why=why))
        raise Refused(say("This GS1 label cannot be read: {why} If the scanner drops the mark FNC1, set it to send it.", why=why))
    if found.gtin_error:
        raise Refused(say("The check digit of the GTIN is wrong: there is a slip in it."))
    fields: dict[str, str] = {}
    for element in sorted(message.element_strings, key=lambda one: one.ai.ai == _EXPIRY_WITH_TIME):
        fields[_NAMES.get(element.ai.ai, f"ai_{element.ai.ai}")] = _value(element)
    problems = _lost_marks(message, content)
    if written:
        problems += (say("The scanner writes {mark} in place of the mark FNC1. Set it to send GS (ASCII 29).", mark=written[0]),)
    return ScannedLabel("gs1", fields, problems)


def _from_print(text: str) -> str:
    """The line printed under a code, `(01)…(17)…`, as the code has it: each field ends with a mark, which is always allowed."""
    printed = re.sub(r"\s+(?=\()", "", text)
    if not printed.startswith("("):
        return text
    if not _PRINTED_GS1.fullmatch(printed):
        raise Refused(say("This GS1 label cannot be read: {why}", why=text[:64]))
    fields = re.findall(r"\((\d{2,4})\)([^()]+)", printed)
    return _GS.join(f"{number}{value}" for number, value in fields) + _GS


def _value(element: "GS1ElementString") -> str:
    if element.datetime and element.ai.ai == _EXPIRY_WITH_TIME:
        return element.datetime.isoformat(timespec="minutes")
    return element.date.isoformat() if element.date else element.value


def _lost_marks(message: "GS1Message", text: str) -> tuple[Text, ...]:
    """A keyboard-wedge scanner often drops the mark that ends a field of no fixed length: then the last holds the rest."""
    last = message.element_strings[-1]
    if _GS in text or not last.ai.separator_required or not any(_is_elements(last.value[at:]) for at in range(1, len(last.value))):
        return ()
    return (
        say("The field {name} may have swallowed the next one: the scanner seems to drop the mark FNC1. Set it to send it.",
            name=_VARIABLE.get(last.ai.ai, last.ai.ai)),
    )  # fmt: skip


def _is_elements(text: str) -> bool:
    """Whether this could be fields of a GS1 code to its end, the last one of any length."""
    from biip import ParseError
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        ai = GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return False
    if ai.separator_required:
        return re.fullmatch(ai.pattern, text) is not None
    fixed = re.match(ai.pattern.removesuffix("$"), text)
    return fixed is not None and (fixed.end() == len(text) or _is_elements(text[fixed.end() :]))


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
