"""Texts for people, before they are put into a language.

The English text is the key of the one catalogue; `app/services/words/words.py` translates and fills it.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

import msgspec


class Text(msgspec.Struct, frozen=True):
    """A catalogue key with the values for its `{places}`; a value may itself be a `Text`."""

    msgid: str
    params: dict[str, Any] = {}

    def __str__(self) -> str:
        return self.msgid.format(**self.params)


def say(msgid: str, /, **params: Any) -> Text:
    """Mark a text for the catalogue and bind its values."""
    return Text(msgid, params)


def listed(found: Iterable[Any]) -> Text:
    """Any number of texts with the comma of the language between them."""
    params = {f"p{n}": part for n, part in enumerate(found)}
    return Text("{comma}".join(f"{{{name}}}" for name in params), params | {"comma": say(", ")})


def joined(mark: str, found: Iterable[Any]) -> Text:
    """Any number of texts as one."""
    params = {f"p{n}": part for n, part in enumerate(found)}
    return Text(mark.join(f"{{{name}}}" for name in params), params)


def parts(*found: Text | str | None) -> Text:
    """One line of several parts, set off by “ · ”; empty parts are left out."""
    return joined(" · ", [part for part in found if part])


class Dated(msgspec.Struct, frozen=True):
    """A moment that a text tells with its date; a plain `datetime` is told as a time of the day."""

    dated: datetime

    def __str__(self) -> str:
        return f"{self.dated:%Y-%m-%d %H:%M}"


def number(value: Decimal) -> str:
    """To one decimal, without a trailing zero: for rates, ml and percentages."""
    shown = f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):f}"
    return shown.removesuffix(".0")


def cells(count: int | Decimal, rounding: str = ROUND_HALF_EVEN) -> str:
    """Three significant digits: 1.40 × 10⁸."""
    mantissa, exponent = f"{Context(3, rounding).create_decimal(count):.2E}".split("E")
    power = str(int(exponent)).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
    return f"{mantissa} × 10{power}"


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
