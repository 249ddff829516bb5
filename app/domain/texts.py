"""Texts for people, before they are put into a language.

The English text is the key of the one catalogue; `app/services/words/words.py` translates and fills it.
"""

from collections.abc import Iterable
from datetime import datetime
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


class Dated(msgspec.Struct, frozen=True):
    """A moment that a text tells with its date; a plain `datetime` is told as a time of the day."""

    dated: datetime

    def __str__(self) -> str:
        return f"{self.dated:%Y-%m-%d %H:%M}"
