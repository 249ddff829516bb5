"""What a whole label says at the bed beside the bag's number, against what the pharmacist recorded of that bag."""

import unicodedata
from datetime import datetime

from app.domain.infusion import commands as c
from app.domain.infusion import facts as e

from .dispense import not_expired


def wrong_label(bag: e.Bag, read: c.CodeRead | None, entry: e.Entered, now: datetime) -> e.MismatchFound | None:
    """Another lot or expiry is a full stop, as another bag is. Refuses an expiry that is past."""
    if read is None:
        return None
    if read.lot and _plain(read.lot) != _plain(bag.lot):
        return e.MismatchFound("bag", bag.lot, read.lot, entry, "lot", bag.bag_id)
    if read.expires is not None:
        first, last = read.expires
        if not first <= bag.expires_at <= last:
            return e.MismatchFound("bag", bag.expires_at.isoformat(), last.isoformat(), entry, "expiry", bag.bag_id)
        not_expired(bag, now)
    return None


def _plain(lot: str) -> str:
    """A lot typed at the bench from what the eye reads: neither case nor blanks make it another one."""
    return "".join(unicodedata.normalize("NFKC", lot).casefold().split())
