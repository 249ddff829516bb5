"""Small pieces that texts are put together from: joined parts, numbers, names of checks, values with units."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.domain.infusion.facts import VitalEntry
from app.domain.texts import Dated, Text, listed, say
from app.domain.vitals.vital_signs import VITALS

from . import code_words
from .words import Words


def parts(*found: Text | str | None) -> Text:
    """One line of several parts, set off by “ · ”; empty parts are left out."""
    return joined(" · ", [part for part in found if part])


def joined(mark: str, found: Iterable[Any]) -> Text:
    """Any number of texts as one."""
    params = {f"p{n}": part for n, part in enumerate(found)}
    return Text(mark.join(f"{{{name}}}" for name in params), params)


def symptoms(found: Iterable[str]) -> Text:
    """Symptoms of a reaction in words; a person may not have said yet."""
    return listed([code_words.word(code, code_words.SYMPTOMS) for code in found] or [say("symptoms not yet noted")])


def number(value: Decimal) -> str:
    """To one decimal, without a trailing zero: for rates, ml and percentages."""
    shown = f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):f}"
    return shown.removesuffix(".0")


def cells(count: int | Decimal) -> str:
    """Three significant digits: 1.40 × 10⁸."""
    return Words().cells(count)


def span(seconds: int) -> Text:
    return say("{minutes} min {seconds} s", minutes=seconds // 60, seconds=seconds % 60)


def vital_value(entry: VitalEntry) -> str:
    """A value with its decimals, without its unit; “—” where it is missing."""
    if entry.value is None:
        return "—"
    return f"{round(entry.value, VITALS[entry.vital].decimals):f}"


def vital_line(entry: VitalEntry) -> Text:
    """A value as one says it: “HR 82”, “SpO₂ 97 %”, “36.8 °C”."""
    vital = VITALS[entry.vital]
    shown = vital_value(entry)
    if entry.value is None:
        return joined(" ", [vital.short, shown])
    if vital.code == "temp":
        return joined(" ", [shown, vital.unit_words])
    return joined(" ", [vital.short, shown, *(["%"] if vital.unit == "%" else [])])


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def revived(text: Text) -> Text:
    """A text read back from a file: its nested texts and times are what they were when it was written."""
    return Text(text.msgid, {name: _revived(value) for name, value in text.params.items()})


def _revived(value: Any) -> Any:
    if isinstance(value, dict) and "msgid" in value:
        return revived(Text(value["msgid"], value.get("params", {})))
    if isinstance(value, dict) and "dated" in value:
        return Dated(datetime.fromisoformat(value["dated"]))
    if isinstance(value, Text):
        return revived(value)
    if isinstance(value, str) and _TIME.fullmatch(value):
        return datetime.fromisoformat(value)
    return value
