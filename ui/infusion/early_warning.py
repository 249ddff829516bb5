"""NEWS2 in words: the score and what the Royal College of Physicians' chart asks for."""

from app.domain.protocol import News2Rules
from app.domain.texts import Text, say
from app.domain.vitals.news2 import News2


def score_words(found: News2 | None, rules: News2Rules | None) -> Text | str:
    """“NEWS2 3 · one value scores 3: tell the doctor”; without a score what it waits for. `rules`: the bands of the protocol."""
    if found is None:
        return say("NEWS2 — · not all values are there")
    return say("NEWS2 {total} · {what}", total=found.total, what=_what(found, rules)) if rules else f"NEWS2 {found.total}"


def _what(found: News2, rules: News2Rules) -> Text:
    if found.total >= rules.high_from:
        return say("high: call the emergency team, watch without a break")
    if found.total >= rules.medium_from:
        return say("medium: call the doctor now")
    if found.worst >= rules.single_from:
        return say("one value scores {n}: tell the doctor", n=found.worst)
    return say("low: the nurse judges") if found.total else say("lowest")
