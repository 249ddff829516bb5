"""How the desk puts its reasons together."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce

from app.domain.texts import Text, say


def sentences(found: Iterable[Text]) -> Text:
    """Whole sentences, at least one, one after the other as the language sets them."""
    return reduce(lambda first, second: say("{first} {second}", first=first, second=second), found)


def given(at: datetime) -> str:
    """A moment with its date, in the time zone it was recorded in."""
    return f"{at:%Y-%m-%d %H:%M}"


def span(length: timedelta) -> Text:
    """6 d 23 h 59 min; never rounded up, so that what is just too short does not look long enough."""
    minutes = int(length.total_seconds()) // 60
    return say("{days} d {hours} h {minutes} min", days=minutes // 1440, hours=minutes // 60 % 24, minutes=minutes % 60)
