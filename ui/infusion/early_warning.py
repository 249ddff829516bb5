"""NEWS2 in words: the score and what the Royal College of Physicians' chart asks for."""

from app.domain.texts import Text, say
from app.domain.vitals.news2 import News2

_URGENT, _EMERGENCY = 5, 7


def score_words(found: News2 | None) -> Text:
    """“NEWS2 3 · one value scores 3: tell the doctor”; without a score what it waits for."""
    if found is None:
        return say("NEWS2 — · not all values are there")
    return say("NEWS2 {total} · {what}", total=found.total, what=_what(found))


def _what(found: News2) -> Text:
    if found.total >= _EMERGENCY:
        return say("high: call the emergency team, watch without a break")
    if found.total >= _URGENT:
        return say("medium: call the doctor now")
    if found.single_three:
        return say("one value scores 3: tell the doctor")
    return say("low: the nurse judges") if found.total else say("lowest")
