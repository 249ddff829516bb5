"""One reading of a bag's label for bench and bed: which bag it is, and what else the label says of it.

The bag's number is the site's `bag_id`; of a GS1 code the serial number (21), never the lot, which many bags share; of an
ISBT 128 code the donation identification number and, where it was scanned with it, the product code with its division,
since one donation may fill several bags. Letters of a number are capitals, however Caps Lock and scanner had them.
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from app.domain import protocol
from app.domain.errors import Refused
from app.domain.infusion.chapters.identity import CodeRead
from app.domain.products.label_text import read_bag_number, read_expiry
from app.domain.texts import Text, say
from app.services.words.words import from_local

from .labels import SITE_PATTERN, NoLabel, ScannedLabel, plain, read_label

_ISBT_EXPIRY = ("expiration_date_and_time_local", "expiration_date_local", "expiry_local")


class BagLabel(msgspec.Struct, frozen=True):
    """`expiry` as a person would type it; "" and None: the label does not say. `is_sure` False: read the number again."""

    bag_id: str
    lot: str = ""
    expiry: str = ""
    cells: int | None = None
    volume_ml: Decimal | None = None
    problems: tuple[Text, ...] = ()
    is_sure: bool = True


def read_bag(scanned: str, site: protocol.Labels) -> BagLabel:
    """What a scanned label says. Raises `Refused` where it is damaged, names no bag, or is no label (`NoLabel`)."""
    label = read_label(scanned, site.site_pattern or SITE_PATTERN)
    if label.kind == "gs1":
        return _gs1(label)
    return _isbt128(label) if label.kind == "isbt128" else _site(label)


def read_entered(entered: str, site: protocol.Labels, scanned: bool) -> BagLabel:
    """At the bench: a scan must be a label; what is typed may be the number alone, as it is printed. Raises `Refused`."""
    try:
        return read_bag(entered, site)
    except NoLabel:
        if scanned:
            raise
        return BagLabel(read_bag_number(entered))


def read_at_bed(entered: str, rules: protocol.Protocol) -> CodeRead:
    """What to compare with what was dispensed. Raises `Refused` for a damaged code; what is no label stands as it is.

    So the scan of some other thing is a mismatch, and a slip in the right label is read again.
    """
    label = read_entered(entered, rules.labels, scanned=False)
    if not label.is_sure:
        raise Refused(label.problems[0])
    return CodeRead(label.bag_id, label.lot, _moments(label.expiry, rules.product))


def _moments(expiry: str, rules: protocol.Product) -> tuple[datetime, datetime] | None:
    """The first and last moment of a minute, or of a day without its time. None for a date in a site's own way of writing."""
    try:
        at = read_expiry(expiry, rules)
    except Refused:
        return None
    first, last = (at, at) if ":" in expiry else (at.replace(hour=0, minute=0), at.replace(hour=23, minute=59))
    return from_local(first), from_local(last.replace(second=59))


def read_wristband(entered: str) -> CodeRead:
    """The subject code without what a scanner or a Chinese keyboard put around it."""
    return CodeRead(plain(entered))


def _gs1(label: ScannedLabel) -> BagLabel:
    fields = label.fields
    if label.problems and "serial" not in fields:
        raise Refused(label.problems[0])
    if "serial" not in fields:
        raise Refused(say("This code names no single bag: it has no serial number (21). Type the number of the bag."))
    expiry = fields.get("expiry", "").replace("T", " ")
    return BagLabel(fields["serial"].upper(), fields.get("lot", ""), expiry, problems=label.problems, is_sure=not label.problems)


def _isbt128(label: ScannedLabel) -> BagLabel:
    fields, problems = label.fields, label.problems
    if "din" not in fields:
        raise Refused(say("This code names no bag: it has no donation number. Scan the donation number."))
    if "product_code" not in fields:
        problems += (say("This code names the donation only: look whether the product on the bag is the right one."),)
    number = "-".join(fields[part] for part in ("din", "product_code") if part in fields)
    return BagLabel(number, expiry=_isbt_expiry(fields), problems=problems)


def _isbt_expiry(fields: dict[str, str]) -> str:
    if "expiry_utc" in fields:
        at = datetime.fromisoformat(fields["expiry_utc"]).replace(tzinfo=UTC).astimezone()
        return f"{at:%Y-%m-%d %H:%M}"
    return next((fields[name].replace("T", " ") for name in _ISBT_EXPIRY if name in fields), "")


def _site(label: ScannedLabel) -> BagLabel:
    fields = label.fields
    cells, volume_ml = (_number(fields.get(name, "")) for name in ("cells", "volume_ml"))
    expiry = fields.get("expiry", "").replace("T", " ")
    return BagLabel(fields["bag_id"].upper(), fields.get("lot", ""), expiry, None if cells is None else int(cells), volume_ml)


def _number(text: str) -> Decimal | None:
    """A number that a site's own pattern found; what is none is left to be typed."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
