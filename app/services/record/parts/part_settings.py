"""The site's own settings of the infusion, in words: no key of a file, and nothing that only the trial desk reads."""

from decimal import Decimal
from typing import Any

from app.domain.protocol import Coded, Decided, Limits
from app.domain.texts import Text, say
from app.services.record.blocks import Cell, ColumnHead, NoteBlock, Section, TableBlock
from app.services.record.telling import Teller, plain, whole
from app.services.words.rules_told import limits_words
from app.services.words.words import Words

#: What only the trial desk reads.
_TRIAL_DESK = ("escalation.", "response.", "eligibility.", "followup.", "safety.", "clocks.dlt", "clocks.sae")

_PCT, _MIN, _S, _H, _DAYS, _ML = say("{n} %"), say("{n} min"), say("{n} s"), say("{n} h"), say("{n} days"), say("{n} ml")
#: The unit of a setting stands at the end of its key; the longest first.
_UNITS: tuple[tuple[str, Text], ...] = (
    ("_gtt_min", say("{n} drops/min")), ("_gtt_per_ml", say("{n} drops/ml")), ("_g_per_ml", say("{n} g/ml")),
    ("_ml_min", say("{n} ml/min")), ("_pct", _PCT), ("_min", _MIN), ("_s", _S), ("_h", _H), ("_days", _DAYS),
    ("_ml", _ML), ("_kg", say("{n} kg")), ("_g", say("{n} g")),
)  # fmt: skip

_WORDS: dict[str, Text] = {
    "none": say("none"),
    "others": say("those who did not release the bags"),
    "all": say("all"),
    "end_of_day": say("until the end of that day"),
    "start_of_day": say("until the start of that day"),
}


def site_settings(t: Teller) -> Section:
    tr = t.tr
    title = tr(say("Site settings, not in the protocol"))
    decided = [d for d in t.state.protocol.decided if not d.key.startswith(_TRIAL_DESK)]
    if not decided:
        return Section(title, (NoteBlock(tr(say("None."))),))
    columns = (ColumnHead(tr(say("What the site chose, and why")), "1fr"), ColumnHead(tr(say("Value")), "62mm"))
    return Section(title, (TableBlock(columns, tuple(_row(t, d) for d in decided)),))


def _row(t: Teller, decided: Decided) -> tuple[Cell, ...]:
    value: Any = t.state.protocol
    for name in decided.key.split("."):
        value = getattr(value, name)
    return (t.words.pick(decided), setting_value(t.words, decided.key, value))


def setting_value(words: Words, key: str, value: Any) -> str:
    """The value of a setting as one says it, with its unit."""
    shown = _shown(words, value)
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    is_range = isinstance(value, tuple) and bool(value) and all(isinstance(item, Decimal | int) for item in value)
    unit = next((unit for end, unit in _UNITS if key.endswith(end)), None) if is_number or is_range else None
    return shown if unit is None else words.tr(Text(unit.msgid, {"n": shown}))


def _shown(words: Words, value: Any) -> str:
    if isinstance(value, bool):
        return words.tr(say("yes") if value else say("no"))
    if isinstance(value, Coded):
        return words.pick(value)
    if isinstance(value, Limits):
        return words.tr(limits_words(value))
    if isinstance(value, tuple):
        return _several(words, value)
    if isinstance(value, int):
        return whole(value)
    return plain(value) if isinstance(value, Decimal) else _word(words, value)


def _word(words: Words, value: str) -> str:
    known = _WORDS.get(value)
    return value if known is None else words.tr(known)


def _several(words: Words, value: tuple[Any, ...]) -> str:
    if len(value) == 2 and all(isinstance(item, Decimal) for item in value):
        return "–".join(map(plain, value))
    mark = "\n" if value and isinstance(value[0], Limits) else ", "
    return mark.join(_shown(words, item) for item in value)
