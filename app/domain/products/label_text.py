"""What a person reads off a bag's label: its number, its expiry. Codes of label standards are read elsewhere."""

import re
import unicodedata
from datetime import datetime

from app.domain.errors import Refused
from app.domain.protocol import Product
from app.domain.texts import say

_MOST_LETTERS = 64
_EXPIRY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2}))?")
_WITHOUT_TIME = {"start_of_day": (0, 0), "end_of_day": (23, 59)}


def read_bag_number(typed: str) -> str:
    """The number as it stands on the label. Refuses what cannot be one, such as a whole code of several fields."""
    number = unicodedata.normalize("NFKC", typed).strip()
    if not number:
        raise Refused(say("Scan the label, or type the bag's number."))
    if len(number) > _MOST_LETTERS or not number.isprintable() or "|" in number:
        raise Refused(say("“{typed}” is not a bag number. Scan or type the number alone.", typed=number[:_MOST_LETTERS]))
    return number


def read_expiry(typed: str, rules: Product) -> datetime:
    """The label's own date and time, without offset: year first, 2026-11-24 or 2026-11-24 18:00.

    A date alone means what the protocol's setting says. Refuses what is no such date.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    found = _EXPIRY.fullmatch(text)
    if not found:
        raise Refused(say("The expiry as on the label, year first: 2026-11-24 or 2026-11-24 18:00."))
    year, month, day = (int(part) for part in found.groups()[:3])
    hour, minute = (int(found[4]), int(found[5])) if found[4] else _WITHOUT_TIME[rules.expiry_without_time]
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        raise Refused(say("“{typed}” is not a date.", typed=text)) from None
