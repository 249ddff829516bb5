"""What may be typed: nothing that a reader cannot see, no text without an end, and codes by the site's pattern.

What is stored already is read as it is. Codes are folded (NFKC), so that a full-width `ＡＢ-１` is AB-1; of a sentence only what
looks the same is (NFC): NFKC would make 10⁸ of it 108.
"""

import re
import unicodedata
from typing import Any, TypeVar

import msgspec

from .errors import Refused
from .people.roles import Person
from .protocol import Labels
from .texts import Text, say

MOST_LETTERS = 2000
MOST_OF_A_CODE = 40
#: Control characters, direction overrides and other marks without a shape, halves of a letter, letters of nobody's.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_LINE = "\n"
#: Where the site has set no other pattern. Letters of a bed or a lot are of any script.
SUBJECT, BED_OR_LOT = "[A-Za-z0-9-]+", r"\w[\w .,:_/#()+-]*"

T = TypeVar("T")


def sentence(typed: str, most: int = MOST_LETTERS) -> str:
    """What somebody wrote. Raises `Refused` for what cannot be seen, and for what is too long."""
    is_plain = typed.isascii() and typed.isprintable()
    unseen = None if is_plain else next((c for c in typed if c != _LINE and unicodedata.category(c) in _UNSEEN), None)
    if unseen is not None:
        raise Refused(
            say("Here is a character that nobody can see (U+{number}). Type the text without it.", number=f"{ord(unseen):04X}")
        )
    if len(typed) > most:
        raise Refused(say("{letters} letters are too many: at most {most}.", letters=len(typed), most=most))
    return unicodedata.normalize("NFC", typed)


def visible(typed: str) -> str:
    """For what is never refused: without what nobody can see."""
    return "".join(c for c in typed if c == _LINE or unicodedata.category(c) not in _UNSEEN)


def all_typed(command: T, is_urgent: bool = False) -> T:
    """A command with each text in it as it may be typed. Raises `Refused`, but never for an urgent one: that loses what is unseen.

    The people in it stand in the record already.
    """
    typed: T = _each(command, is_urgent)
    return typed


def _each(value: Any, is_urgent: bool) -> Any:
    if isinstance(value, str):
        return visible(value) if is_urgent else sentence(value)
    if isinstance(value, tuple | list):
        return type(value)(_each(one, is_urgent) for one in value)
    if isinstance(value, msgspec.Struct) and not isinstance(value, Person):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: new for name, old in fields.items() if (new := _each(old, is_urgent)) is not old and new != old}
        return msgspec.structs.replace(value, **changed) if changed else value
    return value


# --- codes


def folded(typed: str) -> str:
    """A code as it is compared and kept: without blanks around it, full-width forms as ASCII."""
    return unicodedata.normalize("NFKC", typed).strip()


def subject_code(typed: str, site: Labels) -> str:
    """Raises `Refused`."""
    return _code(
        typed,
        site.subject_pattern or SUBJECT,
        say("“{typed}” is no subject code here: at most {most} letters (A–Z), digits and “-”, or as the site has set.",
            typed=_told(typed), most=MOST_OF_A_CODE),
    )  # fmt: skip


def bed_name(typed: str, site: Labels) -> str:
    """Raises `Refused`."""
    return _code(
        typed,
        site.bed_pattern or BED_OR_LOT,
        say("“{typed}” is no bed here: at most {most} letters, digits and signs, or as the site has set.",
            typed=_told(typed), most=MOST_OF_A_CODE),
    )  # fmt: skip


def lot_number(typed: str, site: Labels) -> str:
    """Raises `Refused`."""
    return _code(
        typed,
        site.lot_pattern or BED_OR_LOT,
        say("“{typed}” is no lot here: at most {most} letters, digits and signs, or as the site has set.",
            typed=_told(typed), most=MOST_OF_A_CODE),
    )  # fmt: skip


def _code(typed: str, pattern: str, why: Text) -> str:
    code = folded(sentence(typed))
    if len(code) > MOST_OF_A_CODE or not re.fullmatch(pattern, code):
        raise Refused(why)
    return code


def _told(typed: str) -> str:
    return visible(typed)[:MOST_OF_A_CODE]
