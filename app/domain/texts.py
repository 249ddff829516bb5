"""Texts for people, before they are put into a language.

The English text is the key of the one catalogue; `app/services/words.py` translates and fills it.
"""

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
